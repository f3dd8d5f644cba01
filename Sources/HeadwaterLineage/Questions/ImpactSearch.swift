import HeadwaterModel
import HeadwaterStore

/// Finds what is downstream of something: the index says which shards may have it, and their records say what is so.
public struct ImpactSearch {
    private let index: LineageIndex
    private let editions: EditionTable
    private var database: Database { index.database }

    public init(index: LineageIndex) throws {
        self.index = index
        editions = try EditionTable(index, in: RunRange())
    }

    /// - Throws: `StoreError` where something is damaged that had to be read.
    public func impact(of subject: Impact.Subject) throws -> Impact {
        var impact = Impact()
        var touched = Touched()
        switch subject {
        case .source(let digest, let bytes):
            let cut = bytes.map { [Citation(source: 0, range: ByteRange(start: $0.lowerBound, length: $0.count))] }
            try search([digest], cut.map { [digest: $0] }, ancestors: nil, &impact, &touched)
        case .record(let record, let bytes):
            let asked = bytes.map { Tracer.wholeCharacters($0, of: record.text) }
            var cut: [Digest: [Citation]]?
            if let asked {
                cut = Dictionary(record.sources.map { ($0, []) }, uniquingKeysWith: { first, _ in first })
                for part in SegmentSlice.parts(of: record, in: asked) {
                    guard let citation = part.citation, record.sources.indices.contains(citation.source) else { continue }
                    cut?[record.sources[citation.source], default: []].append(citation)
                }
            }
            try search(record.sources, cut, ancestors: [record.id], &impact, &touched)
        case .stages(let conditions):
            try stages(conditions, &impact)
            return impact
        }
        try finish(&impact, touched)
        return impact
    }

    /// Which shards have such records, and where in them.
    private struct Touched {
        /// By shard: the numbers of the lines.
        var lines: [Int: [Int]] = [:]
        var digests: [Int: Digest] = [:]
        var places: [Int: [ShardPlace]] = [:]
    }

    // MARK: Records

    /// - Parameters:
    ///   - cut: the byte ranges of each source that are meant; nil for all bytes of all.
    ///   - ancestors: only records that descend from these; nil for all.
    private func search(
        _ sources: [Digest], _ cut: [Digest: [Citation]]?, ancestors: Set<RecordID>?, _ impact: inout Impact,
        _ touched: inout Touched
    ) throws {
        if sources.isEmpty { return }
        let terms = [Set(sources).map { Term.source($0) }]
        var candidates: [(record: Record, relation: Impact.Relation, shard: Int, line: Int)] = []
        var order: [Int] = []
        for shard in try index.shards(having: terms) {
            let places = try editions.places(of: shard.id)
            guard !places.isEmpty else { continue }
            if places.allSatisfy(\.isTree) {
                if ancestors == nil { try searchTree(shard, places, sources, cut, &impact, &touched) }
                continue
            }
            let bytes = try index.store.blob(shard.digest)
            let patterns = sources.map { Array($0.hex.utf8) }
            for (number, line) in JSONLines.ranges(bytes).enumerated() {
                guard patterns.contains(where: { !ByteSearch.positions(bytes, in: line, $0).isEmpty }) else { continue }
                let record = try Record(reading: bytes, in: line)
                guard let relation = ImpactSearch.relation(of: record, to: Set(sources), cut) else { continue }
                candidates.append((record, relation, shard.id, number))
            }
            touched.places[shard.id] = places
            touched.digests[shard.id] = shard.digest
            order.append(shard.id)
        }
        var family = ancestors
        if family != nil {
            // A record comes after its parents in no fixed order, so that it is looked until nothing is added.
            var before = -1
            while before != family?.count ?? 0 {
                before = family?.count ?? 0
                for candidate in candidates where candidate.record.parents.contains(where: { family?.contains($0) ?? false }) {
                    family?.insert(candidate.record.id)
                }
            }
        }
        var seen: Set<RecordID> = []
        let depths = try self.depths()
        func rank(_ candidate: (record: Record, relation: Impact.Relation, shard: Int, line: Int)) -> (String, Int, String, Int) {
            guard let place = touched.places[candidate.shard]?.first else { return ("", 0, "", candidate.line) }
            return (place.pipeline, depths["\(place.pipeline)/\(place.stage)"] ?? 0, place.partition, candidate.line)
        }
        for candidate in candidates.sorted(by: { rank($0) < rank($1) })
        where family?.contains(candidate.record.id) ?? true {
            touched.lines[candidate.shard, default: []].append(candidate.line)
            guard seen.insert(candidate.record.id).inserted, let place = touched.places[candidate.shard]?.first else { continue }
            // The record that is asked about is not downstream of itself.
            if ancestors?.contains(candidate.record.id) ?? false { continue }
            impact.records.append(
                Impact.Derived(
                    record: candidate.record.id, kind: candidate.record.kind, relation: candidate.relation,
                    pipeline: place.pipeline,
                    stage: place.stage, artifact: place.artifact, run: place.run))
        }
    }

