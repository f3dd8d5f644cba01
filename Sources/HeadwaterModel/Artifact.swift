/// What a stage publishes, as its manifest says it: records or files.
public enum Artifact: Hashable, Sendable {
    case dataset(Dataset)
    case tree(FileTree)

    public init(json: JSON) throws(DocumentError) {
        self = json["schema"]?.string == FileTree.schema ? .tree(try FileTree(json: json)) : .dataset(try Dataset(json: json))
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
