import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// The keys of the latest run that completed each stage, by stage, round and partition: what a reason is computed
/// against. What cannot be read any more costs an explanation, never a run.
struct EarlierKeys: Sendable {
    /// Tasks of one round of a stage, sorted by the bytes of their partitions' names.
    private let rounds: [Round: [(partition: [UInt8], key: Digest)]]
    private let store: Store

    private struct Round: Hashable, Sendable {
        var stage: String
        var phase: KeyDocument.Phase
    }

    /// Those of the latest run that completed each stage.
    init(pipeline: String, stages: [String], store: Store) {
        let history = History(store: store)
        self.init(
            stages.compactMap { name in (try? history.latest("\(pipeline)/\(name)")).flatMap { $0?.stage(name) } },
            history: history)
    }

    init(_ stages: [RunManifest.Stage], history: History) {
        store = history.store
        var rounds: [Round: [(partition: [UInt8], key: Digest)]] = [:]
        for stage in stages {
            for entry in (try? history.tasks(of: stage)) ?? [] {
                rounds[Round(stage: stage.name, phase: entry.phase), default: []].append((Array(entry.partition.utf8), entry.key))
            }
        }
        self.rounds = rounds.mapValues { $0.sorted { $0.partition.lexicographicallyPrecedes($1.partition) } }
    }

    /// Why this task is no hit.
    /// - Parameters:
    ///   - document: its key document; nil if it cannot be put together.
    ///   - hasNeighbours: whether the task is on a partition of sources, so that one of another name stands beside it.
    func reason(_ entry: TaskEntry, stage: String, document: KeyDocument?, hasNeighbours: Bool) -> Reason {
        guard let document else { return .unknown }
        let round = rounds[Round(stage: stage, phase: entry.phase)] ?? []
        guard let earlier = EarlierKeys.nearest(Array(entry.partition.utf8), in: round, hasNeighbours) else { return .new }
        if earlier == entry.key { return .resultLost }
        guard let bytes = try? store.blob(earlier), let json = try? JSON(parsing: bytes) else { return .unknown }
        return .changed(from: KeyDocument(json: json), to: document)
    }

    /// The task of that partition, or else of the one that had its sources: a partition is named by its first source,
    /// and one that comes or goes there renames it.
    private static func nearest(_ partition: [UInt8], in round: [(partition: [UInt8], key: Digest)], _ hasNeighbours: Bool)
        -> Digest?
    {
        var low = 0
        var high = round.count
        while low < high {
            let middle = (low + high) / 2
            if round[middle].partition.lexicographicallyPrecedes(partition) { low = middle + 1 } else { high = middle }
        }
        if low < round.count, round[low].partition == partition { return round[low].key }
        return hasNeighbours && !round.isEmpty ? round[max(low - 1, 0)].key : nil
    }
}
