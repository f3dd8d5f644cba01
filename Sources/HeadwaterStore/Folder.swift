import Glibc

/// The operations on folders and names that the store needs; failures are `StoreError`s.
enum Folder {
    /// Makes the folder, and those above it, where they are missing.
    static func make(_ path: String) throws(StoreError) {
        if mkdir(path, 0o777) == 0 { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try make(String(path[..<slash]))
            if mkdir(path, 0o777) == 0 { return }
        }
        let code = errno
        if code == EEXIST && isFolder(path) { return }
        throw .system(code == EEXIST ? ENOTDIR : code, path, "make the folder")
    }

    /// What the folder holds, sorted; nil if there is no such folder.
    static func names(_ path: String) throws(StoreError) -> [String]? {
        guard let folder = opendir(path) else {
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

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// When something was last added to the folder or taken away, in nanoseconds; nil if it cannot be told.
    static func changed(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }

    /// Renames, replacing what has the new name; false if the old name is gone.
    static func rename(_ old: String, to new: String) throws(StoreError) -> Bool {
        if Glibc.rename(old, new) == 0 { return true }
        if errno == ENOENT && isFolder(parent(new)) { return false }
        throw .system(errno, old, "rename it to \(new)")
    }

    /// Removes a file; one that is gone already is fine.
    static func remove(_ path: String) throws(StoreError) {
        if unlink(path) != 0 && errno != ENOENT { throw .system(errno, path, "remove the file") }
    }

    /// Returns once the names in the folder are durable.
    static func sync(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, path, "open the folder") }
        defer { close(descriptor) }
        // Some file systems cannot sync a folder and say EINVAL: their names are as durable as they get.
        if fsync(descriptor) != 0 && errno != EINVAL { throw .system(errno, path, "make the folder durable") }
    }

    static func parent(_ path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }
}
