import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterDedupe

@Suite("Passages") struct PassageTests {
    private func levels(_ more: String..., remove: Bool = false) -> [String: JSON] {
        [
            "levels": .array((["bytes", "text", "near", "containment"] + more).map { .string($0) }),
            "passages": remove ? "remove" : "keep",
        ]
    }

    private func range(_ json: JSON?) throws -> Range<Int> {
        let numbers = try #require(json?.array).compactMap(\.integer)
        return numbers[0]..<numbers[0] + numbers[1]
    }

    @Test("texts that share 13 words in a row have a mark in common", arguments: 0..<200)
    func marks(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        func words(_ count: Int) -> [UInt64] { (0..<count).map { _ in random.next() } }
        let shared = words(Marks.run + Marks.window - 1)
        func text() -> Set<UInt32> { Set(Marks(words(Int.random(in: 0..<50, using: &random)) + shared + words(20)).values) }
        #expect(!text().isDisjoint(with: text()), "seed \(seed)")
    }

    @Test("a passage is told of in both documents, with its bytes there and here and the source bytes it came from")
    func keep() throws {
        let corpus = Corpus()
        let passage = corpus.words(seed: 1, count: 40)
        let early = corpus.document(corpus.words(seed: 2, count: 150) + passage, "a", published: "2025-01-01")
        let late = corpus.document(
            corpus.words(seed: 3, count: 20) + passage + corpus.words(seed: 4, count: 150), "b", published: "2025-01-02")
        let result = try corpus.run([[early], [late]], levels("passages"))
        #expect(result.records.map(\.id) == [early.id, late.id] && result.drops.isEmpty)
        #expect(result.notes.map(\.reason) == ["held", "shared"] && result.notes.map(\.record) == [early.id, late.id])
        let note = try #require(result.notes.last)
        let text = passage.joined(separator: " ")
        #expect(
            note.details["with"] == .string(early.id.description) && note.details["similarity"] == 1000
                && note.details["words"] == 40)
        #expect(try late.text()[range(note.details["range"])].string == text)
        #expect(try early.text()[range(note.details["there"])].string == text)
        #expect(note.cites.map(\.range.length) == [text.utf8.count])
        #expect(try corpus.run([[early], [late]]).notes.isEmpty)
    }

    @Test("an altered word and one left out do not end a passage, unless it has to be exact")
    func nearlyExact() throws {
        let corpus = Corpus()
        let passage = corpus.words(seed: 1, count: 60)
        var altered = passage
        altered[20] = "altered"
        altered.remove(at: 40)
        let documents = [
            corpus.document(corpus.words(seed: 2, count: 150) + passage, "a", published: "2025"),
            corpus.document(altered + corpus.words(seed: 3, count: 150), "b"),
        ]
        let note = try #require(try corpus.run([documents], levels("passages")).notes.last)
        #expect(note.details["words"] == 59 && note.details["similarity"] == .integer(58 * 1000 / 60))
        let exact = levels("passages").merging(["passage-similarity": .decimal(1), "passage-words": 20]) { $1 }
        #expect(try corpus.run([documents], exact).notes.filter { $0.reason == "shared" }.map { $0.details["words"] } == [20])
    }

    @Test("a passage shorter than asked for is none", arguments: [(30, 1), (31, 0)])
    func length(words: Int, count: Int) throws {
        let corpus = Corpus()
        let passage = corpus.words(seed: 1, count: 30)
        let documents = [2, 3].map { corpus.document(corpus.words(seed: $0, count: 100) + passage, "d\($0)") }
        let found = try corpus.run([documents], levels("passages").merging(["passage-words": .integer(words)]) { $1 })
        #expect(found.notes.filter { $0.reason == "shared" }.count == count)
    }

    @Test("removed, a passage stays in the preferred document alone, and all else of the others")
    func remove() throws {
        let corpus = Corpus()
        func paragraph(_ seed: Int) -> String { "“" + corpus.words(seed: seed, count: 45).joined(separator: " ") + ".”" }
        let texts = [[2, 1, 3], [4, 1, 5], [6, 7, 1], [1, 8, 9]].map { $0.map(paragraph).joined(separator: "\n\n") }
        let documents = texts.enumerated().map { corpus.document([$1], "d\($0)", published: "2025-01-0\($0 + 1)") }
        let result = try corpus.run([documents], levels("passages", remove: true))
        let expected = [[2, 1, 3], [4, 5], [6, 7], [8, 9]].map { $0.map(paragraph).joined(separator: "\n\n") }
        #expect(result.records.map(\.string) == expected)
        #expect(result.records.dropFirst().map(\.parents) == documents.dropFirst().map { [$0.id] })
        #expect(result.notes.filter { $0.details["removed"] == true }.map(\.record) == result.records.dropFirst().map(\.id))
        // What is left has nothing in common any more.
        #expect(try corpus.run([corpus.bench.inputs(result.records)], levels("passages", remove: true)).notes.isEmpty)
    }

    @Test("a document of which nothing is left is dropped, and says in whose place")
    func nothingLeft() throws {
        let corpus = Corpus()
        let passage = corpus.words(seed: 1, count: 40)
        let whole = corpus.document(passage + corpus.words(seed: 2, count: 400), "a", published: "2025")
        let part = corpus.document(passage, "b")
        let result = try corpus.run([[whole, part]], levels("passages", remove: true))
        #expect(result.records.map(\.id) == [whole.id])
        #expect(result.drops.map(\.reason) == ["nothing-left"] && result.drops.map(\.survivor) == [whole.id])
    }

    @Test("what a document says twice is told of, or stays once")
    func repeats() throws {
        let corpus = Corpus()
        let paragraphs = [1, 2, 1, 3].map { corpus.words(seed: $0, count: 40).joined(separator: " ") }
        let document = corpus.document([paragraphs.joined(separator: "\n\n")], "a")
        let kept = try corpus.run([[document]], levels("repeats"))
        #expect(kept.records.map(\.id) == [document.id] && kept.notes.map(\.reason) == ["repeated"])
        #expect(try document.text()[range(kept.notes[0].details["range"])].string == paragraphs[0])
        let cut = try corpus.run([[document]], levels("repeats", remove: true))
        #expect(cut.records.map(\.string) == [[0, 1, 3].map { paragraphs[$0] }.joined(separator: "\n\n")])
        #expect(try corpus.run([[document]]).notes.isEmpty)
    }

    @Test("boilerplate in many documents is told of once in each, however many there are")
    func boilerplate() throws {
        let corpus = Corpus()
        let notice = corpus.words(seed: 1, count: 50)
        let documents = (0..<60).map {
            corpus.document(corpus.words(seed: 10 + $0, count: 80) + notice, "d\($0)", published: "2025-01-\(10 + $0 % 20)")
        }
        let result = try corpus.run([Array(documents[..<25]), Array(documents[25...])], levels("passages"))
        #expect(result.notes.count { $0.reason == "shared" } == 59)
        #expect(Set(result.notes.filter { $0.reason == "held" }.map(\.record)).count == 1)
    }

    @Test("hostile repetition is searched in time that grows with the text")
    func repetition() throws {
        let corpus = Corpus()
        let same = (0..<5000).map { _ in "word" }
        let two = (0..<5000).map { "w\($0 % 2)" }
        let documents = [corpus.document(same, "a"), corpus.document(two, "b"), corpus.document(same + two, "c")]
        _ = try corpus.run([documents], ["levels": corpus.allLevels, "passages": "remove"])
    }

    @Test("carriers of a text name its first publication, how much of it they have, and where; undated ones claim nothing")
    func syndication() throws {
        let corpus = Corpus()
        let story = corpus.words(seed: 1, count: 80)
        func page(_ words: [String], _ host: String, _ published: String?, credit: String? = nil) -> InputRecord {
            var fields: [String: JSON] = ["locator": .string("https://\(host)/story")]
            if let published { fields["published"] = .string(published) }
            if let credit { fields["syndicatedFrom"] = .string(credit) }
            return corpus.bench.cleaned(words.joined(separator: " "), fields: fields)
        }
        let origin = page(story, "agency.example", "2025-01-01T08:00")
        let carrier = page(story + corpus.words(seed: 2, count: 20), "paper.example", "2025-01-01T09:00", credit: "Agency")
        let undated = page(story, "copies.example", nil)
        let quoting = page(corpus.words(seed: 3, count: 150) + story.prefix(40), "blog.example", "2025-02")
        let result = try corpus.run(
            [[quoting], [carrier, undated, origin]],
            levels("passages").merging(["syndication": true, "survivor": "longest"]) { $1 })
        let rows = Dictionary(grouping: result.notes.filter { $0.kind == "syndication" }, by: \.record)
        #expect(Set(rows.keys) == [carrier.id, undated.id, quoting.id])
        let row = try #require(rows[carrier.id]?.first?.details)
        #expect(row["origin"] == .string(origin.id.description) && row["originLocator"] == "https://agency.example/story")
        #expect(
            row["originPublished"] == "2025-01-01T08:00" && row["originHost"] == "agency.example"
                && row["host"] == "paper.example")
        #expect(row["share"] == 800 && row["rank"] == 1 && row["order"] == "published" && row["syndicatedFrom"] == "Agency")
        #expect(rows[carrier.id]?.first?.cites.map(\.range.length) == [story.joined(separator: " ").utf8.count])
        #expect(rows[undated.id]?.first?.details["order"] == "unknown")
        #expect(rows[quoting.id]?.first?.details["level"] == "passages")
        #expect(try corpus.run([[quoting], [carrier, undated, origin]]).notes.allSatisfy { $0.kind != "syndication" })
    }
}
