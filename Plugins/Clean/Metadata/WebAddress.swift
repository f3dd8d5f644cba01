/// An address that a page states of itself or of its picture.
enum WebAddress {
    /// Longer ones hold data, not an address.
    private static let longest = 2000

    /// The address as it is written; nil for one that is not absolute or has no host: where a relative one leads is not
    /// known of a saved page.
    static func absolute(_ value: String) -> String? {
        let bytes = Array(value.utf8)
        let scheme = bytes.prefix(8).map(ASCII.lower)
        let start = scheme.starts(with: Array("https://".utf8)) ? 8 : scheme.starts(with: Array("http://".utf8)) ? 7 : 0
        guard start > 0, bytes.count > start, bytes.count <= longest, ASCII.isLetter(bytes[start]) || isHostStart(bytes[start]),
            !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "\"") })
        else { return nil }
        return value
    }

    /// A host may begin with a digit, a letter beyond ASCII, or the bracket of an IPv6 address.
    private static func isHostStart(_ byte: UInt8) -> Bool { ASCII.isDigit(byte) || byte >= 0xC2 || byte == UInt8(ascii: "[") }
}
