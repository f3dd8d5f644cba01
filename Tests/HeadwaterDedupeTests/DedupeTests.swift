import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterDedupe

@Suite("Dedupe") struct DedupeTests {
    @Test("documents that say different things all pass on unchanged, in order")
    func different() throws {
        let corpus = Corpus()
        let documents = (0..<20).map { corpus.document(corpus.words(seed: $0, count: 80), "d\($0)") }
        let result = try corpus.run([documents])
        #expect(result.records.map(\.id) == documents.map(\.id))
        #expect(result.drops.isEmpty && result.notes.isEmpty)
    }

    @Test("a copy with other white space is an exact duplicate of the document published first")
    func exact() throws {
        let corpus = Corpus()
        let words = corpus.words(seed: 1, count: 50)
        let late = corpus.document(words, "a", published: "2025-03-12")
        let early = corpus.document(words, "b", published: "2025-03-11T23:30:00+02:00", separator: "  \n")
        let result = try corpus.run([[late, early]])
        #expect(result.records.map(\.id) == [early.id])
        let (here, there) = (late.record.text.count, early.record.text.count)
        #expect(
            result.drops == [
                Drop(
                    late.id, reason: "exact-duplicate", survivor: early.id,
                    details: [
                        "level": "text", "similarity": 1000, "ranges": [[0, .integer(here)]], "there": [[0, .integer(there)]],
                    ])
            ])
        #expect(
            result.notes == [
                Note(
                    early.id, kind: "stands-for", reason: "duplicates",
                    details: ["records": [.string(late.id.description)], "levels": ["text"], "similarities": [1000]])
            ])
    }

    @Test("a near-duplicate is dropped with its true similarity: the share of its words in runs that the survivor has")
    func near() throws {
        let corpus = Corpus()
        var words = corpus.words(seed: 2, count: 100)
        let original = corpus.document(words, "a", published: "2025-01-01")
        words[50] = "altered"
        let copy = corpus.document(words, "b", published: "2025-01-02")
        let result = try corpus.run([[original, copy]])
        let drop = try #require(result.drops.first)
        #expect(
            drop.reason == "near-duplicate" && drop.details["level"] == "near" && drop.record == copy.id
                && drop.survivor == original.id)
        // One word of a hundred lies in no shared run of three. Of 98 shingles on each side, three differ: 95 of 101.
        #expect(drop.details["similarity"] == 990)
        #expect(drop.details["jaccard"] == .integer(95 * 1000 / 101))
        #expect(drop.details["comparedWith"] == .string(original.id.description))
    }

    @Test("the threshold is the least similarity that counts as a duplicate", arguments: [(990, true), (991, false)])
    func threshold(perMille: Int, isDuplicate: Bool) throws {
        let corpus = Corpus()
        var words = corpus.words(seed: 2, count: 100)
        let original = corpus.document(words, "a")
        words[50] = "altered"
        let copy = corpus.document(words, "b")
        let result = try corpus.run([[original, copy]], ["similarity": .decimal(Double(perMille) / 1000)])
        #expect(result.drops.isEmpty != isDuplicate)
    }

    @Test("a version within other matter is a duplicate; a passage quoted in a much longer text is not")
    func containment() throws {
        let corpus = Corpus()
        let story = corpus.words(seed: 3, count: 60)
        func drops(otherMatter: Int) throws -> Int {
            let longer = story + corpus.words(seed: 4, count: otherMatter)
            return try corpus.run([[corpus.document(story, "a"), corpus.document(longer, "b")]]).drops.count
        }
        #expect(try drops(otherMatter: 60) == 1)
        #expect(try drops(otherMatter: 3000) == 0)
    }

    @Test("a few words found in another text make no duplicate, and texts without words are never compared")
    func short() throws {
        let corpus = Corpus()
        let words = corpus.words(seed: 5, count: 40)
        let documents = [
            corpus.document(words, "a"), corpus.document(Array(words.prefix(20)), "b"), corpus.document([], "c"),
            corpus.document([], "d"), corpus.document(["…", "—"], "e"),
        ]
        #expect(try corpus.run([documents]).records.map(\.id) == documents.map(\.id))
    }

    @Test("a page that collects several stories does not make one of them")
    func compilation() throws {
        let corpus = Corpus()
        let stories = (10..<14).map { corpus.words(seed: $0, count: 60) }
        let documents = stories.enumerated().map { corpus.document($1, "story\($0)", published: "2025-01-0\($0 + 1)") }
        let page = corpus.document(stories.flatMap { $0 }, "page", published: "2025-02-01")
        let result = try corpus.run([documents, [page]])
        #expect(Set(result.records.map(\.id)) == Set(documents.map(\.id)))
    }

    @Test("the survivor follows the rule", arguments: ["earliest", "longest", "first"])
    func survivor(rule: String) throws {
        let corpus = Corpus()
        let words = corpus.words(seed: 6, count: 80)
        let documents = [
            corpus.document(words, "a"),
            corpus.document(words + ["one", "two"], "b", published: "2025-05"),
            corpus.document(words + ["one"], "c", published: "2025-04-30"),
        ]
        let survivor = try corpus.run([documents], ["survivor": .string(rule)]).records.map(\.id)
        switch rule {
        case "earliest": #expect(survivor == [documents[2].id])
        case "longest": #expect(survivor == [documents[1].id])
        default: #expect(survivor == [documents.map(\.id).min()].compactMap { $0 })
        }
    }

    @Test("texts in other scripts are told apart and found again")
    func scripts() throws {
        let corpus = Corpus()
        let russian = "Плотина не выдержала рано утром, и вода пошла на нижние улицы города быстрее, чем успели включить сирены."
        let japanese = "川の水は朝早くに堤防を越えて、町の低い通りへ流れ込んだ。人々は学校の屋上に集まって助けを待っていたという。"
        let documents = [
            corpus.document([russian], "a", published: "2024"), corpus.document([russian.uppercased()], "b"),
            corpus.document([japanese], "c", published: "2024"), corpus.document([japanese + "終"], "d"),
        ]
        #expect(try corpus.run([documents]).records.map(\.id) == [documents[0].id, documents[2].id])
    }

    @Test("a large cluster of near copies leaves one survivor")
    func largeCluster() throws {
        let corpus = Corpus()
        let words = corpus.words(seed: 7, count: 120)
        let documents = (0..<150).map {
            corpus.document(words + ["copy", "number", "\($0)"], "d\($0)", published: "2025-01-\(10 + $0 % 20)")
        }
        let result = try corpus.run([Array(documents[..<70]), Array(documents[70...])])
        #expect(result.records.count == 1)
        #expect(result.drops.count == 149)
    }
}

