public import HeadwaterModel
import HeadwaterStore

/// What differs between two artifacts made of records: which appeared, which vanished, which stand in the place of another.
///
/// Of each only digests and places are kept here; `RecordDifference` reads the two again. Shards that both have are not
/// read at all, and of the others a few at once.
public struct DatasetDifference: Sendable {
    public let before: Dataset
    public let after: Dataset
    /// In the order of the later artifact; what vanished stands behind what stood before it.
    public private(set) var changes: [RecordChange] = []
    /// Drops that only one of both has, and those of one record that differ.
    public private(set) var drops: SideDifference
    public private(set) var notes: SideDifference
    /// Of a stage that reads sources.
    public private(set) var sources: [SourceChange] = []
    /// Shards of the later artifact that were not read, since the earlier one has them too.
    public let sharedShards: Int

    /// A source that a stage read in one of two runs only, or otherwise.
    public struct SourceChange: Sendable {
        /// Nil where it was added.
        public var locatorBefore: String?
        /// Nil where it was removed.
        public var locatorAfter: String?
        public var before: Digest?
        public var after: Digest?

        public enum Kind: String, Sendable, CaseIterable {
            case added, removed, changed, renamed
            /// The bytes and the name are the same; its media type, encoding or another fact is not.
            case described
        }

        public var kind: Kind {
            guard let locatorBefore else { return .added }
            guard let locatorAfter else { return .removed }
            if before != after { return .changed }
            return locatorBefore.hasSameBytes(as: locatorAfter) ? .described : .renamed
        }
    }

    public var isEqual: Bool { changes.isEmpty && drops.isEmpty && notes.isEmpty }

    public func count(_ kind: RecordChange.Kind) -> Int { changes.reduce(0) { $0 + ($1.kind == kind ? 1 : 0) } }

    /// The number of a record in its artifact, from 0.
    public func number(_ place: RecordChange.Place, isAfter: Bool) -> Int {
        (isAfter ? firstsAfter : firstsBefore)[place.shard] + place.line
    }

    /// The number of each shard's first record.
    private let firstsBefore: [Int]
    private let firstsAfter: [Int]

