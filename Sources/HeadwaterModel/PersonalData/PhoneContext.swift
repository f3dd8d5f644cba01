/// What stands around a run of digits and speaks against its being a telephone number.
enum PhoneContext {
    /// How far before a number a word such as ISBN stands, in bytes.
    private static let reach = 12
    private static let numberings = ["isbn", "issn", "doi", "iban", "version"].map { Array($0.utf8) }
    private static let currencies = [
        "$", "€", "£", "¥", "₹", "₽", "₩", "usd", "eur", "gbp", "chf", "jpy", "euro", "dollar",
    ].map { Array($0.utf8) }

    static func mayStart(_ text: [UInt8], _ start: Int) -> Bool {
        guard start > 0 else { return true }
        let previous = text[start - 1]
        switch previous {
        case UInt8(ascii: "/"), UInt8(ascii: "#"), UInt8(ascii: "_"), UInt8(ascii: "@"), UInt8(ascii: "="), UInt8(ascii: "+"),
            UInt8(ascii: "%"):
            return false
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: ":"):
            if start > 1, PlainByte.isDigit(text[start - 2]) { return false }
        default: if PlainByte.isAlphanumeric(previous) { return false }
        }
        // The opening parenthesis is tried first.
        if previous == UInt8(ascii: "("), PlainByte.isDigit(text[start]), start > 1, text[start - 2] == UInt8(ascii: "+") {
            return false
        }
        let before = text[max(0, start - reach)..<start].map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        let near = before.last == 0x20 ? before.dropLast() : before[...]
        if currencies.contains(where: { near.suffix($0.count).elementsEqual($0) }) { return false }
        return !numberings.contains { word in
            before.indices.contains { before[$0...].starts(with: word) }
        }
    }

    static func mayEnd(_ text: [UInt8], _ end: Int, from start: Int) -> Bool {
        guard end < text.count else { return true }
        switch text[end] {
        case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "_"), UInt8(ascii: "="): return false
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"):
            if end + 1 < text.count, PlainByte.isDigit(text[end + 1]) { return false }
        default: if PlainByte.isAlphanumeric(text[end]) { return false }
        }
        let after = text[(text[end] == 0x20 ? end + 1 : end)...].prefix(reach).map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
        return !currencies.contains { after.starts(with: $0) }
    }
}
