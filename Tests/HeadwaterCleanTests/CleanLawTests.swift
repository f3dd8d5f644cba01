import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterClean

@Suite("Laws of clean")
struct CleanLawTests {
    /// The bench proves each emitted record against its source; a map that does not hold throws.
    @Test("whatever is done to a page, every emitted byte keeps a true origin", arguments: 0..<12)
    func mutations(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        print("seed \(seed)")
        for page in PageFixtures.pages {
            var bytes = try PageFixtures.bytes(page)
            for _ in 0..<Int.random(in: 1...12, using: &random) { mutate(&bytes, &random) }
            let result = try PageFixtures.clean(bytes, as: page, ["minimumLength": 1])
            #expect(result.records.count + result.drops.count == 1)
        }
    }

    @Test("the same page gives the same record, drops and notes", arguments: PageFixtures.pages)
    func determinism(page: String) throws {
        let bytes = try PageFixtures.bytes(page)
        let first = try PageFixtures.clean(bytes, as: page)
        let second = try PageFixtures.clean(bytes, as: page)
        #expect(first.records == second.records)
        #expect(first.notes == second.notes)
        #expect(first.drops == second.drops)
    }

    @Test("less than two bytes in a hundred have no source")
    func synthetic() throws {
        var (all, synthetic) = (0, 0)
        for page in PageFixtures.pages {
            for record in try PageFixtures.clean(PageFixtures.bytes(page), as: page).records {
                all += record.text.count
                synthetic += record.segments.reduce(0) { $0 + ($1.mode == .synthetic ? $1.length : 0) }
            }
        }
        #expect(all > 5_000)
        #expect(synthetic * 100 < all * 2)
    }

    @Test("text has no empty paragraph, no double space and no white space at its ends", arguments: PageFixtures.pages)
    func shape(page: String) throws {
        let record = try #require(try PageFixtures.clean(PageFixtures.bytes(page), as: page).records.first)
        let text = String(decoding: record.text, as: UTF8.self)
        #expect(!text.contains("\n\n\n") && !text.contains("  ") && !text.contains("\t"))
        #expect(text.first?.isWhitespace == false && text.last?.isWhitespace == false)
    }

    @Test("visible text is either kept or noted as left out", arguments: ["share-bar.html", "flat-inline-promo.page.txt"])
    func notes(page: String) throws {
        let result = try PageFixtures.clean(PageFixtures.bytes(page), as: page)
        let record = try #require(result.records.first)
        #expect(result.notes.allSatisfy { $0.record == record.id && !$0.cites.isEmpty })
        #expect(Set(result.notes.map(\.kind)).isSubset(of: ["block", "candidate"]))
        #expect(result.notes.contains { $0.reason == "share" })
    }

    @Test(
        "hostile markup ends soon and crashes nothing, also on the small stack of a worker thread",
        arguments: HostilePage.allCases)
    func hostile(page: HostilePage) throws {
        let result = try onSmallStack { try PageFixtures.clean(page.bytes) }
        #expect(result.records.count + result.drops.count == 1)
        if page.keepsText { #expect(result.records.count == 1) }
    }

    private static let sentences = (0..<8).map {
        "The ferry left the harbour at \($0) in the morning, and the people on the pier watched it until it was out of sight."
    }

    @Test(
        "paragraphs of flattened text end where lines end, whatever ends them",
        arguments: ["\n", "\r", "\r\n", "\u{2028}", "\u{2029}", "\u{85}", "\n\n", "\r\r", "\r\n\r\n", "\r\u{2029}\n"])
    func lineEnds(ending: String) throws {
        let text = Self.sentences.joined(separator: ending)
        let record = try #require(try PageFixtures.clean(Array(text.utf8), as: "page.txt").records.first)
        #expect(String(decoding: record.text, as: UTF8.self) == Self.sentences.joined(separator: "\n\n"))
    }

    @Test("the text of CDATA sections is kept in XHTML, by the media type or by the declaration")
    func literalSections() throws {
        let page = "<html><body>" + Self.sentences.map { "<p><![CDATA[\($0) R&amp;D <b>]]></p>" }.joined() + "</body></html>"
        let expected = Self.sentences.map { "\($0) R&amp;D <b>" }.joined(separator: "\n\n")
        let declared = try PageFixtures.clean(Array(("<?xml version=\"1.0\"?>" + page).utf8))
        #expect(declared.records.map { String(decoding: $0.text, as: UTF8.self) } == [expected])
        let bench = StageBench()
        let stage = try Clean(parameters: Parameters([:], declared: Clean.declaration.parameters))
        let document = bench.document(Array(page.utf8), locator: "a.xhtml", mediaType: "application/xhtml+xml")
        #expect(
            try bench.apply(stage, ["documents": [document]]).records.map { String(decoding: $0.text, as: UTF8.self) } == [
                expected
            ])
    }

