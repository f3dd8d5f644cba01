/// What a task came to: digests of its outputs. Bound to the task's key, so that an equal task need not run again.
public enum TaskResult: Hashable, Sendable {
    public static let schema = "headwater.result/1"

    /// `sketch` and `examine`: one blob that the plugin understands.
    case blob(Digest)
    /// `combine` or `decide`: one slice for each partition, in order.
    case slices([Digest])
    /// `combine` that forms groups, and what it carries on to `decide`.
    case groups([GroupReference], carry: Digest)
    /// `apply`: records.
    case shard(ShardContent)
    /// `apply` of a stage that works on files.
    case tree(FileTree)

    public var json: JSON {
        let outcome: (String, JSON) =
            switch self {
            case .blob(let digest): ("blob", .string(digest.description))
            case .slices(let digests): ("slices", .array(digests.map { .string($0.description) }))
            case .groups(let groups, let carry):
                ("grouping", ["carry": .string(carry.description), "groups": .array(groups.map(\.json))])
            case .shard(let shard): ("shard", .object(shard.members))
            case .tree(let tree): ("tree", tree.json)
            }
        return .object(["schema": .string(TaskResult.schema), outcome.0: outcome.1])
    }

    public init(json: JSON) throws(DocumentError) {
        let document = try StoredDocument(json, schema: TaskResult.schema)
        if json["blob"] != nil {
            self = .blob(try document.digest("blob"))
        } else if let slices = json["slices"]?.array {
            var digests: [Digest] = []
            for slice in slices {
                guard let digest = slice.string.flatMap({ Digest($0) }) else {
                    throw DocumentError("a task result: a slice is no digest")
                }
                digests.append(digest)
            }
            self = .slices(digests)
        } else if let grouping = json["grouping"] {
            let part = StoredDocument(part: grouping, of: TaskResult.schema)
            var groups: [GroupReference] = []
            for group in try part.parts("groups") { groups.append(try GroupReference(document: group)) }
            self = .groups(groups, carry: try part.digest("carry"))
        } else if let shard = json["shard"] {
            self = .shard(try ShardContent(document: StoredDocument(part: shard, of: TaskResult.schema)))
        } else if let tree = json["tree"] {
            self = .tree(try FileTree(json: tree))
        } else {
            throw DocumentError("a task result without an outcome")
        }
    }

    /// Reads a result from its bytes.
    ///
    /// - Throws: `JSONError`, `DocumentError`.
    public init(reading bytes: [UInt8]) throws {
        // Those that there are very many of.
        if let result = bytes.withUnsafeBufferPointer({ TaskResult(scanning: $0) }) {
            self = result
        } else {
            try self.init(json: JSON(parsing: bytes))
        }
    }

    init?(scanning bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = CanonicalScanner(bytes)
        guard scanner.skip("{\"schema\":\"headwater.result/1\",") else { return nil }
        if scanner.skip("\"shard\":") {
            guard let shard = ShardContent(scanning: &scanner) else { return nil }
            self = .shard(shard)
        } else {
            guard scanner.skip("\"tree\":"), let tree = FileTree(scanning: &scanner) else { return nil }
            self = .tree(tree)
        }
        guard scanner.skip("}"), scanner.isAtEnd else { return nil }
    }

    /// The canonical bytes of `json`.
    public var canonical: [UInt8] {
        guard case .shard(let shard) = self else { return json.canonical }
        var writer = JSONWriter()
        writer.reserve(512)
        writer.object {
            $0.key("schema")
            $0.string(TaskResult.schema)
            $0.key("shard")
            shard.write(to: &$0)
        }
        return writer.bytes
    }

    /// Every blob that must be there for the result to be used.
    public var blobs: [Digest] {
        switch self {
        case .blob(let digest): [digest]
        case .slices(let digests): digests
        case .groups(let groups, let carry): [carry] + groups.map(\.slice)
        case .shard(let shard): shard.blobs
        case .tree(let tree): tree.blobs
        }
    }
}

/// A group of records as a task result keeps it: its slice is a blob.
public struct GroupReference: Hashable, Sendable {
    public var key: String
    public var members: [Member]
    public var slice: Digest

    /// A record by id, and where it lies: the partition is a hint, no part of any key.
    public struct Member: Hashable, Sendable {
        public var role: String
        public var partition: Int
        public var record: RecordID

        public init(role: String, partition: Int, record: RecordID) {
            self.role = role
            self.partition = partition
            self.record = record
        }
    }

    public init(key: String, members: [Member], slice: Digest) {
        self.key = key
        self.members = members
        self.slice = slice
    }

    public var json: JSON {
        [
            "key": .string(key), "slice": .string(slice.description),
            "members": .array(members.map { [.string($0.role), .integer($0.partition), .string($0.record.description)] }),
        ]
    }

    init(document: StoredDocument) throws(DocumentError) {
        key = try document.string("key")
        slice = try document.digest("slice")
        members = []
        for element in try document.array("members") {
            guard let parts = element.array, parts.count == 3, let role = parts[0].string, let partition = parts[1].integer,
                let record = parts[2].string.flatMap({ RecordID($0) })
            else { throw DocumentError("a task result: expected [role, partition, record] as a group's member") }
            members.append(Member(role: role, partition: partition, record: record))
        }
    }
}
