import CSpawn
import Dispatch
import Glibc
import Synchronization

/// The one thread that starts children, reads what they say on standard error, watches their limits, and reaps them.
///
/// It never ends, which matters: the kernel kills a child that is to die with its parent when the *thread* that started it ends,
/// and Dispatch ends its threads when it has no work for them. All that it knows is touched on that thread alone.
final class ChildLoop: Sendable {
    /// The thread, or why the system gives none; asked for with the first child.
    static let started = Result { () throws(LaunchError) in try ChildLoop() }

    private let mailbox = Mutex<[@Sendable (ChildTable) -> Void]>([])
    /// Readable when there is something in the mailbox.
    private let bell: Pipe

    private init() throws(LaunchError) {
        bell = try Pipe()
        Pipe.doNotBlock(bell.reading)
        Pipe.doNotBlock(bell.writing)
        // A child that stops reading must be an error of a write, not the end of the engine.
        var present = sigaction()
        if sigaction(SIGPIPE, nil, &present) == 0, present.__sigaction_handler.sa_handler == nil { signal(SIGPIPE, SIG_IGN) }
        _ = child_become_reaper()
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { _ in
                if case .success(let loop) = ChildLoop.started { loop.run() }
                return nil
            }, nil)
        guard code == 0 else {
            close(bell.reading)
            close(bell.writing)
            throw .system(code, "start the thread that starts children")
        }
    }

    private func run() -> Never {
        let table = ChildTable(bell: bell.reading)
        while true {
            for letter in mailbox.withLock({ letters in
                defer { letters = [] }
                return letters
            }) {
                letter(table)
            }
            table.turn()
        }
    }

    private func post(_ letter: @escaping @Sendable (ChildTable) -> Void) {
        mailbox.withLock { $0.append(letter) }
        // A pipe that is full rings already.
        var one: UInt8 = 1
        _ = write(bell.writing, &one, 1)
    }

    /// Starts the child and returns its process id, from which moment it is watched.
    func start(_ prepared: PreparedLaunch, _ course: ChildCourse) throws(LaunchError) -> pid_t {
        let answer = Answer()
        post { table in
            do throws(LaunchError) {
                answer.give(.success(try table.start(prepared, course)))
            } catch {
                answer.give(.failure(error))
            }
        }
        return try answer.wait()
    }

    func end(_ course: ChildCourse, grace: Duration) { post { $0.end(course, grace: grace) } }
}

/// What the loop answers to somebody who waits for it.
private final class Answer: Sendable {
    private let result = Mutex<Result<pid_t, LaunchError>?>(nil)
    private let given = DispatchSemaphore(value: 0)

    func give(_ result: Result<pid_t, LaunchError>) {
        self.result.withLock { $0 = result }
        given.signal()
    }

    func wait() throws(LaunchError) -> pid_t {
        while true {
            given.wait()
            if let result = result.withLock({ $0 }) { return try result.get() }
        }
    }
}
