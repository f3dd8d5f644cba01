/// UTF-8 that somebody read as windows-1252 or ISO 8859-1 and saved so: `Ã¤` for `ä`, `â€™` for `’`.
public enum Mojibake {
    /// The text that was meant: the characters as bytes of windows-1252, read as UTF-8. Nil where a character is none of
    /// windows-1252, or the bytes are not UTF-8.
    static func repaired(_ text: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for character in characters(of: text) {
            guard let byte = character.byte else { return nil }
            bytes.append(byte)
        }
        return UTF8Scan.firstMalformed(bytes) == nil ? bytes : nil
    }

    /// The runs of a paragraph that are certain to have been read wrongly; none where that is in doubt.
    ///
    /// A sequence is a character of U+0080 to U+017F, Greek, Cyrillic or general punctuation, read wrongly. They are certain where
    /// one at least holds a sign that follows no letter in any orthography (`¤`, `©`, `€` …), and where no letter beyond
    /// ASCII stands outside of them: it would show that the paragraph was read rightly.
    public static func certainRuns(in paragraph: [UInt8]) -> [Range<Int>] {
        // Nearly all text has none of the characters that begin a sequence.
        guard paragraph.contains(0xC3) else { return [] }
        let all = characters(of: paragraph)
        var runs: [Range<Int>] = []
        var isTelling = false
        var index = 0
        while index < all.count {
            if let length = sequence(all, index) {
                isTelling = isTelling || tells(all, index, length)
                let range = all[index].range.lowerBound..<all[index + length - 1].range.upperBound
                if let last = runs.last, last.upperBound == range.lowerBound {
                    runs[runs.count - 1] = last.lowerBound..<range.upperBound
                } else {
                    runs.append(range)
                }
                index += length
            } else {
                if all[index].scalar.value >= 0x80, all[index].scalar.properties.isAlphabetic { return [] }
                index += 1
            }
        }
        return isTelling ? runs : []
    }

    private struct Character {
        var scalar: Unicode.Scalar
        var range: Range<Int>

        /// Its byte in windows-1252, or in ISO 8859-1 for the controls that windows-1252 has other characters for.
        var byte: UInt8? {
            if scalar.value < 0x100 { return UInt8(scalar.value) }
            return Mojibake.bytes[scalar]
        }
    }

    private static func characters(of text: [UInt8]) -> [Character] {
        var out: [Character] = []
        out.reserveCapacity(text.count)
        var index = 0
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let end = index + UTF8.width(scalar)
            out.append(Character(scalar: scalar, range: index..<end))
            index = end
        }
        return out
    }

    /// How many characters the sequence at `index` takes; nil if there is none.
    private static func sequence(_ all: [Character], _ index: Int) -> Int? {
        guard all[index].scalar.value >= 0x80, let lead = all[index].byte else { return nil }
        let length: Int
        switch lead {
        case 0xC2...0xC5, 0xCE, 0xCF, 0xD0, 0xD1: length = 2
        case 0xE2: length = 3
        default: return nil
        }
        guard index + length <= all.count else { return nil }
        for offset in 1..<length {
            guard let byte = all[index + offset].byte, 0x80...0xBF ~= byte else { return nil }
            // General punctuation, currency signs and letter-like symbols: U+2000 to U+20FF, U+2100 to U+213F.
            if length == 3, offset == 1, !(0x80...0x84 ~= byte) { return nil }
        }
        return length
    }

    /// Whether a sequence holds what never follows a letter.
    private static func tells(_ all: [Character], _ index: Int, _ length: Int) -> Bool {
        let isLatin = all[index].byte == 0xC2 || all[index].byte == 0xC3
        return all[index + 1..<index + length].contains { character in
            switch character.scalar.value {
            // C1 controls stand in no text.
            case 0x80...0x9F: true
            case 0x20AC, 0x192, 0x2C6, 0x2DC, 0x2020, 0x2021, 0x2030: true
            case 0xA1...0xA9, 0xAC, 0xAF, 0xB1, 0xB4...0xB6, 0xB8, 0xBC...0xBF: true
            // Ordinals and raised digits follow some letters, but neither of these two.
            case 0xAA, 0xAE, 0xB0, 0xB2, 0xB3, 0xB7, 0xB9, 0xBA: isLatin
            default: false
            }
        }
    }

    /// The upper half of windows-1252 from character to byte.
    private static let bytes: [Unicode.Scalar: UInt8] = {
        let upper = Charset.windows1252.decode(Array(0x80...0xFF)).text
        let scalars = String(decoding: upper, as: UTF8.self).unicodeScalars
        return Dictionary(zip(scalars, 0x80...0xFF).map { ($0, UInt8($1)) }, uniquingKeysWith: { first, _ in first })
    }()
}
