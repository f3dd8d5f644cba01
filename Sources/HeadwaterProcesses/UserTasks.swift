import Glibc

/// How many processes and threads our user runs on the machine, as the kernel counts them for `RLIMIT_NPROC`. It is counted anew
/// once a second at most.
struct UserTasks {
    private var counted: (at: ContinuousClock.Instant, tasks: Int)?

    mutating func count() -> Int {
        let now = ContinuousClock.now
        if let counted, now - counted.at < .seconds(1) { return counted.tasks }
        let tasks = ProcessTree.processes(of: getuid()).reduce(0) { $0 + ProcessTree.tasks(of: $1).count }
        counted = (now, tasks)
        return tasks
    }
}
