import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterSummarize
import HeadwaterTesting
import Testing

@Suite("Laws of summarize") struct SummarizeLawTests {
    private let newsroom = Newsroom()

    private func corpus(_ seed: UInt64) -> [InputRecord] {
        var random = SplitMix(seed: seed)
        return (0..<Int.random(in: 1...9, using: &random)).map { newsroom.randomPage(&random, "page\($0)") }
    }

    @Test("there are at most as many sentences as asked for", arguments: 1...10 as ClosedRange<UInt64>)
    func count(seed: UInt64) throws {
        for sentences in [1, 2, 5, 200] {
            #expect(try newsroom.summary(corpus(seed), sentences: sentences).count <= sentences, "seed \(seed)")
        }
    }

    @Test("each sentence stands verbatim in the document that it names", arguments: 1...10 as ClosedRange<UInt64>)
    func verbatim(seed: UInt64) throws {
        let documents = corpus(seed)
        let texts = Dictionary(uniqueKeysWithValues: try documents.map { ($0.id, try $0.text().string) })
        for record in try newsroom.summary(documents, sentences: 8) {
            let parent = try #require(record.parents.first)
            #expect(record.parents.count == 1 && texts[parent]?.contains(record.string) == true, "seed \(seed)")
            #expect(record.segments.allSatisfy { $0.mode == .verbatim }, "seed \(seed)")
            #expect(record.string.hasSuffix("."), "seed \(seed)")
            let locator = try #require(record.fields["locator"])
            #expect(record.fields["supportedBy"]?.array?.contains(locator) == true, "seed \(seed)")
        }
    }

    @Test("no two chosen sentences are nearly equal, unless they dispute a figure", arguments: 1...10 as ClosedRange<UInt64>)
    func redundancy(seed: UInt64) throws {
        let summary = try newsroom.summary(corpus(seed), sentences: 10)
        for (index, a) in summary.enumerated() {
            for b in summary[(index + 1)...] where a.fields["disputed"] == nil || b.fields["disputed"] == nil {
                let (x, y) = (Set(a.string.split(separator: " ")), Set(b.string.split(separator: " ")))
                let jaccard = Double(x.intersection(y).count) / Double(x.union(y).count)
                #expect(jaccard < 0.8, "seed \(seed): \(a.string) | \(b.string)")
            }
            #expect(!summary[(index + 1)...].contains { $0.string == a.string }, "seed \(seed)")
        }
    }

    @Test("neither the order of the documents nor their partitions change the summary", arguments: 1...10 as ClosedRange<UInt64>)
    func placement(seed: UInt64) throws {
        let documents = corpus(seed)
        var random = SplitMix(seed: seed &+ 7)
        let together = try newsroom.summary(documents, sentences: 6)
        for _ in 0..<4 {
            var partitions: [[InputRecord]] = [[]]
            for document in documents.shuffled(using: &random) {
                if Bool.random(using: &random) { partitions.append([]) }
                partitions[partitions.count - 1].append(document)
            }
            #expect(try newsroom.records(partitions.map { ["documents": $0] }, sentences: 6) == together, "seed \(seed)")
        }
    }

    @Test("many documents are summed up in time that does not grow with their square")
    func large() throws {
        var random = SplitMix(seed: 5)
        let documents = (0..<400).map { newsroom.randomPage(&random, "page\($0)") }
        #expect(try newsroom.summary(documents, sentences: 8).count == 8)
    }

    @Test("bytes cut short or altered anywhere are an error or another answer, never a crash")
    func damage() throws {
        let documents = [
            newsroom.page("The storm over Ombrey injured 14 fishermen on Sunday — “all well now”, the harbour said.", "a"),
            newsroom.page("The storm over Ombrey injured 23 fishermen on Sunday, the rescue service said.", "b"),
        ]
        let stage = try newsroom.stage(sentences: 2)
        let sketch = try stage.sketch(Partition(["documents": documents]))
        guard case .groups(let groups, _) = try stage.combine(Sketches(count: 1) { _ in sketch }), let group = groups.first else {
            Issue.record("combine forms no group")
            return
        }
        let readers: [(bytes: [UInt8], read: ([UInt8]) throws -> Void)] = [
            (sketch, { bytes in _ = try stage.combine(Sketches(count: 1) { _ in bytes }) }),
            (group.slice, { bytes in _ = try newsroom.bench.apply(stage, ["documents": documents], slice: bytes) }),
        ]
        for (bytes, read) in readers {
            try read(bytes)
            for count in 0..<bytes.count { #expect(throws: StageError.self) { try read(Array(bytes[..<count])) } }
            #expect(throws: StageError.self) { try read(bytes + [0]) }
            for index in bytes.indices {
                for mask: UInt8 in [0xFF, 0x01, 0x80] {
                    var altered = bytes
                    altered[index] ^= mask
                    try? read(altered)
                }
            }
        }
    }
}