    /// How many stages come before each stage in its run, by pipeline and stage.
    private func depths() throws -> [String: Int] {
        var depths: [String: Int] = [:]
        let rows = try database.rows(
            "SELECT run.pipeline, stage.stage, max(stage.position) FROM stage JOIN run ON run.id = stage.run GROUP BY 1, 2")
        for row in rows {
            guard let pipeline = row[0].text, let stage = row[1].text else { throw DatabaseError.incomplete }
            depths["\(pipeline)/\(stage)"] = row[2].integer
        }
        return depths
    }

    static func relation(of record: Record, to sources: Set<Digest>, _ cut: [Digest: [Citation]]?) -> Impact.Relation? {
        func isMeant(_ source: Int, _ range: ByteRange) -> Bool {
            guard record.sources.indices.contains(source), sources.contains(record.sources[source]) else { return false }
            guard let cut else { return true }
            return (cut[record.sources[source]] ?? []).contains { $0.range.overlaps(range) }
        }
        if record.text.isEmpty && record.sources.contains(where: sources.contains) { return .source }
        for segment in record.segments {
            if let citation = segment.citation, isMeant(citation.source, citation.range) { return .text }
        }
        let cited = record.cites.values.joined().contains { isMeant($0.source, $0.range) }
        if cited || record.evidence.contains(where: { isMeant($0.source, $0.range) }) { return .cites }
        return nil
    }

    private func searchTree(
        _ shard: LineageIndex.ShardRow, _ places: [ShardPlace], _ sources: [Digest], _ cut: [Digest: [Citation]]?,
        _ impact: inout Impact, _ touched: inout Touched
    ) throws {
        guard let tree = try index.reader.artifact(shard.digest).tree, let place = places.first else { return }
        var numbers: [Int] = []
        for number in tree.files.indices {
            guard let file = try tree.record(number, in: index.store),
                let relation = ImpactSearch.relation(of: file, to: Set(sources), cut), relation != .source
            else { continue }
            numbers.append(number)
            impact.records.append(
                Impact.Derived(
                    record: file.id, kind: "file \(tree.files[number].path)", relation: relation, pipeline: place.pipeline,
                    stage: place.stage, artifact: place.artifact, run: place.run))
        }
        if numbers.isEmpty { return }
        touched.lines[shard.id] = numbers
        touched.digests[shard.id] = shard.digest
        touched.places[shard.id] = places
    }

    // MARK: What has them

    /// An artifact of one stage, the shards of it that have such records, and the editions that it is.
    private struct Affected {
        var shards: Set<Int> = []
        var editions: [Int: Int] = [:]
    }

    private struct ArtifactKey: Hashable {
        var artifact: Digest
        var pipeline: String
        var stage: String
    }

