import HeadwaterLineage
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Reads records and sources for tasks out of the store. The same reader serves all tasks at once.
struct ShardReader: Sendable {
    let store: Store

    /// The records as a stage receives them.
    func inputs(of shard: Shard) throws -> [InputRecord] {
        try DatasetReader(store: store).records(of: shard.digest).map(input)
    }

    /// A partition of each input, by role.
    func partition(_ shards: [String: Shard]) throws -> Partition {
        Partition(try shards.mapValues { try inputs(of: $0) })
    }

    /// The members of a group, by role, in the group's order.
    func members(of group: GroupReference, in shards: [String: [Int: Shard]]) throws -> Partition {
        var opened: [Digest: [RecordID: InputRecord]] = [:]
        var out: [String: [InputRecord]] = [:]
        for member in group.members {
            guard let shard = shards[member.role]?[member.partition] else {
                throw TaskFault("group \(group.key): there is no partition \(member.partition) of \(member.role)")
            }
            if opened[shard.digest] == nil {
                let wanted = Set(group.members.map(\.record))
                let found = try inputs(of: shard).filter { wanted.contains($0.id) }
                opened[shard.digest] = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            }
            guard let record = opened[shard.digest]?[member.record] else {
                throw TaskFault("group \(group.key): record \(member.record.short) is not where it should be")
            }
            out[member.role, default: []].append(record)
        }
        return Partition(out)
    }

    private func input(_ record: Record) -> InputRecord {
        // What a source stage emits was made of no record, and its text is that of its one source.
        guard record.parents.isEmpty, record.text.isEmpty, let source = record.sources.first, record.sources.count == 1 else {
            return InputRecord(record) { TracedText($0) }
        }
        let store = store
        return InputRecord(record) { record in
            try DocumentText.of(record) { try store.blob(source) }
        }
    }
}