    @Test(
        "rows of marks are no article, as a page or as text",
        arguments: [
            "<!--", "<!-- ", "<!", "<!>", "!-", "- . ", ". ", "?!", "&lt;!", "=-=-", "<", "<>", "]]>", "<![CDATA[", "&", "1, 2. ",
        ])
    func marks(mark: String) throws {
        let bytes = Array(String(repeating: mark, count: 20_000).utf8)
        for name in ["page.html", "page.txt"] {
            let result = try PageFixtures.clean(bytes, as: name)
            #expect(result.records.isEmpty)
            #expect(["no-article", "empty"].contains(result.drops.first?.reason), "\(name): \(result.drops)")
        }
    }

    private static func page(_ body: String) -> [UInt8] {
        Array("<html><body><article>\(body)</article></body></html>".utf8)
    }

    @Test(
        "notes below the text are left out: about writers, corrections, sources, invitations",
        arguments: [
            "Mina Tolk is a reporter for the Bell and teaches rowing.", "Correction: The ferry left at nine, not at eight.",
            "Sign up for our newsletter, and never miss a ferry again.", "This article was updated to add the name of the pier.",
        ])
    func notesBelow(note: String) throws {
        let paragraphs = Self.sentences.map { "<p>\($0)</p>" }.joined()
        let result = try PageFixtures.clean(Self.page(paragraphs + "<p>\(note)</p>"))
        #expect(result.records.map { String(decoding: $0.text, as: UTF8.self) } == [Self.sentences.joined(separator: "\n\n")])
        #expect(result.notes.count == 1)
    }

    @Test("somebody whom the story names is no writer")
    func namedInStory() throws {
        let story = Self.sentences + ["A woman called Mina Tolk waved from the deck until the harbour was gone."]
        let last = "Mina Tolk is a teacher from the island who takes the ferry every morning of the week."
        let page = Self.page((story + [last]).map { "<p>\($0)</p>" }.joined())
        let record = try #require(try PageFixtures.clean(page).records.first)
        #expect(String(decoding: record.text, as: UTF8.self).hasSuffix(last))
    }

    @Test("boxes of a linked headline and a line about it are left out; linked headings over paragraphs of the text stay")
    func teasers() throws {
        let paragraphs = Self.sentences.map { "<p>\($0)</p>" }
        let boxes = (1...3).map { number in
            "<div><h3><a href='/\(number)'>Bridge number \(number) opens</a></h3><p>The council has opened a bridge, the \(number). of them.</p></div>"
        }
        let teased = Self.page(paragraphs[..<4].joined() + boxes.joined() + paragraphs[4...].joined())
        let record = try #require(try PageFixtures.clean(teased).records.first)
        #expect(String(decoding: record.text, as: UTF8.self) == Self.sentences.joined(separator: "\n\n"))
        let headings = (1...4).map { "<h3><a href='/\($0)'>Pier number \($0)</a></h3>" + paragraphs[$0] + paragraphs[$0 + 2] }
        let listed = try #require(try PageFixtures.clean(Self.page(headings.joined())).records.first)
        #expect(String(decoding: listed.text, as: UTF8.self).contains("Pier number 3"))
    }

    @Test("a list of sentences between the title and the text belongs to it, a list of links does not")
    func keyPoints() throws {
        let paragraphs = Self.sentences[2...].map { "<p>\($0)</p>" }.joined()
        for (points, text) in [
            (Self.sentences[..<2].map { "<li>\($0)</li>" }, Self.sentences[..<2].joined(separator: "\n") + "\n\n"),
            (Self.sentences[..<2].map { "<li><a href=/x>\($0)</a></li>" }, ""),
        ] {
            let head = "<div><h1>The ferry of the morning</h1><ul>\(points.joined())</ul></div>"
            let page = "<html><body>\(head)<div class=article-body>\(paragraphs)</div></body></html>"
            let record = try #require(try PageFixtures.clean(Array(page.utf8)).records.first)
            #expect(String(decoding: record.text, as: UTF8.self) == text + Self.sentences[2...].joined(separator: "\n\n"))
        }
    }

    @Test("the address that a page states gives its date, with the hour of a time of that day")
    func addressDate() throws {
        let paragraphs = Self.sentences.map { "<p>\($0)</p>" }.joined()
        for (time, published) in [
            ("2025-03-20T08:00:00Z", "2025-03-14"), ("2025-03-14T08:00:00Z", "2025-03-14T08:00:00Z"),
        ] {
            let page =
                "<html><head><link rel=canonical href='https://bell.example/2025/03/14/ferry'></head><body><time datetime='\(time)'></time>"
                + "<article>\(paragraphs)</article></body></html>"
            let record = try #require(try PageFixtures.clean(Array(page.utf8)).records.first)
            #expect(record.fields["published"] == .string(published))
        }
    }

    @Test("the name of the site is no title, and a day told below a picture is not the page's")
    func otherTitlesAndDays() throws {
        let page =
            "<html><head><title>The ferry of the morning | The Bell</title><meta property=og:title content='The ferry of the morning'></head>"
            + "<body><h1>The Bell</h1><h2>The ferry of the morning</h2><div>Mar 14, 2025 <span>6 min read</span></div>"
            + "<figure><figcaption>The harbour on March 3, 2024, seen from the tower of the mill.</figcaption></figure>"
            + "<article>\(Self.sentences.map { "<p>\($0)</p>" }.joined())</article></body></html>"
        let record = try #require(try PageFixtures.clean(Array(page.utf8)).records.first)
        #expect(record.fields["title"] == "The ferry of the morning")
        #expect(record.fields["published"] == "2025-03-14")
    }

