import HeadwaterModel
import HeadwaterStore

/// Where the bytes of a store are: what each kind of thing takes on the disk, and what no run needs.
public struct Usage: Sendable {
    /// One kind of thing.
    public struct Line: Hashable, Sendable {
        /// `sources`, `records of clean`, `key documents` … ; `needed by no run`.
        public var what: String
        public var blobs: Int
        /// On the disk, compressed.
        public var bytes: Int
    }

    /// The largest first.
    public private(set) var lines: [Line] = []
    /// Blobs that were left in place, with the bytes of their originals, which are not the store's; nil if there are none.
    public private(set) var leftInPlace: Line?

    /// A blob that is needed as several things counts as the first of them, in the order of the runs, the latest first.
    public init(of history: History) throws {
        var kinds = Kinds(history: history)
        for run in try history.runs().readable { kinds.add(run) }
        for binding in try history.store.bindings(.run) + history.store.bindings(.name) {
            kinds.note(binding.value, History.noteTarget(binding.key) == nil ? "run manifests" : "notes")
        }
        for binding in try history.store.bindings(.pin) { kinds.note(pin: binding.value) }
        var totals: [String: (blobs: Int, bytes: Int)] = [:]
        try history.store.forEachStoredBlob { digest, bytes in
            let what = kinds[digest] ?? "needed by no run"
            totals[what, default: (0, 0)].blobs += 1
            totals[what, default: (0, 0)].bytes += bytes
        }
        lines = totals.map { Line(what: $0.key, blobs: $0.value.blobs, bytes: $0.value.bytes) }
            .sorted { ($1.bytes, $0.what) < ($0.bytes, $1.what) }
        var left = Line(what: "sources left in place", blobs: 0, bytes: 0)
        try history.store.forEachOriginal { _, bytes in
            left.blobs += 1
            left.bytes += bytes
        }
        if left.blobs > 0 { leftInPlace = left }
    }
}

/// What each blob is, by number in a list of names, so that a million of them take little memory.
private struct Kinds {
    private let history: History
    private var names: [String] = []
    private var numbers: [String: UInt16] = [:]
    private var kinds: [Digest: UInt16] = [:]
    /// By file and map: several files may have one map.
    private var published: Set<[Digest]> = []

    init(history: History) { self.history = history }

    subscript(_ digest: Digest) -> String? { kinds[digest].map { names[Int($0)] } }

    /// - Returns: whether the blob is new.
    @discardableResult
    mutating func note(_ digest: Digest?, _ name: String) -> Bool {
        guard let digest, kinds[digest] == nil else { return false }
        if numbers[name] == nil, names.count < Int(UInt16.max) {
            numbers[name] = UInt16(names.count)
            names.append(name)
        }
        kinds[digest] = numbers[name]
        return true
    }

    mutating func note(pin digest: Digest) {
        guard note(digest, "pins"), let pin = document(digest).map(PinnedBlobs.init) else { return }
        note(pin.archive, "archived exchanges")
        if pin.isList { note(pin.source, "lists of sources") }
    }

    mutating func add(_ run: RunManifest) {
        note(run.file, "pipeline files")
        for file in run.included.values { note(file, "pipeline files") }
        for publication in run.publications {
            note(publication.map, "maps of published files")
            guard published.insert([publication.file, publication.map]).inserted,
                let held = try? PublishedContent(publication, store: history.store).blobs
            else { continue }
            for blob in held.bytes { note(blob, "published files") }
            for blob in held.maps { note(blob, "maps of published files") }
        }
        for stage in run.stages {
            note(stage.artifact, "artifacts")
            guard note(stage.tasks, "task lists") else { continue }
            for task in (try? history.tasks(of: stage)) ?? [] { add(task, stage.name) }
        }
    }

    private mutating func add(_ task: TaskEntry, _ stage: String) {
        if note(task.key, "key documents") {
            for source in document(task.key)?["inputs"]?["sources"]?.array ?? [] {
                note(source.array?.dropFirst().first?.string.flatMap { Digest($0) }, "sources")
            }
        }
        note(task.log, "task logs")
        note(task.containers, "places of members")
        guard note(task.result, "task results") else { return }
        switch document(task.result).flatMap({ try? TaskResult(json: $0) }) {
        case .shard(let shard)?:
            note(shard.digest, "records of \(stage)")
            note(shard.dropsDigest, "drops of \(stage)")
            note(shard.notesDigest, "notes of \(stage)")
        case .tree(let tree)?:
            for (_, file) in tree.files {
                note(file.digest, "files of \(stage)")
                note(file.map, "maps of files of \(stage)")
            }
        case .blob(let digest)?: note(digest, task.phase == .sketch ? "sketches of \(stage)" : "verdicts of \(stage)")
        case .slices(let slices)?: for slice in slices { note(slice, "slices of \(stage)") }
        case .groups(let groups, let carry)?:
            note(carry, "slices of \(stage)")
            for group in groups { note(group.slice, "slices of \(stage)") }
        case nil: break
        }
    }

    private func document(_ digest: Digest) -> JSON? { (try? history.store.blob(digest)).flatMap { try? JSON(parsing: $0) } }
}
