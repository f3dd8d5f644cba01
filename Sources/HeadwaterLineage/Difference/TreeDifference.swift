public import HeadwaterModel

/// What differs between two artifacts made of files.
public struct TreeDifference: Sendable {
    /// In the order of their paths.
    public let changes: [Change]

    /// A path that only one of both has, or that leads to something else.
    public struct Change: Sendable {
        public var path: String
        /// Nil where the entry was added.
        public var before: FileTree.Kind?
        /// Nil where it was removed.
        public var after: FileTree.Kind?

        /// Whether the bytes are the same, so that something else about the file differs: whether it can be run, or its map.
        public var hasSameBytes: Bool {
            guard case .file(let a)? = before, case .file(let b)? = after else { return false }
            return a.digest == b.digest
        }
    }

    init(_ before: FileTree, _ after: FileTree) {
        var changes: [Change] = []
        var (old, new) = (before.entries[...], after.entries[...])
        // Both are sorted by the bytes of their paths.
        while let path = [old.first?.path, new.first?.path].compactMap({ $0 }).min(by: {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }) {
            let a = old.first.flatMap { $0.path.hasSameBytes(as: path) ? $0.kind : nil }
            let b = new.first.flatMap { $0.path.hasSameBytes(as: path) ? $0.kind : nil }
            if a != nil { old = old.dropFirst() }
            if b != nil { new = new.dropFirst() }
            if a != b { changes.append(Change(path: path, before: a, after: b)) }
        }
        self.changes = changes
    }
}
