import CSpawn
import Glibc

/// All children that run, as the loop's thread knows them. Not to be touched from any other thread.
final class ChildTable {
    private struct Entry {
        let course: ChildCourse
        /// Readable once the process has ended; -1 afterwards.
        var lifeline: Int32
        /// -1 once the child and all it started have closed it.
        var errors: Int32
        /// When what is left is killed.
        var deadline: ContinuousClock.Instant?
        var wasEnded = false
        var breach: ProcessExit.Breach?
        var hasExited: Bool { lifeline < 0 }
    }

    private let bell: Int32
    private var entries: [pid_t: Entry] = [:]
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var nextLook = ContinuousClock.now
    private var isHurried = false
    private var userTasks = UserTasks()
    /// How long no look at the limits is taken, at least.
    private static let lookInterval = Duration.milliseconds(20)
    /// Whatever a look costs: what multiplies has long done so after this time.
    private static let longestPause = Duration.seconds(1)
    /// How long ended processes get before they are looked at again.
    private static let sweepInterval = Duration.milliseconds(1)

    init(bell: Int32) { self.bell = bell }

    // MARK: What is asked of it

    func start(_ prepared: PreparedLaunch, _ course: ChildCourse) throws(LaunchError) -> pid_t {
        let process = try prepared.spawn(userTasks: prepared.launch.limits.processes == nil ? 0 : userTasks.count())
        let lifeline = child_pidfd(process)
        guard lifeline >= 0 else {
            let code = errno
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
            throw .system(code, "watch a process")
        }
        entries[process] = Entry(course: course, lifeline: lifeline, errors: prepared.errors)
        return process
    }

    func end(_ course: ChildCourse, grace: Duration) {
        guard let (process, entry) = entries.first(where: { $0.value.course === course }), !entry.hasExited else { return }
        let deadline = ContinuousClock.now + grace
        entries[process]?.wasEnded = true
        entries[process]?.deadline = min(entry.deadline ?? deadline, deadline)
        guard grace > .zero else { return }
        for member in ProcessTree.members(from: process).dropFirst(course.sandboxProcesses) { kill(member, SIGTERM) }
    }

    // MARK: One turn of the loop

    /// Waits until something happens or is due, and deals with it.
    func turn() {
        let order = entries.keys.sorted()
        var watched = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
        for process in order {
            // A descriptor of -1 is passed over.
            watched.append(pollfd(fd: entries[process]?.lifeline ?? -1, events: Int16(POLLIN), revents: 0))
            watched.append(pollfd(fd: entries[process]?.errors ?? -1, events: Int16(POLLIN), revents: 0))
        }
        _ = poll(&watched, UInt(watched.count), timeout())
        if watched[0].revents != 0 { _ = read(bell, &buffer, buffer.count) }
        for (index, process) in order.enumerated() {
            if watched[2 * index + 2].revents != 0 { readErrors(of: process) }
            if watched[2 * index + 1].revents != 0 { noteExit(of: process) }
        }
        let now = ContinuousClock.now
        for process in order { if let due = entries[process]?.deadline, due <= now { killAll(of: process) } }
        lookAtLimits(now)
        if entries.values.contains(where: \.hasExited) {
            let nothingIsLeft = sweep()
            hurry(!nothingIsLeft)
            if nothingIsLeft { finishExited() }
        }
    }

    /// In milliseconds, rounded up; -1 if nothing is due.
    private func timeout() -> Int32 {
        let now = ContinuousClock.now
        var due = entries.values.compactMap(\.deadline).min()
        if entries.values.contains(where: \.hasExited) { due = now + ChildTable.sweepInterval }
        if entries.values.contains(where: { $0.course.limits.isWatched }) { due = min(due ?? nextLook, nextLook) }
        guard let due else { return -1 }
        return Int32(min(max(0, (due - now) / .milliseconds(1)).rounded(.up), 1e6))
    }

