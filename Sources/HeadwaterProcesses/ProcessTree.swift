import Glibc

/// The processes below another, read from `/proc` (`man 5 proc`: `/proc/[pid]/task/[tid]/children`).
///
/// What is read is a picture of something that moves. It is used for limits, where a look follows soon, and for ending
/// processes, where one looks until nothing is left.
enum ProcessTree {
    struct Usage {
        var resident = 0
        /// Processes and threads.
        var tasks = 0
    }

    /// The direct children of a process, of all its threads.
    static func children(of process: pid_t) -> [pid_t] {
        tasks(of: process).flatMap { numbers(in: "/proc/\(process)/task/\($0)/children") }
    }

    /// What the kernel has given to this process because those that started it are gone, and what its first thread started.
    ///
    /// Orphans go to a reaper's first thread, or to the next one when that has ended (`find_new_reaper` in the kernel's
    /// kernel/exit.c), so that its list alone is read as long as it lives: it is a look for each child that ends.
    static func orphans() -> [pid_t] {
        let me = getpid()
        guard firstThreadLives(of: me) else { return children(of: me) }
        return numbers(in: "/proc/\(me)/task/\(me)/children")
    }

    private static func firstThreadLives(of process: pid_t) -> Bool {
        let descriptor = open("/proc/\(process)/task/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            // The state follows the name, which may hold anything, brackets too.
            guard count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")), end + 2 < count else { return false }
            return buffer[end + 2] != UInt8(ascii: "Z") && buffer[end + 2] != UInt8(ascii: "X")
        }
    }

    /// The process and all below it, those above first; empty if it is gone.
    static func members(from root: pid_t, atMost limit: Int = .max) -> [pid_t] {
        var members = [root]
        var next = 0
        while next < members.count && members.count <= limit {
            members += children(of: members[next])
            next += 1
        }
        return members
    }

    /// What the process and all below it take now. Stops when there are more tasks than asked for.
    static func usage(from root: pid_t, tasks limit: Int) -> Usage {
        var usage = Usage()
        var waiting = [root]
        while let process = waiting.popLast(), usage.tasks <= limit {
            let tasks = tasks(of: process)
            usage.tasks += tasks.count
            // The second number is the resident pages, of which the third says how many are files or shared.
            let pages = numbers(in: "/proc/\(process)/statm")
            if pages.count > 2 { usage.resident += max(0, Int(pages[1]) - Int(pages[2])) * pageSize }
            for task in tasks { waiting += numbers(in: "/proc/\(process)/task/\(task)/children") }
        }
        return usage
    }

    private static let pageSize = sysconf(Int32(_SC_PAGESIZE))

    /// The threads of a process.
    static func tasks(of process: pid_t) -> [pid_t] { numbers(naming: "/proc/\(process)/task") }

    /// All processes that a user runs.
    static func processes(of user: uid_t) -> [pid_t] {
        numbers(naming: "/proc").filter {
            var status = stat()
            return stat("/proc/\($0)", &status) == 0 && status.st_uid == user
        }
    }

    /// The names in a folder that are numbers.
    private static func numbers(naming path: String) -> [pid_t] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var numbers: [pid_t] = []
        while let entry = readdir(folder) {
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            if let number = pid_t(String(cString: start.assumingMemoryBound(to: CChar.self))) { numbers.append(number) }
        }
        return numbers
    }

    /// The decimal numbers in a file of `/proc`; none if it is gone.
    private static func numbers(in path: String) -> [pid_t] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var numbers: [pid_t] = []
        var current: Int?
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            for byte in buffer[..<count] {
                if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                    current = min((current ?? 0) * 10 + Int(byte - UInt8(ascii: "0")), Int(pid_t.max))
                } else if let number = current {
                    numbers.append(pid_t(number))
                    current = nil
                }
            }
        }
        if let number = current { numbers.append(pid_t(number)) }
        return numbers
    }
}
