public import HeadwaterModel
import HeadwaterStore

/// Looks for runs, stages, artifacts, tasks, published files, sources, records and drops by what they are like.
public struct Find {
    public enum Kind: String, CaseIterable, Sendable { case run, stage, artifact, task, file, source, record, drop }

    private let index: LineageIndex
    private let kind: Kind
    private let conditions: [FindCondition]
    private let range: RunRange

    /// - Throws: `ReferenceError` for a name that things of the kind do not have.
    public init(
        _ kind: Kind, _ conditions: [FindCondition], in range: RunRange, index: LineageIndex
    ) throws(ReferenceError) {
        let names = Find.names(of: kind)
        for condition in conditions {
            let first = condition.name.split(separator: ".").first.map(String.init) ?? ""
            guard names.contains(first) else {
                throw ReferenceError(
                    "a \(kind.rawValue) has no '\(condition.name)'; it has \(names.joined(separator: ", "))")
            }
        }
        self.index = index
        self.kind = kind
        self.conditions = conditions
        self.range = range
    }

    /// What can be asked of a kind of thing.
    public static func names(of kind: Kind) -> [String] {
        switch kind {
        case .run: ["run", "pipeline", "state", "started", "finished", "parameters", "stages"]
        case .stage:
            ["run", "pipeline", "stage", "plugin", "version", "parameters", "inputs", "artifact", "executed", "hits"]
        case .artifact:
            ["artifact", "pipeline", "stage", "kind", "records", "bytes", "shards", "dropped", "tasks", "run", "runs"]
        case .task:
            [
                "run", "pipeline", "stage", "plugin", "version", "phase", "partition", "key", "result", "hit", "log",
                "containers",
            ]
        case .file: ["run", "pipeline", "name", "stage", "format", "path", "file", "map"]
        case .source: ["source", "locator", "mediaType", "charset", "fields", "pipeline", "stage", "run", "runs", "artifact"]
        case .record:
            [
                "record", "kind", "fields", "text", "parents", "sources", "pipeline", "stage", "plugin", "version", "run", "runs",
                "artifact", "partition",
            ]
        case .drop:
            [
                "record", "reason", "survivor", "details", "pipeline", "stage", "plugin", "version", "run", "runs", "artifact",
                "partition",
            ]
        }
    }

    /// Calls `body` with each thing that fulfils all conditions, in a fixed order, until it returns false.
    ///
    /// - Throws: `StoreError` where something is damaged that had to be read.
    public func forEach(_ body: (JSON) throws -> Bool) throws {
        switch kind {
        case .run, .stage, .artifact, .file:
            try forEachRow { row in try !holds(row) || body(row) }
        case .task: try forEachTask(body)
        case .source, .record: try forEachRecord(body)
        case .drop: try forEachDrop(body)
        }
    }

    // MARK: Conditions

    /// Names whose values are ids or digests, of which the first digits are enough.
    private static let digits: Set = ["run", "record", "artifact", "key", "result", "log", "source", "file", "map"]

    private func holds(_ row: JSON) -> Bool { conditions.allSatisfy { holds($0, row) } }

    private func holds(_ condition: FindCondition, _ row: JSON) -> Bool {
        guard condition.comparison == .equal || condition.comparison == .notEqual, Find.digits.contains(condition.name),
            let found = row[condition.name]?.string
        else { return condition.holds(of: row) }
        return Find.matches(found, condition.value) == (condition.comparison == .equal)
    }

    private static func matches(_ found: String, _ digits: String) -> Bool {
        found.hasPrefix(digits) || (found.hasPrefix(Digest.prefix) && found.dropFirst(Digest.prefix.count).hasPrefix(digits))
    }

    /// Those conditions that can be judged by these names alone.
    private func judged(by names: Set<String>) -> [FindCondition] {
        conditions.filter { names.contains($0.name.split(separator: ".").first.map(String.init) ?? "") }
    }

    // MARK: Runs and what they list