    /// - Returns: whether there may be more.
    @discardableResult
    private func readErrors(of process: pid_t) -> Bool {
        guard let entry = entries[process], entry.errors >= 0 else { return false }
        let count = read(entry.errors, &buffer, buffer.count)
        if count > 0 {
            buffer.withUnsafeBytes { entry.course.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            return true
        }
        if count == 0 || (errno != EAGAIN && errno != EINTR) {
            close(entry.errors)
            entries[process]?.errors = -1
        }
        return false
    }

    private func noteExit(of process: pid_t) {
        guard let entry = entries[process], !entry.hasExited else { return }
        close(entry.lifeline)
        entries[process]?.lifeline = -1
        entries[process]?.deadline = nil
        // It is not reaped yet, so the group's number is still its own.
        kill(-process, SIGKILL)
    }

    private func killAll(of process: pid_t) {
        entries[process]?.wasEnded = true
        // What is not in the group falls to us when the process is gone, and is swept up.
        kill(-process, SIGKILL)
        kill(process, SIGKILL)
        entries[process]?.deadline = nil
    }

    private func lookAtLimits(_ start: ContinuousClock.Instant) {
        guard start >= nextLook else { return }
        let before = processorTime
        for (process, entry) in entries where entry.course.limits.isWatched && !entry.hasExited && entry.breach == nil {
            let own = entry.course.sandboxProcesses
            let limits = entry.course.limits
            let usage = ProcessTree.usage(from: process, tasks: (limits.processes ?? 1 << 20) + own)
            if let allowed = limits.processes, usage.tasks - own > allowed {
                entries[process]?.breach = .init(limit: .processes, allowed: allowed)
            } else if let allowed = limits.memory, usage.resident > allowed {
                entries[process]?.breach = .init(limit: .memory, allowed: allowed)
            } else {
                continue
            }
            killAll(of: process)
        }
        // Looking takes a fiftieth of one processor at most, however much there is to look at. The clock would count what others
        // take as well: beside a bomb a look lasts long, and the next one must not wait for that.
        let pause = max(ChildTable.lookInterval, (processorTime - before) * 50)
        nextLook = ContinuousClock.now + min(pause, ChildTable.longestPause)
    }

    /// What this thread has taken.
    private var processorTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    // MARK: When a child has ended

    /// Kills and reaps what ended children have left behind. Since this process is a reaper, that is: its children which it did not start
    /// itself here. Those of its own session were started by others in this process, because nobody can join a session.
    ///
    /// - Returns: whether nothing is left.
    private func sweep() -> Bool {
        var left = false
        let session = getsid(0)
        for orphan in ProcessTree.orphans() where entries[orphan] == nil && getsid(orphan) != session {
            for member in ProcessTree.members(from: orphan).reversed() { kill(member, SIGKILL) }
            var info = siginfo_t()
            if waitid(P_PID, id_t(orphan), &info, WEXITED | WNOHANG) != 0 || ChildTable.process(info) == 0 { left = true }
        }
        return !left
    }

    /// Against processes that multiply, whoever ends them must get to run: among a thousand that want to, a thread of ordinary priority does
    /// so too rarely. Where we have no right to more this changes nothing.
    private func hurry(_ wanted: Bool) {
        guard wanted != isHurried else { return }
        var priority = sched_param(sched_priority: wanted ? 1 : 0)
        isHurried = sched_setscheduler(0, wanted ? SCHED_RR : SCHED_OTHER, &priority) == 0 ? wanted : isHurried
    }

    private func finishExited() {
        for (process, entry) in entries where entry.hasExited {
            while readErrors(of: process) {}
            if let open = entries[process]?.errors, open >= 0 { close(open) }
            var status: Int32 = 0
            var usage = rusage()
            while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
            entries[process] = nil
            entry.course.finish(exit(of: entry, status, usage))
        }
    }

    private func exit(of entry: Entry, _ status: Int32, _ usage: rusage) -> ProcessExit {
        // As the macros of <sys/wait.h> take a status apart.
        let signal = status & 0x7f
        var cause = signal == 0 ? ProcessExit.Cause.status(Int(status >> 8 & 0xff)) : .signal(Int(signal))
        // Bubblewrap tells a signal as shells do.
        if entry.course.sandboxProcesses > 0, case .status(let code) = cause, Signal.name(code - 128) != nil {
            cause = .signal(code - 128)
        }
        var breach = entry.breach
        let limits = entry.course.limits
        if cause == .signal(Int(SIGXCPU)), let allowed = limits.processorSeconds {
            breach = .init(limit: .processorSeconds, allowed: allowed)
        }
        if cause == .signal(Int(SIGXFSZ)), let allowed = limits.fileSize { breach = .init(limit: .fileSize, allowed: allowed) }
        let times = [usage.ru_utime, usage.ru_stime].map { Int($0.tv_sec) * 1_000_000 + Int($0.tv_usec) }
        return ProcessExit(cause: cause, breach: breach, wasEnded: entry.wasEnded, processorTime: times.reduce(0, +))
    }

    private static func process(_ info: siginfo_t) -> pid_t { info._sifields._kill.si_pid }
}
