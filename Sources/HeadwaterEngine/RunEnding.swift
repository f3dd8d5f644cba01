import Dispatch
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore

/// The end of a run: what it came to is put together, published and written down.
extension Run {
    /// Publishes what came of the run and writes down what it was, once nothing of it runs any more. Nothing is reported
    /// as done before it is durable.
    func finish() throws -> Summary {
        defer {
            for stage in stages { stage.plugin.end() }
            runner.room.end()
        }
        var summary = try queue.sync { try summarize() }
        if options.isDry { return summary }
        let sawAll = summary.state == .done && options.only.isEmpty
        // No file was looked at where sources were recorded.
        if recorded == nil { hints.save(sawAll: sawAll) }
        memory.save(sawAll: sawAll)
        for publication in pipeline.publications {
            switch options.publishing {
            case .asDeclared: publish(publication, &summary)
            case .into(let folder): publish(publication.written(to: "\(folder)/\(publication.name)"), &summary)
            case .nowhere: break
            }
        }
        try keep(summary)
        return summary
    }

    private func summarize() throws -> Summary {
        dispatchPrecondition(condition: .onQueue(queue))
        var manifestStages: [RunManifest.Stage] = []
        for (stage, record) in zip(stages, records) {
            let (artifact, tasks) = try keep(record)
            var kept = RunManifest.Stage(
                name: stage.name, plugin: stage.declaration.name, version: stage.declaration.version,
                parameters: stage.keyParameters,
                inputs: stage.pipelineStage.inputs.map { .init(role: $0.role, stage: $0.stage) },
                artifact: artifact,
                executed: record.counts.executed,
                hits: record.counts.hits, tasks: tasks)
            kept.confinement = stage.plugin.confinement
            if let reason = stage.plugin.unwantedFreedom {
                reporter.warned("stage \(stage.name): its plugin ran without a sandbox: \(reason)")
            }
            kept.metrics = record.metrics
            manifestStages.append(kept)
        }
        let incomplete = zip(stages, records).first { $0.1.artifact == nil }?.0.name
        if let incomplete, !isInterrupted, failures.isEmpty, !options.isDry {
            add(
                RunFailure(
                    stage: incomplete, task: "",
                    message: "it did not come to its end although nothing failed, which is a fault of the program; "
                        + "please report it with the pipeline file"))
        }
        var summary = Summary(
            id: id, state: isInterrupted ? .interrupted : failures.isEmpty ? .done : .failed, stages: manifestStages,
            publications: [], failures: failures,
            contradictions: contradictions.sorted { ($0.stage, $0.key) < ($1.stage, $1.key) }, audited: audited)
        for (stage, count) in leftOut.counts.sorted(by: { $0.key < $1.key }) {
            let sources = count == 1 ? "1 source is" : "\(count) sources are"
            reporter.warned("stage \(stages[stage].name): \(sources) left out: erased before, and kept from coming back")
            summary.suppressed += count
        }
        return summary
    }

    /// A stage that did not come to its end is not published.
    private func publish(_ publication: Publication, _ summary: inout Summary) {
        guard let artifact = summary.stages.first(where: { $0.name == publication.stage })?.artifact else { return }
        let stages = summary.stages
        let folders = PublishedFolders(pipeline: pipeline.name, store: store) { warning in
            self.queue.async { self.reporter.warned("publish \(publication.name): \(warning)") }
        }
        let result = Result {
            try mending { _ in
                try Publisher(store: store, stages: stages, folders: folders).publish(publication, artifact: artifact)
            }
        }
        queue.sync {
            switch result {
            case .success(let published):
                summary.publications.append(published.kept)
                reporter.published(name: publication.name, path: publication.path)
                for remark in published.remarks { reporter.warned("publish \(publication.name): \(remark)") }
            case .failure(let error):
                add(
                    RunFailure(
                        stage: publication.stage, task: "publish \(publication.name)", message: "\(error)",
                        position: publication.position, isDamage: (error as? StoreError)?.isDamage ?? false))
                summary.failures = failures
                if summary.state == .done { summary.state = .failed }
            }
        }
    }

