import HeadwaterModel

/// What the tasks of a stage may take, and how often each is tried. None of it changes a result, so none of it is part
/// of a task key.
public struct TaskPolicy: Hashable, Sendable {
    public var retry: Retry
    /// Milliseconds that one try of a task may take; nil for as long as it needs. Only a stage whose tasks run in
    /// processes of their own has one.
    public var timeout: Int?
    /// Bytes of memory that one task may take; nil for as much as there is. Only a stage whose tasks run in processes of
    /// their own has one.
    public var memory: Int?
    /// How many of the run's jobs one task takes.
    public var slots: Int

    /// What happens after a failure that could pass.
    public struct Retry: Hashable, Sendable {
        /// Tries after the first.
        public var times: Int
        /// Milliseconds before the second try; twice as long before each further one.
        public var delay: Int

        public static let none = Retry(times: 0, delay: 0)
        public static let defaultDelay = 1000
        /// Milliseconds: no wait is longer, however often the delay was doubled.
        private static let longestWait = 300_000

        public init(times: Int, delay: Int = Retry.defaultDelay) {
            self.times = times
            self.delay = times == 0 ? 0 : delay
        }

        /// Milliseconds to wait after this many tries have failed.
        public func wait(after failures: Int) -> Int {
            var wait = delay
            for _ in 1..<max(failures, 1) where wait < Retry.longestWait { wait *= 2 }
            return max(min(wait, Retry.longestWait), delay)
        }
    }

    public init(retry: Retry = .none, timeout: Int? = nil, memory: Int? = nil, slots: Int = 1) {
        self.retry = retry
        self.timeout = timeout
        self.memory = memory
        self.slots = slots
    }

    /// As programs read it: only what differs from the default.
    var json: JSON {
        var members: [String: JSON] = [:]
        if retry != .none { members["retry"] = ["times": .integer(retry.times), "delayMilliseconds": .integer(retry.delay)] }
        if let timeout { members["timeoutMilliseconds"] = .integer(timeout) }
        if let memory { members["memoryBytes"] = .integer(memory) }
        if slots != 1 { members["slots"] = .integer(slots) }
        return .object(members)
    }
}
