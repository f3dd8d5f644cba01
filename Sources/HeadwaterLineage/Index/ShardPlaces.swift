import HeadwaterModel
import HeadwaterStore

/// A stage that has a shard, and the latest run that it has it in.
struct ShardPlace: Hashable {
    var series: Int
    var pipeline: String
    var stage: String
    var partition: String
    /// Of the task that gave it, where that is known.
    var key: Digest?
    var artifact: Digest
    var run: String
    var plugin: String
    var version: String
    /// How many runs have it there.
    var runs: Int
    /// The stage has no inputs: its records stand for sources.
    var isSource: Bool
    /// The shard is a tree of files, and its digest the artifact's.
    var isTree: Bool
    /// The numbers of the editions that have it.
    var editions: ClosedRange<Int>
    /// Where the run stands among all runs: the later the greater.
    var time: Int
    /// How many stages come before the stage in the run.
    var depth: Int
}

/// Runs to look in; all if nothing is said.
public struct RunRange: Hashable, Sendable {
    /// Milliseconds since 1970 at which a run started.
    public var since: Int?
    public var until: Int?
    public var pipeline: String?
    /// The first digits of a run's id.
    public var run: String?

    public init(since: Int? = nil, until: Int? = nil, pipeline: String? = nil, run: String? = nil) {
        self.since = since
        self.until = until
        self.pipeline = pipeline
        self.run = run
    }

    /// A condition of SQL on the table `run`, with its values.
    var condition: (sql: String, values: [Database.Value]) {
        var parts = ["1"]
        var values: [Database.Value] = []
        func add(_ sql: String, _ value: Database.Value?) {
            guard let value else { return }
            parts.append(sql)
            values.append(value)
        }
        add("run.started >= ?", since.map { .integer($0) })
        add("run.started < ?", until.map { .integer($0) })
        add("run.pipeline = ?", pipeline.map { .text($0) })
        add("substr(run.run, 1, length(?)) = ?", run.map { .text($0) })
        if let run { values.append(.text(run)) }
        return (parts.joined(separator: " AND "), values)
    }
}

/// The editions of all stages that runs of a range have: loaded once for a question.
final class EditionTable {
    /// One edition, and the runs that have it.
    struct Edition {
        var number: Int
        var artifact: Digest
        var isTree: Bool
        var runs: Int
        /// The latest run that has it.
        var run: String
        /// Where that run stands among all.
        var place: Int
        var plugin: String
        var version: String
        var isSource: Bool
        /// How many stages come before it in that run.
        var depth: Int
    }

    private struct Interval: Hashable {
        var series: Int
        var first: Int
        var last: Int
    }

    let names: [Int: (pipeline: String, stage: String)]
    /// By series, in rising order of their numbers.
    let editions: [Int: [Edition]]
    private var known: [Interval: (latest: Edition, runs: Int)?] = [:]
    private let members: Database.Statement

    init(_ index: LineageIndex, in range: RunRange) throws {
        let (condition, values) = range.condition
        var names: [Int: (pipeline: String, stage: String)] = [:]
        for row in try index.database.rows("SELECT id, pipeline, stage FROM series") {
            guard let id = row[0].integer, let pipeline = row[1].text, let stage = row[2].text else {
                throw DatabaseError.incomplete
            }
            names[id] = (pipeline, stage)
        }
        let statement = try index.database.prepare(
            """
            SELECT edition.series, edition.number, edition.artifact, edition.kind = 'tree', count(*), run.run, stage.plugin,
                stage.version, stage.inputs = '[]', max(run.place), stage.position
            FROM edition JOIN stage ON stage.edition = edition.id JOIN run ON run.id = stage.run
            WHERE \(condition) GROUP BY edition.id ORDER BY edition.series, edition.number
            """)
        try statement.bind(values)
        var editions: [Int: [Edition]] = [:]
        while try statement.step() {
            let row = statement.row
            guard let series = row[0].integer, let number = row[1].integer, let artifact = row[2].digest,
                let isTree = row[3].integer,
                let runs = row[4].integer, let run = row[5].text, let plugin = row[6].text, let version = row[7].text,
                let isSource = row[8].integer, let place = row[9].integer, let depth = row[10].integer
            else { throw DatabaseError.incomplete }
            editions[series, default: []].append(
                Edition(
                    number: number, artifact: artifact, isTree: isTree == 1, runs: runs, run: run, place: place, plugin: plugin,
                    version: version, isSource: isSource == 1, depth: depth))
        }
        (self.names, self.editions) = (names, editions)
        members = try index.database.prepare(
            "SELECT series, partition, key, first, coalesce(last, 9223372036854775807) FROM member WHERE shard = ?")
    }