    private func forEachRow(_ body: (JSON) throws -> Bool) throws {
        let (condition, values) = range.condition
        let digest = { (column: String) in "'sha256:' || lower(hex(\(column)))" }
        let time = { (column: String) in "strftime('%Y-%m-%dT%H:%M:%SZ', \(column) / 1000, 'unixepoch')" }
        let query =
            switch kind {
            case .run:
                """
                SELECT run.run AS run, run.pipeline AS pipeline, run.state AS state, \(time("run.started")) AS started,
                    \(time("run.finished")) AS finished, run.parameters AS parameters,
                    (SELECT json_group_array(stage) FROM (SELECT stage FROM stage WHERE run = run.id ORDER BY position)) AS stages
                FROM run WHERE \(condition) ORDER BY run.place DESC, run.run DESC
                """
            case .stage, .task:
                """
                SELECT run.run AS run, run.pipeline AS pipeline, stage.stage AS stage, plugin, version,
                    stage.parameters AS parameters, inputs, \(digest("edition.artifact")) AS artifact, executed, hits,
                    \(digest("stage.list")) AS list, stage.edition AS edition
                FROM run JOIN stage ON stage.run = run.id LEFT JOIN edition ON edition.id = stage.edition
                WHERE \(condition) ORDER BY run.place DESC, run.run DESC, stage.position
                """
            case .artifact:
                """
                SELECT \(digest("edition.artifact")) AS artifact, series.pipeline AS pipeline, series.stage AS stage, kind,
                    records, bytes, shards, dropped, tasks, run.run AS run, count(DISTINCT run.id) AS runs,
                    max(run.place) AS place
                FROM edition JOIN series ON series.id = edition.series JOIN stage ON stage.edition = edition.id
                    JOIN run ON run.id = stage.run
                WHERE \(condition) GROUP BY edition.artifact, edition.series ORDER BY place DESC, pipeline, stage.stage, artifact
                """
            default:
                """
                SELECT run.run AS run, run.pipeline AS pipeline, name, stage, format, path, \(digest("file")) AS file,
                    \(digest("map")) AS map
                FROM publication JOIN run ON run.id = publication.run
                WHERE \(condition) ORDER BY run.place DESC, run.run DESC, name
                """
            }
        let statement = try index.database.prepare(query)
        try statement.bind(values)
        let columns = statement.columns
        while try statement.step() {
            var row: [String: JSON] = [:]
            for (name, value) in zip(columns, statement.row) where name != "place" {
                row[name] = try Find.json(value, isJSON: ["parameters", "inputs", "stages"].contains(name))
            }
            guard try body(.object(row)) else { return }
        }
    }

    private static func json(_ value: Database.Value, isJSON: Bool) throws -> JSON? {
        switch value {
        case .integer(let number): .integer(number)
        case .text(let text): isJSON ? try JSON(parsing: Array(text.utf8)) : .string(text)
        case .null, .real, .blob: nil
        }
    }

    private func forEachTask(_ body: (JSON) throws -> Bool) throws {
        let known: Set = ["run", "pipeline", "stage", "plugin", "version"]
        let first = judged(by: known)
        let editions = try editionsByKey()
        var goesOn = true
        try forEachRow { stage in
            guard first.allSatisfy({ holds($0, stage) }), let list = stage["list"]?.string.flatMap({ Digest($0) }) else {
                return true
            }
            // Of a stage that did not come to its end no keys are indexed.
            if let editions, let edition = stage["edition"]?.integer, !editions.contains(edition) { return true }
            for task in try TaskEntry.list(reading: index.store.blob(list)) {
                guard case .object(var row) = task.json else { continue }
                for name in known { row[name] = stage[name] }
                let found = JSON.object(row)
                if try holds(found) && !body(found) { goesOn = false }
                if !goesOn { break }
            }
            return goesOn
        }
    }

    /// The editions that have a task whose key is asked for; nil if none is.
    private func editionsByKey() throws -> Set<Int>? {
        guard let condition = conditions.first(where: { $0.name == "key" && $0.comparison == .equal }) else { return nil }
        let hex = condition.value.hasPrefix(Digest.prefix) ? condition.value.dropFirst(Digest.prefix.count) : condition.value[...]
        guard !hex.isEmpty, hex.utf8.count <= 2 * Digest.byteCount, Reference.isHex(hex),
            let low = Digest(hex: String(hex) + String(repeating: "0", count: 2 * Digest.byteCount - hex.utf8.count)),
            let high = Digest(hex: String(hex) + String(repeating: "f", count: 2 * Digest.byteCount - hex.utf8.count))
        else { return [] }
        return Set(
            try index.database.rows(
                """
                SELECT DISTINCT edition.id FROM member JOIN edition ON edition.series = member.series
                    AND edition.number >= member.first AND edition.number <= coalesce(member.last, 9223372036854775807)
                WHERE member.key >= ? AND member.key <= ?
                """, .init(low), .init(high)
            ).compactMap { $0.first?.integer })
    }

    // MARK: Records

    private func forEachRecord(_ body: (JSON) throws -> Bool) throws {
        let terms = try recordTerms()
        // Asked for a source that is not there, nothing can be found.
        if terms.contains(where: \.isEmpty) { return }
        var seen: Set<String> = []
        try index.forEachShard(having: terms, in: range, where: isWanted) { shard, places in
            let bytes = try index.store.blob(shard.digest)
            for line in LineageIndex.lines(of: bytes, having: terms) {
                let record = try Record(reading: bytes, in: line)
                let row = kind == .source ? Find.sourceRow(record, places[0]) : try recordRow(record, bytes, line, places)
                guard let row, holds(row) else { continue }
                let name =
                    kind == .source ? "\(row["source"]?.string ?? "") \(row["locator"]?.string ?? "")" : record.id.description
                guard seen.insert(name).inserted else { continue }
                guard try body(row) else { return false }
            }
            return true
        }
    }

