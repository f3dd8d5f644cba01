import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterDedupe

@Suite("Laws of dedupe") struct DedupeLawTests {
    /// A corpus with exact copies, edited copies, shortened ones and ones within other matter, drawn from a seed.
    private func randomDocuments(_ corpus: Corpus, seed: UInt64) -> [InputRecord] {
        var random = SplitMix(seed: seed)
        var documents: [InputRecord] = []
        for story in 0..<8 {
            let words = corpus.words(seed: Int(seed) &* 1000 &+ story, count: Int.random(in: 30...120, using: &random))
            for version in 0..<Int.random(in: 1...5, using: &random) {
                var text = words
                switch Int.random(in: 0..<5, using: &random) {
                case 0: text[Int.random(in: 0..<text.count, using: &random)] = "edited"
                case 1: text.removeLast(text.count / 4)
                case 2: text += corpus.words(seed: 77, count: 40)
                case 3: text.shuffle(using: &random)
                default: break
                }
                let published = Bool.random(using: &random) ? "2025-02-\(10 + Int.random(in: 0..<9, using: &random))" : nil
                documents.append(corpus.document(text, "\(story)/\(version)", published: published))
            }
        }
        return documents
    }

    private func partitioned(_ documents: [InputRecord], _ random: inout SplitMix) -> [[InputRecord]] {
        var out: [[InputRecord]] = [[]]
        for document in documents {
            if Int.random(in: 0..<4, using: &random) == 0 { out.append([]) }
            out[out.count - 1].append(document)
        }
        return out
    }

    private func sorted(_ drops: [Drop]) -> [Drop] { drops.sorted { $0.record < $1.record } }

    @Test(
        "neither the order of the documents nor their partitions change what is dropped, or why",
        arguments: 1...12 as ClosedRange<UInt64>)
    func placement(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = randomDocuments(corpus, seed: seed)
        var random = SplitMix(seed: seed &+ 99)
        let together = try corpus.run([documents])
        for _ in 0..<3 {
            let apart = try corpus.run(partitioned(documents.shuffled(using: &random), &random))
            #expect(sorted(apart.drops) == sorted(together.drops), "seed \(seed)")
            #expect(Set(apart.records.map(\.id)) == Set(together.records.map(\.id)), "seed \(seed)")
        }
    }

    @Test("documents are put in order by whole ids and whole digests, though mostly eight bytes of them do", arguments: 0..<30)
    func order(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        let sketch = try DocumentSketch(Corpus().document(["one", "two", "three", "four"], "a"), shingleSize: 3)
        func bytes(_ count: Int) -> [UInt8] {
            [UInt8](repeating: UInt8.random(in: 0..<3, using: &random), count: 8)
                + [UInt8](repeating: UInt8.random(in: 0..<3, using: &random), count: count - 8)
        }
        let partitions = try (0..<Int.random(in: 0...5, using: &random)).map { _ in
            try (0..<Int.random(in: 0...8, using: &random)).map { _ in
                var sketch = sketch
                sketch.id = try #require(RecordID(bytes: bytes(RecordID.byteCount)))
                sketch.textDigest = try #require(Digest(bytes: bytes(Digest.byteCount)))
                return sketch
            }
        }
        let encoded = partitions.map(DocumentSketch.encode)
        let sketches = Sketches(count: encoded.count) { encoded[$0] }
        let order = try SketchOrder(sketches)
        let all = partitions.flatMap(\.self)
        let places = all.indices.sorted { (all[$0].id, $0) < (all[$1].id, $1) }
        let delegates = places.map { place in places.firstIndex { all[$0].textDigest == all[place].textDigest } ?? -1 }
        #expect(order.delegates.map(Int.init) == delegates, "seed \(seed)")
        #expect(order.distinct.map(Int.init) == delegates.indices.filter { delegates[$0] == $0 }, "seed \(seed)")
        var ranks: [Int] = []
        try order.forEachEntry(of: sketches) { rank, _, _ in ranks.append(rank) }
        #expect(ranks == all.indices.map { place in places.firstIndex(of: place) ?? -1 }, "seed \(seed)")
    }

    @Test("how much fits into memory at once changes nothing", arguments: 1...12 as ClosedRange<UInt64>)
    func limits(seed: UInt64) throws {
        let corpus = Corpus()
        var random = SplitMix(seed: seed)
        let partitions = partitioned(randomDocuments(corpus, seed: seed), &random)
        let stage = try corpus.stage()
        let sketches = try partitions.map { try stage.sketch(Partition(["documents": $0])) }
        let whole = try DuplicateCandidates(Sketches(count: sketches.count) { sketches[$0] })
        #expect(!whole.pairs.isEmpty, "seed \(seed) shows nothing")
        for limits in [(values: 1, companions: 1), (values: 200, companions: 40), (values: 700, companions: 1 << 20)] {
            let parts = try DuplicateCandidates(
                Sketches(count: sketches.count) { sketches[$0] },
                limits: .init(values: limits.values, companions: limits.companions))
            #expect(parts == whole, "seed \(seed), \(limits)")
        }
    }

    @Test(
        "each document is kept or dropped, each drop's survivor is kept and stands for it",
        arguments: 1...12 as ClosedRange<UInt64>)
    func survivors(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = randomDocuments(corpus, seed: seed)
        let result = try corpus.run([documents])
        let kept = Set(result.records.map(\.id))
        let dropped = Set(result.drops.map(\.record))
        #expect(kept.isDisjoint(with: dropped) && kept.union(dropped) == Set(documents.map(\.id)), "seed \(seed)")
        #expect(!dropped.isEmpty, "seed \(seed) shows nothing")
        var standsFor: [RecordID: Set<String>] = [:]
        for note in result.notes { standsFor[note.record] = Set(note.details["records"]?.array?.compactMap(\.string) ?? []) }
        for drop in result.drops {
            let survivor = try #require(drop.survivor)
            #expect(kept.contains(survivor), "seed \(seed)")
            #expect(standsFor[survivor]?.contains(drop.record.description) == true, "seed \(seed)")
        }
        #expect(standsFor.values.reduce(0) { $0 + $1.count } == result.drops.count, "seed \(seed)")
    }

