import Dispatch
import Glibc
import Synchronization

/// A program that is not trusted, running in a session of its own. It, and all that it started, is gone when `wait` or `end`
/// returns, or when nobody holds the value any more.
///
/// What it does to the engine is bounded: standard error is read as it comes and kept in part, limits are watched, and it
/// dies with the engine. May be used from many threads at once.
///
/// What a sandbox adds besides: the kernel ends all of it at once. Outside one, what a child starts in the background outlives an engine
/// that is killed without a chance to end it (the child itself does not), and processes that multiply in sessions of their own
/// are hunted one by one, which on a busy machine takes a right to a higher priority to be sure of.
/// And what it hides: a child in bubblewrap that closes a stream early is seen to have done so only when it ends.
public final class ChildProcess: Sendable {
    public let processID: Int32
    /// What the child got of the sandbox it asked for.
    public let sandbox: Sandbox
    /// Where the child's standard input comes from; nil unless it is a pipe.
    public let input: PipeEnd?
    /// What the child writes to standard output; nil unless it is a pipe.
    public let output: PipeEnd?
    let course: ChildCourse
    private let loop: ChildLoop

    private init(loop: ChildLoop, processID: Int32, sandbox: Sandbox, input: PipeEnd?, output: PipeEnd?, course: ChildCourse) {
        self.loop = loop
        self.processID = processID
        self.sandbox = sandbox
        self.input = input
        self.output = output
        self.course = course
    }

    deinit { if course.exit == nil { loop.end(course, grace: .zero) } }

    /// Starts a child in the sandbox that its launch asks for.
    public static func start(_ launch: Launch) throws(LaunchError) -> ChildProcess {
        try start(launch, in: Sandbox.choose(launch.sandbox.mode))
    }

    static func start(_ launch: Launch, in sandbox: Sandbox) throws(LaunchError) -> ChildProcess {
        let loop = try ChildLoop.started.get()
        var prepared = try PreparedLaunch(launch, sandbox)
        defer { prepared.closeTheirEnds() }
        var sandboxProcesses = 0
        // The process that waits outside, and the first one inside.
        if case .bubblewrap = sandbox { sandboxProcesses = 2 }
        let course = ChildCourse(limits: launch.limits, sandboxProcesses: sandboxProcesses, keptLog: launch.keptLog)
        do {
            let process = try loop.start(prepared, course)
            return ChildProcess(
                loop: loop, processID: process, sandbox: sandbox, input: prepared.input, output: prepared.output, course: course)
        } catch {
            prepared.closeOurEnds()
            throw error
        }
    }

    /// What it wrote to standard error until now.
    public var log: BoundedLog { course.log }

    /// How it ended; nil while it runs.
    public var exit: ProcessExit? { course.exit }

    /// Waits until it has ended by itself; nil if that takes longer than this.
    public func wait(for time: Duration) -> ProcessExit? {
        _ = course.ended.wait(timeout: .now() + .nanoseconds(Int(time / .nanoseconds(1))))
        return course.exit
    }

    /// Calls back once it has ended, on a queue of Dispatch.
    public func whenEnded(_ body: @escaping @Sendable (ProcessExit) -> Void) {
        course.ended.notify(queue: .global()) { [course] in if let exit = course.exit { body(exit) } }
    }

    /// Ends it and all that it started: asks with SIGTERM, and kills what is left after the grace. Returns when everything is gone.
    ///
    /// - Parameter grace: zero kills at once.
    @discardableResult
    public func end(grace: Duration = .zero) -> ProcessExit {
        loop.end(course, grace: grace)
        return course.waitForExit()
    }
}

/// What becomes of one child: written by the loop, read by anybody.
final class ChildCourse: Sendable {
    let limits: ProcessLimits
    /// How many processes at the top of the child's tree are the sandbox's own.
    let sandboxProcesses: Int
    /// Left when it has ended and nothing of it runs any more.
    let ended = DispatchGroup()
    private let state: Mutex<(log: BoundedLog, exit: ProcessExit?)>

    init(limits: ProcessLimits, sandboxProcesses: Int, keptLog: Int) {
        self.limits = limits
        self.sandboxProcesses = sandboxProcesses
        state = Mutex((BoundedLog(kept: keptLog), nil))
        ended.enter()
    }

    var log: BoundedLog { state.withLock { $0.log } }
    var exit: ProcessExit? { state.withLock { $0.exit } }

    func append(_ bytes: UnsafeRawBufferPointer) { state.withLock { $0.log.append(bytes) } }

    func finish(_ exit: ProcessExit) {
        state.withLock { $0.exit = exit }
        ended.leave()
    }

    func waitForExit() -> ProcessExit {
        while true {
            ended.wait()
            if let exit { return exit }
        }
    }
}
