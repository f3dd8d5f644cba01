import HeadwaterModel
import HeadwaterStore

/// The artifacts of one run, as the index knows their shards: which of them may have a record or a source is found without
/// going through all.
struct IndexedRun {
    let run: RunManifest
    private let index: LineageIndex
    private var editions: [String: (series: Int, number: Int)] = [:]
    private let member: Database.Statement

    /// One shard of the run, and the task that gave it.
    struct Member {
        var shard: Digest
        /// Nil where it is not known.
        var key: Digest?
        /// `Container` lines that say where those of its sources lay that are parts of files.
        var containers: Digest?
    }

    init(_ run: RunManifest, in store: Store) throws { try self.init(run, index: try LineageIndex.open(of: store)) }

    init(_ run: RunManifest, index: LineageIndex) throws {
        self.run = run
        self.index = index
        for row in try index.database.rows(
            """
            SELECT stage.stage, edition.series, edition.number FROM run JOIN stage ON stage.run = run.id
                JOIN edition ON edition.id = stage.edition
            WHERE run.run = ?
            """, .text(run.id.description))
        {
            guard let stage = row[0].text, let series = row[1].integer, let number = row[2].integer else {
                throw DatabaseError.incomplete
            }
            editions[stage] = (series, number)
        }
        member = try index.database.prepare(
            """
            SELECT key, containers FROM member WHERE shard = ? AND series = ? AND first <= ?
                AND coalesce(last, 9223372036854775807) >= ? ORDER BY key
            """)
    }

    /// The shards of a stage that may have one of each of these lists of terms.
    func members(of stage: String, having terms: [[Term]]) throws -> [Member] {
        guard let edition = editions[stage] else { return [] }
        var out: [Member] = []
        for shard in try index.shards(having: terms) { out += try members(shard.id, shard.digest, edition) }
        return out.sorted { ($0.shard, $0.key?.hex ?? "") < ($1.shard, $1.key?.hex ?? "") }
    }

    /// What a stage has of a shard.
    func member(of stage: String, with shard: Digest) throws -> Member? {
        guard let edition = editions[stage] else { return nil }
        for row in try index.database.rows("SELECT id FROM shard WHERE digest = ? ORDER BY drops", .init(shard)) {
            guard let id = row.first?.integer else { throw DatabaseError.incomplete }
            if let member = try members(id, shard, edition).first { return member }
        }
        return nil
    }

    private func members(_ id: Int, _ shard: Digest, _ edition: (series: Int, number: Int)) throws -> [Member] {
        try member.bind([.integer(id), .integer(edition.series), .integer(edition.number), .integer(edition.number)])
        var out: [Member] = []
        while try member.step() {
            let row = member.row
            out.append(Member(shard: shard, key: row[0].digest, containers: row[1].digest))
        }
        return out
    }

    /// The records of a stage with one of these ids, each with the shard it lies in.
    ///
    /// - Parameter sources: where not empty, only records that have one of these are meant.
    func records(
        _ ids: Set<RecordID>, of stage: String, with sources: [Digest] = []
    ) throws -> [(record: Record, member: Member)] {
        if ids.isEmpty { return [] }
        var out: [(record: Record, member: Member)] = []
        let terms = [ids.sorted().map { Term.record(Array($0.description.utf8)) }, Set(sources).sorted().map { Term.source($0) }]
        for member in try members(of: stage, having: terms.filter { !$0.isEmpty }) {
            for record in try index.reader.records(ids, of: member.shard)
            where !out.contains(where: { $0.record.id == record.id }) {
                out.append((record, member))
            }
        }
        return out.sorted { $0.record.id < $1.record.id }
    }

    /// The records of a stage that stand for these sources.
    func sources(_ sources: Set<Digest>, of stage: String) throws -> [(record: Record, member: Member)] {
        var out: [(record: Record, member: Member)] = []
        var missing = sources
        for member in try members(of: stage, having: [sources.sorted().map { .source($0) }]) where !missing.isEmpty {
            let bytes = try index.store.blob(member.shard)
            let patterns = missing.map { Array($0.hex.utf8) }
            for line in JSONLines.ranges(bytes)
            where patterns.contains(where: { !ByteSearch.positions(bytes, in: line, $0).isEmpty }) {
                let record = try Record(reading: bytes, in: line)
                // Of several records of equal bytes the first counts.
                if let source = record.sources.first(where: missing.contains) {
                    missing.remove(source)
                    out.append((record, member))
                }
            }
        }
        return out
    }

    /// Where a source lay that is a part of a file; nil for one that is none.
    func container(of locator: String, with digest: Digest) throws -> Container? {
        let terms: [[Term]] = [[.source(digest)], [.field("locator".utf8, is: JSON.string(locator).canonical)]]
        for stage in run.stages where stage.inputs.isEmpty {
            for member in try members(of: stage.name, having: terms) {
                if let container = try container(of: locator, in: member) { return container }
            }
        }
        return nil
    }

    /// The same of a source that a task has read.
    func container(of locator: String, in member: Member) throws -> Container? {
        guard let containers = member.containers else { return nil }
        for line in try JSONLines.decode(try index.store.blob(containers)) {
            let container = try Container(json: line)
            if container.source.hasSameBytes(as: locator) { return container }
        }
        return nil
    }
}