    private func finish(_ impact: inout Impact, _ touched: Touched) throws {
        var affected: [ArtifactKey: Affected] = [:]
        for shard in touched.lines.keys {
            for place in touched.places[shard] ?? [] {
                for edition in editions.editions(of: place.series, place.editions) {
                    let key = ArtifactKey(artifact: edition.artifact, pipeline: place.pipeline, stage: place.stage)
                    affected[key, default: Affected()].shards.insert(shard)
                    affected[key]?.editions[edition.number] = edition.runs
                }
            }
        }
        impact.artifacts = Impact.AffectedArtifact.merged(
            affected.map { key, value in
                Impact.AffectedArtifact(
                    artifact: key.artifact, pipeline: key.pipeline, stage: key.stage,
                    records: value.shards.reduce(0) { $0 + (touched.lines[$1]?.count ?? 0) },
                    runs: value.editions.values.reduce(0, +))
            })
        try findRuns(&impact, Set(affected.keys.map(\.artifact)))
        try findFiles(&impact, affected, touched)
        try findInfluenced(&impact, Set(touched.lines.keys.flatMap { touched.places[$0] ?? [] }), Array(touched.lines.keys))
    }

    private func findRuns(_ impact: inout Impact, _ artifacts: Set<Digest>) throws {
        let statement = try database.prepare(
            """
            SELECT DISTINCT run.run, run.place FROM edition JOIN stage ON stage.edition = edition.id JOIN run ON run.id = stage.run
            WHERE edition.artifact = ?
            """)
        var runs: [String: Int] = [:]
        for artifact in artifacts {
            try statement.bind([.init(artifact)])
            while try statement.step() { runs[statement.text(0)] = statement.integer(1) }
        }
        impact.runs = runs.sorted { ($1.value, $1.key) < ($0.value, $0.key) }.map(\.key)
    }

    /// The published files whose maps show one of the records.
    private func findFiles(
        _ impact: inout Impact, _ affected: [ArtifactKey: Affected], _ touched: Touched
    ) throws {
        let statement = try database.prepare(
            """
            SELECT publication.path, publication.file, publication.map, run.pipeline, run.run, publication.name,
                publication.stage, publication.format, count(DISTINCT run.id), max(run.place)
            FROM publication JOIN run ON run.id = publication.run
                JOIN stage ON stage.run = run.id AND stage.stage = publication.stage JOIN edition ON edition.id = stage.edition
            WHERE edition.artifact = ? AND run.pipeline = ? AND stage.stage = ?
            GROUP BY publication.path, publication.file, publication.map, run.pipeline ORDER BY 1, 10 DESC, 2
            """)
        for (key, value) in affected {
            let artifact = key.artifact
            try statement.bind([.init(artifact), .text(key.pipeline), .text(key.stage)])
            var numbers: Set<Int>?
            while try statement.step() {
                let row = statement.row
                guard let path = row[0].text, let file = row[1].digest, let map = row[2].digest, let pipeline = row[3].text,
                    let run = row[4].text, let name = row[5].text, let stage = row[6].text, let format = row[7].text,
                    let runs = row[8].integer
                else { throw DatabaseError.incomplete }
                let wanted = try numbers ?? self.numbers(in: artifact, value.shards, touched)
                numbers = wanted
                let publication = RunManifest.Publication(
                    name: name, stage: stage, format: format, path: path, file: file, map: map)
                let shown = try PublishedContent(publication, store: index.store).shown(of: wanted)
                guard shown > 0 else { continue }
                impact.files.append(
                    .init(path: path, file: file, pipeline: pipeline, run: run, runs: runs, records: shown))
            }
        }
        impact.files.sort { ($0.path, $0.pipeline, $0.file) < ($1.path, $1.pipeline, $1.file) }
    }

    /// The numbers in an artifact of the lines that were found in its shards.
    private func numbers(
        in artifact: Digest, _ found: Set<Int>, _ touched: Touched
    ) throws -> Set<Int> {
        let content = try index.reader.artifact(artifact)
        var lines: [Digest: [Int]] = [:]
        for shard in found { if let digest = touched.digests[shard] { lines[digest] = touched.lines[shard] } }
        if content.tree != nil { return Set(lines[artifact] ?? []) }
        var numbers: Set<Int> = []
        var first = 0
        for shard in content.shards {
            numbers.formUnion((lines[shard.digest] ?? []).map { first + $0 })
            first += shard.recordCount
        }
        return numbers
    }

