/// Charsets of one to four bytes a character that nothing here reads. To take such a text for one of another charset
/// would make wrong characters of it, so it is left out and its charset is named.
enum MultiByteCharset {
    /// The charset that a page, a header or the detector calls by this label; nil where it is another one, or unknown.
    static func name(label: String) -> String? {
        names[label.lowercased().filter { !$0.isWhitespace && $0 != "\"" && $0 != "'" }]
    }

    /// Whether a text of this charset may consist of ASCII bytes alone and still not be ASCII: it shifts by escapes.
    static func isSevenBit(_ name: String) -> Bool { name.hasPrefix("iso-2022-") || name == "hz-gb-2312" || name == "utf-7" }

    /// What begins a shift in a charset of seven bits: an escape (ISO/IEC 2022), `~{` (RFC 1843), `+` (RFC 2152).
    static func mayShift(_ bytes: [UInt8], in name: String) -> Bool {
        switch name {
        case "utf-7": bytes.contains(UInt8(ascii: "+"))
        case "hz-gb-2312":
            zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "~") && $1 == UInt8(ascii: "{") }
        default: bytes.contains(0x1B)
        }
    }

    /// The labels of WHATWG Encoding, section 4.2, of what is read as "replacement" there, and the names that uchardet and old pages have for what the standard
    /// knows under another name or not at all.
    private static let names: [String: String] = {
        var names: [String: String] = [:]
        for line in table.split(separator: "\n") {
            let parts = line.split(separator: " ").map(String.init)
            for label in parts { names[label] = parts[0] }
        }
        return names
    }()

    /// The name, then its other labels, a charset a line.
    private static let table = """
        johab
        euc-tw x-euc-tw
        iso-2022-cn iso-2022-cn-ext
        iso-2022-kr csiso2022kr
        hz-gb-2312 hz
        utf-7 unicode-1-1-utf-7
        utf-32 utf-32le utf-32be ucs-4
        """
}
