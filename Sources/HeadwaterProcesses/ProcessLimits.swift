import CSpawn
import Glibc

/// How much a child and all that it starts may take. Nil is no limit. Wall time is the caller's, who calls `end`.
///
/// Memory is what is resident, summed over the child's processes, because address space says nothing of an interpreter:
/// those of JavaScript, Java and Go reserve gigabytes that they never touch. The kernel has no such limit for a group of
/// processes short of control groups, which need rights that a user rarely has, so the sum is watched; between two looks
/// `RLIMIT_DATA` holds each process, which counts private memory that can be written and leaves reservations out.
/// Processes are watched too: `RLIMIT_NPROC` counts everything its user runs anywhere, and does not bind root. It is set, with
/// room for what else the user may start, to hold what multiplies faster than one can look.
public struct ProcessLimits: Sendable, Equatable {
    /// Resident bytes of all processes together, and writable private bytes of each.
    public var memory: Int?
    /// Processes and threads, all together.
    public var processes: Int?
    /// Open descriptors of each process.
    public var openFiles: Int?
    /// Seconds of processor time of each process.
    public var processorSeconds: Int?
    /// Bytes of each file that is written.
    public var fileSize: Int?

    public init(
        memory: Int? = nil, processes: Int? = nil, openFiles: Int? = nil, processorSeconds: Int? = nil, fileSize: Int? = nil
    ) {
        self.memory = memory
        self.processes = processes
        self.openFiles = openFiles
        self.processorSeconds = processorSeconds
        self.fileSize = fileSize
    }

    /// One of the limits, as a message names it.
    public enum Kind: String, Sendable {
        case memory, processes
        case openFiles = "open files"
        case processorSeconds = "processor time"
        case fileSize = "file size"
    }

    /// What the same user may start elsewhere while the child runs; a session with a browser and an editor has some hundred tasks.
    private static let roomForOthers = 1000

    /// Whether somebody has to look at the child's processes now and then.
    var isWatched: Bool { memory != nil || processes != nil }

    /// What the kernel itself enforces.
    ///
    /// - Parameter userTasks: how many tasks our user runs already.
    func ofTheKernel(userTasks: Int) -> [child_limit] {
        var limits = [child_limit(resource: Int32(RLIMIT_CORE.rawValue), soft: 0, hard: 0)]
        func add(_ resource: __rlimit_resource, _ limit: Int?, hard: Int = 0) {
            guard let limit else { return }
            let soft = UInt64(max(limit, 0))
            limits.append(child_limit(resource: Int32(resource.rawValue), soft: soft, hard: soft &+ UInt64(hard)))
        }
        add(RLIMIT_DATA, memory)
        add(RLIMIT_NOFILE, openFiles)
        add(__RLIMIT_NPROC, processes.map { userTasks + $0 + ProcessLimits.roomForOthers })
        // The second more is between SIGXCPU, which tells the limit, and SIGKILL, which a child cannot ignore.
        add(RLIMIT_CPU, processorSeconds, hard: 1)
        add(RLIMIT_FSIZE, fileSize)
        return limits
    }
}
