import CSpawn
import Glibc
import Synchronization

/// Our end of a pipe to or from a child: a descriptor that does not block. One thread at a time uses it.
///
/// A write to a child that reads no more fails with `EPIPE`; its signal is ignored from the first child on.
public final class PipeEnd: Sendable {
    private let open: Mutex<Int32>

    init(_ descriptor: Int32) { open = Mutex(descriptor) }

    deinit { close() }

    /// How many bytes a pipe to or from a child holds, where the system lets us have so many: four times what is usual, so that
    /// two that talk change places less often.
    public static let capacity = 1 << 18

    /// -1 once it is closed.
    public var descriptor: Int32 { open.withLock { $0 } }

    /// Closes the end: a child that reads then sees the end of its input.
    public func close() {
        open.withLock { descriptor in
            if descriptor >= 0 { _ = Glibc.close(descriptor) }
            descriptor = -1
        }
    }
}

/// Both ends of a new pipe; no child inherits either but the one it is handed to.
struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws(LaunchError) {
        var ends: [Int32] = [-1, -1]
        guard child_pipe(&ends) == 0 else { throw .system(errno, "make a pipe") }
        (reading, writing) = (ends[0], ends[1])
    }

    /// Lets it hold as much as `PipeEnd.capacity`. It works as well where that is refused.
    func widen() { _ = child_widen_pipe(writing, Int32(PipeEnd.capacity)) }

    static func doNotBlock(_ descriptor: Int32) { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }
}
