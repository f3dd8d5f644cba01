import HeadwaterModel
import HeadwaterPluginKit

/// The documents of all sketches that have words, in the order of their ids, and which of them are the very same.
///
/// Holds a few numbers for each; the sketches are read again for whatever else is wanted of them.
struct SketchOrder {
    /// By place in the sketches, the rank by id; those with the same id in the order of their places.
    private let ranks: [Int32]
    /// By rank, the one among the exact duplicates that survivor rules prefer; its own where it has none. Only it is compared
    /// with others, so whatever survives has been compared itself.
    let delegates: [Int32]
    /// The ranks of the delegates, in order.
    let distinct: [Int32]
    /// By rank.
    private let standings: [Standing]
    private let rule: SurvivorRule

    var count: Int { ranks.count }

    /// Sketches are read more than once, and say the same each time.
    fileprivate static var changed: StageError { StageError("the sketches are others than when they were read first") }

    init(_ sketches: Sketches, levels: Set<Level>, rule: SurvivorRule) throws {
        // Eight bytes of each; all of them only where eight are not enough, or where documents are the same.
        var ids: [UInt64] = []
        var texts: [UInt64] = []
        var sources: [UInt64] = []
        var inPlace: [Standing] = []
        for partition in 0..<sketches.count {
            try DocumentSketch.forEachEntry(try sketches[partition]) { entry in
                ids.append(entry.id.leadingWord)
                if levels.contains(.text) { texts.append(entry.textDigest.leadingWord) }
                if levels.contains(.bytes) { sources.append(entry.bytesDigest.leadingWord) }
                inPlace.append(entry.standing)
            }
            guard ids.count <= Int(Int32.max) else { throw StageError("more than \(Int32.max) documents") }
        }
        var order = RankOrder.order(of: ids)
        let (byText, bySource) = (RankOrder.order(of: texts), RankOrder.order(of: sources))
        let sameIDs = RankOrder.ties(in: order, of: ids)
        let sameTexts = RankOrder.ties(in: byText, of: texts).map { byText[$0] }
        let sameSources = RankOrder.ties(in: bySource, of: sources).map { bySource[$0] }
        (ids, texts, sources) = ([], [], [])
        let whole = try WholeDigests(
            sketches, ids: sameIDs.flatMap { order[$0] }, digests: (sameTexts + sameSources).flatMap { $0 }, count: order.count)
        for tie in sameIDs { try order[tie].sort { try (whole.ids[$0], $0) < (whole.ids[$1], $1) } }
        var ranks = [Int32](repeating: 0, count: order.count)
        for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
        standings = order.map { inPlace[Int($0)] }
        (order, inPlace) = ([], [])
        var same = DisjointSets(ranks.count)
        for (ties, digests) in [(sameTexts, whole.texts), (sameSources, whole.sources)] {
            for tie in ties {
                let places = try tie.sorted { try (digests[$0], ranks[Int($0)]) < (digests[$1], ranks[Int($1)]) }
                for (a, b) in zip(places, places.dropFirst()) where try digests[a] == digests[b] {
                    same.join(Int(ranks[Int(a)]), Int(ranks[Int(b)]))
                }
            }
        }
        self.ranks = ranks
        self.rule = rule
        var preferred = [Int32](repeating: -1, count: ranks.count)
        for rank in ranks.indices {
            let root = same.root(rank)
            let known = Int(preferred[root])
            if known < 0 || rule.prefers(standings[rank], to: standings[known]) ?? false { preferred[root] = Int32(rank) }
        }
        delegates = ranks.indices.map { preferred[same.root($0)] }
        distinct = delegates.indices.lazy.filter { [delegates] in Int(delegates[$0]) == $0 }.map { Int32($0) }
    }

    /// Whether the delegate at one place in `distinct` stays rather than the one at another.
    func prefers(_ a: Int, to b: Int) -> Bool {
        rule.prefers(standings[Int(distinct[a])], to: standings[Int(distinct[b])]) ?? (a < b)
    }

    /// Calls with the rank, the partition and the entry of each document, in the order of their places.
    func forEachEntry(of sketches: Sketches, _ body: (Int, Int, DocumentSketch.Entry) throws -> Void) throws {
        var place = 0
        for partition in 0..<sketches.count {
            try DocumentSketch.forEachEntry(try sketches[partition]) { entry in
                guard place < count else { throw SketchOrder.changed }
                try body(Int(ranks[place]), partition, entry)
                place += 1
            }
        }
    }

    /// By rank, the place in `distinct` of those that are in it.
    private var indices: [Int32] {
        var index = [Int32](repeating: -1, count: count)
        for (place, rank) in distinct.enumerated() { index[Int(rank)] = Int32(place) }
        return index
    }

    /// The fingerprints of the delegates, by their place in `distinct`.
    func columns(of sketches: Sketches) -> FingerprintColumns {
        let index = indices
        return FingerprintColumns(count: distinct.count) { body in
            try forEachEntry(of: sketches) { rank, _, entry in
                guard index[rank] >= 0 else { return }
                guard entry.fingerprint.count == Fingerprint.slots * 4 else { throw SketchOrder.changed }
                body(Int(index[rank]), entry.fingerprint)
            }
        }
    }

    /// The marks of the delegates, by their place in `distinct`.
    func marks(of sketches: Sketches) throws -> CorpusMarks {
        let index = indices
        return try CorpusMarks(count: distinct.count) { body in
            try forEachEntry(of: sketches) { rank, _, entry in
                if index[rank] >= 0 { try body(Int(index[rank]), entry.marks) }
            }
        }
    }

    /// The addresses of all documents, each with its delegate's place in `distinct`.
    func addresses(of sketches: Sketches) throws -> [AddressSearch.Entry] {
        let index = indices
        var out: [AddressSearch.Entry] = []
        try forEachEntry(of: sketches) { rank, _, entry in
            let document = index[Int(delegates[rank])]
            if let key = entry.address { out.append(.init(key: key, document: document, isCanonical: false)) }
            if let key = entry.canonical { out.append(.init(key: key, document: document, isCanonical: true)) }
        }
        return out
    }
}

/// Ids and digests of the documents for which a few bytes of them are not enough.
private struct WholeDigests {
    /// By place in the sketches.
    private(set) var ids = Values<RecordID>()
    private(set) var texts = Values<Digest>()
    private(set) var sources = Values<Digest>()

    struct Values<Value: Comparable> {
        private var values: [Int32: Value] = [:]

        fileprivate mutating func set(_ value: Value, at place: Int32) { values[place] = value }

        /// Of a place that was asked for.
        subscript(_ place: Int32) -> Value {
            get throws {
                guard let value = values[place] else { throw SketchOrder.changed }
                return value
            }
        }
    }

    init(_ sketches: Sketches, ids wantedIDs: [Int32], digests wantedDigests: [Int32], count: Int) throws {
        if wantedIDs.isEmpty && wantedDigests.isEmpty { return }
        var wanted = [UInt8](repeating: 0, count: count)
        for place in wantedIDs { wanted[Int(place)] |= 1 }
        for place in wantedDigests { wanted[Int(place)] |= 2 }
        var place: Int32 = 0
        for partition in 0..<sketches.count {
            try DocumentSketch.forEachEntry(try sketches[partition]) { entry in
                guard place < count else { throw SketchOrder.changed }
                if wanted[Int(place)] & 1 != 0 { ids.set(entry.id, at: place) }
                if wanted[Int(place)] & 2 != 0 {
                    texts.set(entry.textDigest, at: place)
                    sources.set(entry.bytesDigest, at: place)
                }
                place += 1
            }
        }
    }
}
