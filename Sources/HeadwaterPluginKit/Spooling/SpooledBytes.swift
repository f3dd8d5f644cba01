import Glibc
import Synchronization

/// Bytes put away one behind the other and read again in any order. What is more than a little lies in a file without a name,
/// so that it takes no memory, and nothing of it is left behind whatever becomes of the process.
///
/// May be used from any thread; where several append, each append is one piece.
package final class SpooledBytes: Sendable {
    private struct State {
        /// What is not in the file yet, and where it begins.
        var tail: [UInt8] = []
        var start = 0
        /// None before there is more than is held.
        var file: UnnamedFile?
    }

    private let state = Mutex(State())
    /// So much is held before it is written.
    private static let most = 256 << 10

    private let folder: String

    /// What was read is nothing that could have been put away.
    static var damage: StageError {
        StageError("the folder for temporary files gave back other bytes than were written there; check its disk, or set TMPDIR")
    }

    /// - Parameter folder: where the file lies; `TMPDIR`, or `/var/tmp`, if nil.
    package init(in folder: String? = nil) {
        self.folder = folder ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
    }

    package var count: Int { state.withLock { $0.start + $0.tail.count } }

    /// - Returns: where the bytes lie.
    /// - Throws: `StageError` if there is no room for them.
    @discardableResult
    package func append(_ bytes: UnsafeRawBufferPointer) throws -> Range<Int> {
        try state.withLock { state in
            let start = state.start + state.tail.count
            state.tail.append(contentsOf: bytes)
            if state.tail.count >= SpooledBytes.most {
                let file = try state.file ?? UnnamedFile(in: folder)
                state.file = file
                try state.tail.withUnsafeBytes { try file.write($0, at: state.start) }
                state.start += state.tail.count
                state.tail.removeAll(keepingCapacity: state.tail.count <= 2 * SpooledBytes.most)
            }
            return start..<start + bytes.count
        }
    }

    @discardableResult
    package func append(_ bytes: [UInt8]) throws -> Range<Int> { try bytes.withUnsafeBytes { try append($0) } }

    /// The bytes of a range that lies within what was appended.
    package func read(_ range: Range<Int>) throws -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "only what was put away can be read")
        // What is in the file stays there, so that it is read without the lock.
        let (file, start, tail) = state.withLock { state in
            let held = range.clamped(to: state.start..<max(state.start, range.upperBound))
            return (
                state.file, state.start,
                held.isEmpty ? [] : Array(state.tail[held.lowerBound - state.start..<held.upperBound - state.start])
            )
        }
        let written = range.clamped(to: min(range.lowerBound, start)..<start)
        guard let file, !written.isEmpty else { return tail }
        return try file.read(written) + tail
    }
}

/// A file that is gone when it is closed.
private final class UnnamedFile: Sendable {
    private let descriptor: Int32
    private let folder: String

    init(in folder: String) throws {
        self.folder = folder
        // A name is needed for a moment only: not every file system knows files without one.
        var name = Array((folder + "/headwater-XXXXXX").utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw UnnamedFile.fault("made", folder) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(name)
    }

    deinit { close(descriptor) }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
            if count > 0 { done += count } else if errno != EINTR { throw UnnamedFile.fault("written", folder) }
        }
    }

    func read(_ range: Range<Int>) throws -> [UInt8] {
        var failure: StageError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < buffer.count {
                let count = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(range.lowerBound + filled))
                if count > 0 {
                    filled += count
                } else if count == 0 || errno != EINTR {
                    failure = UnnamedFile.fault("read", folder)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    private static func fault(_ action: String, _ folder: String) -> StageError {
        StageError("a file in \(folder) cannot be \(action): \(String(cString: strerror(errno))); TMPDIR names another folder")
    }
}
