import HeadwaterTesting
import Testing

@testable import HeadwaterModel

@Suite struct MultiByteCharsetTests {
    private static func text(_ name: String, _ bytes: [UInt8]) throws -> String {
        String(decoding: try #require(Charset(label: name)).decode(bytes).text, as: UTF8.self)
    }

    /// Digests of the UTF-8 of all pairs of bytes from 0x8020 to 0xFFFF, each decoded by itself, worked out with Python's
    /// codecs and the rules of WHATWG Encoding.
    @Test(
        "each pair of bytes is the character of its index, or what the standard says of a mistake",
        arguments: [
            ("gb18030", "fe9e8062d54fd444"), ("gbk", "fe9e8062d54fd444"), ("shift_jis", "bb955226dacd2326"),
            ("euc-jp", "483112f54ee9c9d8"), ("euc-kr", "f4dac14c566daa7d"),
        ])
    func pairs(name: String, digest: String) throws {
        let charset = try #require(Charset(label: name))
        var hasher = DigestHasher()
        for lead in UInt8(0x80)...0xFF {
            for trail in UInt8(0x20)...0xFF {
                charset.decode([lead, trail]).text.withUnsafeBytes { hasher.update($0) }
            }
        }
        #expect(hasher.next().hex.prefix(16) == digest)
    }

    @Test("characters of three bytes in EUC-JP and of four in GB 18030 are those of their indexes")
    func longer() throws {
        var hasher = DigestHasher()
        func add(_ name: String, _ bytes: [UInt8]) throws {
            Array(try MultiByteCharsetTests.text(name, bytes).utf8).withUnsafeBytes { hasher.update($0) }
        }
        for lead in UInt8(0xA1)...0xFE {
            for trail in UInt8(0xA1)...0xFE { try add("euc-jp", [0x8F, lead, trail]) }
        }
        #expect(hasher.next().hex.prefix(16) == "5eea0e0164f2e9df")
        for pointer in 0..<39_420 {
            let digits = (pointer / 12600, pointer / 1260 % 10, pointer / 10 % 126, pointer % 10)
            try add(
                "gb18030",
                [UInt8(0x81 + digits.0), UInt8(0x30 + digits.1), UInt8(0x81 + digits.2), UInt8(0x30 + digits.3)])
        }
        #expect(hasher.next().hex.prefix(16) == "efc8b18e905caa9e")
    }

    @Test(
        "well-known characters are where they belong, and what is none is replaced as the standard says",
        arguments: [
            ("big5", [0xA4, 0x40, 0xA1, 0x45, 0xA1, 0x4E, 0xA3, 0xE1, 0xF9, 0xFE, 0x87, 0xD6], "一‧﹑€￭鿉"),
            ("big5", [0x88, 0x62, 0x88, 0x66, 0x88, 0xA5, 0xA3, 0xC0], "\u{CA}\u{304}\u{CA}\u{EA}\u{30C}\u{2400}"),
            ("shift_jis", [0x93, 0xFA, 0x5C, 0x7E, 0xB1, 0x81, 0x60, 0xF0, 0x40, 0x87, 0x40, 0x80], "日\\~ｱ～\u{E000}①\u{80}"),
            ("euc-jp", [0xC6, 0xFC, 0x8E, 0xB1, 0x8F, 0xB0, 0xA1, 0xAD, 0xA1], "日ｱ丂①"),
            ("euc-kr", [0xC7, 0xD1, 0x81, 0x41, 0xC8, 0xFE], "한갂힝"),
            ("gbk", [0xD6, 0xD0, 0x80, 0xA6, 0xD9, 0xFE, 0x50, 0x81, 0x30, 0x84, 0x36], "中€︐⺁¥"),
            ("gb18030", [0x90, 0x30, 0x81, 0x30, 0xE3, 0x32, 0x9A, 0x35, 0xE3, 0x32, 0x9A, 0x36], "\u{10000}\u{10FFFF}\u{FFFD}"),
            // A second byte that is ASCII is read again, any other is part of the mistake.
            ("shift_jis", [0x81, 0x22, 0x81, 0xFF, 0x41, 0xA0, 0xFD, 0x81], "\u{FFFD}\"\u{FFFD}A\u{FFFD}\u{FFFD}\u{FFFD}"),
            (
                "euc-jp", [0x8F, 0xA1, 0x41, 0x8F, 0xA1, 0xA1, 0x8E, 0xE0, 0xA9, 0xA1, 0x8F],
                "\u{FFFD}A\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"
            ),
            (
                "gb18030", [0x81, 0x30, 0x81, 0x41, 0xFF, 0x84, 0x32, 0x81, 0x30, 0x81, 0x30],
                "\u{FFFD}0丄\u{FFFD}\u{FFFD}\u{FFFD}"
            ),
            ("big5", [0x81, 0x40, 0xA4, 0x7F, 0xA4, 0x80], "\u{FFFD}@\u{FFFD}\u{7F}\u{FFFD}"),
        ] as [(String, [UInt8], String)])
    func examples(name: String, bytes: [UInt8], expected: String) throws {
        #expect(try MultiByteCharsetTests.text(name, bytes).unicodeScalars.elementsEqual(expected.unicodeScalars))
    }

    @Test("any bytes: the pieces cover text and source without gap, and each gives its text by itself", arguments: Charset.all)
    func pieces(charset: Charset) {
        let seed = UInt64.random(in: .min ... .max)
        print("\(charset), seed \(seed)")
        var random = SplitMix(seed: seed)
        for _ in 0..<30 {
            let bytes = (0..<Int.random(in: 0...3000, using: &random)).map { _ in
                UInt8.random(in: Bool.random(using: &random) ? 0...127 : 128...255, using: &random)
            }
            let (text, pieces) = charset.decode(bytes, isStart: false)
            #expect(UTF8Scan.firstMalformed(text) == nil)
            var (source, end) = (0, 0)
            for piece in pieces {
                // An escape belongs to no piece.
                while charset.isShifted, source < piece.offset {
                    #expect(bytes[source] == 0x1B)
                    source += 3
                }
                #expect(piece.offset == source && piece.length > 0 && piece.sourceLength > 0)
                let part = Array(bytes[piece.offset..<piece.offset + piece.sourceLength])
                let alone = piece.charset(in: charset)
                let again = piece.isVerbatim ? part : alone.decode(part, isStart: false).text
                #expect(again.elementsEqual(text[end..<end + piece.length]))
                // What it says of its length is true.
                if charset.isMultiByte, !piece.isVerbatim,
                    let length = alone.sourceLength(of: text[end..<end + piece.length]), piece.length > 4
                {
                    #expect(length == piece.sourceLength)
                }
                (source, end) = (source + piece.sourceLength, end + piece.length)
            }
            if charset.isShifted { while source < bytes.count, bytes[source] == 0x1B { source += 3 } }
            #expect(source == bytes.count && end == text.count)
        }
    }

    @Test("each pair of bytes in ISO-2022-JP is that of EUC-JP with the high bits set, or none")
    func shiftedPairs() throws {
        let (shifted, plain) = (try #require(Charset(label: "iso-2022-jp")), try #require(Charset(label: "euc-jp")))
        for lead in UInt8(0x21)...0x7E {
            for trail in UInt8(0x21)...0x7E {
                let pair = shifted.decode([0x1B, 0x24, 0x42, lead, trail]).text
                #expect(pair == plain.decode([lead | 0x80, trail | 0x80]).text)
            }
        }
    }

    @Test(
        "escapes say what bytes of ISO-2022-JP mean, and mistakes are those of the standard",
        arguments: [
            ("ab\u{1B}$BF|K\\\u{1B}(Bc", "ab日本c"), ("\u{1B}$@F|\u{1B}(J\\~\u{1B}(I1\u{1B}(B~", "日¥‾ｱ~"),
            // An escape right behind another, one that is none, one that is cut off.
            ("\u{1B}(J\u{1B}(B\u{1B}$BF|", "\u{FFFD}\u{FFFD}日"), ("\u{1B}(X", "\u{FFFD}(X"), ("a\u{1B}$", "a\u{FFFD}$"),
            // A pair that is cut off by the end, an escape or a line end; a pair without a character; bytes that shift nothing.
            ("\u{1B}$BF|K", "日\u{FFFD}"), ("\u{1B}$BF|K\u{1B}(Ba", "日\u{FFFD}a"), ("\u{1B}$BF|K\na", "日\u{FFFD}\u{FFFD}"),
            ("\u{1B}$B)!F|", "\u{FFFD}日"), ("\u{E}a\u{F}", "\u{FFFD}a\u{FFFD}"), ("\u{1B}(Ia", "\u{FFFD}"),
        ])
    func shifts(bytes: String, expected: String) throws {
        let text = try MultiByteCharsetTests.text("iso-2022-jp", Array(bytes.utf8))
        #expect(text.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(text)")
    }

    @Test(
        "any escapes and bytes of ISO-2022-JP: each piece gives its text by itself, by a rule that can be written and read",
        arguments: 0..<20)
    func shiftedPieces(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let charset = try #require(Charset(label: "iso-2022-jp"))
        let escapes = ["\u{1B}(B", "\u{1B}(J", "\u{1B}(I", "\u{1B}$@", "\u{1B}$B", "\u{1B}$A", "\u{1B}"].map { Array($0.utf8) }
        var bytes: [UInt8] = []
        while bytes.count < 6000 {
            bytes += escapes.randomElement(using: &random) ?? []
            bytes += (0..<Int.random(in: 0...90, using: &random)).map { _ in
                UInt8.random(in: Int.random(in: 0..<40, using: &random) == 0 ? 0...255 : 0x21...0x7E, using: &random)
            }
        }
        let (text, pieces) = charset.decode(bytes)
        var end = 0
        for piece in pieces {
            let part = Array(bytes[piece.offset..<piece.offset + piece.sourceLength])
            let rule = Rewriting([.charset(piece.charset(in: charset))])
            #expect(Rewriting(rule.description) == rule)
            let again = piece.isVerbatim ? part : rule.apply(to: part) ?? []
            #expect(again.elementsEqual(text[end..<end + piece.length]), "seed \(seed), byte \(piece.offset)")
            end += piece.length
            // From any piece on, what stands behind reads the same.
            let rest = charset.starting(at: piece.offset, in: bytes).decode(Array(bytes[piece.offset...]), isStart: false).text
            #expect(rest.elementsEqual(text[(end - piece.length)...]) || piece.shift == .again)
        }
        #expect(end == text.count)
    }
}
