import HeadwaterModel
import HeadwaterPluginKit

/// The documents of all sketches that have words, in the order of their ids, and which of them have the very same text.
///
/// Holds a few numbers for each; the sketches are read again for whatever else is wanted of them.
struct SketchOrder {
    /// By place in the sketches, the rank by id; those with the same id in the order of their places.
    private let ranks: [Int32]
    /// By rank, the one of the smallest rank that has the same text; its own where there is no other.
    let delegates: [Int32]
    /// The ranks of the delegates, in order.
    let distinct: [Int32]

    var count: Int { ranks.count }

    /// Sketches are read more than once, and say the same each time.
    fileprivate static var changed: StageError { StageError("the sketches are others than when they were read first") }

    init(_ sketches: Sketches) throws {
        // Eight bytes of each; all of them only where eight are not enough, or where documents are the same.
        var ids: [UInt64] = []
        var texts: [UInt64] = []
        for partition in 0..<sketches.count {
            try DocumentSketch.forEachEntry(try sketches[partition]) { entry in
                ids.append(entry.id.leadingWord)
                texts.append(entry.textDigest.leadingWord)
            }
            guard ids.count <= Int(Int32.max) else { throw StageError("more than \(Int32.max) documents") }
        }
        var order = RankOrder.order(of: ids)
        var byText = RankOrder.order(of: texts)
        let (sameIDs, sameTexts) = (RankOrder.ties(in: order, of: ids), RankOrder.ties(in: byText, of: texts))
        (ids, texts) = ([], [])
        let whole = try WholeDigests(
            sketches, ids: sameIDs.flatMap { order[$0] }, texts: sameTexts.flatMap { byText[$0] }, count: order.count)
        for tie in sameIDs { try order[tie].sort { try (whole.ids[$0], $0) < (whole.ids[$1], $1) } }
        var ranks = [Int32](repeating: 0, count: order.count)
        for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
        order = []
        var delegates = ranks.indices.map { Int32($0) }
        for tie in sameTexts {
            try byText[tie].sort { try (whole.texts[$0], ranks[Int($0)]) < (whole.texts[$1], ranks[Int($1)]) }
            var delegate = byText[tie.lowerBound]
            for place in byText[tie] {
                if try whole.texts[place] != whole.texts[delegate] { delegate = place }
                delegates[Int(ranks[Int(place)])] = ranks[Int(delegate)]
            }
        }
        self.ranks = ranks
        self.delegates = delegates
        distinct = delegates.indices.lazy.filter { Int(delegates[$0]) == $0 }.map { Int32($0) }
    }

    /// Calls with the rank, the partition and the entry of each document, in the order of their places.
    func forEachEntry(of sketches: Sketches, _ body: (Int, Int, DocumentSketch.Entry) -> Void) throws {
        var place = 0
        for partition in 0..<sketches.count {
            try DocumentSketch.forEachEntry(try sketches[partition]) { entry in
                guard place < count else { throw SketchOrder.changed }
                body(Int(ranks[place]), partition, entry)
                place += 1
            }
        }
    }

    /// The fingerprints of the delegates, by their place in `distinct`.
    func columns(of sketches: Sketches) -> FingerprintColumns {
        var index = [Int32](repeating: -1, count: count)
        for (place, rank) in distinct.enumerated() { index[Int(rank)] = Int32(place) }
        return FingerprintColumns(count: distinct.count) { [index] body in
            try forEachEntry(of: sketches) { rank, _, entry in
                if index[rank] >= 0 { body(Int(index[rank]), entry.fingerprint) }
            }
        }
    }
}

/// Ids and digests of the documents for which a few bytes of them are not enough.
private struct WholeDigests {
    /// By place in the sketches.
    private(set) var ids = Values<RecordID>()
    private(set) var texts = Values<Digest>()

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

    init(_ sketches: Sketches, ids wantedIDs: [Int32], texts wantedTexts: [Int32], count: Int) throws {
        if wantedIDs.isEmpty && wantedTexts.isEmpty { return }
        var wanted = [UInt8](repeating: 0, count: count)
        for place in wantedIDs { wanted[Int(place)] |= 1 }
        for place in wantedTexts { wanted[Int(place)] |= 2 }
        var place: Int32 = 0
        for partition in 0..<sketches.count {
            try DocumentSketch.forEachEntry(try sketches[partition]) { entry in
                guard place < count else { throw SketchOrder.changed }
                if wanted[Int(place)] & 1 != 0 { ids.set(entry.id, at: place) }
                if wanted[Int(place)] & 2 != 0 { texts.set(entry.textDigest, at: place) }
                place += 1
            }
        }
    }
}
