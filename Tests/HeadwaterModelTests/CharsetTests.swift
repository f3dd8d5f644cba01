import Testing

@testable import HeadwaterModel

@Suite struct CharsetTests {
    /// Digests of the UTF-8 of all 256 bytes decoded, worked out from the WHATWG index of each encoding.
    static let singleByte = [
        ("windows-1250", "03772ed2e875bd12"),
        ("windows-1251", "b16600cf4e6d1a2d"),
        ("windows-1252", "cc916e51644a12e8"),
        ("windows-1253", "e4570135cbc6e3d5"),
        ("windows-1254", "4a8e99647c3e28e6"),
        ("windows-1255", "870c5c5e687fabcd"),
        ("windows-1256", "6f6e8626197b1b6b"),
        ("windows-1257", "d19a4e888879e36a"),
        ("windows-1258", "e79b48db126bc71d"),
        ("iso-8859-2", "a5871b0f978b840b"),
        ("iso-8859-3", "e83895f2b7d7b82b"),
        ("iso-8859-4", "449076e20ebf45eb"),
        ("iso-8859-5", "9f31ddc0f7444afa"),
        ("iso-8859-6", "beba4e6cf97dce83"),
        ("iso-8859-7", "71069977a6798ab7"),
        ("iso-8859-8", "b43535e7aaeb7bcf"),
        ("iso-8859-10", "282514fbd01219c4"),
        ("iso-8859-13", "4426f6d2f1b025cd"),
        ("iso-8859-14", "f03afb7e01e66cac"),
        ("iso-8859-15", "9b58b26dbd8fbff2"),
        ("iso-8859-16", "2de1faef4dc524c9"),
        ("koi8-r", "fb0243455e64ef70"),
        ("koi8-u", "896c218aaf12ca1b"),
        ("ibm866", "3c8cc5cb485f93d2"),
        ("macintosh", "54112bce885d7b1a"),
        ("windows-874", "6a2c7940c3d68216"),
        ("x-mac-cyrillic", "784db55e1c90195e"),
    ]

    @Test("each byte of each single-byte charset is the character of its WHATWG index", arguments: singleByte)
    func tables(name: String, digest: String) throws {
        let charset = try #require(Charset(label: name))
        let all = (0...255).map { UInt8($0) }
        let (text, pieces) = charset.decode(all)
        #expect(Digest(of: text).hex.prefix(16) == digest)
        #expect(text == all.flatMap { charset.decode([$0]).text }, "bytes side by side are what each is alone")
        #expect(pieces.reduce(0) { $0 + $1.length } == text.count && pieces.reduce(0) { $0 + $1.sourceLength } == 256)
        let ascii = (0..<128).map { UInt8($0) }
        #expect(charset.decode(ascii) == (ascii, [.init(length: 128, offset: 0, sourceLength: 128, isVerbatim: true)]))
    }

