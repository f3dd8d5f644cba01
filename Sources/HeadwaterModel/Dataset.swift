/// An artifact made of records: its shards in order. The digest of this manifest is the artifact.
public struct Dataset: Hashable, Sendable {
    public static let schema = "headwater.dataset/1"

    public var shards: [Shard]

    public init(shards: [Shard]) { self.shards = shards }

    public var recordCount: Int { shards.reduce(0) { $0 + $1.recordCount } }
    public var byteCount: Int { shards.reduce(0) { $0 + $1.byteCount } }

    /// How many records were left out, by reason.
    public var dropCounts: [String: Int] {
        shards.reduce(into: [:]) { $0.merge($1.dropCounts, uniquingKeysWith: +) }
    }

    public var json: JSON {
        [
            "schema": .string(Dataset.schema),
            "recordSchema": .string(Record.schema),
            "shards": .array(shards.map(\.json)),
            "totals": ["bytes": .integer(byteCount), "records": .integer(recordCount)],
            "dropCounts": .object(dropCounts.mapValues { .integer($0) }),
        ]
    }

    /// The canonical bytes of `json`.
    public var canonical: [UInt8] {
        var writer = JSONWriter()
        writer.reserve(256 * shards.count + 256)
        writer.object {
            $0.key("dropCounts")
            $0.value(.object(dropCounts.mapValues { .integer($0) }))
            $0.key("recordSchema")
            $0.string(Record.schema)
            $0.key("schema")
            $0.string(Dataset.schema)
            $0.key("shards")
            $0.array { for shard in shards { shard.content.write(to: &$0, range: shard.range) } }
            $0.key("totals")
            $0.object {
                $0.key("bytes")
                $0.integer(byteCount)
                $0.key("records")
                $0.integer(recordCount)
            }
        }
        return writer.bytes
    }

    /// Reads a manifest straight from its bytes; nil for anything but what `canonical` gives.
    init?(scanning bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = CanonicalScanner(bytes)
        guard scanner.skip("{\"dropCounts\":"), let dropCounts = scanner.counts(),
            scanner.skip(",\"recordSchema\":\"headwater.record/1\",\"schema\":\"headwater.dataset/1\",\"shards\":[")
        else { return nil }
        shards = []
        var totals = (bytes: 0, records: 0, drops: 0)
        if !scanner.skip("]") {
            repeat {
                var range: KeyRange?
                guard let content = ShardContent(scanning: &scanner, range: &range), let range else { return nil }
                shards.append(Shard(content, range: range))
                // Sums of numbers from outside.
                guard let bytes = try? StoredDocument.sum(totals.bytes, content.byteCount),
                    let records = try? StoredDocument.sum(totals.records, content.recordCount),
                    let drops = try? content.dropCounts.values.reduce(totals.drops, StoredDocument.sum)
                else { return nil }
                totals = (bytes, records, drops)
            } while scanner.skip(",")
            guard scanner.skip("]") else { return nil }
        }
        // The scanner takes nothing but canonical bytes; the sums have to be those of the shards.
        guard scanner.skip(",\"totals\":{\"bytes\":"), scanner.count() == totals.bytes, scanner.skip(",\"records\":"),
            scanner.count() == totals.records, scanner.skip("}}"), scanner.isAtEnd, dropCounts == self.dropCounts
        else { return nil }
    }

    public init(json: JSON) throws(DocumentError) {
        let document = try StoredDocument(json, schema: Dataset.schema)
        let records = try document.string("recordSchema")
        guard records == Record.schema else {
            throw DocumentError("the dataset holds records of schema \(records); this version reads \(Record.schema)")
        }
        shards = []
        for part in try document.parts("shards") { shards.append(try Shard(document: part)) }
        // Sums of numbers from outside: each is a count, but together they may be more than any count.
        var totals = (bytes: 0, records: 0, drops: 0)
        for shard in shards {
            totals.bytes = try StoredDocument.sum(totals.bytes, shard.byteCount)
            totals.records = try StoredDocument.sum(totals.records, shard.recordCount)
            for count in shard.dropCounts.values { totals.drops = try StoredDocument.sum(totals.drops, count) }
        }
        guard self.json == json else { throw DocumentError("the dataset's totals are not those of its shards") }
    }
}

/// Which part of a dataset a shard is: the locators of the first and last source of its partition, or its group's key.
public struct KeyRange: Hashable, Sendable {
    public var first: String
    public var last: String

    public init(first: String, last: String) {
        self.first = first
        self.last = last
    }

    /// The range of one group.
    public init(group key: String) { self.init(first: key, last: key) }
}

/// The records of one partition or group, and which part of the dataset they are.
@dynamicMemberLookup
public struct Shard: Hashable, Sendable {
    public var content: ShardContent
    public var range: KeyRange

