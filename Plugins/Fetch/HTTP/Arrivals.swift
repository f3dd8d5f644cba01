import Dispatch
import Synchronization

/// Answers on their way from the client's queue to the thread that asked, in the order in which they came.
final class Arrivals<Answer: Sendable>: Sendable {
    typealias Arrival = (index: Int, result: Result<Answer, any Error>)

    private let arrived = Mutex<[Arrival]>([])
    private let count = DispatchSemaphore(value: 0)

    func put(_ index: Int, _ result: Result<Answer, any Error>) {
        arrived.withLock { $0.append((index, result)) }
        count.signal()
    }

    /// Waits for the next.
    func next() -> Arrival {
        count.wait()
        return arrived.withLock { $0.removeFirst() }
    }
}