    private static func firsts(_ dataset: Dataset) -> [Int] {
        dataset.shards.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.recordCount) }
    }

    /// - Parameters:
    ///   - stage: which one made them, for `RecordFate`.
    ///   - readsSources: whether its records stand for sources.
    ///   - succession: what the stages before have told, and what this one tells is added.
    init(
        _ before: Dataset, _ after: Dataset, stage: String, readsSources: Bool, _ reader: DatasetReader,
        _ succession: inout RecordSuccession
    ) throws {
        (self.before, self.after) = (before, after)
        (firstsBefore, firstsAfter) = (DatasetDifference.firsts(before), DatasetDifference.firsts(after))
        let blocks = ShardBlocks(before.shards, after.shards) { $0.digest }
        sharedShards = blocks.sharedCount
        drops = try SideDifference(before.shards, after.shards, reader, succession) { $0.dropsDigest }
        notes = SideDifference()
        var alone = (before: [RecordPlacing](), after: [RecordPlacing]())
        for block in blocks.blocks {
            let (old, new) = try DatasetDifference.different(block, before, after, reader)
            let rest = pair(old, new, readsSources, &succession)
            alone.before += rest.before
            alone.after += rest.after
        }
        // A record that moved to another partition, as by another name of its source, has its partner in another block.
        let left = DatasetDifference.without(alone.before, alone.after)
        let rest = pair(left.before, left.after, readsSources, &succession)
        let dropped = (
            before: DatasetDifference.byRecord(drops.vanished), after: DatasetDifference.byRecord(drops.appeared)
        )
        for record in rest.before {
            add(record, isGone: true, stage, readsSources, dropped.after, &succession)
        }
        for record in rest.after {
            add(record, isGone: false, stage, readsSources, dropped.before, &succession)
        }
        note(drops, stage, &succession)
        // Notes are about what the stage made; drops about what it was given.
        notes = try SideDifference(before.shards, after.shards, reader, succession) { $0.notesDigest }
        sort()
    }

    // MARK: Records

    /// The records of one side of a block that the other has not.
    private static func different(
        _ block: ShardBlocks.Block, _ before: Dataset, _ after: Dataset, _ reader: DatasetReader
    ) throws -> (before: [RecordPlacing], after: [RecordPlacing]) {
        func lines(_ shards: [Int], of dataset: Dataset) throws -> [(place: RecordChange.Place, bytes: ArraySlice<UInt8>)] {
            try shards.flatMap { shard in
                let bytes = try reader.store.blob(dataset.shards[shard].digest)
                return JSONLines.ranges(bytes).enumerated().map { (RecordChange.Place(shard: shard, line: $0), bytes[$1]) }
            }
        }
        var old = try lines(block.before, of: before)[...]
        var new = try lines(block.after, of: after)[...]
        while let a = old.first, let b = new.first, a.bytes == b.bytes { (old, new) = (old.dropFirst(), new.dropFirst()) }
        while let a = old.last, let b = new.last, a.bytes == b.bytes { (old, new) = (old.dropLast(), new.dropLast()) }
        func placings(_ lines: ArraySlice<(place: RecordChange.Place, bytes: ArraySlice<UInt8>)>) throws -> [RecordPlacing] {
            try lines.map { RecordPlacing(try Record(reading: Array($0.bytes)), at: $0.place) }
        }
        return without(try placings(old), try placings(new))
    }

    /// What only one side has. An artifact may hold a record more than once: as many as both have are equal.
    private static func without(
        _ before: [RecordPlacing], _ after: [RecordPlacing]
    ) -> (before: [RecordPlacing], after: [RecordPlacing]) {
        var counts: [RecordID: Int] = [:]
        for record in before { counts[record.id, default: 0] += 1 }
        let new = after.filter { record in
            guard let count = counts[record.id], count > 0 else { return true }
            counts[record.id] = count - 1
            return false
        }
        let old = before.filter { record in
            guard let count = counts[record.id], count > 0 else { return false }
            counts[record.id] = count - 1
            return true
        }
        return (old, new)
    }

    /// Notes the pairs among these and gives back what is left.
    private mutating func pair(
        _ old: [RecordPlacing], _ new: [RecordPlacing], _ readsSources: Bool, _ succession: inout RecordSuccession
    ) -> (before: [RecordPlacing], after: [RecordPlacing]) {
        let pairing = RecordPairing(old, new, succession)
        for (index, record) in old.enumerated() {
            guard let partner = pairing.partners[index] else { continue }
            let other = new[partner]
            changes.append(
                RecordChange(
                    before: .init(id: record.id, place: record.place), after: .init(id: other.id, place: other.place),
                    changesText: record.text != other.text,
                    changesFields: record.fields != other.fields || record.kind != other.kind
                ))
            succession.note(record.id, became: other.id)
            if readsSources {
                if let source = record.source, let now = other.source { succession.note(source, became: now) }
                sources.append(
                    SourceChange(
                        locatorBefore: DatasetDifference.locator(record), locatorAfter: DatasetDifference.locator(other),
                        before: record.source, after: other.source))
            }
        }
        return (
            old.indices.filter { pairing.partners[$0] == nil }.map { old[$0] },
            new.indices.filter { !pairing.isTaken[$0] }.map { new[$0] }
        )
    }

    /// Notes a record that one side only has.
    /// - Parameter drops: what the other side left out and this one did not.
    private mutating func add(
        _ record: RecordPlacing, isGone: Bool, _ stage: String, _ readsSources: Bool, _ drops: [RecordID: StoredDrop],
        _ succession: inout RecordSuccession
    ) {
        // It may have been left out as what it had become by then.
        var names = [record.id] + record.parents
        if isGone { names += names.map { succession.successor(of: $0) } }
        var fate = (names.lazy.compactMap { drops[$0] }.first).map { RecordFate(stage: stage, cause: .drop($0)) }
        for name in names where fate == nil { fate = succession.fate(of: name, isGone: isGone) }
        if fate == nil, readsSources {
            fate = RecordFate(stage: stage, cause: .source(locator: DatasetDifference.locator(record)))
        }
        let side = RecordChange.Side(id: record.id, place: record.place)
        changes.append(
            RecordChange(
                before: isGone ? side : nil, after: isGone ? nil : side, changesText: true, changesFields: true, fate: fate))
        if let fate { succession.note(fate, of: record.id, isGone: isGone) }
        if readsSources {
            let locator = DatasetDifference.locator(record)
            sources.append(
                SourceChange(
                    locatorBefore: isGone ? locator : nil, locatorAfter: isGone ? nil : locator,
                    before: isGone ? record.source : nil, after: isGone ? nil : record.source))
        }
    }

    private static func locator(_ record: RecordPlacing) -> String {
        record.locator.map { String(decoding: $0, as: UTF8.self) } ?? record.id.short
    }

    // MARK: What was left out

    private static func byRecord(_ lines: [JSON]) -> [RecordID: StoredDrop] {
        Dictionary(
            lines.compactMap { line in
                let drop = StoredDrop(json: line)
                return drop.record.map { ($0, drop) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// What was made from a record that this stage left out is gone because of that.
    private func note(_ drops: SideDifference, _ stage: String, _ succession: inout RecordSuccession) {
        for (record, drop) in DatasetDifference.byRecord(drops.appeared) {
            succession.note(RecordFate(stage: stage, cause: .drop(drop)), of: record, isGone: true)
        }
        for (record, drop) in DatasetDifference.byRecord(drops.vanished) {
            succession.note(RecordFate(stage: stage, cause: .drop(drop)), of: record, isGone: false)
        }
    }

    private mutating func sort() {
        // What vanished stood between its neighbours: by the first source of the shard it lay in.
        func key(_ change: RecordChange) -> (String, Int, Int, Int) {
            if let after = change.after?.place { return (self.after.shards[after.shard].range.first, 0, after.shard, after.line) }
            let place = change.before?.place ?? .init(shard: 0, line: 0)
            return (before.shards[place.shard].range.first, 1, place.shard, place.line)
        }
        changes.sort { a, b in
            let (x, y) = (key(a), key(b))
            if !x.0.hasSameBytes(as: y.0) { return x.0.utf8.lexicographicallyPrecedes(y.0.utf8) }
            return (x.1, x.2, x.3) < (y.1, y.2, y.3)
        }
        func name(_ source: SourceChange) -> [UInt8] { Array((source.locatorAfter ?? source.locatorBefore ?? "").utf8) }
        sources.sort { name($0).lexicographicallyPrecedes(name($1)) }
    }
}
