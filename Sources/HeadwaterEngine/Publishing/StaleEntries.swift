import Foundation
import Glibc
import HeadwaterModel

/// The links and folders that earlier publications of a tree made, and that are no part of it any more. Files are told by
/// the maps of what was published; of links and folders only the trees themselves know.
struct StaleEntries {
    private let folder: String
    /// The targets that were written, by path.
    private var targets: [[UInt8]: Set<[UInt8]>] = [:]
    /// Each behind the folder that it lies in.
    private var folders: [String] = []

    init(of earlier: [FileTree], beside present: FileTree, in folder: String) {
        self.folder = folder
        var links: [[UInt8]: [UInt8]] = [:]
        var kept: Set<[UInt8]> = []
        for entry in present.entries {
            switch entry.kind {
            case .link(let target): links[Array(entry.path.utf8)] = Array(target.utf8)
            case .folder: kept.insert(Array(entry.path.utf8))
            case .file: break
            }
        }
        for entry in earlier.flatMap(\.entries) {
            let path = Array(entry.path.utf8)
            switch entry.kind {
            case .link(let target) where links[path] != Array(target.utf8): targets[path, default: []].insert(Array(target.utf8))
            case .folder where kept.insert(path).inserted: folders.append(entry.path)
            default: break
            }
        }
        folders.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Whether what is at this path, or what leads to it, is a link that is to be removed.
    func leads(to path: String) -> Bool {
        if targets.isEmpty { return false }
        let bytes = Array(path.utf8)
        return (bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") } + [bytes.count]).contains { end in
            targets[Array(bytes[..<end])] != nil && isOurs(Array(bytes[..<end]))
        }
    }

    /// Removes the links that are as they were written.
    func removeLinks() {
        for path in targets.keys where isOurs(path) { unlink(place(path)) }
    }

    /// Removes the folders in which nothing is left.
    func removeFolders() {
        for path in folders.reversed() where isInFolders(Array(path.utf8)) { rmdir(folder + "/" + path) }
    }

    private func place(_ path: [UInt8]) -> String { folder + "/" + String(decoding: path, as: UTF8.self) }

    private func isOurs(_ path: [UInt8]) -> Bool {
        guard isInFolders(path), let targets = targets[path] else { return false }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(place(path), &buffer, buffer.count)
        return count >= 0 && targets.contains(buffer[..<count].map { UInt8(bitPattern: $0) })
    }

    /// Whether all folders on the way are folders: behind a link that somebody put there nothing is ours.
    private func isInFolders(_ path: [UInt8]) -> Bool {
        path.indices.filter { path[$0] == UInt8(ascii: "/") }.allSatisfy { end in
            var status = stat()
            return lstat(place(Array(path[..<end])), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
    }
}
