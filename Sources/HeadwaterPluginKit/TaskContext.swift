/// The task that a stage is carrying out, as far as a stage may know: what to call it, whether it is still wanted, and
/// whom to tell how it goes. Nothing of it reaches a result.
public struct TaskContext: Sendable {
    /// The round and the partition or group, for messages: `apply of page.html`.
    public let name: String
    public let journal: any TaskJournal
    private let stopping: @Sendable () -> Bool

    /// - Parameter isStopping: whether the run has been asked to stop, so that what waits or runs long should end.
    package init(name: String, journal: any TaskJournal, isStopping: @escaping @Sendable () -> Bool) {
        self.name = name
        self.journal = journal
        stopping = isStopping
    }

    public var isStopping: Bool { stopping() }
}

/// What is written down about how a task went, beside what it came to.
public protocol TaskJournal: AnyObject, Sendable {
    /// Bytes for the task's log: what its process wrote to standard error.
    func log(_ bytes: [UInt8])

    /// Something that whoever runs the pipeline should know, though the task goes on.
    func warn(_ message: String)

    /// How far the task is. `total` is nil where nobody knows.
    func progress(done: Int, total: Int?)

    /// A number about the work, summed up over the tasks of a stage.
    func count(_ metric: String, _ value: Int)
}