    /// Where a shard belongs, in the order of pipelines and of stages by name; nowhere if only runs have it that are out of
    /// the range or forgotten.
    func places(of shard: Int) throws -> [ShardPlace] {
        try members.bind([.integer(shard)])
        var out: [ShardPlace] = []
        while try members.step() {
            let row = members.row
            guard let series = row[0].integer, let partition = row[1].text, let first = row[3].integer,
                let last = row[4].integer, let name = names[series]
            else { throw DatabaseError.incomplete }
            guard let (latest, runs) = within(series, first, last) else { continue }
            out.append(
                ShardPlace(
                    series: series, pipeline: name.pipeline, stage: name.stage, partition: partition, key: row[2].digest,
                    artifact: latest.artifact, run: latest.run, plugin: latest.plugin, version: latest.version, runs: runs,
                    isSource: latest.isSource, isTree: latest.isTree, editions: first...max(first, last), time: latest.place,
                    depth: latest.depth))
        }
        return out.sorted {
            ($0.pipeline, $0.stage, $0.partition, $0.key?.hex ?? "") < ($1.pipeline, $1.stage, $1.partition, $1.key?.hex ?? "")
        }
    }

    /// The editions of a series from one number to another.
    func editions(of series: Int, _ numbers: ClosedRange<Int>) -> [Edition] {
        (editions[series] ?? []).filter { numbers.contains($0.number) }
    }

    private func within(_ series: Int, _ first: Int, _ last: Int) -> (latest: Edition, runs: Int)? {
        let interval = Interval(series: series, first: first, last: last)
        if let answer = known[interval] { return answer }
        let all = editions(of: series, first...max(first, last))
        // Of equal places, which only clocks of two hosts can bring about, the greater id counts.
        let latest = all.max { ($0.place, $0.run) < ($1.place, $1.run) }
        let answer = latest.map { ($0, all.reduce(0) { $0 + $1.runs }) }
        known[interval] = .some(answer)
        return answer
    }
}

extension LineageIndex {
    /// Calls `body` with the shards that may have one of each of these lists of terms and belong to a run of the range, in an order that does
    /// not depend on when they were indexed, until it returns false.
    func forEachShard(
        having terms: [[Term]], in range: RunRange, where isWanted: (ShardPlace) -> Bool = { _ in true },
        _ body: (ShardRow, [ShardPlace]) throws -> Bool
    ) throws {
        var found: [(shard: ShardRow, places: [ShardPlace])] = []
        let editions = try EditionTable(self, in: range)
        for shard in try shards(having: terms) {
            let places = try editions.places(of: shard.id).filter(isWanted)
            if !places.isEmpty { found.append((shard, places)) }
        }
        func place(_ entry: (shard: ShardRow, places: [ShardPlace])) -> (String, String, String, Digest) {
            let first = entry.places[0]
            return (first.pipeline, first.stage, first.partition, entry.shard.digest)
        }
        for entry in found.sorted(by: { place($0) < place($1) }) {
            if try !body(entry.shard, entry.places) { return }
        }
    }

    /// The lines of a shard that have one of each of these lists of terms, which makes it worth while to read them as records. A term that
    /// another line of the shard accounts for does not count here.
    static func lines(of bytes: [UInt8], having wanted: [[Term]]) -> [Range<Int>] {
        let lines = JSONLines.ranges(bytes)
        if wanted.isEmpty { return lines }
        return lines.filter { line in
            var found = ShardTerms(standsForSources: true)
            bytes.withUnsafeBufferPointer { found.add(record: $0[line]) }
            let hashes = Set(found.distinct)
            return wanted.allSatisfy { $0.contains { term in hashes.contains(term.hash) } }
        }
    }
}