    @Test("what is as long as an article is no title; the next place that states one counts")
    func longTitles() throws {
        let text = Self.sentences.joined(separator: " ")
        let paragraphs = Self.sentences.map { "<p>\($0)</p>" }.joined()
        for head in [
            "<title>\(text)</title><meta property=og:title content='The ferry'>",
            "<meta property=og:title content='\(text)'><title>The ferry</title>",
            "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"\(text)\"}</script><title>The ferry</title>",
        ] {
            let page = "<html><head>\(head)</head><body><article>\(paragraphs)</article></body></html>"
            let record = try #require(try PageFixtures.clean(Array(page.utf8)).records.first)
            #expect(record.fields["title"] == "The ferry")
            #expect(record.text.count > 500)
        }
        let heading = "<html><body><h1>\(text)</h1><article>\(paragraphs)</article></body></html>"
        let record = try #require(try PageFixtures.clean(Array(heading.utf8)).records.first)
        #expect((record.fields["title"]?.string?.utf8.count ?? 0) <= 500)
    }

    @Test(
        "a page of more parts than any page has is too large, however few its bytes are",
        arguments: ["<b>", "&lt;", "a\n", "a\r"])
    func manyParts(part: String) throws {
        let bytes = Array(String(repeating: part, count: Clean.maximumParts + 1).utf8)
        let drop = try #require(try PageFixtures.clean(bytes).drops.first)
        #expect(drop.reason == "too-large")
        #expect(drop.details == ["parts": .integer(Clean.maximumParts + 1), "maximumParts": .integer(Clean.maximumParts)])
    }

    @Test("the parts of a page are its tags, references and line ends, each of them")
    func parts() {
        for (text, count) in [
            ("", 0), ("a<b>&amp;\n", 3), ("\r\n\r", 3), ("a\u{85}b\u{2028}\u{2029}", 3), ("\u{A0}é“\u{2027}\u{202A}", 0),
            ("<", 1),
        ] {
            #expect(PageKind.partCount(Array(text.utf8)) == count, "\(text.debugDescription)")
        }
        #expect(PageKind.partCount([0x61, 0xE2, 0x80]) == 0 && PageKind.partCount([0xC2]) == 0)
    }

    @Test("what is no text is dropped with the reason", arguments: [("image/png", "not-text"), ("application/pdf", "not-text")])
    func mediaTypes(mediaType: String, reason: String) throws {
        let bench = StageBench()
        let stage = try Clean(parameters: Parameters([:], declared: Clean.declaration.parameters))
        let result = try bench.apply(stage, ["documents": [bench.document([0x89, 0x50], locator: "a", mediaType: mediaType)]])
        #expect(result.drops.map(\.reason) == [reason])
    }

    @Test("empty, binary and thin pages are dropped with the reason")
    func reasons() throws {
        #expect(try PageFixtures.clean(Array(" \n\t ".utf8)).drops.map(\.reason) == ["empty"])
        #expect(try PageFixtures.clean([UInt8](repeating: 1, count: 500)).drops.map(\.reason) == ["binary"])
        #expect(try PageFixtures.clean(Array("<nav><a href=/>Home</a></nav>".utf8)).drops.map(\.reason) == ["no-article"])
    }

    @Test("a page shorter than the parameter has no article, a page as long has one")
    func minimumLength() throws {
        let bytes = try PageFixtures.bytes("entities.html")
        let length = try #require(try PageFixtures.clean(bytes).records.first).text.count
        #expect(try PageFixtures.clean(bytes, ["minimumLength": .integer(length)]).records.count == 1)
        #expect(try PageFixtures.clean(bytes, ["minimumLength": .integer(length + 1)]).drops.count == 1)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        guard bytes.count > 40 else { return }
        let place = Int.random(in: 0..<bytes.count - 40, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.removeSubrange(place..<place + Int.random(in: 1...40, using: &random))
        case 1: bytes.insert(contentsOf: bytes[place..<place + 40], at: Int.random(in: 0...bytes.count, using: &random))
        case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 3: bytes.insert(contentsOf: Array((Self.snippets.randomElement(using: &random) ?? "").utf8), at: place)
        case 4: bytes.removeLast(Int.random(in: 1...40, using: &random))
        default: bytes.insert(contentsOf: [0xE2, 0x80], at: place)
        }
    }

    private static let snippets = [
        "<", ">", "&", "&amp", "&#", "&#x110000;", "<p>", "</p>", "</div>", "<table><tr>", "</td>", "<!--", "-->", "<script>",
        "</script>",
        "<a href='", "\"", "<br><br>", "<b><i>", "</b>", "&nbsp;", "\u{0}", "\u{A0}", "<![CDATA[", "]]>", "<title>", "<li>",
        "&lt;p&gt;", "<svg><p>",
    ]
}
