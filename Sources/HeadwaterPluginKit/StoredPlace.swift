import HeadwaterModel

/// How the place of a source is put away: its kind, its size, and then what the kind needs; numbers have eight bytes, and what
/// varies in length stands last or behind its length.
enum StoredPlace {
    enum Kind: UInt8 {
        /// A stamp, a path.
        case file
        /// A URL.
        case request
        /// The number of its file, its own, its layers, its facts.
        case member
    }

    static func write(_ place: FoundSource.Place, size: Int, file: Int, _ out: inout [UInt8]) {
        switch place {
        case .file(let path, let stamp): path.withUnsafeBytes { write($0, stamp, size: size, &out) }
        case .request(let url):
            head(.request, size, &out)
            out.append(contentsOf: url.utf8)
        case .member(let member):
            head(.member, size, &out)
            write(file, &out)
            write(member.number, &out)
            write(member.layers.count, &out)
            for layer in member.layers {
                out.append(UInt8(truncatingIfNeeded: Container.Codec.allCases.firstIndex(of: layer.codec) ?? 0))
                write(layer.range?.start ?? -1, &out)
                write(layer.range?.length ?? -1, &out)
            }
            for (name, value) in member.facts.sorted(by: { $0.key < $1.key }) {
                write(name, &out)
                write(value, &out)
            }
        }
    }

    /// A file.
    static func write(_ path: UnsafeRawBufferPointer, _ stamp: FileStamp, size: Int, _ out: inout [UInt8]) {
        head(.file, size, &out)
        write(stamp, &out)
        out.append(contentsOf: path)
    }

    /// A file that holds members.
    static func bytes(of file: MemberFile) -> [UInt8] {
        var out: [UInt8] = []
        write(file.stamp, &out)
        out.append(contentsOf: file.digest.bytes)
        write(file.locator, &out)
        out.append(contentsOf: file.path)
        return out
    }

    private static func head(_ kind: Kind, _ size: Int, _ out: inout [UInt8]) {
        out.append(kind.rawValue)
        write(size, &out)
    }

    private static func write(_ stamp: FileStamp, _ out: inout [UInt8]) {
        withUnsafeBytes(of: (stamp.size, stamp.modified, stamp.changed, stamp.inode)) { out.append(contentsOf: $0) }
    }

    private static func write(_ number: Int, _ out: inout [UInt8]) {
        withUnsafeBytes(of: number) { out.append(contentsOf: $0) }
    }

    private static func write(_ text: String, _ out: inout [UInt8]) {
        write(text.utf8.count, &out)
        out.append(contentsOf: text.utf8)
    }
}

/// Reads back what `StoredPlace` wrote. It is this process that wrote it, so that anything else there is a fault of the program.
struct StoredPlaceReader {
    /// What is still to be read.
    private(set) var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func head() -> (kind: StoredPlace.Kind, size: Int) {
        guard let kind = StoredPlace.Kind(rawValue: take(1)[0]) else { preconditionFailure("a place of no known kind") }
        return (kind, number())
    }

    mutating func number() -> Int { take(8).loadUnaligned(as: Int.self) }

    mutating func stamp() -> FileStamp {
        FileStamp(size: number(), modified: number(), changed: number(), inode: take(8).loadUnaligned(as: UInt64.self))
    }

    mutating func layers() -> [Container.Layer] {
        (0..<number()).map { _ in
            let codec = Container.Codec.allCases[Int(take(1)[0])]
            let (start, length) = (number(), number())
            return Container.Layer(codec, length < 0 ? nil : ByteRange(start: start, length: length))
        }
    }

    /// What is left as names and values.
    mutating func facts() -> [String: String] {
        var out: [String: String] = [:]
        while !rest.isEmpty {
            let name = text()
            out[name] = text()
        }
        return out
    }

    mutating func memberFile() -> MemberFile {
        let stamp = stamp()
        let digest = Digest(take(Digest.byteCount), at: 0)
        let locator = text()
        return MemberFile(locator: locator, path: Array(rest), stamp: stamp, digest: digest)
    }

    private mutating func text() -> String { String(decoding: take(number()), as: UTF8.self) }

    private mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        precondition(count >= 0 && count <= rest.count, "a place that is cut short")
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }
}