/// Makes documents of invented words and runs the stage on them.
final class Corpus {
    let bench = StageBench()

    func words(seed: Int, count: Int) -> [String] {
        var random = SplitMix(seed: UInt64(seed))
        return (0..<count).map { _ in "w\(random.next() % 5000)" }
    }

    func document(_ words: [String], _ locator: String, published: String? = nil, separator: String = " ") -> InputRecord {
        var fields: [String: JSON] = ["locator": .string(locator)]
        if let published { fields["published"] = .string(published) }
        return bench.cleaned(words.joined(separator: separator), fields: fields)
    }

    let allLevels: JSON = .array(Level.allCases.map { .string($0.rawValue) })

    func settings(_ parameters: [String: JSON] = [:]) throws -> Settings {
        try Settings(Parameters(parameters, declared: Dedupe.declaration.parameters))
    }

    func stage(_ parameters: [String: JSON] = [:]) throws -> Dedupe {
        try Dedupe(parameters: Parameters(parameters, declared: Dedupe.declaration.parameters))
    }

    /// All partitions' results as one.
    func run(_ partitions: [[InputRecord]], _ parameters: [String: JSON] = [:]) throws -> StageBench.Result {
        let results = try bench.run(try stage(parameters), partitions.map { ["documents": $0] })
        var all = try #require(results.first)
        for result in results.dropFirst() {
            all.records += result.records
            all.drops += result.drops
            all.notes += result.notes
        }
        return all
    }
}
