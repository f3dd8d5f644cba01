import HeadwaterModel

/// Lists the files in a tar archive: POSIX.1-2001's ustar and pax formats, and GNU's long names.
/// (IEEE Std 1003.1-2017, pax, "ustar Interchange Format" and "pax Extended Header"; GNU tar manual, "Basic Tar Format".)
enum TarListing {
    private static let block = 512
    /// A longer extended header is none.
    private static let maximumHeader = 1 << 20

    /// Nil where the bytes begin as no archive does.
    /// - Parameter found: is given each file with its bytes, which it may read.
    static func list(_ stream: ByteStream, _ found: (ListedMember, ByteStream) throws -> Void) throws -> Bool {
        guard try header(stream) != nil else { return false }
        var path: [UInt8]?
        var size: Int?
        var number = 0
        while let header = try header(stream) {
            try stream.skip(block)
            let length = size ?? header.size
            let start = stream.position
            let (end, isTooLong) = start.addingReportingOverflow(length)
            guard length >= 0, !isTooLong, end <= Int.max - block else {
                throw MemberFault("an entry says that it has \(length) bytes")
            }
            switch header.type {
            case UInt8(ascii: "L"): path = try text(stream, length).map { Array($0.prefix { $0 != 0 }) }
            case UInt8(ascii: "x"):
                for (key, value) in extended(try text(stream, length) ?? []) {
                    if key == "path" { path = value }
                    if key == "size" { size = Int(String(decoding: value, as: UTF8.self)) }
                }
            case UInt8(ascii: "K"), UInt8(ascii: "g"): break
            default:
                number += 1
                // Links, folders and devices have no bytes of their own.
                if header.isFile {
                    let name = path ?? header.name
                    let member = ListedMember(
                        name: .path(name), number: number,
                        layers: [Container.Layer(.stored, ByteRange(start: start, length: length))], size: length)
                    try found(member, ByteStream(stream, limit: length))
                }
                (path, size) = (nil, nil)
            }
            try stream.skip(end + (block - length % block) % block - stream.position)
            if stream.position < end { throw MemberFault("it ends within its entry \(number)") }
        }
        return true
    }

    private struct Header {
        var name: [UInt8]
        var size: Int
        var type: UInt8

        var isFile: Bool { type == UInt8(ascii: "0") || type == 0 || type == UInt8(ascii: "7") }
    }

    /// The header that stands next; nil at the archive's end.
    private static func header(_ stream: ByteStream) throws -> Header? {
        let bytes = try stream.peek(block) { Array($0.prefix(block)) }
        guard bytes.count == block, bytes.contains(where: { $0 != 0 }) else { return nil }
        guard let stated = number(bytes[148..<156]) else { return try notOne(stream) }
        let sum = bytes.enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 0x20 : Int($1.element)) }
        guard sum == stated, let size = number(bytes[124..<136]) else { return try notOne(stream) }
        var name = Array(bytes[0..<100].prefix { $0 != 0 })
        let prefix = bytes[345..<500].prefix { $0 != 0 }
        if bytes[257..<263].elementsEqual("ustar\0".utf8), !prefix.isEmpty { name = prefix + [PathText.slash] + name }
        return Header(name: name, size: size, type: bytes[156])
    }

    private static func notOne(_ stream: ByteStream) throws -> Header? {
        if stream.position == 0 { return nil }
        throw MemberFault("at byte \(stream.position) a header is damaged")
    }

    /// Octal digits, or GNU's big-endian bytes for what they cannot hold.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        if let first = field.first, first & 0x80 != 0 {
            var value = Int(first & 0x7F)
            for byte in field.dropFirst() {
                guard value < 1 << 54 else { return nil }
                value = value << 8 | Int(byte)
            }
            return value
        }
        let digits = field.drop { $0 == 0x20 }.prefix { 0x30...0x37 ~= $0 }
        return digits.isEmpty ? nil : Int(String(decoding: digits, as: UTF8.self), radix: 8)
    }

    private static func text(_ stream: ByteStream, _ length: Int) throws -> [UInt8]? {
        guard (0...maximumHeader).contains(length) else { throw MemberFault("an extended header has \(length) bytes") }
        return try stream.peek(length) { Array($0.prefix(length)) }
    }

    /// `length key=value\n`, the length that of the whole line.
    private static func extended(_ bytes: [UInt8]) -> [(key: String, value: [UInt8])] {
        var out: [(String, [UInt8])] = []
        var rest = bytes[...]
        while let space = rest.firstIndex(of: 0x20), let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
            length > space - rest.startIndex + 1, length <= rest.count
        {
            let line = rest[(space + 1)..<(rest.startIndex + length)]
            rest = rest.dropFirst(length)
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = line[(equals + 1)...]
            out.append((String(decoding: line[..<equals], as: UTF8.self), Array(value.last == 0x0A ? value.dropLast() : value)))
        }
        return out
    }
}