    private func isWanted(_ place: ShardPlace) -> Bool {
        // A tree has files and no records.
        if place.isTree || (kind == .source && !place.isSource) { return false }
        let row = Find.json(of: [place])
        return judged(by: ["pipeline", "stage", "plugin", "version", "run", "artifact", "partition"]).allSatisfy {
            holds($0, .object(row))
        }
    }

    private static func json(of places: [ShardPlace]) -> [String: JSON] {
        guard let place = places.first else { return [:] }
        return [
            "pipeline": .string(place.pipeline), "stage": .string(place.stage), "plugin": .string(place.plugin),
            "version": .string(place.version), "run": .string(place.run), "runs": .integer(place.runs),
            "artifact": .string(place.artifact.description), "partition": .string(place.partition),
        ]
    }

    private func recordRow(_ record: Record, _ bytes: [UInt8], _ line: Range<Int>, _ places: [ShardPlace]) throws -> JSON? {
        var row = Find.json(of: places)
        row["record"] = .string(record.id.description)
        row["kind"] = .string(record.kind)
        row["fields"] = .object(record.fields)
        row["text"] = .string(record.string)
        row["parents"] = .array(record.parents.map { .string($0.description) })
        row["sources"] = .array(record.sources.map { .string($0.description) })
        return .object(row)
    }

    private static func sourceRow(_ record: Record, _ place: ShardPlace) -> JSON? {
        guard let digest = record.sources.first, let locator = record.fields["locator"] else { return nil }
        var row = json(of: [place])
        for name in ["plugin", "version", "partition"] { row[name] = nil }
        row["source"] = .string(digest.description)
        row["locator"] = locator
        row["mediaType"] = record.fields["mediaType"]
        row["charset"] = record.fields["charset"]
        row["fields"] = .object(record.fields)
        return .object(row)
    }

    /// What a shard must have for one of its records to fulfil the conditions, as far as terms can say.
    private func recordTerms() throws -> [[Term]] {
        var out: [[Term]] = []
        for condition in conditions {
            let name = condition.name
            let value = condition.value
            let field = kind == .source && ["locator", "mediaType", "charset"].contains(name) ? name : Find.field(name)
            switch (name, condition.comparison) {
            case ("kind", .equal): out.append([.kind(Find.spelled(value))])
            case ("record", .equal) where value.utf8.count >= Term.digits: out.append([.record(Array(value.utf8))])
            case ("source", .equal) where kind == .source:
                let hex = Array((value.hasPrefix(Digest.prefix) ? value.dropFirst(Digest.prefix.count) : value[...]).utf8)
                if hex.count >= Term.digits { out.append([.sourcePrefix(hex)]) }
            case ("sources", .equal): if let digest = Digest(value) { out.append([.source(digest)]) }
            case (_, .equal):
                guard let field else { continue }
                // Whether a number or a string is meant cannot be seen.
                var spellings = [JSON.string(value).canonical]
                if let literal = try? JSON(parsing: Array(value.utf8)), literal.string == nil {
                    spellings.append(literal.canonical)
                }
                out.append(spellings.map { .field(Find.spelled(field), is: $0) })
            case (_, .contains):
                guard let field else { continue }
                out += FieldWords.of(value).map { [.field(Find.spelled(field), has: $0)] }
            default: continue
            }
        }
        return out
    }

    /// As it stands between the quotation marks of a JSON string.
    private static func spelled(_ value: String) -> ArraySlice<UInt8> { JSON.string(value).canonical.dropFirst().dropLast() }

    /// The field that a name stands for; nil for members of members, which have no terms.
    private static func field(_ name: String) -> String? {
        guard name.hasPrefix("fields.") else { return nil }
        let field = name.dropFirst("fields.".count)
        return field.contains(".") ? nil : String(field)
    }

    // MARK: Drops

    private func forEachDrop(_ body: (JSON) throws -> Bool) throws {
        var terms: [[Term]] = []
        for condition in conditions where condition.comparison == .equal {
            if condition.name == "reason" { terms.append([.reason(Find.spelled(condition.value))]) }
            if condition.name == "record", condition.value.utf8.count >= Term.digits {
                terms.append([.record(Array(condition.value.utf8))])
            }
        }
        try index.forEachShard(having: terms, in: range, where: isWanted) { shard, places in
            guard let digest = shard.drops else { return true }
            for drop in try JSONLines.decode(index.store.blob(digest)) {
                guard case .object(let members) = drop else { continue }
                var row = Find.json(of: places)
                for (name, value) in members { row[name] = value }
                if try holds(.object(row)) && !body(.object(row)) { return false }
            }
            return true
        }
    }
}