    public init(_ content: ShardContent, range: KeyRange) {
        self.content = content
        self.range = range
    }

    public subscript<Value>(dynamicMember member: KeyPath<ShardContent, Value>) -> Value { content[keyPath: member] }

    public var json: JSON {
        var members = content.members
        members["first"] = .string(range.first)
        members["last"] = .string(range.last)
        return .object(members)
    }

    init(document: StoredDocument) throws(DocumentError) {
        content = try ShardContent(document: document)
        range = KeyRange(first: try document.string("first"), last: try document.string("last"))
    }
}

/// What a shard holds, as a task's result keeps it: a blob of one canonical JSON object a line, and beside it what was
/// left out and what was noted. Says nothing of where it belongs: equal content may stand in many places.
public struct ShardContent: Hashable, Sendable {
    /// The blob of records.
    public var digest: Digest
    public var byteCount: Int
    public var recordCount: Int
    /// The blobs beside it, where there is anything to say.
    public var dropsDigest: Digest?
    public var notesDigest: Digest?
    /// Records left out, by reason.
    public var dropCounts: [String: Int]

    public init(
        digest: Digest, byteCount: Int, recordCount: Int, dropsDigest: Digest? = nil, notesDigest: Digest? = nil,
        dropCounts: [String: Int] = [:]
    ) {
        self.digest = digest
        self.byteCount = byteCount
        self.recordCount = recordCount
        self.dropsDigest = dropsDigest
        self.notesDigest = notesDigest
        self.dropCounts = dropCounts
    }

    /// Every blob that the shard is made of.
    public var blobs: [Digest] { [digest] + [dropsDigest, notesDigest].compactMap { $0 } }

    var members: [String: JSON] {
        var members: [String: JSON] = [
            "digest": .string(digest.description),
            "bytes": .integer(byteCount),
            "records": .integer(recordCount),
            "dropCounts": .object(dropCounts.mapValues { .integer($0) }),
        ]
        if let dropsDigest { members["drops"] = .string(dropsDigest.description) }
        if let notesDigest { members["notes"] = .string(notesDigest.description) }
        return members
    }

    init(document: StoredDocument) throws(DocumentError) {
        self.init(
            digest: try document.digest("digest"), byteCount: try document.count("bytes"),
            recordCount: try document.count("records"), dropsDigest: try document.optionalDigest("drops"),
            notesDigest: try document.optionalDigest("notes"), dropCounts: try document.counts("dropCounts"))
    }

    /// The canonical bytes of its members, as one object.
    ///
    /// - Parameter range: of the partition, where it is said.
    func write(to writer: inout JSONWriter, range: KeyRange? = nil) {
        writer.object {
            $0.key("bytes")
            $0.integer(byteCount)
            $0.key("digest")
            $0.digest(digest)
            $0.key("dropCounts")
            $0.value(.object(dropCounts.mapValues { .integer($0) }))
            if let dropsDigest {
                $0.key("drops")
                $0.digest(dropsDigest)
            }
            if let range {
                $0.key("first")
                $0.string(range.first)
                $0.key("last")
                $0.string(range.last)
            }
            if let notesDigest {
                $0.key("notes")
                $0.digest(notesDigest)
            }
            $0.key("records")
            $0.integer(recordCount)
        }
    }

    init?(scanning scanner: inout CanonicalScanner) {
        var range: KeyRange?
        self.init(scanning: &scanner, range: &range)
        if range != nil { return nil }
    }

    /// - Parameter range: of the partition, where it is said.
    fileprivate init?(scanning scanner: inout CanonicalScanner, range: inout KeyRange?) {
        guard scanner.skip("{\"bytes\":"), let byteCount = scanner.count(), scanner.skip(",\"digest\":"),
            let digest = scanner.digest(), scanner.skip(",\"dropCounts\":"), let counts = scanner.counts()
        else { return nil }
        var (drops, notes): (Digest?, Digest?)
        if scanner.skip(",\"drops\":") {
            guard let digest = scanner.digest() else { return nil }
            drops = digest
        }
        if scanner.skip(",\"first\":") {
            guard let first = scanner.string(), scanner.skip(",\"last\":"), let last = scanner.string() else { return nil }
            range = KeyRange(first: first, last: last)
        }
        if scanner.skip(",\"notes\":") {
            guard let digest = scanner.digest() else { return nil }
            notes = digest
        }
        guard scanner.skip(",\"records\":"), let recordCount = scanner.count(), scanner.skip("}") else { return nil }
        self.init(
            digest: digest, byteCount: byteCount, recordCount: recordCount, dropsDigest: drops, notesDigest: notes,
            dropCounts: counts)
    }
}
