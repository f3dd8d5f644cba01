import HeadwaterModel
public import HeadwaterStore

/// Draws where something came from: from what a reference names up to the sources.
///
/// What is nearest to the result is drawn first; at the limit the rest is counted and not drawn.
public struct LineageGraph {
    private let store: Store
    private let reader: DatasetReader
    private let history: History
    private let limit: Int
    private var graph: Graph

    /// - Parameter limit: boxes that are drawn.
    private init(_ title: String, store: Store, limit: Int) {
        self.store = store
        self.limit = limit
        reader = DatasetReader(store: store)
        history = History(store: store)
        graph = Graph(title: title)
    }

    /// Of artifacts, published files and runs: artifacts, with the plugins between them. Of records, and of lines of published
    /// files: records, with the tasks.
    ///
    /// - Throws: `ReferenceError` for what has no lineage; what keeps the store from being read.
    public static func of(
        _ named: Resolver.Resolved, _ reference: String, store: Store, limit: Int
    ) throws -> Graph {
        var drawing = LineageGraph("Lineage of \(reference)", store: store, limit: limit)
        switch named {
        case .run(let run):
            drawing.graph.title = "Lineage of run:\(run.id), \(run.pipeline)"
            let published = Set(run.publications.map(\.stage))
            let read = Set(run.stages.flatMap { $0.inputs.map(\.stage) })
            for publication in run.publications { try drawing.add(publication, of: run) }
            for stage in run.stages where !published.contains(stage.name) && !read.contains(stage.name) {
                try drawing.add(artifactsOf: run, upTo: stage)
            }
        case .artifact(let place): try drawing.add(artifactsOf: place.run, upTo: place.stage)
        case .published(let place, let bytes, let content):
            if bytes.count == content.count || place.artifact.content.tree != nil {
                try drawing.add(place.publication, of: place.run)
            } else {
                try drawing.add(place, bytes)
            }
        case .record(let place, _): try drawing.add([place], result: nil)
        case .source(let place, _): _ = drawing.graph.add(.source, place.locator, [place.digest.short])
        case .blob:
            throw ReferenceError(
                "\(reference): a stored document has no lineage; name a record, an artifact, a published file or a run")
        }
        return drawing.graph
    }

    private mutating func room() -> Bool {
        if graph.nodes.count < limit { return true }
        graph.omitted += 1
        return false
    }

    // MARK: Artifacts

    private mutating func add(_ publication: RunManifest.Publication, of run: RunManifest) throws {
        let file = graph.add(.file, publication.path, [publication.format, publication.file.short])
        guard let stage = run.stage(publication.stage), room() else { return }
        let artifact = try add(artifactsOf: run, upTo: stage)
        if let artifact { graph.connect(artifact, file, "published as \(publication.name)") }
    }

    private var artifacts: [String: Int] = [:]

    /// - Returns: the node of the stage's artifact; nil where there was no room for it.
    @discardableResult
    private mutating func add(artifactsOf run: RunManifest, upTo stage: RunManifest.Stage) throws -> Int? {
        var pending = [stage]
        var next = 0
        while next < pending.count {
            let stage = pending[next]
            next += 1
            if artifacts[stage.name] == nil {
                guard room() else { continue }
                artifacts[stage.name] = graph.add(.artifact, stage.name, try details(of: stage))
                pending += stage.inputs.compactMap { run.stage($0.stage) }
            }
        }
        for stage in pending {
            guard let node = artifacts[stage.name] else { continue }
            let label = "\(stage.plugin) \(stage.version), \(stage.executed) of \(stage.executed + stage.hits) tasks carried out"
            for input in stage.inputs {
                if let upstream = artifacts[input.stage] { graph.connect(upstream, node, label) }
            }
            if stage.inputs.isEmpty { try add(sourcesOf: stage, to: node, label) }
        }
        return artifacts[stage.name]
    }

    private func details(of stage: RunManifest.Stage) throws -> [String] {
        guard let digest = stage.artifact else { return ["did not come to its end"] }
        switch try reader.artifact(digest) {
        case .dataset(let dataset): return ["\(dataset.recordCount) records in \(dataset.shards.count) shards", digest.short]
        case .tree(let tree): return ["\(tree.files.count) files", digest.short]
        }
    }

