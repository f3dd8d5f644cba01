import HeadwaterModel

/// One file of an input that a stage on files is carried out for file by file: what one of its tasks works on.
struct Piece: Hashable, Sendable {
    var role: String
    /// Where it lies in the input, by a relative path; no two pieces of a stage have the same.
    var path: String
    var content: Content

    enum Content: Hashable, Sendable {
        case source(Digest)
        case file(FileTree.File)
    }

    /// What of it is in the task's key: all that the task can see.
    var keyJSON: JSON {
        switch content {
        case .source(let digest): KeyInputs.piece(path, source: digest)
        case .file(let file): KeyInputs.piece(path, file: file)
        }
    }

    /// The files of a tree, in its order.
    static func pieces(of tree: FileTree, role: String) -> [Piece] {
        tree.files.map { Piece(role: role, path: $0.path, content: .file($0.file)) }
    }

    /// What `combine` made of an input of sources: a group for each, called by its path, whose slice is the source.
    static func pieces(of groups: [GroupReference], role: String) -> [Piece] {
        groups.map { Piece(role: role, path: $0.key, content: .source($0.slice)) }
    }
}

/// The inputs that all tasks of a stage have in common, and what they are in a task's key: worked out once.
struct SharedInputs: Hashable, Sendable {
    let artifacts: [String: Artifact]
    let keyJSON: [String: JSON]

    init(_ artifacts: [String: Artifact]) {
        self.artifacts = artifacts
        keyJSON = artifacts.mapValues(KeyInputs.artifact)
    }

    static func == (a: SharedInputs, b: SharedInputs) -> Bool { a.artifacts == b.artifacts }
    func hash(into hasher: inout Hasher) { hasher.combine(artifacts) }
}

extension FileTree {
    /// One tree of what several tasks made. Folders may be made by many, anything else by one.
    ///
    /// - Throws: `TaskFault` naming a path that two of them made.
    init(joining trees: [(name: String, tree: FileTree)]) throws(TaskFault) {
        var makers: [String: Int] = [:]
        var entries: [Entry] = []
        entries.reserveCapacity(trees.reduce(0) { $0 + $1.tree.entries.count })
        for (number, (name, tree)) in trees.enumerated() {
            for entry in tree.entries {
                guard let other = makers.updateValue(number, forKey: entry.path) else {
                    entries.append(entry)
                    continue
                }
                let isFolder = trees[other].tree.entries.contains { $0.path == entry.path && $0.kind == .folder }
                guard isFolder, entry.kind == .folder else {
                    throw TaskFault("its tasks for \(trees[other].name) and \(name) both make \(entry.path)")
                }
            }
        }
        do {
            try self.init(entries: entries)
        } catch {
            throw TaskFault("what its tasks made cannot be kept together: \(error)")
        }
    }
}
