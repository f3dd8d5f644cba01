public import HeadwaterModel
import HeadwaterStore

/// Which runs and stages need blobs that are damaged or lost.
public struct Harm {
    /// One thing that a run needs.
    public struct Place: Hashable, Comparable, Sendable, CustomStringConvertible {
        public var pipeline: String
        /// Empty for what describes the run itself.
        public var stage: String
        /// What the blob is there: `records of a.html`, `key document`, `source a.html`, `published brief` …
        public var role: String

        public var description: String { "\(role) in \(pipeline)\(stage.isEmpty ? "" : "/\(stage)")" }

        public static func < (a: Place, b: Place) -> Bool { (a.pipeline, a.stage, a.role) < (b.pipeline, b.stage, b.role) }
    }

    /// For each blob that some run needs, the places and the runs, in the order in which runs are listed.
    public private(set) var places: [Digest: [Place: [RunID]]] = [:]
    private let damaged: Set<Digest>
    private let history: History
    /// What of the damaged is needed by a task's key or result; looked at once for all runs that share it.
    private var needs: [Digest: [(digest: Digest, role: String)]] = [:]

    /// Goes through all runs that can be read.
    public init(of damaged: Set<Digest>, history: History) throws {
        self.damaged = damaged
        self.history = history
        if damaged.isEmpty { return }
        for run in try history.runs().readable { add(run) }
    }

    private mutating func add(_ run: RunManifest) {
        note(run.file, "pipeline file", "", run)
        for file in run.included.values { note(file, "included file", "", run) }
        for publication in run.publications {
            note(publication.map, "map of published \(publication.name)", "", run)
            // Where the map itself is lost, it is not known what else is.
            guard let held = try? PublishedContent(publication, store: history.store).blobs else { continue }
            for blob in held.bytes { note(blob, "published \(publication.name)", "", run) }
            for blob in held.maps.dropFirst() { note(blob, "map of published \(publication.name)", "", run) }
        }
        for stage in run.stages {
            note(stage.tasks, "task list", stage.name, run)
            if let artifact = stage.artifact { note(artifact, "artifact", stage.name, run) }
            for task in (try? history.tasks(of: stage)) ?? [] {
                let place = task.partition.isEmpty ? "" : " of \(task.partition)"
                note(task.key, "key document\(place)", stage.name, run)
                note(task.result, "task result\(place)", stage.name, run)
                if let log = task.log { note(log, "log\(place)", stage.name, run) }
                if let containers = task.containers { note(containers, "places of members\(place)", stage.name, run) }
                for need in needed(by: task) { note(need.digest, need.role + place, stage.name, run) }
            }
        }
    }

    private mutating func note(_ digest: Digest, _ role: String, _ stage: String, _ run: RunManifest) {
        guard damaged.contains(digest) else { return }
        places[digest, default: [:]][Place(pipeline: run.pipeline, stage: stage, role: role), default: []].append(run.id)
    }

    private mutating func needed(by task: TaskEntry) -> [(digest: Digest, role: String)] {
        let memo = Digest(of: task.key.bytes + task.result.bytes)
        if let known = needs[memo] { return known }
        var found: [(digest: Digest, role: String)] = []
        func note(_ digest: Digest?, _ role: String) {
            if let digest, damaged.contains(digest) { found.append((digest, role)) }
        }
        for source in document(task.key)?["inputs"]?["sources"]?.array ?? [] {
            guard let parts = source.array, parts.count > 1 else { continue }
            note(parts[1].string.flatMap { Digest($0) }, "source \(parts[0].string ?? "")")
        }
        switch document(task.result).flatMap({ try? TaskResult(json: $0) }) {
        case .shard(let shard)?:
            note(shard.digest, "records")
            note(shard.dropsDigest, "drops")
            note(shard.notesDigest, "notes")
        case .tree(let tree)?:
            for (path, file) in tree.files {
                note(file.digest, "file \(path)")
                note(file.map, "map of file \(path)")
            }
        case .blob(let digest)?: note(digest, task.phase == .sketch ? "sketch" : "verdict")
        case .slices(let slices)?: for slice in slices { note(slice, "slice") }
        case .groups(let groups, let carry)?:
            note(carry, "what combine carries on")
            for group in groups { note(group.slice, "slice") }
        case nil: break
        }
        needs[memo] = found
        return found
    }

    private func document(_ digest: Digest) -> JSON? { (try? history.store.blob(digest)).flatMap { try? JSON(parsing: $0) } }
}
