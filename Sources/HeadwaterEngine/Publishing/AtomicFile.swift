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
        let url = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath()
        removeLeftover(temporary(for: url))
        if AtomicFile.digest(of: path) == digest { return }
        do {
            let folder = url.deletingLastPathComponent()
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            } catch {
                throw Refusal(number: Refusal.number(in: error) ?? EIO)
            }
            try replace(url.path, temporary(for: url), in: folder.path, isDurable, with: parts)
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

    /// The name that a file has before it gets its own: always the same one, so that who comes next finds it.
    private static func temporary(for url: URL) -> String {
        let name = Digest(of: Array(url.lastPathComponent.utf8)).hex.prefix(16)
        return "\(url.deletingLastPathComponent().path)/.headwater-\(name)"
    }

    /// Removes what a process left that was killed before it gave the file its own name. One that lives has it locked.
    private static func removeLeftover(_ temporary: String) {
        let file = open(temporary, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { return }
        defer { close(file) }
        var opened = stat()
        var named = stat()
        // Its writer may have renamed it since it was opened, and the name be another one's by now.
        guard flock(file, LOCK_EX | LOCK_NB) == 0, fstat(file, &opened) == 0, lstat(temporary, &named) == 0,
            opened.st_ino == named.st_ino, opened.st_dev == named.st_dev
        else { return }
        unlink(temporary)
    }

    /// How often a name is asked for that another writer of the same file has, for a moment mostly: 10 seconds in all.
    private static let mostTries = 10_000

    /// Calls `take` until it succeeds or fails for another reason than that the name is taken.
    private static func takeName(_ temporary: String, _ take: () -> Int32) throws(Refusal) -> Int32 {
        for _ in 0..<mostTries {
            let result = take()
            if result >= 0 { return result }
            if errno != EEXIST { throw Refusal(number: errno) }
            removeLeftover(temporary)
            usleep(1000)
        }
        throw Refusal(number: EEXIST)
    }

    /// A file without a name gets one when it is whole, so that a process that is killed leaves none (open(2), O_TMPFILE),
    /// but for the moment before it is renamed. Where a file system cannot do that, it has a name from the start.
    private static func replace(
        _ path: String, _ temporary: String, in folder: String, _ isDurable: Bool,
        with parts: (_ write: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        var file = open(folder, nameless | O_WRONLY | O_CLOEXEC, 0o666)
        let isNameless = file >= 0
        if !isNameless {
            file = try takeName(temporary) { open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666) }
        }
        defer { close(file) }
        _ = flock(file, LOCK_EX | LOCK_NB)
        var isNamed = !isNameless
        do {
            try parts { try write($0, to: file) }
            var status = stat()
            if stat(path, &status) == 0 { try check(fchmod(file, status.st_mode & 0o7777)) }
            if isDurable { try check(fsync(file)) }
            if isNameless {
                _ = try takeName(temporary) {
                    linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW)
                }
                isNamed = true
            }
            try check(rename(temporary, path))
        } catch {
            if isNamed { unlink(temporary) }
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
