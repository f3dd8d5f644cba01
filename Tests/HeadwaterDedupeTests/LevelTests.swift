import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterDedupe

@Suite("Levels") struct LevelTests {
    private func levels(_ names: String...) -> [String: JSON] { ["levels": .array(names.map { .string($0) })] }

    @Test("documents of the same source bytes are duplicates by these, others of the same text by their text")
    func bytes() throws {
        let corpus = Corpus()
        let words = corpus.words(seed: 1, count: 40)
        let documents = [
            corpus.document(words, "a", published: "2025-01-01"), corpus.document(words, "b"),
            corpus.document(words, "c", separator: "\n"),
        ]
        func found(_ parameters: [String: JSON]) throws -> [JSON?] {
            try corpus.run([documents], parameters).drops.map { $0.details["level"] }
        }
        #expect(try found([:]) == ["bytes", "text"])
        #expect(try found(levels("bytes")) == ["bytes"])
        #expect(try found(levels("text")) == ["text", "text"])
        #expect(try found(levels("near", "containment")) == ["near", "near"])
    }

    @Test("parts of one source are not each other's copies")
    func parts() throws {
        let corpus = Corpus()
        let (first, second) = (
            corpus.words(seed: 1, count: 40).joined(separator: " "), corpus.words(seed: 2, count: 40).joined(separator: " ")
        )
        let whole = corpus.document([first, second], "page")
        let records = try [0..<first.utf8.count, first.utf8.count + 1..<first.utf8.count + 1 + second.utf8.count].map { range in
            RecordDraft(kind: "document", text: try whole.text()[range], parents: [whole.id]).sealed()
        }
        #expect(try corpus.run([corpus.bench.inputs(records)]).drops.isEmpty)
    }

    @Test("a copy within other matter is contained, either way round, and the drop says which holds the other")
    func containment() throws {
        let corpus = Corpus()
        let story = corpus.words(seed: 3, count: 60)
        for storyIsFirst in [true, false] {
            let part = corpus.document(story, "part", published: storyIsFirst ? "2025-01-01" : "2025-01-02")
            let whole = corpus.document(
                corpus.words(seed: 4, count: 90) + story + corpus.words(seed: 5, count: 90), "whole",
                published: storyIsFirst ? "2025-01-02" : "2025-01-01")
            let drop = try #require(try corpus.run([[part, whole]]).drops.first)
            #expect(drop.reason == "contained-duplicate" && drop.details["level"] == "containment")
            #expect(drop.survivor == (storyIsFirst ? part.id : whole.id))
            #expect(drop.details["whole"] == .string(whole.id.description))
            #expect(drop.details["share"] == (storyIsFirst ? 250 : 1000))
            #expect(try corpus.run([[part, whole]], levels("bytes", "text", "near")).drops.isEmpty)
        }
    }

    @Test("smallest-part says how small a part of another a contained document may be")
    func smallestPart() throws {
        let corpus = Corpus()
        let story = corpus.words(seed: 3, count: 60)
        let documents = [corpus.document(story, "a"), corpus.document(story + corpus.words(seed: 4, count: 900), "b")]
        #expect(try corpus.run([documents]).drops.isEmpty)
        #expect(try corpus.run([documents], ["smallest-part": .decimal(0.05)]).drops.count == 1)
    }

    private func page(_ corpus: Corpus, _ words: [String], _ locator: String, canonical: String? = nil, day: Int = 1)
        -> InputRecord
    {
        var fields: [String: JSON] = ["locator": .string(locator), "published": .string("2025-01-0\(day)")]
        if let canonical { fields["canonical"] = .string(canonical) }
        return corpus.bench.cleaned(words.joined(separator: " "), fields: fields)
    }

    @Test("two states of one page are one by its address where their texts agree, and two where they do not")
    func address() throws {
        let corpus = Corpus()
        let (words, other) = (corpus.words(seed: 6, count: 100), corpus.words(seed: 7, count: 100))
        let first = page(corpus, words, "https://www.example.org/news/dam?utm_source=feed")
        let later = page(
            corpus, Array(words.prefix(60)) + other.prefix(40), "crawl.warc.gz!/http://example.org/news/dam/index.html", day: 2)
        let changed = page(corpus, other, "https://m.example.org/news/dam", day: 3)
        let result = try corpus.run([[first, later, changed]])
        #expect(result.drops.map(\.record) == [later.id])
        #expect(result.drops.first?.reason == "same-url" && result.drops.first?.details["threshold"] == 500)
        #expect(try corpus.run([[first, later, changed]], levels("bytes", "text", "near", "containment")).drops.isEmpty)
    }

    @Test("a site whose pages all name its front page loses none of them; a page that names its original is that page")
    func canonical() throws {
        let corpus = Corpus()
        let front = "https://example.org/"
        var pages = (0..<12).map {
            page(corpus, corpus.words(seed: 20 + $0, count: 90), "https://example.org/\($0)", canonical: front)
        }
        pages.append(page(corpus, corpus.words(seed: 40, count: 90), front, canonical: front))
        #expect(try corpus.run([pages]).drops.isEmpty)
        let words = corpus.words(seed: 50, count: 100)
        let original = page(corpus, words, "https://example.org/story")
        let partner = page(
            corpus, Array(words.prefix(60)) + corpus.words(seed: 51, count: 40), "https://partner.example/x9",
            canonical: "http://www.example.org/story#top", day: 2)
        let drop = try #require(try corpus.run([pages + [original, partner]]).drops.first)
        #expect(drop.record == partner.id && drop.survivor == original.id && drop.reason == "same-canonical")
    }

