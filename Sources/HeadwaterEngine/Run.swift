import Dispatch
public import Foundation
public import HeadwaterModel
public import HeadwaterPipelines
import HeadwaterPluginKit
public import HeadwaterStore

/// One execution of a pipeline: the Dispatch shell around `RunState`, which decides all.
///
/// A serial queue owns what the run knows; tasks run on a concurrent compute queue, never more at once than there are
/// jobs, and whatever blocks runs on a queue of its own.
public final class Run: @unchecked Sendable {  // every mutable property is owned by `queue`, and asserted to be
    public struct Options: Sendable {
        public var jobs: Int
        public var keepsGoing = false
        public var refreshes = false
        /// Stages whose tasks are carried out even if their results are known.
        public var forced: Set<String> = []
        /// Only these stages and what they need; all if empty.
        public var only: Set<String> = []
        /// Looks up what is known and carries out nothing.
        public var isDry = false
        /// Whether each task that is no hit is to be explained.
        public var explains = false

        public init(jobs: Int) { self.jobs = jobs }
    }

    /// What a run came to.
    public struct Summary: Sendable {
        public var id: RunID
        public var state: RunManifest.State
        /// In the pipeline's order; stages that were left out do not occur.
        public var stages: [RunManifest.Stage]
        public var publications: [RunManifest.Publication]
        public var failures: [RunFailure]
    }

    /// The formats that a pipeline file may publish in.
    public static let publicationFormats = Publisher.formats

    private let pipeline: Pipeline
    private let stages: [StageRuntime]
    private let store: Store
    private let options: Options
    private let reporter: any RunReporter
    private let runner: TaskRunner
    private let earlier: EarlierKeys?
    private let hints: StampHints
    private let id: RunID
    private let started: Date

    private let queue = DispatchQueue(label: "headwater.run")
    private let compute = DispatchQueue(label: "headwater.compute", attributes: .concurrent)
    private let blocking = DispatchQueue(label: "headwater.blocking", attributes: .concurrent)
    private let done = DispatchSemaphore(value: 0)

    private var state: RunState
    private var records: [StageRecord]
    private var partitions: [[ArraySlice<FoundSource>]]
    private var failures: [RunFailure] = []
    private var isInterrupted = false
    private var isCommitting = false
    private var lastCommit = Date()

    /// Seconds between commits while a run goes on.
    private static let commitInterval = 2.0

    /// What is known of one stage while it runs.
    private struct StageRecord {
        var counts = StageCounts()
        var entries: [TaskID: TaskEntry] = [:]
        var shards: [Shard]?
    }

