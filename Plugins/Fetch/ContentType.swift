/// A `Content-Type` header's value (RFC 9110, section 8.3.1): the type, and the charset it names.
struct ContentType: Equatable {
    /// In lower case, without parameters: `text/html`. Nil where the value begins with no type.
    var essence: String?
    /// As it was given, without quotes.
    var charset: String?

    init(_ value: String) {
        let parts = ContentType.parts(Array(value.utf8))
        let type = ASCII.trimmed(parts.first ?? [])
        let halves = type.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if halves.count == 2, halves.allSatisfy({ !$0.isEmpty && $0.allSatisfy(ContentType.isTokenByte) }) {
            essence = String(decoding: type.map(ASCII.lowercased), as: UTF8.self)
        }
        for part in parts.dropFirst() {
            let pair = part.split(separator: UInt8(ascii: "="), maxSplits: 1)
            guard pair.count == 2, ASCII.trimmed(pair[0]).map(ASCII.lowercased).elementsEqual("charset".utf8) else { continue }
            let label = ASCII.trimmed(pair[1]).filter { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
            if !label.isEmpty { charset = charset ?? String(decoding: label, as: UTF8.self) }
        }
    }

    /// What `;` separates; not a `;` between quotes.
    private static func parts(_ value: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var isQuoted = false
        for (index, byte) in value.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: ";") && !isQuoted {
                parts.append(value[start..<index])
                start = index + 1
            }
        }
        return parts + [value[start...]]
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}

/// What is letter, digit and space in names that are ASCII by their standard.
enum ASCII {
    static func lowercased(_ byte: UInt8) -> UInt8 { 0x41...0x5A ~= byte ? byte | 0x20 : byte }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte || 0x61...0x7A ~= byte | 0x20 }
    /// HTML's white space: tab, line feed, form feed, carriage return, space.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }
}
