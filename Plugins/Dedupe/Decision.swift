import HeadwaterModel
import HeadwaterPluginKit

/// What becomes of one partition's duplicates and passages: the slice that `decide` forms and `apply` carries out. Without any
/// it is no bytes at all.
struct Decision: Equatable {
    struct Dropped: Equatable {
        var record: RecordID
        var survivor: RecordID
        var match: Match
    }

    /// The comparison that links a dropped document to its cluster: with the survivor where the two are similar
    /// enough themselves, else with the document that is most similar to it.
    struct Match: Equatable {
        var with: RecordID
        var level: Level
        var comparison: Comparison
        /// Of all words of the dropped document, those that the other has, in per mille.
        var share: Int
        /// Of two texts of which one holds the other, whether the dropped one is the whole.
        var isWhole: Bool
        /// First the dropped document's.
        var ranges: [MatchingRanges]
    }

    struct Survivor: Equatable {
        var record: RecordID
        /// By id.
        var standsFor: [Represented]
    }

    /// A document that a survivor stands for.
    struct Represented: Equatable {
        var record: RecordID
        var level: Level
        var similarity: Int
    }

    /// A passage of one of the partition's documents that another document has too.
    struct Passage: Equatable {
        var record: RecordID
        var with: RecordID
        /// First those of the partition's document.
        var ranges: MatchingRanges
        var words: Int
        var similarity: Int
        /// Whether the passage stays here.
        var isHolder: Bool
    }

    /// A document that carries another one's text.
    struct Carrier: Equatable {
        var record: RecordID
        var origin: RecordID
        var appearance: Appearance
        /// Counted from the origin on, in the order of publication.
        var rank: Int
        var level: Level
        /// Of the carrier's text, per mille.
        var share: Int
        /// Whether both say when they were published, this one later.
        var isLater: Bool
        var ranges: [Range<Int>]
    }

    var dropped: [Dropped] = []
    var survivors: [Survivor] = []
    var passages: [Passage] = []
    var carriers: [Carrier] = []

    init() {}

    var isEmpty: Bool { dropped.isEmpty && survivors.isEmpty && passages.isEmpty && carriers.isEmpty }

    /// Puts all of it in the order of the records' ids.
    mutating func sort() {
        dropped.sort { $0.record < $1.record }
        for index in survivors.indices { survivors[index].standsFor.sort { $0.record < $1.record } }
        survivors.sort { $0.record < $1.record }
        passages.sort {
            ($0.record, $0.ranges.a.lowerBound, $0.with, $0.ranges.b.lowerBound) < (
                $1.record, $1.ranges.a.lowerBound, $1.with, $1.ranges.b.lowerBound
            )
        }
        carriers.sort { ($0.record, $0.origin) < ($1.record, $1.origin) }
    }
}

// MARK: As bytes

extension Decision {
    private static let format: StaticString = "dedupe.decision"
    private static let version: UInt8 = 2

    var bytes: [UInt8] {
        if isEmpty { return [] }
        var writer = PackedWriter(format: Decision.format, version: Decision.version)
        writer.count(dropped.count)
        for dropped in dropped {
            writer.id(dropped.record)
            writer.id(dropped.survivor)
            writer.id(dropped.match.with)
            writer.count(Int(dropped.match.level.number))
            writer.count(dropped.match.comparison.similarity)
            writer.count(dropped.match.comparison.jaccard)
            writer.count(dropped.match.comparison.mutual)
            writer.count(dropped.match.share)
            writer.flag(dropped.match.isWhole)
            writer.ranges(dropped.match.ranges)
        }
        writer.count(survivors.count)
        for survivor in survivors {
            writer.id(survivor.record)
            writer.count(survivor.standsFor.count)
            for represented in survivor.standsFor {
                writer.id(represented.record)
                writer.count(Int(represented.level.number))
                writer.count(represented.similarity)
            }
        }
        writer.count(passages.count)
        for passage in passages {
            writer.id(passage.record)
            writer.id(passage.with)
            writer.ranges([passage.ranges])
            writer.count(passage.words)
            writer.count(passage.similarity)
            writer.flag(passage.isHolder)
        }
        writer.count(carriers.count)
        for carrier in carriers {
            writer.id(carrier.record)
            writer.id(carrier.origin)
            writer.appearance(carrier.appearance)
            writer.count(carrier.rank)
            writer.count(Int(carrier.level.number))
            writer.count(carrier.share)
            writer.flag(carrier.isLater)
            writer.counts(carrier.ranges.flatMap { [$0.lowerBound, $0.count] })
        }
        return writer.bytes
    }

    init(_ bytes: [UInt8]) throws {
        if bytes.isEmpty { return }
        var reader = try PackedReader(bytes, format: Decision.format, version: Decision.version)
        func damage(_ what: String) -> StageError { StageError("dedupe.decision bytes are damaged: \(what)") }
        func level() throws -> Level {
            let number = try reader.count()
            guard let level = UInt8(exactly: number).flatMap({ Level(number: $0) }) else { throw damage("no level \(number)") }
            return level
        }
        for _ in 0..<(try reader.elements(ofAtLeast: 3 * RecordID.byteCount)) {
            let (record, survivor, with) = (try reader.id(), try reader.id(), try reader.id())
            let found = try level()
            let comparison = Comparison(
                similarity: try reader.count(), jaccard: try reader.count(), mutual: try reader.count())
            let match = Match(
                with: with, level: found, comparison: comparison, share: try reader.count(), isWhole: try reader.flag(),
                ranges: try reader.ranges())
            dropped.append(Dropped(record: record, survivor: survivor, match: match))
        }
        for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount)) {
            let record = try reader.id()
            let count = try reader.elements(ofAtLeast: RecordID.byteCount)
            let standsFor = try (0..<count).map { _ in
                Represented(record: try reader.id(), level: try level(), similarity: try reader.count())
            }
            survivors.append(Survivor(record: record, standsFor: standsFor))
        }
        for _ in 0..<(try reader.elements(ofAtLeast: 2 * RecordID.byteCount)) {
            let (record, with, ranges) = (try reader.id(), try reader.id(), try reader.ranges())
            guard ranges.count == 1 else { throw damage("a passage without a place") }
            passages.append(
                Passage(
                    record: record, with: with, ranges: ranges[0], words: try reader.count(), similarity: try reader.count(),
                    isHolder: try reader.flag()))
        }
        for _ in 0..<(try reader.elements(ofAtLeast: 2 * RecordID.byteCount)) {
            let (record, origin, appearance) = (try reader.id(), try reader.id(), try reader.appearance())
            let rank = try reader.count()
            let found = try level()
            let (share, isLater, ends) = (try reader.count(), try reader.flag(), try reader.counts())
            guard ends.count.isMultiple(of: 2) else { throw damage("half a range") }
            carriers.append(
                Carrier(
                    record: record, origin: origin, appearance: appearance, rank: rank, level: found, share: share,
                    isLater: isLater,
                    ranges: stride(from: 0, to: ends.count, by: 2).map { ends[$0]..<ends[$0] + ends[$0 + 1] }))
        }
        try reader.end()
    }
}
