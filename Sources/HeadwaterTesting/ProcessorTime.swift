import Glibc

/// What this thread has taken of the processor: what else the machine does is no fault of the code under test.
public enum ProcessorTime {
    public static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// What `body` takes, which must stay on this thread.
    public static func of(_ body: () throws -> Void) rethrows -> Duration {
        let before = now
        try body()
        return now - before
    }
}
