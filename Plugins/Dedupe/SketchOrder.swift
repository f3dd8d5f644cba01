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

    init(_ sketches: Sketches) throws {
        var ids: [RecordID] = []
        var texts: [Digest] = []
        for partition in 0..<sketches.count {
            try DocumentSketch.forEachEntry(try sketches[partition]) { entry in
                ids.append(entry.id)
                texts.append(entry.textDigest)
            }
            guard ids.count <= Int(Int32.max) else { throw StageError("more than \(Int32.max) documents") }
        }
        let order = ids.indices.map { Int32($0) }.sorted { (ids[Int($0)], $0) < (ids[Int($1)], $1) }
        ids = []
        var ranks = [Int32](repeating: 0, count: order.count)
        for (rank, place) in order.enumerated() { ranks[Int(place)] = Int32(rank) }
        func text(_ rank: Int32) -> Digest { texts[Int(order[Int(rank)])] }
        let byText = order.indices.map { Int32($0) }.sorted { (text($0), $0) < (text($1), $1) }
        var delegates = [Int32](repeating: 0, count: order.count)
        var delegate: Int32 = 0
        for (index, rank) in byText.enumerated() {
            if index == 0 || text(byText[index - 1]) != text(rank) { delegate = rank }
            delegates[Int(rank)] = delegate
        }
        self.ranks = ranks
        self.delegates = delegates
        distinct = delegates.indices.filter { Int(delegates[$0]) == $0 }.map { Int32($0) }
    }

    /// Calls with the rank, the partition and the entry of each document, in the order of their places.
    func forEachEntry(of sketches: Sketches, _ body: (Int, Int, DocumentSketch.Entry) -> Void) throws {
        var place = 0
        for partition in 0..<sketches.count {
            try DocumentSketch.forEachEntry(try sketches[partition]) { entry in
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
