public import HeadwaterModel
import HeadwaterStore

extension History {
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
