/// HTML character references (`&amp;`, `&#8217;`, `&#x1F30A;`) as WHATWG HTML section 13.2.5.72 reads them in text.
public enum CharacterReferences {
    /// One reference: how many bytes it takes, and the UTF-8 it stands for.
    public struct Match: Equatable, Sendable {
        public var length: Int
        public var text: [UInt8]
    }

    /// The reference that starts at `start`, if the `&` there starts one.
    public static func match(in bytes: some RandomAccessCollection<UInt8>, at start: Int) -> Match? {
        func byte(_ offset: Int) -> UInt8? {
            offset < bytes.count ? bytes[bytes.index(bytes.startIndex, offsetBy: offset)] : nil
        }
        guard byte(start) == UInt8(ascii: "&"), let next = byte(start + 1) else { return nil }
        if next == UInt8(ascii: "#") { return numeric(byte, start) }
        return named(byte, start)
    }

    /// The text with every reference resolved, in one pass.
    public static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "&"), let found = match(in: bytes, at: index) {
                out.append(contentsOf: found.text)
                index += found.length
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    private static func named(_ byte: (Int) -> UInt8?, _ start: Int) -> Match? {
        var name: [UInt8] = []
        var best: Match?
        var cursor = start + 1
        while name.count < NamedCharacterReferences.longestName, let next = byte(cursor), isAlphanumeric(next) {
            name.append(next)
            cursor += 1
            let text = String(decoding: name, as: UTF8.self)
            if NamedCharacterReferences.withoutSemicolon.contains(text), let value = NamedCharacterReferences.text[text] {
                best = Match(length: cursor - start, text: Array(value.utf8))
            }
        }
        if byte(cursor) == UInt8(ascii: ";"), let value = NamedCharacterReferences.text[String(decoding: name, as: UTF8.self)] {
            best = Match(length: cursor + 1 - start, text: Array(value.utf8))
        }
        return best
    }

    private static func numeric(_ byte: (Int) -> UInt8?, _ start: Int) -> Match? {
        var cursor = start + 2
        let isHex = byte(cursor).map { $0 | 0x20 == UInt8(ascii: "x") } ?? false
        if isHex { cursor += 1 }
        let firstDigit = cursor
        var code: UInt32 = 0
        while let next = byte(cursor), let digit = digitValue(next, hex: isHex) {
            // Past the last code point the value no longer matters, only that it is too large.
            if code <= 0x10FFFF { code = code * (isHex ? 16 : 10) + digit }
            cursor += 1
        }
        guard cursor > firstDigit else { return nil }
        if byte(cursor) == UInt8(ascii: ";") { cursor += 1 }
        let scalar = replacements[code] ?? (code == 0 ? nil : Unicode.Scalar(code)) ?? "\u{FFFD}"
        return Match(length: cursor - start, text: Array(String(Character(scalar)).utf8))
    }

    private static func digitValue(_ byte: UInt8, hex: Bool) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f") where hex: UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F") where hex: UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    /// Code points that pages mean as Windows-1252 (WHATWG HTML, section 13.2.5.80).
    private static let replacements: [UInt32: Unicode.Scalar] = [
        0x80: "\u{20AC}", 0x82: "\u{201A}", 0x83: "\u{0192}", 0x84: "\u{201E}", 0x85: "\u{2026}", 0x86: "\u{2020}",
        0x87: "\u{2021}", 0x88: "\u{02C6}", 0x89: "\u{2030}", 0x8A: "\u{0160}", 0x8B: "\u{2039}", 0x8C: "\u{0152}",
        0x8E: "\u{017D}", 0x91: "\u{2018}", 0x92: "\u{2019}", 0x93: "\u{201C}", 0x94: "\u{201D}", 0x95: "\u{2022}",
        0x96: "\u{2013}", 0x97: "\u{2014}", 0x98: "\u{02DC}", 0x99: "\u{2122}", 0x9A: "\u{0161}", 0x9B: "\u{203A}",
        0x9C: "\u{0153}", 0x9E: "\u{017E}", 0x9F: "\u{0178}",
    ]
}
