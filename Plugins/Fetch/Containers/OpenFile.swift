import Foundation
import Glibc
import HeadwaterPluginKit

/// A file that is read in parts; closed when the last reference goes.
final class OpenFile: Sendable {
    let path: [UInt8]
    /// As it was when it was opened.
    let stamp: FileStamp
    private let descriptor: Int32

    /// - Throws: `SystemFault`.
    convenience init(_ path: [UInt8]) throws(SystemFault) {
        try self.init(owning: try OpenFile.descriptor(reading: path), as: path)
    }

    /// Opens a file to be read; whoever asks closes the descriptor.
    static func descriptor(reading path: [UInt8]) throws(SystemFault) -> Int32 {
        // Without O_NONBLOCK, opening a pipe that took the file's place would wait for a writer.
        let descriptor = SystemFault.withPath(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
        guard descriptor >= 0 else { throw SystemFault(errno) }
        return descriptor
    }

    /// Closes the descriptor, also where this fails.
    private init(owning descriptor: Int32, as path: [UInt8]) throws(SystemFault) {
        do throws(SystemFault) {
            stamp = try FileStatus.of(descriptor: descriptor).stamp
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    /// A file without a name, which is gone when it is closed.
    init(temporaryIn folder: String) throws(SystemFault) {
        // A name is needed for a moment only: not every file system knows files without one.
        var name = Array((folder + "/headwater-XXXXXX").utf8CString)
        path = Array(folder.utf8)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw SystemFault(errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(name)
        stamp = FileStamp(size: 0, modified: 0, changed: 0, inode: 0)
    }

    /// Bytes in a file without a name.
    ///
    /// - Parameter path: what the file is called in messages.
    convenience init(_ bytes: [UInt8], temporaryIn folder: String, as path: [UInt8]) throws(SystemFault) {
        let file = try OpenFile(temporaryIn: folder)
        var failure: SystemFault?
        bytes.withUnsafeBytes { bytes in
            do throws(SystemFault) { try file.write(bytes, at: 0) } catch { failure = error }
        }
        if let failure { throw failure }
        // The other one closes its own.
        let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        guard descriptor >= 0 else { throw SystemFault(errno) }
        try self.init(owning: descriptor, as: path)
    }

    /// Where files without a name lie.
    static var temporaryFolder: String { ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp" }

    deinit { close(descriptor) }

    /// Whether the file still is as it was when it was opened.
    func isUnchanged() throws(SystemFault) -> Bool { try FileStatus.of(descriptor: descriptor).stamp == stamp }

    /// Fills the buffer from this offset on, as far as the file reaches.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(SystemFault) -> Int {
        var count = 0
        while count < buffer.count {
            let done = pread(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count, offset + count)
            if done == 0 { break }
            if done > 0 { count += done } else if errno != EINTR { throw SystemFault(errno) }
        }
        return count
    }

    /// These bytes; fewer where the file ends before.
    func bytes(_ range: Range<Int>) throws(SystemFault) -> [UInt8] {
        var failure: SystemFault?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            do throws(SystemFault) {
                count = try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// What the disk that it lies on has left.
    func freeBytes() throws(SystemFault) -> Int {
        var status = statvfs()
        guard fstatvfs(descriptor, &status) == 0 else { throw SystemFault(errno) }
        return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SystemFault) {
        var count = 0
        while count < bytes.count {
            let done = pwrite(descriptor, bytes.baseAddress?.advanced(by: count), bytes.count - count, offset + count)
            if done >= 0 { count += done } else if errno != EINTR { throw SystemFault(errno) }
        }
    }
}