    /// Sources up to the limit; of the others one box says how many there are.
    private mutating func add(sourcesOf stage: RunManifest.Stage, to node: Int, _ label: String) throws {
        guard let digest = stage.artifact, case .dataset(let dataset) = try reader.artifact(digest) else { return }
        // One box is left for the number of the rest.
        let some = max(0, min(dataset.recordCount, limit - graph.nodes.count))
        let drawn = some < dataset.recordCount ? max(0, some - 1) : some
        var left = drawn
        for shard in dataset.shards where left > 0 {
            for record in try reader.records(of: shard.digest).prefix(left) {
                left -= 1
                let name = record.fields["locator"]?.string ?? record.id.short
                graph.connect(graph.add(.source, name, [record.sources.first?.short ?? "no bytes"]), node, label)
            }
        }
        let rest = dataset.recordCount - drawn
        if rest > 0 {
            graph.omitted += rest
            graph.connect(graph.add(.source, "\(rest) \(drawn > 0 ? "more " : "")sources"), node, label)
        }
    }

    // MARK: Records

    private mutating func add(_ place: Resolver.PublishedPlace, _ bytes: Range<Int>) throws {
        var records = RecordCursor(place.artifact.dataset, reader)
        var numbers: Set<Int> = []
        var places: [Resolver.RecordPlace] = []
        for part in place.shown where numbers.insert(part.record).inserted {
            guard let found = try records.record(part.record) else { continue }
            places.append(.init(artifact: place.artifact, record: found.record, number: part.record, shard: found.shard))
        }
        let file = graph.add(.file, place.publication.path, ["bytes \(bytes.lowerBound)-\(bytes.upperBound)"])
        try add(places, result: (file, "published as \(place.publication.name)"))
    }

    private mutating func add(_ places: [Resolver.RecordPlace], result: (node: Int, label: String)?) throws {
        var nodes: [RecordID: Int] = [:]
        var sources: [Digest: Int] = [:]
        // A record at a stage, and the records that were made of it.
        struct Step: Hashable {
            var stage: String
            var record: RecordID
        }
        var seen: Set<Step> = []
        var pending: [(stage: RunManifest.Stage, run: RunManifest, record: Record, shard: Int, to: (node: Int, label: String)?)] =
            places.map { ($0.artifact.stage, $0.artifact.run, $0.record, $0.shard, result) }
        var tasks: [String: [TaskEntry]] = [:]
        var next = 0
        while next < pending.count {
            let (stage, run, record, shard, to) = pending[next]
            next += 1
            if nodes[record.id] == nil {
                guard room() else { continue }
                nodes[record.id] = graph.add(.record, "\(record.kind) \(record.id.short)", LineageGraph.details(of: record))
            }
            guard let node = nodes[record.id] else { continue }
            if let to, to.node != node { graph.connect(node, to.node, to.label) }
            guard seen.insert(Step(stage: stage.name, record: record.id)).inserted, stage.artifact != nil else { continue }
            if tasks[stage.name] == nil { tasks[stage.name] = try history.tasks(of: stage).filter { $0.phase == .apply } }
            let key = tasks[stage.name].flatMap { $0.indices.contains(shard) ? $0[shard].key : nil }
            let by = "\(stage.plugin) \(stage.version)" + (key.map { ", task \($0.short)" } ?? "")
            if stage.inputs.isEmpty {
                for source in record.sources {
                    if sources[source] == nil {
                        guard room() else { continue }
                        sources[source] = graph.add(.source, record.fields["locator"]?.string ?? source.short, [source.short])
                    }
                    if let from = sources[source] { graph.connect(from, node, by) }
                }
            }
            for input in stage.inputs {
                guard let upstream = run.stage(input.stage), let digest = upstream.artifact else { continue }
                let dataset = Dataset(shards: try reader.shards(of: digest))
                let passed = try reader.records(startingWith: record.id.description, of: dataset, preferring: shard)
                for found in passed {
                    graph.addDetail("passed on by \(stage.plugin) \(stage.version)", to: node)
                    pending.append((upstream, run, found.record, found.shard, nil))
                }
                if !passed.isEmpty { continue }
                for parent in record.parents {
                    for found in try reader.records(startingWith: parent.description, of: dataset, preferring: shard) {
                        pending.append((upstream, run, found.record, found.shard, (node, by)))
                    }
                }
            }
        }
    }

    /// Characters of a record's text that are shown.
    private static let longest = 60

    private static func details(of record: Record) -> [String] {
        if let locator = record.fields["locator"]?.string { return [locator] }
        // So many bytes hold more characters than are shown.
        let start = String(decoding: record.text.prefix(longest * 8), as: UTF8.self)
        let line = start.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.isEmpty ? [] : ["“\(line.count > longest ? line.prefix(longest - 1) + "…" : line[...])”"]
    }
}
