/// How a data format writes characters that its own syntax takes: each escape becomes what it stands for.
public enum Escape: String, Hashable, Sendable, CaseIterable {
    /// Within the quotes of a JSON string (RFC 8259, section 7).
    case json
    /// Within a quoted field of a table: a quote is written twice (RFC 4180, section 2).
    case csv

    /// One escape: how many bytes it takes, and the UTF-8 it stands for.
    public struct Match: Equatable, Sendable {
        public var length: Int
        public var text: [UInt8]
    }

    /// The escape that starts at `start`; nil where none does. What is no escape of the format stands for itself.
    public func match(in bytes: [UInt8], at start: Int) -> Match? {
        switch self {
        case .json: Escape.jsonMatch(bytes, start)
        case .csv:
            start + 1 < bytes.count && bytes[start] == UInt8(ascii: "\"") && bytes[start + 1] == UInt8(ascii: "\"")
                ? Match(length: 2, text: [UInt8(ascii: "\"")]) : nil
        }
    }

    /// The text with every escape resolved, in one pass.
    public func decode(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if let found = match(in: bytes, at: index) {
                out.append(contentsOf: found.text)
                index += found.length
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    /// A pair of surrogates is one escape; half of one stands for U+FFFD.
    private static func jsonMatch(_ bytes: [UInt8], _ start: Int) -> Match? {
        guard bytes[start] == UInt8(ascii: "\\"), start + 1 < bytes.count else { return nil }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Match(length: 2, text: [bytes[start + 1]])
        case UInt8(ascii: "b"): return Match(length: 2, text: [0x08])
        case UInt8(ascii: "f"): return Match(length: 2, text: [0x0C])
        case UInt8(ascii: "n"): return Match(length: 2, text: [0x0A])
        case UInt8(ascii: "r"): return Match(length: 2, text: [0x0D])
        case UInt8(ascii: "t"): return Match(length: 2, text: [0x09])
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(bytes, start) else { return nil }
            if 0xD800..<0xDC00 ~= unit, let low = codeUnit(bytes, start + 6), 0xDC00..<0xE000 ~= low {
                return Match(length: 12, text: utf8(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)))
            }
            return Match(length: 6, text: utf8(unit))
        default: return nil
        }
    }

    /// The number behind `\u` at `start`.
    private static func codeUnit(_ bytes: [UInt8], _ start: Int) -> UInt32? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var value: UInt32 = 0
        for byte in bytes[start + 2..<start + 6] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }

    private static func utf8(_ value: UInt32) -> [UInt8] {
        Array(String(Character(Unicode.Scalar(value) ?? "\u{FFFD}")).utf8)
    }
}
