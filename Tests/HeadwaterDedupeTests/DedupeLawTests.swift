import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterDedupe

@Suite("Laws of dedupe") struct DedupeLawTests {
    /// A corpus with exact copies, edited copies, shortened ones and ones within other matter, drawn from a seed.
    private func randomDocuments(_ corpus: Corpus, seed: UInt64, withNotice: Bool = true) -> [InputRecord] {
        var random = SplitMix(seed: seed)
        var documents: [InputRecord] = []
        for story in 0..<8 {
            let words = corpus.words(seed: Int(seed) &* 1000 &+ story, count: Int.random(in: 30...120, using: &random))
            for version in 0..<Int.random(in: 1...5, using: &random) {
                var text = words
                switch Int.random(in: 0..<5, using: &random) {
                case 0: text[Int.random(in: 0..<text.count, using: &random)] = "edited"
                case 1: text.removeLast(text.count / 4)
                case 2: if withNotice { text += corpus.words(seed: 77, count: 40) }
                case 3: text.shuffle(using: &random)
                default: break
                }
                let published = Bool.random(using: &random) ? "2025-02-\(10 + Int.random(in: 0..<9, using: &random))" : nil
                documents.append(corpus.document(text, "\(story)/\(version)", published: published))
            }
        }
        return documents
    }

