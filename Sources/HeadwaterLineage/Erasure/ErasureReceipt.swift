public import HeadwaterModel

/// What an erasure leaves for people: proof of what went, for who has the store, and nothing of it for anybody else.
///
/// Everything that went is there as a salted digest, so that `verify --erased` can look for it. What is not salted is the ids of
/// runs, which are drawn at random, and counts.
public struct ErasureReceipt: Sendable {
    public static let schema = "headwater.erasure/1"

    public var salt: Salt
    /// Salted.
    public var locators: Set<Digest> = []
    public var sources: Set<Digest> = []
    public var records: Set<Digest> = []
    /// Shards, key documents, results, artifacts, maps and published files that held or named what went.
    public var blobs: Set<Digest> = []
    public var counts: Counts
    /// Runs that were redone, each with the run that takes its place; sorted.
    public var redone: [(run: RunID, by: RunID)] = []
    /// Sorted.
    public var forgotten: [RunID] = []

    public struct Counts: Hashable, Sendable {
        public var locators = 0
        public var sources = 0
        public var records = 0
        public var blobs = 0
        public var publishedFiles = 0
        public var pins = 0
        public var influencedTasks = 0
        /// All that was removed with it, such as what no kept run needed any more.
        public var removedBlobs = 0
        public var removedBindings = 0
        public var removedBytes = 0

        public init() {}
    }

    public init(salt: Salt, counts: Counts = Counts()) {
        self.salt = salt
        self.counts = counts
    }

    public var json: JSON {
        func list(_ digests: Set<Digest>) -> JSON { .array(digests.sorted().map { .string($0.hex) }) }
        return [
            "schema": .string(ErasureReceipt.schema), "salt": .string(salt.description), "locators": list(locators),
            "sources": list(sources), "records": list(records), "blobs": list(blobs), "counts": counts.json,
            "redone": .array(redone.map { ["run": .string($0.run.description), "by": .string($0.by.description)] }),
            "forgotten": .array(forgotten.map { .string($0.description) }),
        ]
    }

    public init(json: JSON) throws(DocumentError) {
        guard json["schema"]?.string == ErasureReceipt.schema, let salt = json["salt"]?.string.flatMap({ Salt($0) }) else {
            throw DocumentError("this is no receipt of an erasure: expected a document of schema \(ErasureReceipt.schema)")
        }
        self.init(salt: salt, counts: try Counts(json: json["counts"]))
        locators = try Suppression.set("locators", json)
        sources = try Suppression.set("sources", json)
        records = try Suppression.set("records", json)
        blobs = try Suppression.set("blobs", json)
        redone = try (json["redone"]?.array ?? []).map { (pair) throws(DocumentError) in
            (try ErasureReceipt.run(pair["run"]), try ErasureReceipt.run(pair["by"]))
        }
        forgotten = try (json["forgotten"]?.array ?? []).map { (run) throws(DocumentError) in try ErasureReceipt.run(run) }
    }

    static func run(_ json: JSON?) throws(DocumentError) -> RunID {
        guard let id = json?.string.flatMap({ RunID($0) }) else {
            throw DocumentError("expected a run's id, found \(json ?? .null)")
        }
        return id
    }
}

extension ErasureReceipt.Counts {
    private static var members: [(String, WritableKeyPath<Self, Int>)] {
        [
            ("locators", \.locators), ("sources", \.sources), ("records", \.records), ("blobs", \.blobs),
            ("publishedFiles", \.publishedFiles), ("pins", \.pins), ("influencedTasks", \.influencedTasks),
            ("removedBlobs", \.removedBlobs), ("removedBindings", \.removedBindings), ("removedBytes", \.removedBytes),
        ]
    }

    public var json: JSON {
        .object(Dictionary(uniqueKeysWithValues: Self.members.map { ($0, .integer(self[keyPath: $1])) }))
    }

    init(json: JSON?) throws(DocumentError) {
        self.init()
        for (name, path) in Self.members {
            guard let count = json?[name]?.integer, count >= 0 else { throw DocumentError("expected a count as \"\(name)\"") }
            self[keyPath: path] = count
        }
    }
}
