public import HeadwaterModel
import HeadwaterStore

extension History {
    /// The run that this one follows; of several, since writers that did not know of each other moved the pipeline's name, the
    /// latest. Nil for a pipeline's first run, and where the run was collected.
    public func predecessor(of run: RunManifest) throws -> RunManifest? {
        try run.follows.compactMap { digest in
            guard store.contains(digest) else { return nil }
            let earlier = try manifest(digest)
            // What a collection has forgotten may be there for a while yet.
            return try store.bindings(.run, earlier.id.description).contains { $0.value == digest } ? earlier : nil
        }.max { ($0.order, $0.id.description) < ($1.order, $1.id.description) }
    }

    /// The run before this one that completed a stage of the same pipeline: what it is compared with when somebody asks
    /// what changed. Told by what runs follow, not by the clock; nil if there is none, or if it was collected.
    public func predecessor(of run: RunManifest, completing stage: String) throws -> RunManifest? {
        var seen: Set<Digest> = []
        // Of several, since writers that did not know of each other moved the name, all are looked at, nearest first.
        var front = [run]
        while !front.isEmpty {
            let followed = Set(front.flatMap(\.follows)).subtracting(seen).sorted()
            seen.formUnion(followed)
            front = followed.compactMap { try? manifest($0) }
            if let found = front.first(where: { $0.stage(stage)?.artifact != nil }) { return found }
        }
        return nil
    }
}