    /// Undated ties are settled by id; here every document has a date.
    private func dated(_ documents: [InputRecord], _ corpus: Corpus) -> [InputRecord] {
        documents.map { document in
            corpus.bench.cleaned(
                document.record.string, fields: document.fields.merging(["published": "2025-02-20"]) { old, new in old })
        }
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
        arguments: 1...8 as ClosedRange<UInt64>)
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
        let corpus = Corpus()
        let sketch = try DocumentSketch(corpus.document(["one", "two", "three", "four"], "a"), try corpus.settings())
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
        let order = try SketchOrder(sketches, levels: [.text], rule: .first)
        let all = partitions.flatMap(\.self)
        let places = all.indices.sorted { (all[$0].id, $0) < (all[$1].id, $1) }
        let delegates = places.map { place in places.firstIndex { all[$0].textDigest == all[place].textDigest } ?? -1 }
        #expect(order.delegates.map(Int.init) == delegates, "seed \(seed)")
        #expect(order.distinct.map(Int.init) == delegates.indices.filter { delegates[$0] == $0 }, "seed \(seed)")
        var ranks: [Int] = []
        try order.forEachEntry(of: sketches) { rank, _, _ in ranks.append(rank) }
        #expect(ranks == all.indices.map { place in places.firstIndex(of: place) ?? -1 }, "seed \(seed)")
    }

    @Test("how much fits into memory at once changes nothing", arguments: 1...8 as ClosedRange<UInt64>)
    func limits(seed: UInt64) throws {
        let corpus = Corpus()
        var random = SplitMix(seed: seed)
        let partitions = partitioned(randomDocuments(corpus, seed: seed), &random)
        let stage = try corpus.stage(["levels": corpus.allLevels])
        let sketches = try partitions.map { try stage.sketch(Partition(["documents": $0])) }
        let settings = try corpus.settings(["levels": corpus.allLevels])
        let whole = try DuplicateCandidates.find(Sketches(count: sketches.count) { sketches[$0] }, settings)
        #expect(!whole.candidates.candidates.isEmpty, "seed \(seed) shows nothing")
        for limits in [
            (values: 1, marks: 400, companions: 1), (values: 200, marks: 150, companions: 40),
            (values: 700, marks: 900, companions: 1 << 20),
        ] {
            let parts = try DuplicateCandidates.find(
                Sketches(count: sketches.count) { sketches[$0] }, settings,
                limits: .init(values: limits.values, marks: limits.marks, companions: limits.companions))
            #expect(parts.candidates == whole.candidates, "seed \(seed), \(limits)")
            #expect(parts.groups == whole.groups, "seed \(seed), \(limits)")
        }
    }

    @Test(
        "each document is kept or dropped, each drop's survivor is kept and stands for it",
        arguments: 1...8 as ClosedRange<UInt64>)
    func survivors(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = randomDocuments(corpus, seed: seed)
        let result = try corpus.run([documents])
        let kept = Set(result.records.map(\.id))
        let dropped = Set(result.drops.map(\.record))
        #expect(kept.isDisjoint(with: dropped) && kept.union(dropped) == Set(documents.map(\.id)), "seed \(seed)")
        #expect(!dropped.isEmpty, "seed \(seed) shows nothing")
        var standsFor: [RecordID: Set<String>] = [:]
        for note in result.notes {
            standsFor[note.record] = Set(note.details["records"]?.array?.compactMap(\.string) ?? [])
            #expect(note.details["levels"]?.array?.count == note.details["records"]?.array?.count)
            #expect(note.details["similarities"]?.array?.count == note.details["records"]?.array?.count)
        }
        for drop in result.drops {
            let survivor = try #require(drop.survivor)
            #expect(kept.contains(survivor), "seed \(seed)")
            #expect(standsFor[survivor]?.contains(drop.record.description) == true, "seed \(seed)")
        }
        #expect(standsFor.values.reduce(0) { $0 + $1.count } == result.drops.count, "seed \(seed)")
    }

    @Test("the similarity named is that of the two texts, worked out another way", arguments: 1...8 as ClosedRange<UInt64>)
    func similarity(seed: UInt64) throws {
        let corpus = Corpus()
        // What many documents have in common is no text's own, and counts for nothing; here there is none of it.
        let documents = randomDocuments(corpus, seed: seed, withNotice: false)
        let words = Dictionary(
            uniqueKeysWithValues: try documents.map { ($0.id.description, try $0.text().string.split(separator: " ")) })
        for drop in try corpus.run([documents]).drops where drop.reason != "exact-duplicate" {
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

    @Test("a new copy, published later, changes no survivor", arguments: 1...8 as ClosedRange<UInt64>)
    func insertion(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = dated(randomDocuments(corpus, seed: seed), corpus)
        let before = try corpus.run([documents])
        for original in documents.prefix(4) {
            let copy = corpus.bench.cleaned(try original.text().string, fields: ["locator": "copy", "published": "2026-01-01"])
            let after = try corpus.run([documents, [copy]])
            #expect(after.records.map(\.id) == before.records.map(\.id), "seed \(seed)")
            #expect(after.drops.contains { $0.record == copy.id }, "seed \(seed)")
        }
    }

    @Test("the bytes that a drop names say the same on both sides", arguments: 1...8 as ClosedRange<UInt64>)
    func ranges(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = randomDocuments(corpus, seed: seed)
        let texts = Dictionary(documents.map { ($0.id, $0.record.text) }, uniquingKeysWith: { first, _ in first })
        func words(_ range: JSON, of id: RecordID) throws -> [String] {
            let numbers = try #require(range.array).compactMap(\.integer)
            let text = try #require(texts[id])
            return String(decoding: text[numbers[0]..<numbers[0] + numbers[1]], as: UTF8.self).split(separator: " ").map(
                String.init)
        }
        var shown = 0
        for drop in try corpus.run([documents]).drops {
            let survivor = try #require(drop.survivor)
            let other = drop.details["comparedWith"]?.string.flatMap { RecordID($0) } ?? survivor
            let (here, there) = (try #require(drop.details["ranges"]?.array), try #require(drop.details["there"]?.array))
            #expect(here.count == there.count && here.count <= 8, "seed \(seed)")
            for (a, b) in zip(here, there) { #expect(try words(a, of: drop.record) == words(b, of: other), "seed \(seed)") }
            shown += here.count
        }
        #expect(shown > 0, "seed \(seed) shows nothing")
    }

    @Test("a document that has nothing in common with any other changes nothing", arguments: 1...4 as ClosedRange<UInt64>)
    func unrelated(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = randomDocuments(corpus, seed: seed)
        let parameters: [String: JSON] = ["levels": corpus.allLevels, "syndication": true]
        let before = try corpus.run([documents], parameters)
        for number in 0..<4 {
            let other = corpus.document((0..<80).map { "u\(seed)x\(number)x\($0)" }, "other\(number)", published: "2020")
            let after = try corpus.run([[other], documents], parameters)
            #expect(after.records.map(\.id) == [other.id] + before.records.map(\.id), "seed \(seed)")
            #expect(after.drops == before.drops && after.notes == before.notes, "seed \(seed)")
        }
    }

    @Test("a copy changes what is said of its own cluster and of nothing else", arguments: 1...4 as ClosedRange<UInt64>)
    func copy(seed: UInt64) throws {
        let corpus = Corpus()
        let documents = dated(randomDocuments(corpus, seed: seed, withNotice: false), corpus)
        let before = try corpus.run([documents])
        for original in documents.prefix(3) {
            let copy = corpus.bench.cleaned(try original.text().string, fields: ["locator": "copy", "published": "2026-01-01"])
            let after = try corpus.run([documents, [copy]])
            let drop = try #require(after.drops.first { $0.record == copy.id }, "seed \(seed)")
            let cluster = Set(
                after.drops.filter { $0.survivor == drop.survivor }.map(\.record) + [drop.survivor].compactMap { $0 })
            #expect(
                after.drops.filter { !cluster.contains($0.record) } == before.drops.filter { !cluster.contains($0.record) },
                "seed \(seed)")
            #expect(after.records.map(\.id).filter { $0 != copy.id } == before.records.map(\.id), "seed \(seed)")
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

@Suite("Sorting by digits") struct RadixSortTests {
    @Test("is sorting, whatever the numbers and their count", arguments: 0..<12)
    func sorts(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let count = Int.random(in: 0..<40_000, using: &random)
        let mask = [UInt64.max, 0xFFFF, 0xFFFF_0000_0000, 3, 0][seed % 5]
        var values = (0..<count).map { _ in random.next() & mask }
        let expected = values.sorted()
        RadixSort.sort(&values)
        #expect(values == expected, "seed \(seed)")
        let order = RankOrder.order(of: values.reversed())
        #expect(order.map { count - 1 - Int($0) }.map { values[$0] } == expected, "seed \(seed)")
        #expect(
            zip(order, order.dropFirst()).allSatisfy { a, b in values[count - 1 - Int(a)] < values[count - 1 - Int(b)] || a < b })
    }
}