    /// Stores the manifest of what a stage made and the list of its tasks.
    private func keep(_ record: StageRecord) throws -> (artifact: Digest?, tasks: Digest) {
        let found = record.recollection
        if let kept = found?.kept { return (kept.artifact, kept.tasks) }
        let artifact = try record.artifact.map { try keep($0.canonical) }
        let list = found?.tasks.map { JSONLines.encode(canonical: $0.entries.lazy.map(\.canonical)) }
        let tasks = try keep(list ?? record.tasks.document())
        if let artifact, let found, let basis = found.basis {
            let memo = StageMemory.Memo(artifact: artifact, tasks: tasks, count: found.count, holding: basis.holding)
            memory.remember(memo, basis.key)
        }
        return (artifact, tasks)
    }

    private func keep(_ document: [UInt8]) throws -> Digest {
        options.isDry ? Digest(of: document) : try store.put(document)
    }

    private func keep(_ summary: Summary) throws {
        if let past = options.standsFor { return try keep(summary, inThePlaceOf: past.run, following: past.follows) }
        let history = History(store: store)
        let heads = try store.heads(of: pipeline.name)
        // A clock may stand before 1970, and a manifest's times may not.
        let began = max(0, Int(started.timeIntervalSince1970 * 1000))
        var manifest = try manifest(summary)
        (manifest.started, manifest.finished) = (began, max(0, Int(Date().timeIntervalSince1970 * 1000)))
        manifest.follows = heads.map(\.value)
        manifest.order = RunManifest.order(
            started: began, after: heads.compactMap { head in (try? history.manifest(head.value))?.order })
        let digest = try store.put(manifest.json.canonical)
        try store.bind(Binding(kind: .run, key: id.description, value: digest))
        let names = [pipeline.name] + summary.stages.filter { $0.artifact != nil }.map { "\(pipeline.name)/\($0.name)" }
        for name in names {
            let heads = try store.heads(of: name)
            try store.bind(Binding(kind: .name, key: name, value: digest, supersedes: heads.map(\.digest)))
        }
        try store.commit()
    }

    /// What the run came to, without its times and its place among other runs.
    private func manifest(_ summary: Summary) throws -> RunManifest {
        RunManifest(
            id: id, pipeline: pipeline.name, file: try keep(pipeline.source.bytes),
            included: try Dictionary(
                pipeline.included.map { ($0.file, try keep($0.bytes)) }, uniquingKeysWith: { first, _ in first }),
            parameters: pipeline.parameters, started: 0, finished: 0, state: summary.state, stages: summary.stages,
            publications: summary.publications,
            failures: summary.failures.map { .init(stage: $0.stage, task: $0.task, message: $0.message, log: $0.log) },
            contradictions: summary.contradictions)
    }

    /// Writes the run down as if it had been that one. How that came to its end is kept, but for what its processes said: the
    /// logs may speak of what is left out now. Of its contradictions those are kept that are still there.
    private func keep(_ summary: Summary, inThePlaceOf past: RunManifest, following follows: [Digest]) throws {
        var manifest = try manifest(summary)
        (manifest.started, manifest.finished, manifest.order) = (past.started, past.finished, past.order)
        manifest.follows = follows
        if summary.state == .done {
            manifest.state = past.state
            manifest.failures = past.failures.map { .init(stage: $0.stage, task: $0.task, message: $0.message) }
        }
        let history = History(store: store)
        let keys = try Set(manifest.stages.flatMap { try history.tasks(of: $0).map(\.key) })
        manifest.contradictions += past.contradictions.filter { keys.contains($0.key) && !manifest.contradictions.contains($0) }
        let digest = try store.put(manifest.json.canonical)
        try store.bind(Binding(kind: .run, key: id.description, value: digest))
        try store.commit()
    }
}
