import Glibc
import HeadwaterPluginKit

/// What `stat` says of a path, and of what an error number says instead.
struct FileStatus {
    enum Kind {
        case file, folder, link, special
    }

    let kind: Kind
    let stamp: FileStamp
    /// What is behind a path, links resolved: equal for two paths to one folder.
    let identity: Identity

    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        default: kind = .special
        }
        stamp = FileStamp(
            size: Int(status.st_size), modified: FileStatus.nanoseconds(status.st_mtim),
            changed: FileStatus.nanoseconds(status.st_ctim), inode: UInt64(status.st_ino))
        identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    static func of(_ path: [UInt8], followingLink: Bool = true) throws(SystemFault) -> FileStatus {
        try SystemFault.withPath(path) { (text) throws(SystemFault) in
            try of(text, in: AT_FDCWD, followingLink: followingLink)
        }
    }

    /// Of a name in an open folder.
    static func of(_ name: UnsafePointer<CChar>, in folder: Int32, followingLink: Bool = true) throws(SystemFault) -> FileStatus {
        var status = stat()
        guard fstatat(folder, name, &status, followingLink ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { throw SystemFault(errno) }
        return FileStatus(status)
    }

    /// Of an open file.
    static func of(descriptor: Int32) throws(SystemFault) -> FileStatus {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemFault(errno) }
        return FileStatus(status)
    }

    /// A file system may hold any number here; one out of range only makes the hint useless.
    private static func nanoseconds(_ time: timespec) -> Int {
        Int(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int(time.tv_nsec)
    }
}

/// Why the system refused something.
struct SystemFault: Error {
    let number: Int32
    init(_ number: Int32) { self.number = number }

    /// In words. The C library's are English: no part of Headwater sets a locale.
    var reason: String {
        switch number {
        case ENOENT, ENOTDIR: "there is no such file or folder"
        case EACCES, EPERM: "its permissions do not allow to read it"
        case ELOOP: "links lead around in a circle"
        case ENAMETOOLONG: "the path is too long for the system"
        case EMFILE, ENFILE: "too many files are open"
        default: String(cString: strerror(number))
        }
    }

    /// Calls with the path as C wants it; the path holds no NUL.
    static func withPath<Result, Failure: Error>(
        _ path: [UInt8], _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let text = path.map(CChar.init(bitPattern:)) + [0]
        return try text.withUnsafeBufferPointer { (text) throws(Failure) in
            // The array has at least its NUL, so it has an address.
            guard let address = text.baseAddress else { return try body("") }
            return try body(address)
        }
    }
}
