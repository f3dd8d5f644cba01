public import HeadwaterModel

/// A remark that a stage made on a record, as the side blob of a shard keeps it: mostly a block of text that was left
/// out, with the reason.
public struct StoredNote: Sendable {
    /// The kind of a note on a run of text that did not come along.
    public static let block = "block"

    public var kind: String
    public var reason: String
    /// The record it is about, as the stage emitted it.
    public var record: RecordID?
    /// The bytes it is about.
    public var cites: [(source: Digest, range: ByteRange)]
    public var details: [String: JSON]

    /// What the line of a side blob says; members that it lacks are empty.
    public init(json: JSON) {
        kind = json["kind"]?.string ?? "note"
        reason = json["reason"]?.string ?? ""
        record = json["record"]?.string.flatMap { RecordID($0) }
        cites = (json["cites"]?.array ?? []).compactMap { cite in
            guard let parts = cite.array, parts.count == 3, let source = parts[0].string.flatMap({ Digest($0) }),
                let start = parts[1].integer, let length = parts[2].integer
            else { return nil }
            return (source, ByteRange(start: start, length: length))
        }
        details = json["details"]?.object ?? [:]
    }
}