    /// - Parameters:
    ///   - plugins: the code behind each plugin name.
    ///   - now: when the run starts; with `id` the only two things about a run that are not determined by its inputs.
    /// - Throws: `RunFailure` where the stages do not fit together, `StoreError`.
    public init(
        _ pipeline: Pipeline, plugins: PluginRegistry, store: Store, options: Options, id: RunID, now: Date,
        reporter: any RunReporter
    ) throws {
        self.pipeline = pipeline
        self.store = store
        self.options = options
        self.reporter = reporter
        self.id = id
        started = now
        stages = try Run.selected(pipeline, only: options.only).map { stage in
            StageRuntime(pipelineStage: stage, plugin: try plugins.make(stage))
        }
        let indices = Dictionary(
            stages.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
        try PartitionSpace.check(stages)
        let shapes = stages.map { stage in
            RunState.StageShape(
                rounds: stage.declaration.rounds,
                inputs: stage.pipelineStage.inputs.compactMap { input in indices[input.stage].map { (input.role, $0) } })
        }
        // Reads wait for disks and networks, so that more of them than cores are worth while.
        state = RunState(
            stages: shapes,
            limits: .init(jobs: options.jobs, reads: max(options.jobs, 2), keepsGoing: options.keepsGoing || options.isDry))
        runner = TaskRunner(
            store: store, stages: stages, forced: Set(options.forced.compactMap { indices[$0] }), isDry: options.isDry)
        earlier =
            options.explains || options.isDry
            ? try EarlierKeys(pipeline: pipeline.name, stages: stages.map(\.name), store: store) : nil
        hints = StampHints(path: store.path + "/hints/" + pipeline.name, now: Int(now.timeIntervalSince1970 * 1_000_000_000))
        records = stages.map { _ in StageRecord() }
        partitions = stages.map { _ in [] }
    }

    /// The stages asked for and all they need, in order.
    private static func selected(_ pipeline: Pipeline, only: Set<String>) throws -> [PipelineStage] {
        guard !only.isEmpty else { return pipeline.stages }
        if let unknown = only.sorted().first(where: { name in !pipeline.stages.contains { $0.name == name } }) {
            let names = pipeline.stages.map(\.name).joined(separator: ", ")
            throw RunFailure(
                stage: unknown, task: "", message: "the pipeline \(pipeline.name) has no such stage; it has \(names)")
        }
        var wanted = only
        for stage in pipeline.stages.reversed() where wanted.contains(stage.name) { wanted.formUnion(stage.inputs.map(\.stage)) }
        return pipeline.stages.filter { wanted.contains($0.name) }
    }

    /// Carries the run out and returns when nothing of it is left running.
    public func perform() throws -> Summary {
        queue.async { self.advance(.started) }
        done.wait()
        return try queue.sync { try finish() }
    }

    /// Asks the run to stop: what is running comes to its end, what is done is kept. Safe from any thread, any number
    /// of times.
    public func interrupt() {
        queue.async {
            self.isInterrupted = true
            self.advance(.interrupted)
        }
    }

    // MARK: Effects

    private func advance(_ event: RunState.Event) {
        dispatchPrecondition(condition: .onQueue(queue))
        for effect in state.handle(event) {
            switch effect {
            case .locate(let stage): blocking.async { self.locate(stage) }
            case .start(let spec): start(spec)
            case .complete(let stage, let shards): complete(stage, shards)
            case .end: done.signal()
            }
        }
    }

    private func locate(_ stage: Int) {
        let result = Result { () -> [FoundSource] in
            guard let source = stages[stage].plugin as? any SourceStage else {
                throw TaskFault("the plugin \(stages[stage].declaration.name) has no inputs and reads no sources")
            }
            return try source.locate(places(of: stages[stage].pipelineStage))
        }
        queue.async {
            switch result {
            case .success(let found):
                let ranges = PartitionBoundary.split(found)
                self.partitions[stage] = ranges.map { found[$0] }
                self.reporter.located(stage: self.stages[stage].name, sources: found.count, partitions: ranges.count)
                self.advance(.located(stage: stage, partitions: ranges.count))
            case .failure(let error):
                self.report(error, stage: stage, task: "")
                self.advance(.locatingFailed(stage: stage))
            }
        }
    }

    private func places(of stage: PipelineStage) -> Places {
        Places(stage.places.mapValues { $0.map { Places.Place(text: $0.text, base: $0.base) } })
    }

    private func start(_ spec: TaskSpec) {
        dispatchPrecondition(condition: .onQueue(queue))
        records[spec.id.stage].counts.known += 1
        if case .sources = spec.input {
            let found = Array(partitions[spec.id.stage][spec.id.index])
            blocking.async { self.finish(spec.id, found.first?.locator ?? "", Result { try self.read(spec, found) }) }
        } else {
            compute.async { self.finish(spec.id, self.runner.partitionName(spec), Result { try self.carryOut(spec) }) }
        }
    }

    private typealias Finished = (outcome: TaskRunner.Outcome, reason: Reason?)

    private func read(_ spec: TaskSpec, _ found: [FoundSource]) throws -> Finished {
        let stage = stages[spec.id.stage]
        guard let source = stage.plugin as? any SourceStage else { throw TaskFault("\(stage.declaration.name) reads no sources") }
        let snapshot = SourceSnapshot(
            store: store, stage: source, hints: hints, refreshes: options.refreshes,
            rereads: runner.forced.contains(spec.id.stage), isDry: options.isDry)
        let partition = try snapshot.take(found)
        let outcome = try runner.run(source: spec.id, partition, source)
        return (outcome, try reason(outcome, spec.id) { runner.keyDocument(of: partition, stage: spec.id.stage) })
    }

    private func carryOut(_ spec: TaskSpec) throws -> Finished {
        let outcome = try runner.run(spec)
        return (outcome, try reason(outcome, spec.id) { try runner.keyDocument(of: spec) })
    }

    private func reason(_ outcome: TaskRunner.Outcome, _ id: TaskID, _ document: () throws -> KeyDocument) throws -> Reason? {
        guard !outcome.entry.isHit, let earlier else { return nil }
        return try earlier.reason(
            outcome.entry, stage: stages[id.stage].name, document: try document(), isForced: runner.forced.contains(id.stage))
    }

    private func finish(_ id: TaskID, _ partition: String, _ result: Result<Finished, any Error>) {
        queue.async {
            let name = self.stages[id.stage].name
            switch result {
            case .success(let finished):
                let entry = finished.outcome.entry
                if entry.isHit { self.records[id.stage].counts.hits += 1 } else { self.records[id.stage].counts.executed += 1 }
                self.records[id.stage].entries[id] = entry
                self.reporter.finished(task: entry, stage: name, counts: self.records[id.stage].counts, reason: finished.reason)
                if let other = finished.outcome.contradicts {
                    self.reporter.warned(
                        "stage \(name), \(entry.phase.rawValue) of \(entry.partition): two results under one key, \(other.short) and "
                            + "\(entry.result.short): the plugin does not give the same bytes twice")
                }
                self.commitNowAndThen()
                if let known = finished.outcome.result {
                    self.advance(.finished(id, known))
                } else {
                    self.advance(.failed(id))
                }
            case .failure(let error):
                self.report(error, stage: id.stage, task: "\(id.phase.rawValue)\(partition.isEmpty ? "" : " of \(partition)")")
                self.advance(.failed(id))
            }
        }
    }

    /// Makes what is done durable while the run goes on, so that a power cut costs seconds and not hours.
    private func commitNowAndThen() {
        dispatchPrecondition(condition: .onQueue(queue))
        guard !options.isDry, !isCommitting, Date().timeIntervalSince(lastCommit) > Run.commitInterval else { return }
        isCommitting = true
        blocking.async {
            let result = Result { try self.store.commit() }
            self.queue.async {
                self.isCommitting = false
                self.lastCommit = Date()
                // The commit at the end fails in the same way, and fails the run; here it is only said early.
                if case .failure(let error) = result { self.reporter.warned("\(error)") }
            }
        }
    }

    private func report(_ error: any Error, stage: Int, task: String) {
        dispatchPrecondition(condition: .onQueue(queue))
        let fault = error as? StageError
        for error in [error] + (fault?.others ?? []) {
            var failure = RunFailure(stage: stages[stage].name, task: task, message: "\(error)")
            if let fault = error as? StageError, let parameter = fault.parameter {
                failure.position = stages[stage].pipelineStage.position(of: parameter, element: fault.element)
            }
            failure.isDamage = (error as? StoreError)?.isDamage ?? false
            failures.append(failure)
            reporter.failed(failure)
        }
    }

    private func complete(_ stage: Int, _ shards: [Shard]) {
        dispatchPrecondition(condition: .onQueue(queue))
        records[stage].shards = shards
        reporter.completed(
            stage: stages[stage].name, counts: records[stage].counts, records: shards.reduce(0) { $0 + $1.recordCount })
    }

    // MARK: The end

    /// Writes down what the run was. Nothing is reported as done before it is durable.
    private func finish() throws -> Summary {
        dispatchPrecondition(condition: .onQueue(queue))
        var manifestStages: [RunManifest.Stage] = []
        for (stage, record) in zip(stages, records) {
            let entries = record.entries.sorted { $0.key < $1.key }.map(\.value)
            let artifact = record.shards.map { Dataset(shards: $0).json.canonical }
            let tasks = JSONLines.encode(entries.map(\.json))
            manifestStages.append(
                RunManifest.Stage(
                    name: stage.name, plugin: stage.declaration.name, version: stage.declaration.version,
                    parameters: stage.keyParameters,
                    inputs: stage.pipelineStage.inputs.map { .init(role: $0.role, stage: $0.stage) },
                    artifact: try artifact.map { options.isDry ? Digest(of: $0) : try store.put($0) },
                    executed: record.counts.executed,
                    hits: record.counts.hits, tasks: options.isDry ? Digest(of: tasks) : try store.put(tasks)))
        }
        var summary = Summary(
            id: id, state: isInterrupted ? .interrupted : failures.isEmpty ? .done : .failed, stages: manifestStages,
            publications: [], failures: failures)
        if options.isDry { return summary }
        hints.save()
        for publication in pipeline.publications {
            guard let stage = summary.stages.first(where: { $0.name == publication.stage }), let artifact = stage.artifact else {
                continue
            }
            do {
                summary.publications.append(
                    try Publisher(store: store).publish(publication, artifact: artifact, stages: summary.stages))
                reporter.published(name: publication.name, path: publication.path)
            } catch {
                let failure = RunFailure(
                    stage: publication.stage, task: "publish \(publication.name)", message: "\(error)",
                    position: publication.position, isDamage: (error as? StoreError)?.isDamage ?? false)
                summary.failures.append(failure)
                summary.state = .failed
                reporter.failed(failure)
            }
        }
        try keep(summary)
        return summary
    }

    private func keep(_ summary: Summary) throws {
        let manifest = RunManifest(
            id: id, pipeline: pipeline.name, file: try store.put(pipeline.source.bytes), parameters: pipeline.parameters,
            started: Int(started.timeIntervalSince1970 * 1000), finished: Int(Date().timeIntervalSince1970 * 1000),
            state: summary.state, stages: summary.stages, publications: summary.publications,
            failure: summary.failures.first?.message)
        let digest = try store.put(manifest.json.canonical)
        try store.bind(Binding(kind: .run, key: id.description, value: digest))
        let names = [pipeline.name] + summary.stages.filter { $0.artifact != nil }.map { "\(pipeline.name)/\($0.name)" }
        for name in names {
            let heads = try store.heads(of: name)
            try store.bind(Binding(kind: .name, key: name, value: digest, supersedes: heads.map(\.digest)))
        }
        try store.commit()
    }
}