    // MARK: Influence

    /// Every task that was reached by it through what the tasks of a stage tell each other: what a stage combines comes to all
    /// of its partitions, and from there to all stages downstream.
    private func findInfluenced(_ impact: inout Impact, _ places: Set<ShardPlace>, _ shards: [Int]) throws {
        let derived = Dictionary(grouping: places, by: \.pipeline).mapValues { Set($0.map(\.stage)) }
        try database.execute(
            """
            CREATE TEMP TABLE IF NOT EXISTS affected(run TEXT PRIMARY KEY); DELETE FROM temp.affected;
            CREATE TEMP TABLE IF NOT EXISTS derived(shard INTEGER PRIMARY KEY); DELETE FROM temp.derived
            """)
        let noteShard = try database.prepare("INSERT INTO temp.derived VALUES(?)")
        for shard in shards { try noteShard.run(.integer(shard)) }
        let note = try database.prepare("INSERT INTO temp.affected VALUES(?)")
        for run in impact.runs { try note.run(.text(run)) }
        for (pipeline, stages) in derived.sorted(by: { $0.key < $1.key }) {
            var influenced: [(stage: String, isFirst: Bool)] = []
            for stage in try latestStages(of: pipeline) {
                let upstream = stage.inputs
                if upstream.contains(where: { input in influenced.contains { $0.stage == input } }) {
                    influenced.append((stage.name, false))
                } else if !Set(upstream).isDisjoint(with: stages), try hasRounds(pipeline, stage.name) {
                    influenced.append((stage.name, true))
                }
            }
            for (stage, isFirst) in influenced {
                for (phase, tasks) in try countTasks(pipeline, stage, withoutSketches: isFirst) where tasks > 0 {
                    impact.influenced.append(.init(pipeline: pipeline, stage: stage, phase: phase, tasks: tasks))
                }
            }
        }
    }

    /// The stages of a pipeline with their inputs, in order, as its latest run has them.
    private func latestStages(of pipeline: String) throws -> [(name: String, inputs: [String])] {
        let rows = try database.rows(
            """
            SELECT stage, inputs FROM stage WHERE run = (SELECT id FROM run WHERE pipeline = ? ORDER BY place DESC, run DESC LIMIT 1)
            ORDER BY position
            """, .text(pipeline))
        return try rows.map { row in
            let inputs = try JSON(parsing: Array((row[1].text ?? "[]").utf8)).array ?? []
            return (row[0].text ?? "", inputs.compactMap { $0["stage"]?.string })
        }
    }

    private func hasRounds(_ pipeline: String, _ stage: String) throws -> Bool {
        try !database.rows(
            """
            SELECT 1 FROM member JOIN series ON series.id = member.series
            WHERE series.pipeline = ? AND series.stage = ? AND phase <> 'apply' LIMIT 1
            """, .text(pipeline), .text(stage)
        ).isEmpty
    }

    /// Tasks of the affected runs, each once, without those whose records derive from what is asked about. A sketch is made of
    /// one partition alone.
    private func countTasks(
        _ pipeline: String, _ stage: String, withoutSketches: Bool
    ) throws -> [(phase: String, tasks: Int)] {
        try database.rows(
            """
            SELECT phase, count(DISTINCT key) FROM member JOIN series ON series.id = member.series
            WHERE series.pipeline = ? AND series.stage = ? AND (phase <> 'sketch' OR ?)
                AND (shard IS NULL OR shard NOT IN (SELECT shard FROM temp.derived))
                AND EXISTS (
                    SELECT 1 FROM edition JOIN stage ON stage.edition = edition.id JOIN run ON run.id = stage.run
                        JOIN temp.affected ON affected.run = run.run
                    WHERE edition.series = member.series AND edition.number >= member.first
                        AND edition.number <= coalesce(member.last, 9223372036854775807))
            GROUP BY phase
            """, .text(pipeline), .text(stage), .integer(withoutSketches ? 0 : 1)
        ).map { ($0[0].text ?? "", $0[1].integer ?? 0) }
    }

