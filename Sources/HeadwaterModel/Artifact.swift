/// What a stage publishes, as its manifest says it: records or files.
public enum Artifact: Hashable, Sendable {
    case dataset(Dataset)
    case tree(FileTree)

    public init(json: JSON) throws(DocumentError) {
        self = json["schema"]?.string == FileTree.schema ? .tree(try FileTree(json: json)) : .dataset(try Dataset(json: json))
    }

    /// Reads a manifest from its bytes.
    ///
    /// - Throws: `JSONError`, `DocumentError`.
    public init(reading bytes: [UInt8]) throws {
        // A tree may have very many entries, a dataset very many shards.
        if let tree = bytes.withUnsafeBufferPointer({ FileTree(scanning: $0) }) {
            self = .tree(tree)
        } else if let dataset = bytes.withUnsafeBufferPointer({ Dataset(scanning: $0) }) {
            self = .dataset(dataset)
        } else {
            try self.init(json: JSON(parsing: bytes))
        }
    }

    /// The canonical bytes of `json`.
    public var canonical: [UInt8] {
        switch self {
        case .dataset(let dataset): dataset.canonical
        case .tree(let tree): tree.canonical
        }
    }

    public var json: JSON {
        switch self {
        case .dataset(let dataset): dataset.json
        case .tree(let tree): tree.json
        }
    }

    /// Every blob that must be there for it to be whole.
    public var blobs: [Digest] {
        switch self {
        case .dataset(let dataset): dataset.shards.flatMap(\.blobs)
        case .tree(let tree): tree.blobs
        }
    }

    /// None for a tree.
    public var shards: [Shard] { if case .dataset(let dataset) = self { dataset.shards } else { [] } }

    public var tree: FileTree? { if case .tree(let tree) = self { tree } else { nil } }
}
