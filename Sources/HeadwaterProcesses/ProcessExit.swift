/// How a child process ended.
public struct ProcessExit: Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        case status(Int)
        case signal(Int)
    }

    public var cause: Cause
    /// The limit that was breached, as far as that can be known: a program that is refused memory or a descriptor may just say so
    /// on standard error and exit.
    public var breach: Breach?
    /// Whether we ended it, for a breach or because `end` was called.
    public var wasEnded: Bool
    /// Processor time of the child and of what it waited for, in microseconds.
    public var processorTime: Int

    public struct Breach: Sendable, Equatable {
        public var limit: ProcessLimits.Kind
        /// In the limit's own unit.
        public var allowed: Int
    }

    public var isSuccess: Bool { cause == .status(0) && breach == nil }
}

extension ProcessExit: CustomStringConvertible {
    /// Fit to follow the name of the program: "exited with status 3", "was ended by signal 11 (SIGSEGV)".
    public var description: String {
        if let breach { return "was ended because it went over its limit of \(breach)" }
        switch cause {
        case .status(let status): return "exited with status \(status)"
        case .signal(let number): return "was ended by signal \(number)" + (Signal.name(number).map { " (\($0))" } ?? "")
        }
    }
}

extension ProcessExit.Breach: CustomStringConvertible {
    public var description: String {
        switch limit {
        case .memory, .fileSize: "\(allowed) bytes of \(limit == .memory ? "memory" : "a file")"
        case .processes: "\(allowed) processes and threads"
        case .openFiles: "\(allowed) open files"
        case .processorSeconds: "\(allowed) s of processor time"
        }
    }
}

/// The names of signals, by their numbers on Linux (`man 7 signal`; the same on x86-64 and ARM).
enum Signal {
    static func name(_ number: Int) -> String? { names[number] }

    private static let names = [
        1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
        10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ",
        31: "SIGSYS",
    ]
}
