import Dispatch
public import Foundation
public import HeadwaterModel
public import HeadwaterPipelines
import HeadwaterPluginKit
public import HeadwaterStore
import Synchronization

/// One execution of a pipeline: the Dispatch shell around `RunState`, which decides all.
///
/// A serial queue owns what the run knows; tasks run on a concurrent compute queue, never more at once than there are
/// jobs, and whatever blocks runs on a queue of its own.
public final class Run: @unchecked Sendable {  // every mutable property is owned by `queue`, and asserted to be
    let pipeline: Pipeline
    let stages: [StageRuntime]
    let store: Store
    let options: Options
    let reporter: any RunReporter
    let runner: TaskRunner
    let earlier: EarlierKeys?
    let hints: StampHints
    let memory: StageMemory
    /// Takes the place of what stages find and read.
    let recorded: RecordedSources?
    private let tally = SourceTally()
    let leftOut: LeftOutSources
    let id: RunID
    let started: Date

    let queue = DispatchQueue(label: "headwater.run")
    let compute = DispatchQueue(label: "headwater.compute", attributes: .concurrent)
    let blocking = DispatchQueue(label: "headwater.blocking", attributes: .concurrent)
    let done = DispatchSemaphore(value: 0)

    /// What the state machine knows of the stages.
    let shapes: [RunState.StageShape]
    var state: RunState
    var records: [StageRecord]
    /// Of stages that read sources, once they are located.
    var located: [LocatedSources?]
    var failures: [RunFailure] = []
    var contradictions: [RunManifest.Contradiction] = []
    var audited = 0
    /// Digests of what tasks said, for those that fail.
    var logs: [TaskID: Digest] = [:]
    var isInterrupted = false
    /// The same for those who ask from other threads, between two sources.
    let isStopping = Atomic(false)
    /// While a task's end is taken in, which kind of task its thread can go on with, and the one it goes on with.
    private var handsOn: RunState.Work?
    private var handedOn: [PreparedTask] = []
    /// How many tasks of a stage are started together, by stage.
    private var batches: [Int]
    private var isCommitting = false
    private var hasEnded = false
    private var lastCommit = DispatchTime.now()

    /// Seconds between commits while a run goes on.
    private static let commitInterval = 2.0

    /// What is known of one stage while it runs.
    struct StageRecord {
        var counts = StageCounts()
        /// Of the tasks that were looked up or carried out.
        var tasks = TaskLines()
        /// Where all of its tasks were taken over at once.
        var recollection: StageRecall.Recollection?
        var artifact: Artifact?
        /// What plugins from outside counted, summed up over the tasks that were carried out.
        var metrics: [String: Int] = [:]
    }

