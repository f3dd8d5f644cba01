import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// Moves the names that stand for runs which are replaced or forgotten: those of pipelines, stages and tags.
struct RunNames {
    let history: History
    /// For the manifest of each run that goes, that of the run in its place; nil if it is forgotten.
    let replaced: [Digest: Digest?]

    func move() throws {
        let store = history.store
        for name in try history.names() {
            let heads = try store.heads(of: name)
            guard heads.contains(where: { replaced[$0.value] != nil }) else { continue }
            // Of those that stay none may come to stand for something when the others are gone.
            let all = try store.bindings(.name, name)
            let staying = all.filter { replaced[$0.value] == nil }
            let below = Set(staying.flatMap(\.supersedes))
            let superseded = heads.map(\.digest) + staying.map(\.digest).filter { !below.contains($0) }
            guard let value = try value(of: name, heads) else { continue }
            try store.bind(Binding(kind: .name, key: name, value: value, supersedes: superseded))
        }
    }

    /// What people noted on a run goes over to the one in its place.
    func moveNotes() throws {
        for (target, notes) in try history.notes() {
            guard let by = replaced[target] ?? nil else { continue }
            for note in notes { _ = try history.note(note.text, on: by, written: note.written) }
        }
    }

    /// What the name is to stand for; nil if nothing is left, so that all its bindings go.
    private func value(of name: String, _ heads: [Binding]) throws -> Digest? {
        // Where writers that did not know of each other moved it, one of those that stay will do as well.
        if let head = heads.lazy.compactMap({ replaced[$0.value] == nil ? $0.value : replaced[$0.value] ?? nil }).first {
            return head
        }
        if History.isTag(name) { return try history.store.put(History.untagged) }
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        var latest: (run: RunManifest, digest: Digest)?
        for binding in try history.store.bindings(.run) where replaced[binding.value] == nil {
            let run = try history.manifest(binding.value)
            guard run.pipeline == parts.first, parts.count < 2 || run.stage(parts[1])?.artifact != nil else { continue }
            if latest.map({ ($0.run.order, $0.run.id.description) < (run.order, run.id.description) }) ?? true {
                latest = (run, binding.value)
            }
        }
        return latest?.digest
    }
}
