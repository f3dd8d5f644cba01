import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterSummarize

@Suite struct SentencePoolTests {
    private let weights = SummaryRequest.Weights()

    private func prior(_ sentence: DocumentOutline.Sentence) -> Double { Merit(sentence, centrality: 1, weights).prior }

    /// A document with so many sentences of random fitness.
    private func outline(_ name: String, language: String, sentences: Int, _ chance: inout SplitMix) throws -> DocumentOutline {
        var writer = PackedWriter(format: "summarize.sketch", version: 2)
        writer.count(1)
        writer.id(RecordID(Digest(of: name.utf8)))
        for text in [name, "", name, "", language] { writer.text(text) }
        writer.count(sentences)
        for position in 0..<sentences {
            // Few values, so that many sentences are equally good.
            for number in [position * 10, 9, position, 100 * Int.random(in: 1...5, using: &chance), 0, 3] { writer.count(number) }
            // Terms, figures, names, dates.
            for _ in 0..<4 { writer.count(0) }
        }
        return try #require(try DocumentOutline.decode(writer.bytes).first)
    }

    @Test("the pool holds the best sentences of the main language, whatever was let go of meanwhile and in any order")
    func best() throws {
        var chance = SplitMix(seed: 3)
        for (documents, most) in [(3, 5), (700, 60), (2500, 12)] {
            var outlines: [DocumentOutline] = []
            for number in 0..<documents {
                let count = Int.random(in: 1...most, using: &chance)
                outlines.append(try outline("en\(number)", language: "en", sentences: count, &chance))
                // Fewer documents, though they say more.
                if number % 2 == 0 { outlines.append(try outline("de\(number)", language: "de", sentences: most, &chance)) }
            }
            var all: [(turn: Int, prior: Double, id: RecordID, start: Int)] = []
            for outline in outlines where outline.language == "en" {
                let sentences = outline.sentences.sorted { (-prior($0), $0.start) < (-prior($1), $1.start) }
                for (turn, sentence) in sentences.enumerated() {
                    all.append((turn, prior(sentence), outline.id, sentence.start))
                }
            }
            all.sort { ($0.turn, -$0.prior, $0.id) < ($1.turn, -$1.prior, $1.id) }
            let expected = Set(all.prefix(SentencePool.mostCandidates).map { "\($0.id) \($0.start)" })
            var pool = SentencePool(weights)
            for outline in outlines.shuffled(using: &chance) { pool.add(outline, partition: 0) }
            let found = pool.outlines.flatMap { outline in outline.sentences.map { "\(outline.id) \($0.start)" } }
            #expect(Set(found) == expected && found.count == expected.count, "\(documents) documents")
        }
    }

    @Test("a document that comes again changes nothing, and is where it was first")
    func repeated() throws {
        var chance = SplitMix(seed: 5)
        let outlines = try (0..<3000).map { try outline("\($0)", language: "en", sentences: 12, &chance) }
        var (once, twice) = (SentencePool(weights), SentencePool(weights))
        for (index, outline) in outlines.enumerated() {
            once.add(outline, partition: index)
            twice.add(outline, partition: index)
            twice.add(outlines[index / 2], partition: -1)
        }
        #expect(once.outlines == twice.outlines)
        let places = Dictionary(uniqueKeysWithValues: zip(outlines.map(\.id), outlines.indices))
        #expect(!once.outlines.isEmpty && once.outlines.allSatisfy { once.partition(of: $0.id) == places[$0.id] })
    }

    @Test("without sentences the pool is empty")
    func empty() throws {
        var chance = SplitMix(seed: 4)
        var pool = SentencePool(weights)
        #expect(pool.outlines.isEmpty)
        pool.add(try outline("a", language: "en", sentences: 0, &chance), partition: 0)
        #expect(pool.outlines.isEmpty)
    }
}