    /// - Parameters:
    ///   - plugins: the code behind each plugin name.
    ///   - recorded: the sources of a past run, if those are to be used.
    ///   - now: when the run starts; with `id` the only two things about a run that are not determined by its inputs.
    /// - Throws: `RunFailure` where the stages do not fit together, `StoreError`.
    public init(
        _ pipeline: Pipeline, plugins: PluginRegistry, store: Store, options: Options, recorded: RecordedSources? = nil,
        id: RunID, now: Date, reporter: any RunReporter
    ) throws {
        self.pipeline = pipeline
        self.store = store
        self.options = options
        self.recorded = recorded
        self.reporter = reporter
        self.id = id
        started = now
        stages = try Run.selected(pipeline, only: options.only).map { stage in
            StageRuntime(pipelineStage: stage, plugin: try plugins.make(stage))
        }
        let indices = Dictionary(
            stages.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
        try PartitionSpace.check(stages)
        shapes = stages.map { stage in
            RunState.StageShape(
                rounds: stage.declaration.rounds,
                inputs: stage.pipelineStage.inputs.compactMap { input in indices[input.stage].map { (input.role, $0) } },
                divided: (stage.plugin as? any FolderStage)?.divided,
                // Which results are to be put to the test is told by looking them up one by one.
                isRecalled: options.audit == 0 && !options.forced.contains(stage.name),
                hasOwnProcess: stage.declaration.hasOwnProcess,
                slots: stage.pipelineStage.policy.slots)
        }
        // Reads wait for disks and networks, so that more of them than cores are worth while.
        state = RunState(
            stages: shapes,
            limits: .init(
                jobs: options.jobs, reads: max(options.jobs, 2), keepsGoing: options.keepsGoing || options.isDry,
                shuffle: options.shuffle))
        var runner = TaskRunner(
            store: store, stages: stages, forced: Set(options.forced.compactMap { indices[$0] }), isDry: options.isDry)
        runner.audit = AuditSample(share: options.audit, run: id)
        self.runner = runner
        earlier =
            options.explains || options.isDry
            ? EarlierKeys(pipeline: pipeline.name, stages: stages.map(\.name), store: store) : nil
        var others = [recorded?.store].compactMap(\.self)
        if case .pinned(let other?) = options.answers { others.append(other) }
        leftOut = try LeftOutSources(of: store, and: others.filter { $0.path != store.path })
        hints = StampHints(of: pipeline.name, in: store, now: Int(now.timeIntervalSince1970 * 1_000_000_000))
        memory = StageMemory(of: pipeline.name, in: store)
        batches = stages.map { _ in 1 }
        records = stages.map { _ in StageRecord() }
        located = stages.map { _ in nil }
    }

    /// The stages asked for and all they need, in order.
    private static func selected(_ pipeline: Pipeline, only: Set<String>) throws -> [PipelineStage] {
        guard !only.isEmpty else { return pipeline.stages }
        if let unknown = only.sorted().first(where: { name in !pipeline.stages.contains { $0.name == name } }) {
            let names = pipeline.stages.map(\.name).joined(separator: ", ")
            throw RunFailure(
                stage: unknown, task: "", message: "the pipeline \(pipeline.name) has no such stage; it has \(names)")
        }
        let wanted = pipeline.upstream(of: only)
        return pipeline.stages.filter { wanted.contains($0.name) }
    }

    /// Carries the run out and returns when nothing of it is left running.
    public func perform() throws -> Summary {
        queue.async { self.advance(.started) }
        done.wait()
        return try finish()
    }

    /// Asks the run to stop: what is running, but for requests to the network, comes to its end, what is done is kept. Safe from any thread, any number
    /// of times.
    public func interrupt() {
        // Before tasks are told: one that ends for that must not come to the queue first, and look like one that failed.
        queue.async {
            self.isInterrupted = true
            self.advance(.interrupted)
        }
        isStopping.store(true, ordering: .relaxed)
        for stage in stages { (stage.plugin as? any SourceStage)?.stop() }
    }

    // MARK: Effects

    func advance(_ events: RunState.Event...) { advance(events) }

    func advance(_ events: [RunState.Event]) {
        dispatchPrecondition(condition: .onQueue(queue))
        for effect in state.handle(events) {
            switch effect {
            case .locate(let stage): blocking.async { self.locate(stage) }
            case .recall(let stage, let inputs, let divided): compute.async { self.recall(stage, inputs, divided) }
            case .start(let batch): start(batch)
            case .complete(let stage, let artifact): complete(stage, artifact)
            case .fail(let stage, let fault): report(fault, stage: stage, task: "")
            case .end: hasEnded = true
            }
        }
        // A commit in the background uses the store, which is the caller's again once the run is done.
        if hasEnded && !isCommitting { done.signal() }
    }

    func locate(_ stage: Int) {
        let result = Result { () -> LocatedSources in
            let (runtime, source) = try sourceStage(stage)
            if let recorded { return LocatedSources(try RecordedPartitions(recorded, stage: runtime.name)) }
            let snapshot = snapshot(stage, source)
            return try LocatedSources(
                retrying(stage, "") {
                    try self.leftOut.without(
                        source.locate(places(of: runtime.pipelineStage) { try snapshot.list(at: $0) }), stage: stage, source)
                })
        }
        queue.async {
            switch result {
            case .success(let located):
                self.located[stage] = located
                self.reporter.located(stage: self.stages[stage].name, sources: located.sourceCount, partitions: located.count)
                self.advance(.located(stage: stage, partitions: located.ranges))
            case .failure(let error):
                if !(error is StageStopped) { self.report(error, stage: stage, task: "") }
                self.advance(.locatingFailed(stage: stage))
            }
        }
    }

    private func places(of stage: PipelineStage, answer: @escaping @Sendable (String) throws -> [UInt8]) -> Places {
        Places(stage.places.mapValues { $0.map { Places.Place(text: $0.text, base: $0.base) } }, answer: answer)
    }

    /// Lets tasks of one stage run: on the thread of one that has just come to its end, if that asks for it, else on a
    /// thread of its queue. To wake a thread takes longer than a small task.
    func start(_ batch: [TaskSpec]) {
        dispatchPrecondition(condition: .onQueue(queue))
        guard let work = batch.first.map({ shapes[$0.id.stage].work }) else { return }
        let prepared = batch.map(prepared)
        if handsOn == work {
            handsOn = nil
            handedOn = prepared
            return
        }
        // Whatever waits takes none of the threads that compute.
        (work == .computing ? compute : blocking).async {
            var next = prepared
            while !next.isEmpty { next = self.carryOut(next) }
        }
    }

    /// Carries tasks of one stage out, one after the other.
    ///
    /// - Returns: tasks of the same kind that may start now, for the thread that had these.
    private func carryOut(_ batch: [PreparedTask]) -> [PreparedTask] {
        let began = DispatchTime.now()
        let results = batch.map { task in (task, Result { try task.body() }) }
        return finish(results, nanoseconds: Int(DispatchTime.now().uptimeNanoseconds - began.uptimeNanoseconds))
    }

    /// A task with all it needs of what the run's queue owns.
    private struct PreparedTask: Sendable {
        var spec: TaskSpec
        /// The partition it works on, for messages.
        var name: String
        var body: @Sendable () throws -> Finished

        /// A task in words.
        static func label(_ id: TaskID, _ partition: String) -> String {
            "\(id.phase.rawValue)\(partition.isEmpty ? "" : " of \(partition)")"
        }
    }

    private func prepared(_ spec: TaskSpec) -> PreparedTask {
        guard case .sources = spec.input, let located = located[spec.id.stage] else {
            return PreparedTask(spec: spec, name: runner.partitionName(spec)) { try self.carryOut(spec) }
        }
        return PreparedTask(spec: spec, name: located.ranges[spec.id.index].first) { try self.read(spec.id, of: located) }
    }

    typealias Finished = (outcome: TaskRunner.Outcome, reason: Reason?)

    func read(_ id: TaskID, of all: LocatedSources) throws -> Finished {
        if let recorded = all.recorded { return try read(id, recorded) }
        let found = try all.partition(id.index)
        let (stage, source) = try sourceStage(id.stage)
        let task = stage.formDigest
        let snapshot = snapshot(id.stage, source)
        if let stamps = hints.stamps(of: found, task: task), let hint = hints.hint(stamps), hint.sources.allSatisfy(snapshot.has),
            var outcome = try runner.hit(id, hint, partition: found.first?.locator ?? "")
        {
            if let known = hint.containers, store.contains(known) {
                outcome.entry.containers = known
            } else {
                outcome.entry.containers = try keepContainers(of: found, [])
            }
            try tally.add(SourcePartition(sources: []), found, stage: id.stage, of: all.count, source.requires)
            return (outcome, nil)
        }
        var (read, taken, partition, outcome) = try retrying(id.stage, PreparedTask.label(id, found.first?.locator ?? "")) {
            var read = found
            let taken = try snapshot.take(&read)
            let partition = try snapshot.opened(taken)
            return (read, taken, partition, try mending { runner in try runner.run(source: id, partition, source) })
        }
        outcome.entry.containers = try keepContainers(of: read, partition.containers)
        try tally.add(taken, read, stage: id.stage, of: all.count, source.requires)
        if let stamps = hints.stamps(of: read, task: task) {
            hints.remember(
                .init(
                    key: outcome.entry.key, containers: outcome.entry.containers, sources: partition.sources.compactMap(\.digest)),
                stamps: stamps)
        }
        let reason = reason(outcome, id, stage, isFound: all.has) { runner.keyDocument(of: partition, stage: id.stage) }
        return (outcome, reason)
    }

    /// Where those of the sources lie that are parts of files, and of answers; nil where none is.
    private func keepContainers(of found: [FoundSource], _ answers: [UInt8]) throws -> Digest? {
        let containers = JSONLines.encode(found.compactMap { $0.container?.json }) + answers
        if containers.isEmpty || options.isDry { return nil }
        return try store.put(containers)
    }

    func sourceStage(_ index: Int) throws -> (StageRuntime, any SourceStage) {
        let stage = stages[index]
        guard let source = stage.plugin as? any SourceStage else {
            throw TaskFault("the plugin \(stage.declaration.name) has no inputs and reads no sources")
        }
        return (stage, source)
    }

    func snapshot(_ stage: Int, _ source: any SourceStage) -> SourceSnapshot {
        SourceSnapshot(
            store: store, stage: source, refreshes: options.refreshes, answers: options.answers,
            isDry: options.isDry,
            isStopping: { self.isStopping.load(ordering: .relaxed) },
            leftOut: .init(sources: leftOut, stage: stage),
            events: .init(
                pinned: { self.queue.async { self.commitNowAndThen() } },
                warned: { message in self.queue.async { self.reporter.warned("stage \(self.stages[stage].name): \(message)") } }))
    }

    private func carryOut(_ spec: TaskSpec) throws -> Finished {
        let label = PreparedTask.label(spec.id, runner.partitionName(spec))
        let log = log(of: spec.id, label)
        let context = context(label, log)
        var outcome = try retrying(spec.id.stage, label) {
            do {
                return try mending { runner in try runner.run(spec, context) }
            } catch {
                try keep(log, of: spec.id)
                throw error
            }
        }
        if !outcome.entry.isHit { outcome.entry.log = try keep(log, of: spec.id) }
        return (outcome, reason(outcome, spec.id, stages[spec.id.stage]) { runner.keyDocument(of: spec) })
    }

    func reason(
        _ outcome: TaskRunner.Outcome, _ id: TaskID, _ stage: StageRuntime, isFound: (String) -> Bool = { _ in false },
        _ document: () throws -> KeyDocument
    ) -> Reason? {
        guard !outcome.entry.isHit, let earlier else { return nil }
        if runner.forced.contains(id.stage) { return .forced }
        return earlier.reason(
            outcome.entry, stage: stage.name, document: try? document(),
            hasNeighbours: id.phase != .examine && !(id.phase == .apply && [.group, .folder].contains(stage.declaration.rounds)),
            isFound: isFound)
    }

    /// Takes in what tasks of one stage came to.
    ///
    /// - Returns: tasks of the same kind that may start now, for the thread that had these.
    private func finish(_ results: [(PreparedTask, Result<Finished, any Error>)], nanoseconds: Int) -> [PreparedTask] {
        queue.sync {
            guard let stage = results.first?.0.spec.id.stage else { return [] }
            handsOn = shapes[stage].work
            pace(stage, results.count, nanoseconds)
            advance(results.map(take))
            defer { (handsOn, handedOn) = (nil, []) }
            return handedOn
        }
    }

    /// A thread is to be asked for its results about once in this many nanoseconds: seldom enough that the asking takes
    /// little, often enough that nobody waits for what is done.
    private static let batchTime = 1_000_000
    private static let largestBatch = 64

    /// Has as many tasks of a stage started together as seem to fit into that time. Tasks that turn out to be longer end it
    /// at once; shorter ones have it doubled.
    private func pace(_ stage: Int, _ count: Int, _ nanoseconds: Int) {
        dispatchPrecondition(condition: .onQueue(queue))
        let fitting = Run.batchTime * count / max(1, nanoseconds)
        batches[stage] = max(1, min(fitting, 2 * batches[stage], Run.largestBatch))
        state.start(together: batches[stage], of: stage)
    }

    /// - Returns: what the state machine is to know of it.
    private func take(_ task: PreparedTask, _ result: Result<Finished, any Error>) -> RunState.Event {
        dispatchPrecondition(condition: .onQueue(queue))
        let id = task.spec.id
        switch result {
        case .success(let finished):
            let entry = finished.outcome.entry
            do {
                try records[id.stage].tasks.add(entry, id)
            } catch {
                return take(task, .failure(error))
            }
            if entry.isHit { records[id.stage].counts.hits += 1 } else { records[id.stage].counts.executed += 1 }
            records[id.stage].counts.known = state.known(of: id.stage)
            reporter.finished(
                task: entry, stage: stages[id.stage].name, counts: records[id.stage].counts, reason: finished.reason)
            if finished.outcome.isAudited { audited += 1 }
            if let contradiction = finished.outcome.contradiction { note(contradiction, entry, id.stage) }
            commitNowAndThen()
            return finished.outcome.result.map { .finished(id, $0) } ?? .failed(id)
        case .failure(is StageStopped): return .failed(id)
        case .failure(let error):
            report(error, stage: id.stage, task: PreparedTask.label(id, task.name), log: logs[id])
            return .failed(id)
        }
    }

    private func note(_ found: (earlier: Digest, later: Digest, difference: String), _ entry: TaskEntry, _ stage: Int) {
        guard stages[stage].declaration.isDeterministic else { return }
        let contradiction = RunManifest.Contradiction(
            stage: stages[stage].name, phase: entry.phase, partition: entry.partition, key: entry.key, earlier: found.earlier,
            later: found.later)
        contradictions.append(contradiction)
        reporter.warned(
            "\(contradiction); the plugin \(stages[stage].declaration.name) does not give the same bytes twice: \(found.difference)"
        )
    }

    /// Makes what is done durable while the run goes on, so that a power cut costs seconds and not hours.
    func commitNowAndThen() {
        dispatchPrecondition(condition: .onQueue(queue))
        guard !options.isDry, !isCommitting, DispatchTime.now() > lastCommit + Run.commitInterval else { return }
        isCommitting = true
        blocking.async {
            let result = Result { try self.store.commit() }
            self.queue.async {
                self.isCommitting = false
                self.lastCommit = DispatchTime.now()
                // The commit at the end fails in the same way, and fails the run; here it is only said early.
                if case .failure(let error) = result { self.reporter.warned("\(error)") }
                if self.hasEnded { self.done.signal() }
            }
        }
    }

    func report(_ error: any Error, stage: Int, task: String, log: Digest? = nil) {
        dispatchPrecondition(condition: .onQueue(queue))
        let fault = error as? StageError
        for error in [error] + (fault?.others ?? []) {
            var failure = RunFailure(stage: stages[stage].name, task: task, message: "\(error)")
            if let fault = error as? StageError, let parameter = fault.parameter {
                failure.position = stages[stage].pipelineStage.position(of: parameter, element: fault.element)
            }
            failure.isDamage = (error as? StoreError)?.isDamage ?? false
            failure.log = log
            add(failure)
        }
    }

    func add(_ failure: RunFailure) {
        dispatchPrecondition(condition: .onQueue(queue))
        failures.append(failure)
        reporter.failed(failure)
    }

    func complete(_ stage: Int, _ artifact: Artifact) {
        dispatchPrecondition(condition: .onQueue(queue))
        records[stage].artifact = artifact
        reporter.completed(stage: stages[stage].name, counts: records[stage].counts, artifact: artifact)
    }
}
