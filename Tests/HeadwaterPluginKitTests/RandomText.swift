import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting

/// Random sources in all charsets, and random operations on their texts: the hard cases far more often than in life.
struct RandomText {
    var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(seed: seed) }

    mutating func number(below limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(below: elements.count)] }

    static let charsets: [Charset] = [.utf8, .utf16LE, .utf16BE, .windows1251, .windows1252]

    private static let words = [
        "a", "Bridge", "OLD", " ", "  ", "\n", "\r\n", "\t", "\u{A0}", "\u{2003}", "&amp;", "&lt", "&amp;amp;", "&#1046;",
        "&#x1F30A;", "&nbsp;", "&notit;", "&", ";", "<br>",
        "\u{E9}", "e\u{301}", "E\u{323}\u{307}", "\u{301}", "\u{1E0B}\u{323}", "\u{212B}", "\u{1100}\u{1161}\u{11A8}", "İ", "Σ",
        "ß", "мост", "МОСТ", "Ё", "ё", "«", "橋",
        "川の橋", "🌊", "👩‍👩‍👧", "🇫🇮", "\u{FEFF}", "\u{FFFD}", "\u{0}",
    ]

    /// Some bytes, and the charset to read them in: mostly what the charset can say, sometimes damage.
    mutating func source() -> (bytes: [UInt8], charset: Charset) {
        let charset = pick(RandomText.charsets)
        var bytes: [UInt8] = []
        if number(below: 4) == 0 { bytes = RandomText.mark(charset) }
        for _ in 0..<number(below: 14) {
            if number(below: 12) == 0 {
                bytes += (0...number(below: 3)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            } else {
                bytes += RandomText.encode(pick(RandomText.words), charset)
            }
        }
        return (bytes, charset)
    }

    private static func mark(_ charset: Charset) -> [UInt8] {
        switch charset {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LE: [0xFF, 0xFE]
        case .utf16BE: [0xFE, 0xFF]
        default: []
        }
    }

    /// The text in the charset; characters that it does not have are left out.
    private static func encode(_ text: String, _ charset: Charset) -> [UInt8] {
        switch charset {
        case .utf8: Array(text.utf8)
        case .utf16LE: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BE: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        default: text.unicodeScalars.compactMap { singleBytes[charset]?[$0] }
        }
    }

    private static let singleBytes: [Charset: [Unicode.Scalar: UInt8]] = Dictionary(
        uniqueKeysWithValues: [Charset.windows1251, .windows1252].map { charset in
            (
                charset,
                Dictionary(
                    uniqueKeysWithValues: (0...255).compactMap { byte in
                        String(decoding: charset.decode([UInt8(byte)]).text, as: UTF8.self).unicodeScalars.first.map {
                            ($0, UInt8(byte))
                        }
                    })
            )
        })

    /// A range between two character boundaries.
    mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let ends = [boundary(in: bytes), boundary(in: bytes)].sorted()
        return ends[0]..<ends[1]
    }

    private mutating func boundary(in bytes: [UInt8]) -> Int {
        var offset = number(below: bytes.count + 1)
        while !UTF8Scan.isBoundary(bytes, offset) { offset -= 1 }
        return offset
    }
}
