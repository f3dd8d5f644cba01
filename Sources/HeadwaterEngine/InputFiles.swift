import Foundation
import Glibc
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Lays the inputs of a task out as files that cannot be written, and knows of each what it is.
///
/// They are copies: a child must not be able to change the store, and without a sandbox nothing keeps one from writing to a file
/// that its user owns.
struct InputFiles {
    /// What lies at a path of the folder.
    enum Origin {
        /// An original source.
        case source(Digest)
        /// A file of another stage's tree.
        case file(FileTree.File)
        /// Records, one a line.
        case records([Shard])
    }

    /// By path relative to the working folder.
    private(set) var origins: [String: Origin] = [:]
    private let store: Store
    private let root: String
    private var folders: Set<String> = []

    init(store: Store, root: String) {
        self.store = store
        self.root = root
    }

    /// - Parameter sourceRoles: inputs of stages that read sources: their records are given as the files they were read from.
    mutating func lay(_ inputs: [String: Artifact], _ piece: Piece?, sourceRoles: Set<String>) throws {
        try makeFolder(WorkFolder.inputs)
        if let piece { try lay(piece) }
        for (role, artifact) in inputs.sorted(by: { $0.key < $1.key }) {
            let place = "\(WorkFolder.inputs)/\(role)"
            switch artifact {
            case .tree(let tree): try lay(tree, at: place)
            case .dataset(let dataset):
                if sourceRoles.contains(role) {
                    try laySources(of: dataset, at: place)
                } else {
                    try write(
                        try dataset.shards.flatMap { try store.blob($0.digest) }, to: place + ".jsonl", .records(dataset.shards))
                }
            }
        }
        // From the inside out, so that each can still be reached.
        for folder in folders.sorted(by: { $0.utf8.count > $1.utf8.count }) { chmod(root + "/" + folder, 0o555) }
    }

    private mutating func lay(_ piece: Piece) throws {
        let path = "\(WorkFolder.inputs)/\(piece.role)/\(piece.path)"
        try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        switch piece.content {
        case .source(let digest): try write(try store.blob(digest), to: path, .source(digest))
        case .file(let file): try write(try store.blob(file.digest), to: path, .file(file), isExecutable: file.isExecutable)
        }
    }

    private mutating func lay(_ tree: FileTree, at place: String) throws {
        try makeFolder(place)
        for entry in tree.entries {
            let path = place + "/" + entry.path
            switch entry.kind {
            case .folder: try makeFolder(path)
            case .link(let target):
                guard symlink(target, root + "/" + path) == 0 else { throw fault("make the link", path) }
            case .file(let file): try write(try store.blob(file.digest), to: path, .file(file), isExecutable: file.isExecutable)
            }
        }
    }

    private mutating func laySources(of dataset: Dataset, at place: String) throws {
        try makeFolder(place)
        var taken: [String: String] = [:]
        try DatasetReader(store: store).forEachRecord(of: dataset) { _, record in
            guard let locator = record.fields["locator"]?.string, let source = record.sources.first else { return }
            let path = place + "/" + InputFiles.path(of: locator)
            if let other = taken.updateValue(locator, forKey: path) {
                throw TaskFault("the sources \(other) and \(locator) would be the same file, \(path)")
            }
            var parent = Substring(path)
            while let slash = parent.lastIndex(of: "/") {
                parent = parent[..<slash]
                if let other = taken[String(parent)] {
                    throw TaskFault("the source \(other) would be a file where \(locator) needs a folder, \(parent)")
                }
            }
            try makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
            try write(try store.blob(source), to: path, .source(source))
        }
    }

    /// The path at which a source lies: its locator, without the scheme of a URL, and with no part that would lead elsewhere.
    static func path(of locator: String) -> String {
        var text = locator[...]
        if let scheme = text.range(of: "://") { text = text[scheme.upperBound...] }
        let parts = text.split(separator: "/").map { part in
            part == "." || part == ".." ? part.replacingOccurrences(of: ".", with: "%2E") : String(part)
        }
        let isFolder = text.hasSuffix("/") || parts.isEmpty
        return (parts + (isFolder ? ["index"] : [])).joined(separator: "/").replacingOccurrences(of: "\0", with: "%00")
    }

    private mutating func makeFolder(_ path: String) throws {
        if folders.contains(path) { return }
        if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
        guard mkdir(root + "/" + path, 0o755) == 0 else { throw fault("make the folder", path) }
        folders.insert(path)
    }

    private mutating func write(_ bytes: [UInt8], to path: String, _ origin: Origin, isExecutable: Bool = false) throws {
        let file = open(root + "/" + path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault("make the file", path) }
        defer { close(file) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count > 0 { done += count } else if errno != EINTR { throw fault("write", path) }
        }
        fchmod(file, isExecutable ? 0o555 : 0o444)
        origins[path] = origin
    }

    private func fault(_ action: String, _ path: String) -> TaskFault {
        TaskFault("cannot \(action) \(path) for the command: \(String(cString: strerror(errno)))")
    }
}