    @Test("the similarity named is that of the two texts, worked out another way", arguments: 1...12 as ClosedRange<UInt64>)
    func similarity(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = randomDocuments(corpus, seed: seed)
        let words = Dictionary(
            uniqueKeysWithValues: try documents.map { ($0.id.description, try $0.text().string.split(separator: " ")) })
        for drop in try corpus.run([documents]).drops where drop.reason == "near-duplicate" {
            let with = try #require(drop.details["comparedWith"]?.string)
            let a = try #require(words[drop.record.description])
            let b = try #require(words[with])
            #expect(drop.details["similarity"]?.integer == similarity(a, b), "seed \(seed)")
        }
    }

    /// The words of one text in runs of three that the other has, by trying all.
    private func similarity(_ a: [Substring], _ b: [Substring]) -> Int {
        func share(_ text: [Substring], in other: [Substring]) -> Int {
            var covered = [Bool](repeating: false, count: text.count)
            let known = Set((0..<other.count - 2).map { Array(other[$0..<$0 + 3]) })
            for start in 0..<text.count - 2 where known.contains(Array(text[start..<start + 3])) {
                for index in start..<start + 3 { covered[index] = true }
            }
            return covered.count { $0 } * 1000 / text.count
        }
        let (ab, ba) = (share(a, in: b), share(b, in: a))
        if min(a.count, b.count) < 25 { return min(ab, ba) }
        return a.count < b.count ? ab : a.count > b.count ? ba : max(ab, ba)
    }

    @Test("a new copy, published later, changes no survivor", arguments: 1...12 as ClosedRange<UInt64>)
    func insertion(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = randomDocuments(corpus, seed: seed).map { document in
            // Undated ties are settled by id, so every document has a date here.
            corpus.bench.cleaned(
                (try? document.text().string) ?? "",
                fields: document.fields.merging(["published": "2025-02-20"]) { old, new in old })
        }
        let before = try corpus.run([documents])
        for original in documents.prefix(4) {
            let copy = corpus.bench.cleaned(try original.text().string, fields: ["locator": "copy", "published": "2026-01-01"])
            let after = try corpus.run([documents, [copy]])
            #expect(after.records.map(\.id) == before.records.map(\.id), "seed \(seed)")
            #expect(after.drops.contains { $0.record == copy.id }, "seed \(seed)")
        }
    }

    @Test("a partition without duplicates has an empty slice, so that an edit elsewhere leaves it a hit")
    func emptySlice() throws {
        let corpus = Corpus()
        let words = corpus.words(seed: 1, count: 60)
        let partitions: [[InputRecord]] = [
            [corpus.document(words, "a"), corpus.document(words, "b")], [corpus.document(corpus.words(seed: 2, count: 60), "c")],
        ]
        let stage = try corpus.stage()
        let sketches = try partitions.map { try stage.sketch(Partition(["documents": $0])) }
        guard case .groups(let groups, let carry) = try stage.combine(Sketches(count: 2) { sketches[$0] }) else {
            Issue.record("combine forms no groups")
            return
        }
        // Exact duplicates need no comparison.
        #expect(groups.isEmpty)
        let slices = try stage.decide(Verdicts(partitionCount: 2, carry: carry, groups: []))
        #expect(slices[1].isEmpty && !slices[0].isEmpty)
    }

    @Test("bytes cut short or altered anywhere are an error or another answer, never a crash")
    func damage() throws {
        let corpus = Corpus()
        var words = corpus.words(seed: 1, count: 60)
        let original = corpus.document(words, "a", published: "2025-01-01")
        let copy = corpus.document(words, "b")
        words[3] = "other"
        let near = corpus.document(words, "c")
        let stage = try corpus.stage()
        let partition = Partition(["documents": [original, copy, near]])
        let sketch = try stage.sketch(partition)
        guard case .groups(let groups, let carry) = try stage.combine(Sketches(count: 1) { _ in sketch }),
            let group = groups.first
        else {
            Issue.record("combine forms no groups")
            return
        }
        let verdict = try stage.examine(partition)
        let slice = try #require(try stage.decide(Verdicts(partitionCount: 1, carry: carry, groups: [(group, verdict)])).first)
        let readers: [(bytes: [UInt8], read: ([UInt8]) throws -> Void)] = [
            (sketch, { bytes in _ = try stage.combine(Sketches(count: 1) { _ in bytes }) }),
            (carry, { bytes in _ = try stage.decide(Verdicts(partitionCount: 1, carry: bytes, groups: [(group, verdict)])) }),
            (verdict, { bytes in _ = try stage.decide(Verdicts(partitionCount: 1, carry: carry, groups: [(group, bytes)])) }),
            (slice, { bytes in _ = try corpus.bench.apply(stage, ["documents": [original, copy, near]], slice: bytes) }),
        ]
        for (bytes, read) in readers {
            try read(bytes)
            for count in 1..<bytes.count { #expect(throws: StageError.self) { try read(Array(bytes[..<count])) } }
            #expect(throws: StageError.self) { try read(bytes + [0]) }
            for index in stride(from: 0, to: bytes.count, by: 3) {
                var altered = bytes
                altered[index] ^= 0xFF
                try? read(altered)
            }
        }
    }
}
