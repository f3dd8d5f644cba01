public import HeadwaterModel
import HeadwaterStore

extension History {
    /// The run before this one that completed a stage of the same pipeline: what it is compared with when somebody asks
    /// what changed. Told by what names supersede, not by the clock; nil if there is none, or if it was collected.
    public func predecessor(of run: RunManifest, completing stage: String) throws -> RunManifest? {
        let bindings = try store.bindings(.name, run.pipeline)
        let byDigest = Dictionary(bindings.map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
        let own = Set(try store.bindings(.run, run.id.description).map(\.value))
        var seen: Set<Digest> = []
        // Of several, since writers that did not know of each other moved the name, all are looked at, nearest first.
        var front = bindings.filter { own.contains($0.value) }
        while !front.isEmpty {
            let superseded = Set(front.flatMap(\.supersedes)).subtracting(seen).sorted()
            seen.formUnion(superseded)
            front = superseded.compactMap { byDigest[$0] }
            for value in Set(front.map(\.value)).sorted() {
                guard let manifest = try? manifest(value), manifest.stage(stage)?.artifact != nil else { continue }
                return manifest
            }
        }
        return nil
    }
}
