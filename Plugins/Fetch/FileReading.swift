import Glibc
import HeadwaterPluginKit

/// Reads a whole file as it was at one moment.
enum FileReading {
    /// One source is held in memory; what is larger is not a text.
    static let maximumSize = 2 << 30
    private static let attempts = 4

    /// - Parameter whileReading: called once in each attempt, between reading the bytes and looking whether they
    ///   still hold; a test changes the file there.
    /// - Throws: `StageError` for what cannot be read, is no file, or keeps changing.
    static func read(_ path: [UInt8], whileReading: () -> Void = {}) throws -> (bytes: [UInt8], stamp: FileStamp) {
        let shown = PathText.shown(path)
        do {
            for _ in 0..<attempts {
                if let read = try attempt(path, whileReading) { return read }
            }
        } catch let fault as SystemFault {
            throw StageError("\(shown) cannot be read: \(fault.reason)")
        }
        throw StageError("\(shown) changed each of the \(attempts) times it was read; run again when nothing writes to it")
    }

    /// Nil if the file changed meanwhile.
    private static func attempt(_ path: [UInt8], _ whileReading: () -> Void) throws -> (bytes: [UInt8], stamp: FileStamp)? {
        let descriptor = try OpenFile.descriptor(reading: path)
        defer { close(descriptor) }
        let before = try settled(descriptor)
        guard before.kind == .file else {
            throw StageError("\(PathText.shown(path)) is no longer a file, as it was when the run began")
        }
        guard before.stamp.size <= maximumSize else {
            throw StageError("\(PathText.shown(path)) has \(before.stamp.size) bytes; a source has at most \(maximumSize)")
        }
        let bytes = try contents(descriptor, expected: before.stamp.size)
        whileReading()
        let after = try FileStatus.of(descriptor: descriptor)
        return before.stamp == after.stamp && bytes.count == before.stamp.size ? (bytes, after.stamp) : nil
    }

    /// The file's status, once its change time lies behind the present tick of the kernel's clock: a change within the
    /// same tick would leave the times as they are, and go unseen. (Git calls such a file racily clean.)
    private static func settled(_ descriptor: Int32) throws(SystemFault) -> FileStatus {
        let status = try FileStatus.of(descriptor: descriptor)
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        // The longest tick Linux is built with, 100 a second.
        let tick = 10_000_000
        let age = Int(now.tv_sec) * 1_000_000_000 + Int(now.tv_nsec) - status.stamp.changed
        guard (0...tick).contains(age) else { return status }
        usleep(useconds_t(tick / 1000 + 1000))
        return try FileStatus.of(descriptor: descriptor)
    }

    /// At most one byte more than expected: enough to see that the file grew.
    private static func contents(_ descriptor: Int32, expected: Int) throws(SystemFault) -> [UInt8] {
        var failure: SystemFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: expected + 1) { buffer, count in
            while count < buffer.count {
                let done = Glibc.read(
                    descriptor, UnsafeMutableRawPointer(buffer.baseAddress)?.advanced(by: count), buffer.count - count)
                if done == 0 { return }
                if done > 0 {
                    count += done
                    // Of a file, fewer bytes than asked for are its last. One that grew since is told by its stamp.
                    if count == expected { return }
                } else if errno != EINTR {
                    failure = SystemFault(errno)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
