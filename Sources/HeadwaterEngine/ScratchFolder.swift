import Foundation
import Glibc
import Synchronization

/// Where the tasks of one run have their folders: made for the first of them, and gone when the run is.
///
/// What a process left behind that was killed is removed by the next that makes one beside it: whoever uses a folder holds a lock on
/// it, and a lock does not outlive its process.
final class ScratchRoom: Sendable {
    private let parent: String
    private let state = Mutex(State())

    private struct State {
        var path: String?
        var lock: Int32 = -1
        var folders = 0
    }

    /// - Parameter parent: is made where it is missing; holds nothing else.
    init(in parent: String) { self.parent = parent }

    deinit { end() }

    /// A new folder for one task.
    func folder() throws -> ScratchFolder {
        let path = try state.withLock { state in
            if state.path == nil { (state.path, state.lock) = try ScratchRoom.make(in: parent) }
            state.folders += 1
            return "\(state.path ?? "")/\(state.folders)"
        }
        return try ScratchFolder(at: path)
    }

    /// Removes everything. A folder that is wanted afterwards has a place made anew.
    func end() {
        state.withLock { state in
            guard let path = state.path else { return }
            ScratchFolder.remove(path)
            close(state.lock)
            (state.path, state.lock) = (nil, -1)
        }
    }

    private static func make(in parent: String) throws -> (path: String, lock: Int32) {
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        // Absolute and without links, because a command has another working folder.
        let parent = URL(fileURLWithPath: parent).standardizedFileURL.resolvingSymlinksInPath().path
        removeLeftovers(in: parent)
        while true {
            let path = "\(parent)/\(getpid())-\(UInt32.random(in: .min ... .max))"
            guard mkdir(path, 0o700) == 0 else {
                throw TaskFault("cannot make the folder \(path): \(String(cString: strerror(errno)))")
            }
            let lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // Whoever cleans up may have been quicker than our lock.
            guard lock >= 0 else { continue }
            guard flock(lock, LOCK_EX | LOCK_NB) == 0, access(path, F_OK) == 0 else {
                close(lock)
                continue
            }
            return (path, lock)
        }
    }

    private static func removeLeftovers(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
            let path = parent + "/" + name
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { ScratchFolder.remove(path) }
            close(descriptor)
        }
    }
}

/// A folder for one task, gone when the task is.
final class ScratchFolder {
    let path: String

    fileprivate init(at path: String) throws {
        guard mkdir(path, 0o700) == 0 else {
            throw TaskFault("cannot make the folder \(path): \(String(cString: strerror(errno)))")
        }
        self.path = path
    }

    deinit { ScratchFolder.remove(path) }

    /// Removes the folder and all it holds, whatever a command has forbidden.
    fileprivate static func remove(_ path: String) {
        var open = [path]
        while let folder = open.last {
            if rmdir(folder) == 0 || errno == ENOENT {
                open.removeLast()
                continue
            }
            let inside = removeFiles(in: folder)
            // What neither can be emptied nor removed may be too deep for a path.
            guard !inside.isEmpty || rmdir(folder) == 0 || errno == ENOENT else {
                try? FileManager.default.removeItem(atPath: path)
                return
            }
            open += inside
        }
    }

    /// Removes what is no folder.
    /// - Returns: the folders.
    private static func removeFiles(in folder: String) -> [String] {
        chmod(folder, 0o700)
        guard let handle = opendir(folder) else { return [] }
        defer { closedir(handle) }
        var folders: [String] = []
        while let entry = readdir(handle) {
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let name = start.assumingMemoryBound(to: CChar.self)
            if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { continue }
            // A name that is not UTF-8 would be another one as a String.
            guard unlinkat(dirfd(handle), name, 0) != 0, errno == EISDIR || errno == EPERM,
                let text = String(validatingCString: name)
            else { continue }
            folders.append("\(folder)/\(text)")
        }
        return folders
    }
}
