import HeadwaterCompression
import HeadwaterModel

/// Undoes one layer of a container in memory.
enum Unpacking {
    /// A part that unpacks to more is none that is read: a few packed bytes may stand for very many, which are held in memory.
    static let maximumLength = 256 << 20

    struct Result {
        var bytes: [UInt8]
        /// Whether the packed bytes ended before what they hold did.
        var isTruncated = false
    }

    /// - Parameter limit: of bytes that come out.
    /// - Throws: `MemberFault`, `StreamDecoder.Fault`.
    static func bytes(of packed: [UInt8], _ codec: Container.Codec, limit: Int) throws -> Result {
        switch codec {
        case .stored: Result(bytes: packed)
        case .chunked: try Chunks.joined(packed)
        case .gzip, .zstd, .bzip2, .xz: try stream(packed, codec, limit)
        case .deflate: try single(packed, .deflate, limit)
        case .zlib: try single(packed, .zlib, limit)
        case .brotli: try single(packed, .brotli, limit)
        }
    }

    /// Whether the bytes may be what Brotli made: nothing at their start says so, but not all bytes can be.
    static func mayBeBrotli(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let decoder = try? StreamDecoder(.brotli) else { return false }
        var output = [UInt8](repeating: 0, count: 4096)
        return output.withUnsafeMutableBytes { output in
            bytes.withUnsafeBytes { bytes in (try? decoder.decode(bytes, into: output)) != nil }
        }
    }

    private static func tooLarge(_ limit: Int) -> MemberFault {
        MemberFault("it unpacks to more than \(limit) bytes", reason: "too-large")
    }

    private static func stream(_ packed: [UInt8], _ codec: Container.Codec, _ limit: Int) throws -> Result {
        guard let stream = try PackedStream(ByteStream(packed), codec) else { throw MemberFault("it is not \(codec.rawValue)") }
        let content = stream.content
        let bytes = try content.peek(limit + 1) { Array($0.prefix(limit + 1)) }
        guard bytes.count <= limit else { throw tooLarge(limit) }
        return Result(bytes: bytes, isTruncated: stream.isTruncated)
    }

    private static func single(_ packed: [UInt8], _ format: StreamDecoder.Format, _ limit: Int) throws -> Result {
        let decoder = try StreamDecoder(format)
        var offset = 0
        var isOver = false
        var isTruncated = false
        let content = ByteStream { output in
            guard !isOver else { return 0 }
            let progress = try packed.withUnsafeBytes {
                try decoder.decode(UnsafeRawBufferPointer(rebasing: $0[offset...]), into: output)
            }
            offset += progress.consumed
            isOver = progress.isAtEnd || progress.produced == 0
            isTruncated = isOver && !progress.isAtEnd
            return progress.produced
        }
        let bytes = try content.peek(limit + 1) { Array($0.prefix(limit + 1)) }
        guard bytes.count <= limit else { throw tooLarge(limit) }
        return Result(bytes: bytes, isTruncated: isTruncated)
    }
}

/// HTTP/1.1's chunked transfer coding (RFC 9112, section 7.1).
enum Chunks {
    /// Whether bytes begin as a chunk does: crawlers keep the header of bodies that they have already joined.
    static func begin(_ bytes: some Collection<UInt8>) -> Bool { size(Array(bytes.prefix(64))[...]) != nil }

    /// The chunks' bytes without what stands between them.
    static func joined(_ bytes: [UInt8]) throws -> Unpacking.Result {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let (size, header) = size(rest) {
            rest = rest.dropFirst(header)
            if size == 0 { return .init(bytes: out) }
            out += rest.prefix(size)
            if rest.count < size { return .init(bytes: out, isTruncated: true) }
            rest = rest.dropFirst(size)
            rest = rest.dropFirst(rest.starts(with: [0x0D, 0x0A]) ? 2 : rest.first == 0x0A ? 1 : 0)
        }
        if rest.isEmpty { return .init(bytes: out, isTruncated: true) }
        throw MemberFault("its chunks break off at byte \(rest.startIndex)")
    }

    /// A chunk's size and the length of the line that states it; nil where none stands.
    private static func size(_ bytes: ArraySlice<UInt8>) -> (size: Int, header: Int)? {
        let digits = bytes.prefix(16).prefix { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 | 0x20 }
        guard !digits.isEmpty, digits.count < 16, let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else {
            return nil
        }
        // Behind the size may stand extensions.
        guard let feed = bytes.prefix(4096).firstIndex(of: 0x0A) else { return nil }
        let tail = bytes[digits.endIndex..<feed]
        guard tail.first.map({ $0 == UInt8(ascii: ";") || ASCII.isSpace($0) }) ?? true else { return nil }
        return (size, feed + 1 - bytes.startIndex)
    }
}
