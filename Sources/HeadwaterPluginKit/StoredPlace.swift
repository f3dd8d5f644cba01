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

/// Reads back what `StoredPlace` wrote. This process wrote it, but a disk had it since: what cannot be a place is an error.
struct StoredPlaceReader {
    /// What is still to be read.
    private(set) var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    mutating func head() throws -> (kind: StoredPlace.Kind, size: Int) {
        guard let kind = StoredPlace.Kind(rawValue: try take(1)[0]) else { throw SpooledBytes.damage }
        return (kind, try number())
    }

    mutating func number() throws -> Int { try take(8).loadUnaligned(as: Int.self) }

    mutating func stamp() throws -> FileStamp {
        FileStamp(
            size: try number(), modified: try number(), changed: try number(), inode: try take(8).loadUnaligned(as: UInt64.self))
    }

    mutating func layers() throws -> [Container.Layer] {
        let count = try number()
        guard count >= 0, count <= rest.count else { throw SpooledBytes.damage }
        return try (0..<count).map { _ in
            let code = Int(try take(1)[0])
            guard Container.Codec.allCases.indices.contains(code) else { throw SpooledBytes.damage }
            let codec = Container.Codec.allCases[code]
            let (start, length) = (try number(), try number())
            return Container.Layer(codec, length < 0 ? nil : ByteRange(start: start, length: length))
        }
    }

    /// What is left as names and values.
    mutating func facts() throws -> [String: String] {
        var out: [String: String] = [:]
        while !rest.isEmpty {
            let name = try text()
            out[name] = try text()
        }
        return out
    }

    mutating func memberFile() throws -> MemberFile {
        let stamp = try stamp()
        let digest = Digest(try take(Digest.byteCount), at: 0)
        let locator = try text()
        return MemberFile(locator: locator, path: Array(rest), stamp: stamp, digest: digest)
    }

    private mutating func text() throws -> String { String(decoding: try take(number()), as: UTF8.self) }

    private mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= rest.count else { throw SpooledBytes.damage }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }
}
