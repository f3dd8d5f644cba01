public import HeadwaterModel
public import HeadwaterStore

/// Everything in a store that some runs need: their manifests, tasks, artifacts, sources and published files.
///
/// Throws on the first thing that cannot be read: who does not know what a run needs must not take anything away. Blobs
/// that are only named, and not read, need not be whole.
public struct Reachability {
    public private(set) var blobs: Set<Digest> = []
    public private(set) var bindings: Set<Digest> = []
    // What was read, apart from `blobs`: a blob that is there already may have come in another part, with nothing of what
    // it leads to in this one.
    private var runs: Set<Digest> = []
    private var keys: Set<Digest> = []
    private var results: Set<Digest> = []
    private var artifacts: Set<Digest> = []
    /// By file and map: files that differ in what no record says have equal maps.
    private var published: Set<[Digest]> = []
    /// Locators of sources that could not be had, as keys have them.
    private var missed: Set<[UInt8]> = []
    private let history: History
    private var store: Store { history.store }

    public init(history: History) { self.history = history }

    /// What is kept of a store for good, once all runs are added: the bindings of what was added.
    public var liveSet: LiveSet { LiveSet(blobs: blobs, bindings: bindings) }

    /// Adds a run, by the digest of its manifest.
    public mutating func add(run digest: Digest) throws {
        guard runs.insert(digest).inserted else { return }
        let run = try history.manifest(digest)
        blobs.formUnion([digest, run.file])
        blobs.formUnion(run.included.values)
        for publication in run.publications where published.insert([publication.file, publication.map]).inserted {
            let held = try PublishedContent(publication, store: store).blobs
            blobs.formUnion(held.bytes + held.maps)
        }
        for stage in run.stages {
            blobs.insert(stage.tasks)
            if let artifact = stage.artifact, artifacts.insert(artifact).inserted {
                blobs.insert(artifact)
                blobs.formUnion(try DatasetReader(store: store).artifact(artifact).blobs)
            }
            for task in try history.tasks(of: stage) {
                try add(key: task.key)
                try add(result: task.result)
                if let log = task.log { blobs.insert(log) }
                if let containers = task.containers { blobs.insert(containers) }
            }
        }
        for failure in run.failures { if let log = failure.log { blobs.insert(log) } }
        for contradiction in run.contradictions {
            for result in [contradiction.earlier, contradiction.later] { try add(result: result) }
        }
    }

    /// A task's key document, and the sources that it names.
    private mutating func add(key: Digest) throws {
        guard keys.insert(key).inserted else { return }
        blobs.insert(key)
        let document = try JSON(parsing: try store.blob(key))
        for source in document["inputs"]?["sources"]?.array ?? [] {
            guard let parts = source.array, parts.count > 1 else { continue }
            if let digest = parts[1].string.flatMap({ Digest($0) }) {
                blobs.insert(digest)
            } else if let locator = parts[0].string {
                missed.insert(Array(locator.utf8))
            }
        }
    }

    private mutating func add(result digest: Digest) throws {
        guard results.insert(digest).inserted else { return }
        blobs.insert(digest)
        blobs.formUnion(try TaskResult(json: JSON(parsing: try store.blob(digest))).blobs)
    }

    /// Adds the bindings that lead to what was added: runs, tasks with their results, names, tags, and what is pinned of the
    /// network as far as it is needed. Those too that an earlier collection has condemned: a run that was tagged in between is
    /// needed.
    public mutating func addBindings() throws { try addBindings(without: nil) }

    /// - Parameter erased: pinned answers that are not kept whoever needs them. The others are then kept though no run needs
    ///   them: to erase something is no reason to ask the network again for something else.
    mutating func addBindings(without erased: ErasedPins?) throws {
        for kind in Binding.Kind.allCases {
            let (all, damage) = try store.readBindings(kind, withoutCondemned: false)
            if let fault = damage.first { throw fault }
            if kind == .name { addNames(all) }
            let superseded = kind == .pin ? Set(all.flatMap(\.supersedes)) : []
            for binding in all {
                switch kind {
                case .name: break
                case .run: if runs.contains(binding.value) { bindings.insert(binding.digest) }
                case .task:
                    guard let key = Digest(hex: binding.key), keys.contains(key) else { continue }
                    // Another result of the same task is kept with it: the two together show that the plugin is at fault.
                    // One that went when nobody needed it, before the binding could, shows nothing.
                    guard results.contains(binding.value) || store.contains(binding.value) else { continue }
                    try add(result: binding.value)
                    bindings.insert(binding.digest)
                case .pin:
                    guard store.contains(binding.value) else { continue }
                    let pin = PinnedBlobs(json: try JSON(parsing: try store.blob(binding.value)))
                    // The next run goes by lists of sources and by what is gone, though no key names the one and no bytes
                    // the other.
                    if let erased, try erased.goes(binding) { continue }
                    let isLatest = !superseded.contains(binding.digest)
                    let isNeeded =
                        erased != nil && isLatest && !pin.isList
                        || pin.source.map(blobs.contains) ?? missed.contains(Array(binding.key.utf8))
                        || (pin.isList && isLatest)
                    guard isNeeded else { continue }
                    blobs.formUnion([binding.value] + pin.all)
                    bindings.insert(binding.digest)
                case .tombstone:
                    // What was taken out stays out.
                    blobs.insert(binding.value)
                    bindings.insert(binding.digest)
                }
            }
        }
    }

    /// Keeps the names of kept runs, and of those between them the bindings alone: what a name stood for once must stay
    /// superseded by what it stands for now, though the one that did so belongs to a run that is forgotten.
    private mutating func addNames(_ all: [Binding]) {
        let untagged = Digest(of: History.untagged)
        var successors: [Digest: [Digest]] = [:]
        for binding in all {
            for earlier in binding.supersedes { successors[earlier, default: []].append(binding.digest) }
        }
        let superseded = Set(all.flatMap(\.supersedes))
        var front: [Digest] = []
        for binding in all {
            if let target = History.noteTarget(binding.key) {
                // What a note says that was removed is needed no more; that it was removed is.
                guard runs.contains(target) || artifacts.contains(target) else { continue }
                front.append(binding.digest)
                if !superseded.contains(binding.digest) { blobs.insert(binding.value) }
            } else if runs.contains(binding.value) {
                front.append(binding.digest)
            }
        }
        while let digest = front.popLast() {
            if bindings.insert(digest).inserted { front += successors[digest] ?? [] }
        }
        // A tag that was removed last and is superseded by nothing stands for its removal.
        if all.contains(where: { $0.value == untagged && bindings.contains($0.digest) }) { blobs.insert(untagged) }
    }
}
