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
    ///   - isFound: whether the run that has the task has a source of this locator, in whatever partition.
    func reason(
        _ entry: TaskEntry, stage: String, document: KeyDocument?, hasNeighbours: Bool, isFound: (String) -> Bool
    ) -> Reason {
        guard let document else { return .unknown }
        let round = rounds[Round(stage: stage, phase: entry.phase)] ?? []
        guard let earlier = EarlierKeys.nearest(Array(entry.partition.utf8), in: round, hasNeighbours) else { return .new }
        if earlier == entry.key { return .resultLost }
        guard let json = self.document(earlier) else { return .unknown }
        guard let old = json["inputs"]?["sources"]?.array, let new = document.json["inputs"]?["sources"]?.array else {
            return .changed(from: KeyDocument(json: json), to: document)
        }
        let settled = settle(old, new, stage: stage, isFound)
        guard settled != old else { return .changed(from: KeyDocument(json: json), to: document) }
        let bounds = KeyDocument.Difference(path: "partition", old: .integer(old.count), new: .integer(new.count))
        guard case .changed(let others) = Reason.changed(from: KeyDocument(json: json.replacing(sources: settled)), to: document)
        else { return .unknown }
        return .changed(others + [bounds])
    }

    /// A partition's sources before, as if it had been of the same bounds then: without those that are in another partition
    /// now, and with those that were in another one.
    private func settle(_ old: [JSON], _ new: [JSON], stage: String, _ isFound: (String) -> Bool) -> [JSON] {
        func locator(_ source: JSON) -> [UInt8] { Array((source.array?.first?.string ?? "").utf8) }
        let before = Set(old.map(locator))
        let after = Set(new.map(locator))
        let stayed = old.filter { after.contains(locator($0)) || !isFound($0.array?.first?.string ?? "") }
        var documents: [Digest: [[UInt8]: JSON]] = [:]
        let came = new.map(locator).filter { !before.contains($0) }.compactMap { name -> JSON? in
            guard let key = EarlierKeys.nearest(name, in: rounds[Round(stage: stage, phase: .apply)] ?? [], true) else {
                return nil
            }
            if documents[key] == nil {
                let sources = document(key)?["inputs"]?["sources"]?.array ?? []
                documents[key] = Dictionary(sources.map { (locator($0), $0) }, uniquingKeysWith: { first, _ in first })
            }
            return documents[key]?[name]
        }
        if came.isEmpty && stayed.count == old.count { return old }
        return (stayed + came).sorted { locator($0).lexicographicallyPrecedes(locator($1)) }
    }

    /// Whether a source stage had a source of this locator.
    func has(_ locator: String, stage: String) -> Bool {
        let name = Array(locator.utf8)
        guard let key = EarlierKeys.nearest(name, in: rounds[Round(stage: stage, phase: .apply)] ?? [], true) else {
            return false
        }
        return document(key)?["inputs"]?["sources"]?.array?.contains {
            $0.array?.first?.string?.hasSameBytes(as: locator) ?? false
        }
            ?? false
    }

    private func document(_ key: Digest) -> JSON? { (try? store.blob(key)).flatMap { try? JSON(parsing: $0) } }

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

extension JSON {
    /// A key document with these sources in the place of its own.
    fileprivate func replacing(sources: [JSON]) -> JSON {
        guard case .object(var members) = self, case .object(var inputs)? = members["inputs"] else { return self }
        inputs["sources"] = .array(sources)
        members["inputs"] = .object(inputs)
        return .object(members)
    }
}
