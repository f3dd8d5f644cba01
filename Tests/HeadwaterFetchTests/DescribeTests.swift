import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

@Suite struct DescribeTests {
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
    static let noise = (0..<4096).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 11) }

    @Test("bytes that text does not hold are counted alike by eights and one by one")
    func binaryCounts() {
        var chance = SplitMix(seed: 5)
        for length in [0, 1, 7, 8, 9, 63, 200] {
            for _ in 0..<50 {
                let bytes = (0..<length).map { _ in
                    UInt8(Int.random(in: 0..<(Bool.random(using: &chance) ? 256 : 40), using: &chance))
                }
                for limit in [0, 5, 8, 64, 1000] {
                    let binary = bytes.prefix(limit).count { $0 < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D, 0x1B].contains($0) }
                    #expect(ByteScan.binaryCount(bytes, within: limit) == binary, "\(bytes)")
                    #expect(ByteScan.contains(0x1B, bytes, within: limit) == bytes.prefix(limit).contains(0x1B))
                }
            }
        }
    }

    @Test(
        "a server's word goes first, then what the bytes show, then what the name ends in",
        arguments: [
            ("page.html", nil, Array("plain words".utf8), "text/html"),
            ("PAGE.HTM", nil, Array("<p>".utf8), "text/html"),
            ("note.txt", nil, Array("<html>".utf8), "text/plain"),
            ("note", nil, Array("words".utf8), "text/plain"),
            ("page", nil, Array("  <!DOCTYPE HTML><p>".utf8), "text/html"),
            ("page", nil, Array("\u{FEFF}<HTML lang=en>".utf8), "text/html"),
            ("page", nil, Array("<!-- saved --><body class=x>".utf8), "text/html"),
            ("note", nil, Array("x < headline, a <bodyguard>".utf8), "text/plain"),
            ("feed", nil, Array("<?xml version=\"1.0\"?><feed>".utf8), "application/xml"),
            ("page", nil, Array("<?xml version=\"1.0\"?><html xmlns=\"x\">".utf8), "application/xhtml+xml"),
            ("feed.rss", nil, Array("<?xml version=\"1.0\"?><rss>".utf8), "application/rss+xml"),
            ("data.json", nil, Array("{}".utf8), "application/json"),
            ("notes.md", nil, Array("# Title".utf8), "text/markdown"),
            ("empty.html", nil, [], "text/plain"),
            ("image.txt", nil, png, "image/png"),
            ("paper.html", nil, Array("%PDF-1.7\n".utf8), "application/pdf"),
            ("archive", nil, [0x50, 0x4B, 0x03, 0x04, 0], "application/zip"),
            ("book.epub", nil, [0x50, 0x4B, 0x03, 0x04, 0], "application/epub+zip"),
            ("page.html", nil, [0x50, 0x4B, 0x03, 0x04, 0], "application/zip"),
            ("picture", nil, [0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"),
            ("picture", nil, Array("GIF89a".utf8), "image/gif"),
            ("picture", nil, Array("RIFF0000WEBPVP8 ".utf8), "image/webp"),
            ("fake.pdf", nil, Array("not a paper".utf8), "text/plain"),
            ("noise.txt", nil, noise, "application/octet-stream"),
            ("wide", nil, [0xFF, 0xFE, 0x00, 0x00, 0x41, 0, 0, 0], "application/octet-stream"),
            ("http://example.test/a.json?x=1.html", nil, Array("[]".utf8), "application/json"),
            ("http://example.test/a", "Text/HTML; charset=utf-8", Array("words".utf8), "text/html"),
            ("http://example.test/a.html", "text/plain", Array("<html>".utf8), "text/plain"),
            ("http://example.test/a", "application/octet-stream", Array("<html>".utf8), "text/html"),
            ("http://example.test/a", "nonsense", Array("words".utf8), "text/plain"),
            ("http://example.test/a", "", Array("words".utf8), "text/plain"),
        ] as [(String, String?, [UInt8], String)])
    func mediaType(locator: String, declared: String?, bytes: [UInt8], expected: String) {
        #expect(MediaType.of(bytes, declared: declared.map(ContentType.init), locator: locator) == expected)
    }

    @Test(
        "a content type's value is taken apart as RFC 9110 writes it",
        arguments: [
            ("text/html", "text/html", nil), ("Text/HTML ;CharSet=\"UTF-8\"", "text/html", "UTF-8"),
            ("text/html; a=b; charset=x", "text/html", "x"),
            ("text/html; charset=", "text/html", nil), ("text/html;charset='koi8-r'", "text/html", "koi8-r"),
            ("text/html; a=\";charset=no\"; charset=yes", "text/html", "yes"), ("html", nil, nil), ("a/b/c", nil, nil),
            (" / ", nil, nil),
            ("text/html; charset=a; charset=b", "text/html", "a"), (";charset=x", nil, "x"),
        ] as [(String, String?, String?)])
    func contentType(value: String, essence: String?, charset: String?) {
        let type = ContentType(value)
        #expect(type.essence == essence && type.charset == charset)
    }

    @Test(
        "a page's own declaration is found as browsers find it",
        arguments: [
            ("<meta charset=koi8-r>", "koi8-r"), ("<META CHARSET = 'Windows-1251' />", "Windows-1251"),
            ("<meta charset=\"a\"", "a"),
            ("<meta http-equiv=Content-Type content='text/html; charset=iso-8859-2'>", "iso-8859-2"),
            ("<meta content=\"text/html;charset = 'x y'\" http-equiv=content-type>", "x y"),
            ("<meta content='text/html; charset=x'>", nil), ("<meta name=charset content=x>", nil),
            ("<!-- <meta charset=a> --><meta charset=b>", "b"),
            ("<!--><meta charset=a>", "a"), ("<a title='<meta charset=a>'><meta charset=b>", "b"), ("<metadata charset=a>", nil),
            ("</p a='><meta charset=a>'><meta/charset=b>", "b"), ("<meta charset>", ""), ("< meta charset=a>", nil),
            ("<?xml version='1.0' encoding='windows-1251'?><html>", "windows-1251"), ("<?xml version='1.0'?>", nil),
            ("<meta", nil), ("<!--", nil), ("<", nil), ("", nil), ("<meta content=charset http-equiv=content-type>", nil),
            ("<meta content='charset charset=z' http-equiv=content-type>", "z"),
        ] as [(String, String?)])
    func declaredCharset(page: String, label: String?) {
        #expect(DeclaredCharset.label(in: Array(page.utf8)) == label)
    }

    @Test("a declaration beyond the first 1024 bytes is not looked for")
    func lateDeclaration() {
        let filler = String(repeating: " ", count: 1024)
        #expect(DeclaredCharset.label(in: Array((filler + "<meta charset=a>").utf8)) == nil)
        #expect(DeclaredCharset.label(in: Array((filler.dropLast(16) + "<meta charset=a>").utf8)) == "a")
    }

    /// The same invented Russian sentence, in Windows-1251.
    static let russian = windows1251(
        "Старый мост над тихой рекой давно закрыт, но жители посёлка по-прежнему ходят через него каждое утро.")

    @Test(
        "mark, server, page, validity, statistics, in this order",
        arguments: [
            (Array("\u{FEFF}<meta charset=koi8-r>".utf8), "text/html; charset=windows-1251", "utf-8"),
            ([0xFF, 0xFE, 0x41, 0x00], nil, "utf-16le"),
            ([0xFE, 0xFF, 0x00, 0x41], nil, "utf-16be"),
            (Array("<meta charset=koi8-r>".utf8), "text/html; charset=windows-1251", "windows-1251"),
            (Array("<meta charset=koi8-r>".utf8), "text/html", "koi8-r"),
            (Array("<meta charset=utf-16>".utf8), "text/html", "utf-8"),
            (Array("<meta charset=koi8-r>".utf8), "text/plain", "utf-8"),
            (Array("caf\u{E9}".utf8), nil, "utf-8"),
            (Array("plain".utf8), nil, "utf-8"),
            (russian, nil, "windows-1251"),
            (Array("Old bridge.\r\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }), nil, "utf-16le"),
            (Array("Мост и река тут".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }), nil, "utf-16be"),
            (Array((String(repeating: "é", count: 30)).utf8) + [0xFF], nil, "utf-8"),
            ([], nil, "utf-8"),
        ] as [([UInt8], String?, String)])
    func charset(bytes: [UInt8], declared: String?, expected: String) {
        let type = declared.map(ContentType.init)
        let mediaType = MediaType.of(bytes, declared: type, locator: "page")
        #expect(CharsetDetection.of(bytes, mediaType: mediaType, declared: type).charset?.name == expected)
    }

    @Test("sixteen-bit numbers are not taken for UTF-16 text")
    func notUTF16() {
        #expect(UTF16Pattern.charset(of: (0..<400).flatMap { [UInt8($0 % 251), UInt8(0)] }) == nil)
        #expect(UTF16Pattern.charset(of: [0, 0, 0, 0]) == nil)
        #expect(UTF16Pattern.charset(of: [0x41, 0]) == nil)
    }

    @Test("the record states locator, type and charset; binary content has no charset")
    func records() throws {
        let page = try describe(Array("<html>ok".utf8), locator: "a/page")
        #expect(page.record.kind == "document" && page.record.text.isEmpty)
        #expect(page.record.fields == ["locator": "a/page", "mediaType": "text/html", "charset": "utf-8"])
        #expect(page.record.sources == [Digest(of: Array("<html>ok".utf8))])
        #expect(page.notes.isEmpty)
        #expect(try describe(DescribeTests.png, locator: "b").record.fields == ["locator": "b", "mediaType": "image/png"])
        #expect(
            try describe([], locator: "c.html").record.fields == [
                "locator": "c.html", "mediaType": "text/plain", "charset": "utf-8",
            ])
    }

    @Test("where the charset is not known for certain, a note says why")
    func notes() throws {
        let unsupported = try describe(
            Array("<html>ok".utf8), locator: "a", facts: ["contentType": "text/html; charset=iso-2022-kr"])
        #expect(unsupported.record.fields["charset"] == "utf-8")
        #expect(unsupported.notes.map(\.reason) == ["unsupported charset"])
        #expect(unsupported.notes.first?.details == ["label": "iso-2022-kr"])
        #expect(unsupported.notes.first?.record == unsupported.record.id)
    }

    @Test(
        "a text in a charset of several bytes is read, declared or not; one that nothing here reads is left out and named",
        arguments: MultiByteTexts.all)
    func multiByte(label: String, name: String, bytes: [UInt8]) throws {
        #expect(bytes.count > 100)
        let page = Array("<html><head><meta charset=\"\(label)\"></head><body><p>".utf8) + bytes
        for (bytes, facts) in [
            (bytes, ["contentType": "text/plain; charset=\(label)"]), (page, [:]), (bytes, [:]),
            (page, ["contentType": "text/html; charset=\(label)"]),
        ] {
            let result = try outcome(bytes, locator: "old/bridge", facts: facts)
            // Undeclared GBK is a part of GB18030, and nobody can tell them apart.
            let expected: Set<JSON?> = facts.isEmpty && bytes.count < page.count ? [.string(name), "gb18030"] : [.string(name)]
            #expect(result.notes.isEmpty)
            guard let text = MultiByteTexts.texts[name] else {
                let drop = try #require(result.drops.first)
                #expect(result.records.isEmpty && drop.reason == "charset-unsupported")
                #expect(drop.details["locator"] == "old/bridge")
                #expect(expected.contains(drop.details["charset"]), "\(drop.details)")
                continue
            }
            let record = try #require(result.records.first)
            #expect(result.drops.isEmpty && expected.contains(record.fields["charset"]), "\(record.fields)")
            #expect(try DocumentText.of(record) { bytes }.string.hasSuffix(text))
        }
    }

    @Test("what is declared to be of several bytes and is UTF-8 or ASCII is read as what it is", arguments: MultiByteTexts.all)
    func mistakenDeclaration(label: String, name: String, bytes: [UInt8]) throws {
        for text in ["The old bridge stayed closed.", "Le vieux pont est fermé à tous, dit-on près du café."] {
            let result = try outcome(
                Array("<meta charset=\"\(label)\"><p>\(text)".utf8), locator: "page.html", facts: [:])
            #expect(result.records.first?.fields["charset"] == "utf-8")
            #expect(result.notes.map(\.reason) == (MultiByteTexts.texts[name] == nil ? ["unsupported charset"] : []))
        }
    }

    @Test("bytes that are no text of their charset are counted")
    func undecodable() throws {
        for (bytes, charset, count) in [
            (Array("Die F".utf8) + [0xE4] + Array("hre fuhr nicht, und der Fähre folgte niemand.".utf8), "utf-8", 1),
            ([0x8D, 0x60, 0x81, 0xFD, 0x41, 0x8C], "shift_jis", 2), ([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00], "utf-16le", 1),
            ([0x41, 0xD2, 0x42], "windows-1253", 1),
        ] {
            let result = try outcome(bytes, locator: "a.txt", facts: ["contentType": "text/plain; charset=\(charset)"])
            #expect(result.notes.map(\.reason) == ["undecodable bytes"], "\(charset)")
            #expect(result.notes.first?.details["count"] == .integer(count), "\(charset)")
        }
    }

    @Test(
        "a few letters above ASCII in an undeclared page of one byte a character are not taken for several bytes",
        arguments: [
            "Le vieux pont est fermé à tous depuis lundi, dit-on près du café; la mairie a prévenu les élèves.",
            "Die Brücke über den Fluß ist geschlossen; für Fußgänger öffnet die Gemeinde eine Fähre.",
            "El puente del año pasado se cerró; mañana habrá reunión en el ayuntamiento, según el señor Núñez.",
        ])
    func oneByte(text: String) throws {
        let bytes = text.unicodeScalars.map { UInt8($0.value) }
        #expect(try outcome(bytes, locator: "note.txt", facts: [:]).records.count == 1)
    }

    @Test("the version of the detector is in the declaration, and with it in every task key")
    func detectorVersion() {
        #expect(DetectorVersion.version(inMapping: "7f00-7f01 r--p 0 08:01 5    /usr/lib/libuchardet.so.0.0.7\n") == "0.0.7")
        #expect(DetectorVersion.version(inMapping: "7f00-7f01 r--p 0 08:01 5    /usr/lib/libcurl.so.4\n") == nil)
        #expect(DetectorVersion.version(inMapping: "7f00-7f01 rw-p 0 00:00 0\n") == nil)
        #expect(Fetch.declaration.libraries["uchardet"] == DetectorVersion.text)
        #expect(DetectorVersion.text?.first?.isNumber == true)
    }

    @Test("random and cut bytes are described without a crash, each time alike")
    func randomBytes() throws {
        var generator = SplitMix(seed: 20)
        let parts = [
            "<meta ", "charset=", "<?xml ", "<!--", "\"", "'", ">", "/", "=", "http-equiv", "content", "\0", "\u{FEFF}", "é",
        ].map { Array($0.utf8) }
        for _ in 0..<2000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int(generator.next() % 20) {
                bytes +=
                    generator.next() % 3 == 0
                    ? [UInt8(truncatingIfNeeded: generator.next())] : parts[Int(generator.next() % UInt64(parts.count))]
            }
            #expect(try describe(bytes, locator: "a").record == describe(bytes, locator: "a").record, "seed 20: \(bytes)")
        }
    }

    private func describe(_ bytes: [UInt8], locator: String, facts: [String: String] = [:]) throws -> (
        record: Record, notes: [Note]
    ) {
        let result = try outcome(bytes, locator: locator, facts: facts)
        #expect(result.records.count == 1 && result.drops.isEmpty)
        return (try #require(result.records.first), result.notes)
    }

    private func outcome(_ bytes: [UInt8], locator: String, facts: [String: String]) throws -> StageBench.Result {
        let fetch = try Fetch(parameters: Parameters([:], declared: Fetch.declaration.parameters))
        return try StageBench().describe(fetch, bytes, locator: locator, facts: facts)
    }

    /// Cyrillic letters alone, as Windows-1251 has them.
    private static func windows1251(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { scalar in
            switch scalar.value {
            case 0x410...0x44F: UInt8(scalar.value - 0x410 + 0xC0)
            case 0x451: 0xB8
            default: UInt8(scalar.value & 0x7F)
            }
        }
    }
}
