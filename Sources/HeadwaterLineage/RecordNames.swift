public import HeadwaterModel
public import HeadwaterStore

/// How a run's records are called when people read of them: by locator where they have one. All that are asked for are
/// looked up in one pass over the stages' records.
public struct RecordNames: Sendable {
    private var names: [RecordID: String] = [:]

    /// Looks for these records, in the first of the stages that has each.
    public init(of wanted: Set<RecordID>, in stages: [RunManifest.Stage], store: Store) throws {
        var missing = wanted
        let reader = DatasetReader(store: store)
        for stage in stages {
            guard let artifact = stage.artifact, !missing.isEmpty else { continue }
            for shard in try reader.shards(of: artifact) where !missing.isEmpty {
                for record in try reader.records(missing, of: shard.digest) {
                    names[record.id] = record.fields["locator"]?.string ?? record.id.short
                    missing.remove(record.id)
                }
            }
        }
    }

    /// The first digits of its id for a record that none of the stages has.
    public subscript(_ record: RecordID) -> String { names[record] ?? record.short }
}
