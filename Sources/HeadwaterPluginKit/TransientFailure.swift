/// A failure that may not come again on another try: a server that is busy, a worker that died. A stage's `retry` is for
/// these alone, since whatever else fails would fail again.
public protocol TransientFailure: Error {
    var isTransient: Bool { get }
}
