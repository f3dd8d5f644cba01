public import HeadwaterModel
public import HeadwaterStore

/// What stays of a store when something was erased: all that the remaining runs need, and nothing else.
public struct ErasureRemainder {
    public let live: LiveSet
    /// The blobs among it.
    public let blobs: Set<Digest>

    /// - Parameters:
    ///   - gone: the manifests of the runs that do not stay.
    ///   - history: of the store as it is; those that take the place of the others are there already.
    /// - Throws: where a run that stays cannot be read.
    public init(of plan: ErasurePlan, without gone: Set<Digest>, history: History) throws {
        let (bindings, damage) = try history.store.readBindings(.run)
        if let fault = damage.first { throw fault }
        var reachability = Reachability(history: history)
        for run in bindings.map(\.value).sorted() where !gone.contains(run) { try reachability.add(run: run) }
        try reachability.addBindings(without: ErasedPins(plan, history.store))
        let (blobs, kept) = (reachability.blobs, reachability.bindings)
        self.blobs = blobs
        live = LiveSet(
            keepsBlob: { blobs.contains($0) },
            // A name that stood for a run that is gone is superseded by one that stands for another.
            keepsBinding: { kept.contains($0.digest) && !($0.kind == .name && gone.contains($0.value)) })
    }
}

extension ErasureReceipt {
    /// Puts together what goes, while it is all still there.
    ///
    /// - Parameters:
    ///   - remainder: what stays.
    ///   - gone: the manifests of the runs that do not stay.
    public mutating func add(_ plan: ErasurePlan, without gone: Set<Digest>, _ remainder: ErasureRemainder, history: History)
        throws
    {
        let store = history.store
        var others = gone
        for run in plan.runs where gone.contains(run.digest) { others.formUnion([run.run.file] + run.run.included.values) }
        // Manifests are named by those of the runs that follow, which stay as they are.
        others.formUnion(try store.readBindings(.run, withoutCondemned: false).bindings.map(\.value))
        for run in try history.runs().readable { others.formUnion(run.follows) }
        try KnownSources(history: history).forEachKnown { others.formUnion($0.compactMap(\.digest)) }
        let pins = ErasedPins(plan, store)
        for binding in try store.bindings(.pin) where try pins.goes(binding) { counts.pins += 1 }
        var candidates: Set<Digest> = []
        try store.forEachStoredBlob { digest, _ in if !remainder.blobs.contains(digest) { candidates.insert(digest) } }
        others.subtract(plan.targets.digests)
        let traces = try TracesOfErased(of: plan, among: candidates, except: others) { digest in
            store.stores(digest) ? try store.blob(digest) : nil
        }
        locators = Set(plan.targets.locators.map { salt.digest(of: String(decoding: $0, as: UTF8.self)) })
        sources = Set(plan.targets.digests.map { salt.digest(of: $0) })
        records = Set(plan.records.map { salt.digest(of: $0) })
        blobs = Set(traces.blobs.subtracting(plan.targets.digests).subtracting(remainder.blobs).map { salt.digest(of: $0) })
        counts.locators = locators.count
        counts.sources = sources.count
        counts.records = records.count
        counts.blobs = blobs.count
        counts.publishedFiles = Set(plan.runs.flatMap { $0.publications.flatMap(\.files) }).count
        counts.influencedTasks = plan.runs.reduce(0) { $0 + $1.stages.reduce(0) { $0 + $1.influenced.count } }
    }
}
