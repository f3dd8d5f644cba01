import Glibc
import HeadwaterModel

/// The file system as the store uses it: files are opened, and names are made, moved and removed, only through here.
/// Failures are `StoreError`s.
///
/// Each step that opens or changes something is told to the watch before it is taken. A test uses it to write the steps
/// down or to let one of them fail; nobody else has one.
struct Disk: Sendable {
    /// One thing asked of the system, with the paths that it concerns.
    enum Step: Sendable {
        case open(String)
        case create(String)
        case write(String, at: Int, [UInt8])
        case truncate(String, to: Int)
        case sync(String)
        case makeFolder(String)
        case rename(String, to: String)
        case remove(String)
        case syncFolder(String)
    }

    /// What the system shall seem to answer instead of taking the step.
    struct Refusal: Sendable {
        var code: Int32
        /// Of a write, how many bytes are written all the same.
        var written = 0
    }

    /// Sees each step; nil lets it be taken.
    var watch: (@Sendable (Step) -> Refusal?)?

    func refusal(of step: @autoclosure () -> Step) -> Refusal? { watch.flatMap { $0(step()) } }

    /// Whether the step may be taken. If not, `errno` says why, as after a call that failed.
    func allows(_ step: @autoclosure () -> Step) -> Bool {
        guard let refusal = refusal(of: step()) else { return true }
        errno = refusal.code
        return false
    }
}

// MARK: Folders and names

extension Disk {
    /// Makes the folder, and those above it, where they are missing.
    ///
    /// - Returns: the folders that hold the names of those that were made.
    @discardableResult
    func make(_ path: String) throws(StoreError) -> [String] {
        var above: [String] = []
        if make(once: path) { return [Disk.parent(path)] }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            above = try make(String(path[..<slash]))
            if make(once: path) { return above + [Disk.parent(path)] }
        }
        let code = errno
        if code == EEXIST && isFolder(path) { return above }
        throw .system(code == EEXIST ? ENOTDIR : code, path, "make the folder")
    }

    private func make(once path: String) -> Bool { allows(.makeFolder(path)) && mkdir(path, 0o777) == 0 }

    /// What the folder holds, sorted; nil if there is no such folder.
    func names(_ path: String) throws(StoreError) -> [String]? {
        guard allows(.open(path)), let folder = opendir(path) else {
            if errno == ENOENT { return nil }
            throw .system(errno, path, "list the folder")
        }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(folder) else { break }
            // Reached through the pointer: an entry is only as long as its name, not as its declared type.
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let name = String(cString: start.assumingMemoryBound(to: CChar.self))
            if name != "." && name != ".." { names.append(name) }
        }
        if errno != 0 { throw .system(errno, path, "list the folder") }
        return names.sorted()
    }

    func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The inode and time of the file; nil if there is none, or it cannot be told.
    func stamp(_ path: String) -> FileStamp? { stampAndSize(path)?.stamp }

    func stampAndSize(_ path: String) -> (stamp: FileStamp, size: Int)? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return (FileStamp(status), Int(status.st_size))
    }

    /// All that the system tells of a file's content without a look at it: its size, inode and times.
    ///
    /// - Parameter age: in nanoseconds. What has changed since may change again without another stamp, so that there is none.
    /// - Returns: nil also where there is no file.
    func contentStamp(_ path: String, olderThan age: Int64) -> Digest? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let (modified, changed) = (status.st_mtim.nanoseconds, status.st_ctim.nanoseconds)
        if age > 0, now.nanoseconds &- max(modified, changed) <= age { return nil }
        return withUnsafeBytes(of: (Int64(status.st_size), UInt64(status.st_ino), modified, changed)) { Digest(of: $0) }
    }

    /// When something was last added to the folder or taken away, in nanoseconds; nil if it cannot be told.
    func changed(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mtim.nanoseconds
    }

    /// Renames, replacing what has the new name; false if the old name is gone.
    func rename(_ old: String, to new: String) throws(StoreError) -> Bool {
        if allows(.rename(old, to: new)), Glibc.rename(old, new) == 0 { return true }
        if errno == ENOENT && isFolder(Disk.parent(new)) { return false }
        throw .system(errno, old, "rename it to \(new)")
    }

    /// Removes a file; one that is gone already is fine.
    func remove(_ path: String) throws(StoreError) {
        if (!allows(.remove(path)) || unlink(path) != 0) && errno != ENOENT { throw .system(errno, path, "remove the file") }
    }

    /// Whether the folder was empty and is gone.
    func removeEmptyFolder(_ path: String) -> Bool { allows(.remove(path)) && rmdir(path) == 0 }

    /// Removes a file, or a folder with all it holds; links are removed and not followed.
    func removeAll(_ path: String) throws(StoreError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
        // What a command was given to read can be in folders that forbid changes.
        if status.st_mode & S_IRWXU != S_IRWXU { chmod(path, S_IRWXU) }
        for name in try names(path) ?? [] { try removeAll(path + "/" + name) }
        if !removeEmptyFolder(path), errno != ENOENT { throw .system(errno, path, "remove the folder") }
    }

    /// Returns once the names in the folder are durable.
    func sync(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, path, "open the folder") }
        defer { close(descriptor) }
        // Some file systems cannot sync a folder and say EINVAL: their names are as durable as they get.
        if (!allows(.syncFolder(path)) || fsync(descriptor) != 0) && errno != EINVAL {
            throw .system(errno, path, "make the folder durable")
        }
    }

    static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }
}

extension timespec {
    /// Nanoseconds since the epoch.
    var nanoseconds: Int64 { Int64(tv_sec) &* 1_000_000_000 &+ Int64(tv_nsec) }
}