    @Test("well-known characters of Windows-1251 and Windows-1252 are where they belong")
    func knownCharacters() {
        func text(_ charset: Charset, _ bytes: [UInt8]) -> String { String(decoding: charset.decode(bytes).text, as: UTF8.self) }
        #expect(
            text(.windows1251, [0xC0, 0xDF, 0xE0, 0xFF, 0xA8, 0xB8, 0x97, 0xAB, 0xBB, 0xB9, 0x88, 0x98]) == "АЯаяЁё—«»№€\u{98}")
        #expect(text(.windows1252, [0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xE9, 0xFF, 0x81]) == "€…‘’“”–—éÿ\u{81}")
    }

    @Test(
        "labels are those of WHATWG Encoding, section 4.2",
        arguments: [
            ("UTF-8", "utf-8"), (" utf8 ", "utf-8"), ("latin1", "windows-1252"), ("ISO-8859-1", "windows-1252"),
            ("us-ascii", "windows-1252"),
            ("CP1251", "windows-1251"), ("x-cp1251", "windows-1251"), ("windows-1251", "windows-1251"), ("KOI8-R", "koi8-r"),
            ("koi8_r", "koi8-r"),
            ("utf-16", "utf-16le"), ("utf-16be", "utf-16be"), ("ISO-8859-9", "windows-1254"), ("mac", "macintosh"),
            ("csisolatin2", "iso-8859-2"),
            ("iso_8859-5", "iso-8859-5"), ("cyrillic", "iso-8859-5"), ("koi8-ru", "koi8-u"), ("866", "ibm866"),
            ("greek", "iso-8859-7"),
            ("l9", "iso-8859-15"), ("TIS-620", "windows-874"), ("x-mac-ukrainian", "x-mac-cyrillic"),
            ("csISO2022JP", "iso-2022-jp"), ("iso-2022-jp-jis0208", nil),
            ("", nil), ("utf-32", nil), ("nonsense", nil),
        ] as [(String, String?)])
    func labels(label: String, name: String?) {
        #expect(Charset(label: label)?.name == name)
    }

    @Test(
        "malformed UTF-8: one replacement for each maximal part (Unicode, section 3.9, tables 3-8 to 3-11)",
        arguments: [
            ([0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 0x41], [1, 1, 1, 1, 1, 1, 1, 1, 0]),
            ([0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF, 0x41], [1, 1, 1, 1, 1, 1, 1, 1, 0]),
            ([0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42], [1, 1, 1, 1, 1, 0, 1, 1, 0]),
            ([0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41], [2, 1, 3, 2, 0]),
            ([0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80, 0xBF, 0x64], [0, 3, 2, 1, 0, 1, 0, 1, 1, 0]),
            ([0xE2, 0x82], [2]), ([0xC3], [1]), ([0xF0, 0x9F, 0x8C], [3]), ([0xFE], [1]), ([], []),
        ] as [([UInt8], [Int])])
    func malformedUTF8(bytes: [UInt8], expected: [Int]) {
        // In the expectation, 0 is one ASCII byte and any other number the length of a malformed part.
        var text: [UInt8] = []
        var pieces: [Charset.Piece] = []
        var offset = 0
        for length in expected {
            if length == 0 {
                text.append(bytes[offset])
                pieces.append(.init(length: 1, offset: offset, sourceLength: 1, isVerbatim: true))
            } else {
                text += [0xEF, 0xBF, 0xBD]
                pieces.append(.init(length: 3, offset: offset, sourceLength: length, isVerbatim: false))
            }
            offset += max(length, 1)
        }
        #expect(Charset.utf8.decode(bytes) == (text, pieces))
        #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: text, as: UTF8.self))
        #expect((UTF8Scan.firstMalformed(bytes) == nil) == expected.allSatisfy { $0 == 0 })
    }

    @Test("every scalar is well-formed UTF-8, and every sequence of three bytes is judged as Swift judges it")
    func wellFormed() {
        for value in stride(from: UInt32(0), through: 0x10FFFF, by: 7) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Array(String(Character(scalar)).utf8)
            #expect(UTF8Scan.step(bytes, 0) == .valid(length: bytes.count))
        }
        let edges: [UInt8] = [
            0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0,
            0xF3, 0xF4, 0xF5, 0xFF,
        ]
        for a in edges {
            for b in edges {
                for c in edges {
                    for d in edges where a >= 0xF0 || d == 0 {
                        let bytes = [a, b, c, d]
                        #expect(
                            (UTF8Scan.firstMalformed(bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil),
                            "\(bytes)")
                    }
                }
            }
        }
    }

    @Test("UTF-16: surrogate pairs, lone halves, an odd last byte, marks at the start only")
    func utf16() {
        func text(_ units: [UInt16], more: [UInt8] = []) -> [String] {
            let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } + more
            let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } + more
            return [Charset.utf16LE.decode(little).text, Charset.utf16BE.decode(big).text].map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        #expect(text([0x41, 0x416, 0xD83C, 0xDF0A, 0x42]) == ["AЖ🌊B", "AЖ🌊B"])
        #expect(text([0xD83C, 0x41]) == ["\u{FFFD}A", "\u{FFFD}A"])
        #expect(text([0xDF0A, 0xD83C]) == ["\u{FFFD}\u{FFFD}", "\u{FFFD}\u{FFFD}"])
        #expect(text([0xD83C, 0xD83C, 0xDF0A]) == ["\u{FFFD}🌊", "\u{FFFD}🌊"])
        #expect(text([0x41], more: [0x42]) == ["A\u{FFFD}", "A\u{FFFD}"])
        #expect(text([0xFEFF, 0x41, 0xFEFF]) == ["A\u{FEFF}", "A\u{FEFF}"])
        #expect(text([0xFFFE, 0x41]) == ["\u{FFFE}A", "\u{FFFE}A"])
        #expect(Charset.utf16LE.decode([0xFF, 0xFE, 0x41, 0], isStart: false).text == Array("\u{FEFF}A".utf8))
        #expect(
            Charset.utf8.decode([0xEF, 0xBB, 0xBF, 0x41]).pieces == [
                .init(length: 1, offset: 3, sourceLength: 1, isVerbatim: true)
            ])
        #expect(Charset.utf8.decode([0xEF, 0xBB, 0xBF, 0x41], isStart: false).text == [0xEF, 0xBB, 0xBF, 0x41])
    }

    @Test("pieces cover text and source in order, none over the end of a block, also where a character lies across it")
    func blocks() {
        let letters = [UInt8](repeating: 0xE6, count: 3 * Charset.blockSize + 5)
        let wave: [UInt8] = [0x3C, 0xD8, 0x0A, 0xDF]
        let pairs: [UInt8] = [0x41, 0x00] + [[UInt8]](repeating: wave, count: Charset.blockSize).joined()
        for (charset, bytes) in [(Charset.windows1251, letters), (.utf16LE, pairs)] {
            let (text, pieces) = charset.decode(bytes)
            #expect(pieces.count > 3)
            var (textEnd, sourceEnd) = (0, 0)
            for piece in pieces {
                #expect(piece.offset == sourceEnd)
                #expect(piece.sourceLength <= Charset.blockSize + 2)
                let source = Array(bytes[piece.offset..<piece.offset + piece.sourceLength])
                #expect(charset.decode(source, isStart: false).text == Array(text[textEnd..<textEnd + piece.length]))
                textEnd += piece.length
                sourceEnd += piece.sourceLength
            }
            #expect(textEnd == text.count && sourceEnd == bytes.count)
        }
    }
}