    @Test("documents of preferred hosts stay, in the order of these, before any other rule")
    func hosts() throws {
        let corpus = Corpus()
        let words = corpus.words(seed: 8, count: 80)
        let pages = [
            page(corpus, words, "https://copies.example/a", day: 1), page(corpus, words, "https://news.agency.example/a", day: 3),
            page(corpus, words, "https://www.paper.example/a", day: 2),
        ]
        func survivor(_ hosts: String...) throws -> [RecordID] {
            try corpus.run([pages], ["hosts": .array(hosts.map { .string($0) })]).records.map(\.id)
        }
        #expect(try survivor() == [pages[0].id])
        #expect(try survivor("*.agency.example", "paper.example") == [pages[1].id])
        #expect(try survivor("agency.example", "paper.example") == [pages[2].id])
        #expect(try survivor("other.example") == [pages[0].id])
        #expect(throws: StageError.self) { try corpus.stage(["hosts": ["https://paper.example/"]]) }
        #expect(throws: StageError.self) { try corpus.stage(["levels": ["nearly"]]) }
    }

    @Test("what many pages have around them is no part of what they say")
    func boilerplate() throws {
        let corpus = Corpus()
        let notice = corpus.words(seed: 99, count: 300)
        let pages = (0..<20).map { corpus.document(corpus.words(seed: 100 + $0, count: 100) + notice, "page\($0)") }
        // Three quarters of each are in all others.
        #expect(try corpus.run([pages], ["similarity": .decimal(0.7)]).drops.isEmpty)
        // A story that is shortened and edited, within other matter that many have: neither page has most of the other.
        let whole = corpus.words(seed: 105, count: 100)
        var story = Array(whole.prefix(65))
        story[20] = "altered"
        let other = corpus.words(seed: 98, count: 300)
        let others = (0..<20).map { corpus.document(corpus.words(seed: 200 + $0, count: 100) + other, "other\($0)") }
        let original = corpus.document(whole, "original")
        let copy = corpus.document(story + other, "copy", published: "2025-01-01")
        let drop = try #require(try corpus.run([others + [original, copy]]).drops.first)
        #expect(drop.record == original.id && drop.survivor == copy.id)
        #expect((drop.details["share"]?.integer ?? 1000) < 800)
    }
}

@Suite("Page addresses") struct PageAddressTests {
    private func text(_ address: String) -> String? {
        PageAddress(Array(address.utf8)).map { String(decoding: $0.text, as: UTF8.self) }
    }

    @Test(
        "one page has one address, however it is written",
        arguments: [
            ("HTTP://Example.ORG:80/a/../b/./c", "example.org/b/c"), ("https://example.org", "example.org"),
            ("https://example.org/", "example.org"), ("https://example.org/index.html", "example.org"),
            ("https://www.example.org/a/", "example.org/a"), ("https://user@example.org/a", "example.org/a"),
            ("https://example.org/%7Euser/%e4", "example.org/~user/%E4"), ("https://example.org/ä", "example.org/%C3%A4"),
            ("https://example.org/a?utm_source=x&b=2&a=1&fbclid=9#top", "example.org/a?a=1&b=2"),
            ("https://example.org/a?", "example.org/a"), ("https://m.example.org/a", "example.org/a"),
            ("https://amp.example.org/a", "example.org/a"), ("https://example.org/a/amp/", "example.org/a"),
            ("https://example.org/amp/a", "example.org/a"), ("https://example.org/a.amp.html", "example.org/a.html"),
            ("https://example.org/a?outputType=amp", "example.org/a"), ("https://example.org./a//b", "example.org/a/b"),
            ("https://example.org/../../a", "example.org/a"), ("https://m.de/a", "m.de/a"),
            ("https://example.org:8080/a", "example.org:8080/a"), ("https://example.org/A?Id=1", "example.org/A?Id=1"),
        ])
    func normal(given: String, expected: String) { #expect(text(given) == expected) }

    @Test(
        "anything else has none",
        arguments: ["", "a.txt", "ftp://example.org/a", "https:", "https://", "mailto:a@example.org", "https:///a"])
    func none(given: String) { #expect(text(given) == nil) }

    @Test("what is normal already stays as it is", arguments: 0..<300)
    func settled(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let alphabet = Array("abAMPmp/.%2?&=#:@;é~index.htmlutm_".utf8)
        let path = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
            alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        }
        guard let address = PageAddress(Array("https://example.org/".utf8) + path) else { return }
        // Forms nest only by accident: `/amp/amp/x`.
        let again = PageAddress(Array("https://".utf8) + address.text)
        let settled = again.flatMap { PageAddress(Array("https://".utf8) + $0.text) }
        #expect(settled != nil, "seed \(seed)")
    }
}
