import HeadwaterModel
import HeadwaterPluginKit

/// What becomes of one partition's duplicates: the slice that `decide` forms and `apply` carries out. Without any
/// it is no bytes at all.
struct Decision: Equatable {
    struct Dropped: Equatable {
        var record: RecordID
        var survivor: RecordID
        /// Nil for an exact duplicate of the survivor.
        var match: Match?
    }

    /// The comparison that links a dropped document to its cluster: with the survivor where the two are similar
    /// enough themselves, else with the document that is most similar to it.
    struct Match: Equatable {
        var with: RecordID
        var comparison: Comparison
    }

    struct Survivor: Equatable {
        var record: RecordID
        /// By id.
        var standsFor: [RecordID]
    }

    /// By id.
    var dropped: [Dropped] = []
    /// By id.
    var survivors: [Survivor] = []

    init() {}
}

// MARK: As bytes

extension Decision {
    private static let format: StaticString = "dedupe.decision"
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        if dropped.isEmpty && survivors.isEmpty { return [] }
        var writer = PackedWriter(format: Decision.format, version: Decision.version)
        writer.count(dropped.count)
        for dropped in dropped {
            writer.id(dropped.record)
            writer.id(dropped.survivor)
            writer.flag(dropped.match != nil)
            guard let match = dropped.match else { continue }
            writer.id(match.with)
            writer.count(match.comparison.similarity)
            writer.count(match.comparison.jaccard)
        }
        writer.count(survivors.count)
        for survivor in survivors {
            writer.id(survivor.record)
            writer.count(survivor.standsFor.count)
            for id in survivor.standsFor { writer.id(id) }
        }
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws {
        if bytes.isEmpty { return }
        var reader = try PackedReader(bytes, format: Decision.format, version: Decision.version)
        for _ in 0..<(try reader.elements(ofAtLeast: 2 * RecordID.byteCount)) {
            var dropped = Dropped(record: try reader.id(), survivor: try reader.id())
            if try reader.flag() {
                let with = try reader.id()
                dropped.match = Match(
                    with: with, comparison: Comparison(similarity: try reader.count(), jaccard: try reader.count()))
            }
            self.dropped.append(dropped)
        }
        for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount)) {
            let record = try reader.id()
            let count = try reader.elements(ofAtLeast: RecordID.byteCount)
            survivors.append(Survivor(record: record, standsFor: try (0..<count).map { _ in try reader.id() }))
        }
        try reader.end()
    }
}
