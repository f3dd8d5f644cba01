import Foundation
import Glibc
import HeadwaterModel

/// Writes a file so that it is there whole or not at all, and leaves nothing else behind.
enum AtomicFile {
    /// Folders on the way are made. A file that is there already keeps its permissions, and a link stays one.
    ///
    /// - Parameters:
    ///   - digest: of all that is written; a file that has it is left as it is.
    ///   - isDurable: whether the bytes are on the disk when this returns.
    ///   - parts: calls what it is given with the bytes, part by part.
    static func write(
        to path: String, digest: Digest, isDurable: Bool = true, _ parts: (_ write: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        if AtomicFile.digest(of: path) == digest { return }
        let url = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath()
        do {
            let folder = url.deletingLastPathComponent()
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            } catch {
                throw Refusal(number: Refusal.number(in: error) ?? EIO)
            }
            try replace(url.path, in: folder.path, isDurable, with: parts)
        } catch let refusal as Refusal {
            throw TaskFault("cannot write \(url.path): \(refusal.reason); \(refusal.remedy)")
        }
    }

    /// The digest of the bytes of a file; nil if it is not there or cannot be read.
    static func digest(of path: String) -> Digest? {
        // Without O_NONBLOCK, opening a pipe would wait for somebody to write to it.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var hasher = DigestHasher()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { return hasher.finish() }
            buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// `O_TMPFILE`, which is a macro that Swift does not see: of Linux's asm-generic/fcntl.h.
    private static let nameless = 0o20_000_000 | O_DIRECTORY

    /// A file without a name gets one when it is whole, so that a process that is killed leaves none (open(2), O_TMPFILE).
    /// Where a file system cannot do that, it has a name from the start.
    private static func replace(
        _ path: String, in folder: String, _ isDurable: Bool, with parts: (_ write: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        let temporary = "\(folder)/.headwater-\(getpid())-\(UInt32.random(in: .min ... .max))"
        var file = open(folder, nameless | O_WRONLY | O_CLOEXEC, 0o666)
        let isNameless = file >= 0
        if !isNameless { file = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666) }
        guard file >= 0 else { throw Refusal(number: errno) }
        defer { close(file) }
        do {
            try parts { try write($0, to: file) }
            var status = stat()
            if stat(path, &status) == 0 { try check(fchmod(file, status.st_mode & 0o7777)) }
            if isDurable { try check(fsync(file)) }
            if isNameless {
                try check(linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW))
            }
            try check(rename(temporary, path))
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) throws(Refusal) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count > 0 { done += count } else if errno != EINTR { throw Refusal(number: count < 0 ? errno : EIO) }
        }
    }

    private static func check(_ result: Int32) throws(Refusal) {
        if result != 0 { throw Refusal(number: errno) }
    }

    /// What the system does not let us do.
    private struct Refusal: Error {
        var number: Int32

        var reason: String { String(cString: strerror(number)) }

        var remedy: String {
            switch number {
            case ENOSPC, EDQUOT: "free some space and run again"
            case EFBIG: "raise the limit on file sizes (ulimit -f) and run again"
            case EACCES, EPERM, EROFS: "check who owns it and how its file system is mounted"
            default: "see to the cause and run again"
            }
        }

        /// The system's number where Foundation has wrapped it.
        static func number(in error: any Error) -> Int32? {
            var current: NSError? = error as NSError
            while let inner = current {
                if inner.domain == NSPOSIXErrorDomain { return Int32(truncatingIfNeeded: inner.code) }
                current = inner.userInfo[NSUnderlyingErrorKey] as? NSError
            }
            return nil
        }
    }
}
