import Dispatch
import Foundation

/// Ctrl-C, a polite kill and a terminal that goes away: the first asks, the second of one kind does not wait.
enum Interruption {
    static func watch(_ handler: @escaping @Sendable () -> Void) -> any Cancellable {
        let queue = DispatchQueue(label: "headwater.signals")
        let sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number -> (any DispatchSourceSignal)? in
            let before = signal(number, SIG_IGN)
            // Whoever started the command with nohup wants it to outlive the terminal.
            if number == SIGHUP, isIgnoring(before) { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            let count = Counter()
            source.setEventHandler {
                if count.next() > 1 { Foundation._exit(ExitStatus.interrupted.rawValue) }
                handler()
            }
            source.resume()
            return source
        }
        return Watch(sources: sources)
    }

    protocol Cancellable { func cancel() }

    private static func isIgnoring(_ handler: __sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private struct Watch: Cancellable {
        let sources: [any DispatchSourceSignal]
        func cancel() { for source in sources { source.cancel() } }
    }

    /// Touched on the signal queue only.
    private final class Counter: @unchecked Sendable {
        private var value = 0
        func next() -> Int {
            value += 1
            return value
        }
    }
}
