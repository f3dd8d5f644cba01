/// An artifact made of records: its shards in order. The digest of this manifest is the artifact.
public struct Dataset: Hashable, Sendable {
    public static let schema = "headwater.dataset/1"

    public var shards: [Shard]

    public init(shards: [Shard]) { self.shards = shards }

    public var recordCount: Int { shards.reduce(0) { $0 + $1.recordCount } }
    public var byteCount: Int { shards.reduce(0) { $0 + $1.byteCount } }

    /// How many records were left out, by reason.
    public var drops: [String: Int] {
        shards.reduce(into: [:]) { $0.merge($1.drops, uniquingKeysWith: +) }
    }

    public var json: JSON {
        [
            "schema": .string(Dataset.schema),
            "recordSchema": .string(Record.schema),
            "shards": .array(shards.map(\.json)),
            "totals": ["bytes": .integer(byteCount), "records": .integer(recordCount)],
            "drops": .object(drops.mapValues { .integer($0) }),
        ]
    }

    public init(json: JSON) throws(DocumentError) {
        let document = try StoredDocument(json, schema: Dataset.schema)
        let records = try document.string("recordSchema")
        guard records == Record.schema else {
            throw DocumentError("the dataset holds records of schema \(records); this version reads \(Record.schema)")
        }
        shards = []
        for part in try document.parts("shards") { shards.append(try Shard(document: part)) }
    }
}

/// Some records that belong to one partition or group: a blob of one canonical JSON object a line, and beside it what
/// was left out and what was noted.
public struct Shard: Hashable, Sendable {
    /// The blob of records.
    public var digest: Digest
    public var byteCount: Int
    public var recordCount: Int
    /// The key range: the locators of the first and last source of the partition, or the group's key.
    public var first: String
    public var last: String
    /// The blobs beside it, where there is anything to say.
    public var dropsDigest: Digest?
    public var notesDigest: Digest?
    /// Records left out, by reason.
    public var drops: [String: Int]

    public init(
        digest: Digest, byteCount: Int, recordCount: Int, first: String, last: String, dropsDigest: Digest? = nil,
        notesDigest: Digest? = nil, drops: [String: Int] = [:]
    ) {
        self.digest = digest
        self.byteCount = byteCount
        self.recordCount = recordCount
        self.first = first
        self.last = last
        self.dropsDigest = dropsDigest
        self.notesDigest = notesDigest
        self.drops = drops
    }

    /// Every blob that the shard is made of.
    public var blobs: [Digest] { [digest] + [dropsDigest, notesDigest].compactMap { $0 } }

    public var json: JSON {
        var members: [String: JSON] = [
            "digest": .string(digest.description),
            "bytes": .integer(byteCount),
            "records": .integer(recordCount),
            "first": .string(first),
            "last": .string(last),
            "dropCounts": .object(drops.mapValues { .integer($0) }),
        ]
        if let dropsDigest { members["drops"] = .string(dropsDigest.description) }
        if let notesDigest { members["notes"] = .string(notesDigest.description) }
        return .object(members)
    }

    init(document: StoredDocument) throws(DocumentError) {
        self.init(
            digest: try document.digest("digest"), byteCount: try document.integer("bytes"),
            recordCount: try document.integer("records"), first: try document.string("first"), last: try document.string("last"),
            dropsDigest: try document.optionalDigest("drops"), notesDigest: try document.optionalDigest("notes"),
            drops: try document.counts("dropCounts"))
    }
}
