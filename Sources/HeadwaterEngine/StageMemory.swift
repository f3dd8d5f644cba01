import Foundation
import HeadwaterModel
import HeadwaterStore
import Synchronization

/// What stages that are carried out file by file came to with certain inputs when all of their tasks were hits, and what it
/// rests on that they would be again: a hint that saves reading the lists of thousands of tasks, never part of an identity.
///
/// Kept in a file of its own beside the packs, which may be deleted at any time.
final class StageMemory: Sendable {
    struct Memo: Equatable, Sendable {
        /// The manifest of the tree that the stage made.
        var artifact: Digest
        /// The list of its tasks.
        var tasks: Digest
        /// How many those are.
        var count: Int
        /// That the tasks' keys, results and files are in the store, and the results bound to the keys.
        var holding: Holding
    }

    private struct State {
        /// As the file has it.
        var known: [Digest: Memo] = [:]
        /// What this run met.
        var used: [Digest: Memo] = [:]
    }

    private let store: Store
    /// Of the file, below the store's folder.
    private let name: String
    private let state: Mutex<State>

    init(of pipeline: String, in store: Store) {
        self.store = store
        name = "hints/\(pipeline).stages"
        state = Mutex(State(known: StageMemory.read(store.path + "/" + name)))
    }

    /// The digest of everything that decides what the stage comes to: what the keys of all of its tasks hold, and its inputs.
    static func key(_ stage: StageRuntime, _ inputs: [String: Digest], divided: String) -> Digest {
        let json: JSON = [
            "form": .string(stage.formDigest.hex), "divided": .string(divided),
            "inputs": .object(inputs.mapValues { .string($0.hex) }),
        ]
        return json.digest
    }

    /// All that is known from runs before.
    var memos: [Memo] { state.withLock { Array($0.known.values) } }

    subscript(_ key: Digest) -> Memo? {
        state.withLock { state in
            state.used[key] = state.known[key]
            return state.known[key]
        }
    }

    func remember(_ memo: Memo, _ key: Digest) { state.withLock { $0.used[key] = memo } }

    /// Writes down what this run met. A file that cannot be written costs time, not truth, so that a failure is no error.
    ///
    /// - Parameter sawAll: whether the run came to all stages, so that what it did not meet is forgotten.
    func save(sawAll: Bool) {
        let memos = state.withLock { state -> [Digest: Memo]? in
            let memos = sawAll ? state.used : state.known.merging(state.used) { $1 }
            return memos == state.known ? nil : memos
        }
        guard let memos else { return }
        let json = JSON.object(
            Dictionary(memos.map { ($0.hex, $1.json) }, uniquingKeysWith: { first, _ in first }))
        let bytes = json.canonical
        try? store.setAside(as: name) { write in try write(bytes + Digest(of: bytes).bytes) }
    }

    /// Nothing where the file is missing or not as it was written: JSON, and behind it its digest.
    private static func read(_ path: String) -> [Digest: Memo] {
        guard let content = FileManager.default.contents(atPath: path).map(Array.init), content.count > Digest.byteCount else {
            return [:]
        }
        let bytes = Array(content.dropLast(Digest.byteCount))
        guard Digest(bytes: content.suffix(Digest.byteCount)) == Digest(of: bytes), let memos = try? JSON(parsing: bytes).object
        else { return [:] }
        var known: [Digest: Memo] = [:]
        for (key, json) in memos {
            guard let key = Digest(hex: key), let memo = Memo(json: json) else { return [:] }
            known[key] = memo
        }
        return known
    }
}

extension StageMemory.Memo {
    fileprivate var json: JSON {
        [
            "artifact": .string(artifact.hex), "tasks": .string(tasks.hex), "count": .integer(count), "holding": holding.json,
        ]
    }

    fileprivate init?(json: JSON) {
        func digest(_ name: String) -> Digest? { json[name]?.string.flatMap { Digest(hex: $0) } }
        guard let artifact = digest("artifact"), let tasks = digest("tasks"), let count = json["count"]?.integer, count >= 0,
            let holding = json["holding"].flatMap({ Holding(json: $0) })
        else { return nil }
        (self.artifact, self.tasks, self.count, self.holding) = (artifact, tasks, count, holding)
    }
}
