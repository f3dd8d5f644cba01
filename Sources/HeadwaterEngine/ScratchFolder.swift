import Foundation
import Glibc

/// A folder for one task, gone when the task is. One that a process left behind when it was killed is removed by the next that makes
/// one beside it: whoever uses a folder holds a lock on it, and a lock does not outlive its process.
final class ScratchFolder {
    let path: String
    private let lock: Int32

    /// - Parameter parent: is made where it is missing; holds nothing else.
    init(in parent: String) throws {
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        // Absolute and without links, because a command has another working folder.
        let parent = URL(fileURLWithPath: parent).standardizedFileURL.resolvingSymlinksInPath().path
        ScratchFolder.removeLeftovers(in: parent)
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
            (self.path, self.lock) = (path, lock)
            return
        }
    }

    deinit {
        ScratchFolder.remove(path)
        close(lock)
    }

    private static func removeLeftovers(in parent: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] {
            let path = parent + "/" + name
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { remove(path) }
            close(descriptor)
        }
    }

    /// Removes the folder and all it holds, whatever a command has forbidden.
    private static func remove(_ path: String) {
        let manager = FileManager.default
        if (try? manager.removeItem(atPath: path)) != nil { return }
        chmod(path, 0o700)
        for case let name as String in manager.enumerator(atPath: path) ?? .init() {
            var status = stat()
            if lstat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { chmod(path + "/" + name, 0o700) }
        }
        try? manager.removeItem(atPath: path)
    }
}
