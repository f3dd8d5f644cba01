public import HeadwaterModel
public import HeadwaterPipelines

/// Told what happens during a run, in order, from the run's own queue. Whoever implements it decides what is shown.
public protocol RunReporter: AnyObject, Sendable {
    func located(stage: String, sources: Int, partitions: Int)
    /// Not told of tasks that were taken over from an earlier run all at once.
    func finished(task: TaskEntry, stage: String, counts: StageCounts, reason: Reason?)
    func completed(stage: String, counts: StageCounts, artifact: Artifact)
    func failed(_ failure: RunFailure)
    func warned(_ message: String)
    /// How far one task is, by its own word. `total` is nil where it does not know.
    func progressed(stage: String, task: String, done: Int, total: Int?)
    func published(name: String, path: String)
}

/// How far a stage is.
public struct StageCounts: Sendable, Equatable {
    public var executed = 0
    public var hits = 0
    /// Tasks that are known so far; more may become known.
    public var known = 0
    public init() {}
}

/// Why a part of a run failed, with the place to look at.
public struct RunFailure: Error, Sendable, Equatable {
    public var stage: String
    /// Which task, in words; empty if the whole stage failed.
    public var task: String
    public var message: String
    /// Where in the pipeline file the fault lies, where that can be told.
    public var position: SourcePosition?
    /// Whether the store is damaged.
    public var isDamage: Bool
    /// What the task's process wrote to standard error.
    public var log: Digest?

    public init(stage: String, task: String, message: String, position: SourcePosition? = nil, isDamage: Bool = false) {
        self.stage = stage
        self.task = task
        self.message = message
        self.position = position
        self.isDamage = isDamage
    }
}

extension RunReporter {
    public func progressed(stage: String, task: String, done: Int, total: Int?) {}
}
