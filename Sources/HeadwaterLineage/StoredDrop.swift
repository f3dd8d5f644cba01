public import HeadwaterModel

/// A record that a stage left out, as the side blob of a shard keeps it.
public struct StoredDrop: Hashable, Sendable {
    public var record: RecordID?
    public var reason: String
    /// Of a duplicate, the record that stands for it.
    public var survivor: RecordID?
    public var details: [String: JSON]

    /// What the line of a side blob says; members that it lacks are empty.
    public init(json: JSON) {
        record = json["record"]?.string.flatMap { RecordID($0) }
        reason = json["reason"]?.string ?? ""
        survivor = json["survivor"]?.string.flatMap { RecordID($0) }
        details = json["details"]?.object ?? [:]
    }
}