    // MARK: Plugins and parameters

    /// All that stages like these made, and everything downstream of them.
    private func stages(_ conditions: [FindCondition], _ impact: inout Impact) throws {
        var runs: [String: [String]] = [:]
        let find = try Find(.stage, conditions, in: RunRange(), index: index)
        try find.forEach { row in
            if let run = row["run"]?.string, let stage = row["stage"]?.string { runs[run, default: []].append(stage) }
            return true
        }
        var artifacts: [Impact.AffectedArtifact: Int] = [:]
        var files: [Impact.AffectedFile: (runs: Int, place: Int)] = [:]
        let all = try database.prepare(
            """
            SELECT stage.stage, stage.inputs, edition.artifact, edition.records, run.pipeline, run.place
            FROM run JOIN stage ON stage.run = run.id LEFT JOIN edition ON edition.id = stage.edition
            WHERE run.run = ? ORDER BY stage.position
            """)
        let published = try database.prepare(
            "SELECT path, file, stage, run.pipeline, run.place FROM publication JOIN run ON run.id = publication.run WHERE run.run = ?"
        )
        var order: [(run: String, place: Int)] = []
        for (run, named) in runs {
            var reached = Set(named)
            var place = 0
            try all.bind([.text(run)])
            while try all.step() {
                let row = all.row
                guard let stage = row[0].text, let inputs = row[1].text, let pipeline = row[4].text else {
                    throw DatabaseError.incomplete
                }
                place = row[5].integer ?? 0
                let upstream = try JSON(parsing: Array(inputs.utf8)).array ?? []
                if upstream.contains(where: { reached.contains($0["stage"]?.string ?? "") }) { reached.insert(stage) }
                guard reached.contains(stage), let artifact = row[2].digest else { continue }
                artifacts[
                    .init(artifact: artifact, pipeline: pipeline, stage: stage, records: row[3].integer ?? 0, runs: 0), default: 0
                ] += 1
            }
            try published.bind([.text(run)])
            while try published.step() {
                let row = published.row
                guard let path = row[0].text, let file = row[1].digest, let stage = row[2].text, let pipeline = row[3].text,
                    reached.contains(stage)
                else { continue }
                let known = files.first { $0.key.path == path && $0.key.file == file && $0.key.pipeline == pipeline }
                if let known { files[known.key] = nil }
                let isLater = known.map { $0.value.place < place } ?? true
                files[
                    .init(
                        path: path, file: file, pipeline: pipeline, run: isLater ? run : known?.key.run ?? run, runs: 0,
                        records: nil)
                ] = ((known?.value.runs ?? 0) + 1, max(place, known?.value.place ?? place))
            }
            order.append((run, place))
        }
        impact.artifacts = Impact.AffectedArtifact.merged(
            artifacts.map { key, runs in
                var artifact = key
                artifact.runs = runs
                return artifact
            })
        impact.files = files.map { key, value in
            var file = key
            file.runs = value.runs
            return file
        }.sorted { ($0.path, $0.pipeline, $0.file) < ($1.path, $1.pipeline, $1.file) }
        impact.runs = order.sorted { ($1.place, $1.run) < ($0.place, $0.run) }.map(\.run)
    }
}

extension Impact.AffectedArtifact {
    /// One for each artifact of a stage, in order.
    fileprivate static func merged(_ all: [Impact.AffectedArtifact]) -> [Impact.AffectedArtifact] {
        all.sorted { ($0.pipeline, $0.stage, $0.artifact) < ($1.pipeline, $1.stage, $1.artifact) }
    }
}
