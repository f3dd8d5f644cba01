import Foundation
import Glibc
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Takes up what a task left in its folder as a tree of files.
struct OutputFiles {
    let store: Store
    let root: String
    private(set) var entries: [FileTree.Entry] = []

    init(store: Store, root: String) {
        self.store = store
        self.root = root
    }

    /// - Parameter outputs: relative paths.
    /// - Throws: `TaskFault` that names every output that is not there, or what cannot be kept.
    mutating func take(_ outputs: [String]) throws {
        let missing = outputs.filter { status($0) == nil }
        guard missing.isEmpty else {
            throw TaskFault("it did not make its output \(missing.joined(separator: ", "))")
        }
        var taken: Set<String> = []
        for output in outputs.sorted() {
            var parent = output[...]
            var above: [String] = []
            while let slash = parent.lastIndex(of: "/") {
                parent = parent[..<slash]
                above.append(String(parent))
            }
            // A folder that is an output itself has everything in it already.
            if above.contains(where: outputs.contains) { continue }
            for folder in above.reversed() where taken.insert(folder).inserted {
                guard let status = status(folder), status.st_mode & S_IFMT == S_IFDIR else {
                    throw TaskFault("its output \(output) lies behind a link")
                }
                entries.append(.init(folder, .folder))
            }
            try take(output)
        }
    }

    private mutating func take(_ first: String) throws {
        var waiting = [first]
        while let path = waiting.popLast() {
            guard let status = status(path) else { throw TaskFault("its output \(path) went away while it was read") }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                entries.append(.init(path, .folder))
                waiting += try names(in: path).map { path + "/" + $0 }
            case S_IFLNK:
                guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: root + "/" + path) else {
                    throw TaskFault("its output \(path) is a link that cannot be read")
                }
                entries.append(.init(path, .link(target: target)))
            case S_IFREG:
                let bytes = try read(path)
                let file = FileTree.File(
                    digest: try store.put(bytes), byteCount: bytes.count, isExecutable: status.st_mode & S_IXUSR != 0)
                entries.append(.init(path, .file(file)))
            default: throw TaskFault("its output \(path) is no file, folder or link")
            }
        }
    }

    /// What lies in the folder and is neither input nor output, sorted; of a folder only its own name, ended by a slash.
    func others(than outputs: [String]) throws -> [String] {
        var others: [String] = []
        var waiting = [""]
        while let folder = waiting.popLast() {
            for name in try names(in: folder) {
                let path = folder.isEmpty ? name : folder + "/" + name
                if outputs.contains(path) || path == WorkFolder.inputs || path == WorkFolder.lineage { continue }
                let isFolder = status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
                if outputs.contains(where: { $0.hasPrefix(path + "/") }) {
                    if isFolder { waiting.append(path) }
                } else {
                    others.append(isFolder ? path + "/" : path)
                }
            }
        }
        return others.sorted()
    }

    /// The bytes of a file that is no link.
    func read(_ path: String) throws -> [UInt8] {
        let file = open(root + "/" + path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw TaskFault("cannot read \(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw TaskFault("\(path) is no file") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count == 0 { break }
            if count > 0 {
                done += count
            } else if errno != EINTR {
                throw TaskFault("cannot read \(path): \(String(cString: strerror(errno)))")
            }
        }
        return Array(bytes[..<done])
    }

    /// Nil if there is nothing at the path; of a link its own.
    func status(_ path: String) -> stat? {
        var status = stat()
        return lstat(root + "/" + path, &status) == 0 ? status : nil
    }

    private func names(in folder: String) throws -> [String] {
        let path = folder.isEmpty ? root : root + "/" + folder
        guard let handle = opendir(path) else { throw TaskFault("cannot list \(folder): \(String(cString: strerror(errno)))") }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
            let pointer = start.assumingMemoryBound(to: CChar.self)
            guard let name = String(validatingCString: pointer) else {
                throw TaskFault(
                    "in \(folder.isEmpty ? "its folder" : folder) a file's name is not UTF-8: \(String(cString: pointer))")
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
