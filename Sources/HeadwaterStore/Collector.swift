import Glibc
import HeadwaterModel

/// One collection: finds what is not needed, condemns it, and sweeps what no writer can have come to rely on.
///
/// A writer takes out a lease, then reads the condemned list, and relies on nothing that is in it. So a copy that is
/// condemned since generation g is relied on by nobody who has read the list of generation g or a later one. Who has not
/// is told by the leases, which are looked at before anything is judged and again when the new list is in place; those of
/// the dead count until what they left is sealed. Whoever came and went in between had read the list before at least, and
/// what such a writer wrote shows: it was not there.
struct Collector {
    private let layout: StoreLayout
    private let settings: Store.Settings
    private let isDry: Bool

    init(_ path: String, isDry: Bool, _ settings: Store.Settings) {
        layout = StoreLayout(root: path, disk: settings.disk)
        self.settings = settings
        self.isDry = isDry
    }

    func run(_ mark: (Store) throws -> LiveSet) throws -> CollectionReport {
        try layout.check()
        let turn = isDry ? nil : try Collector.turn(layout)
        defer { withExtendedLifetime(turn) {} }
        if !isDry { try layout.complete() }
        if !isDry { try takeUp() }
        let former = try holders()
        let previous = try previous(former)

        let reader = try Store.open(at: layout.root, .read, settings)
        let packs = reader.shelf.packs
        let files = try layout.blobFiles.all() + layout.references.all()
        let judgement = try Judgement(packs, files, try mark(reader), previous)
        if !isDry && (previous.generation > 0 || !judgement.condemned.isEmpty) { try judgement.condemned.write(layout) }

        let holders = Set(former + (try holders()))
        // Whoever came and went has read the previous list at least.
        let newcomers = try hasNewcomers(packs) ? previous.generation : .max
        let read = holders.map(\.generation).reduce(newcomers, min)
        var sweep = Sweep(layout, settings, judgement.condemned, upTo: read, isDry: isDry)
        for (file, copy) in judgement.files { try sweep.remove(file, copy) }
        try sweep.rewrite(judgement.packs)

        var report = sweep.report
        report.damaged = judgement.damaged + report.damaged
        report.packsBefore = packs.count
        report.packsAfter += packs.count
        if report.waiting != CollectionReport.Amount() {
            let late = holders.filter { $0.generation < judgement.condemned.generation && !$0.isGone }
            report.writers = Set(late.map { CollectionReport.Writer($0.owner) }).sorted()
            report.waitsForNext = late.isEmpty
        }
        return report
    }

    private func takeUp() throws(StoreError) {
        let lease = try Lease(layout)
        _ = try Leftovers.takeUp(layout, under: lease)
        try lease.end()
    }

    /// Those whose leases count. A dry collection sets aside what is left of the dead, as if it were taken up.
    private func holders() throws(StoreError) -> [Lease.Holder] {
        try Lease.holders(layout).filter { !isDry || !$0.isGone }
    }

    /// The right to remove packs, for as long as the file is open. One process has it at a time, and none while an erasure is
    /// not finished.
    static func turn(_ layout: StoreLayout) throws(StoreError) -> File {
        let file = try lock(layout)
        try Store.refuseErasure(layout)
        return file
    }

    /// The same for whoever finishes an erasure.
    static func lock(_ layout: StoreLayout) throws(StoreError) -> File {
        guard let file = try File(ifExists: layout.format, .update, on: layout.disk), file.tryLock() else {
            throw StoreError(
                .busy, layout.root, "another process collects, repairs or erases in this store",
                remedy: "run again when it has ended")
        }
        return file
    }

    /// The list that is in place; of generation 0 if there was none yet.
    private func previous(_ holders: [Lease.Holder]) throws(StoreError) -> Condemned {
        do throws(StoreError) {
            return try Condemned.read(layout) ?? Condemned(generation: 0)
        } catch  where error.isDamage {
            // Nothing of it counts any more, but writers may have read it when it was whole.
            return Condemned(generation: holders.map(\.generation).max() ?? 0)
        }
    }

    /// Whether somebody who is no longer there wrote something that was not seen when the packs were listed.
    private func hasNewcomers(_ packs: [SealedPack]) throws(StoreError) -> Bool {
        let known = Set(packs.map(\.path))
        for name in try layout.disk.names(layout.packs) ?? [] where name.hasSuffix(".pack") {
            if !known.contains(layout.packs + "/" + name) { return true }
        }
        return try layout.disk.names(layout.temporary)?.contains(where: Claim.isAbandoned) ?? false
    }
}

extension CollectionReport.Writer {
    init(_ owner: Owner) {
        self.init(host: owner.host, process: owner.process, isRemote: owner.host != Owner.current.host)
    }
}

extension Store {
    /// Removes what is not needed from the store in this folder, as far as no writer that works now may rely on it, and
    /// puts small packs together. Any number of readers and writers may go on meanwhile.
    ///
    /// What cannot go yet is condemned: writers that open the store from now on store it anew if they need it, so that
    /// a later collection can remove it.
    ///
    /// - Parameters:
    ///   - isDry: touches nothing and says what would be done, what dead writers left set aside; damage in a pack that
    ///     would keep it from being written anew is not looked for.
    ///   - mark: says what is needed. It is given the store for reading, with all that was sealed before.
    /// - Throws: `StoreError`, of kind `busy` while another process collects; what `mark` throws.
    public static func collect(
        at path: String, isDry: Bool = false, keeping mark: (Store) throws -> LiveSet
    ) throws -> CollectionReport {
        try Collector(path, isDry: isDry, Settings()).run(mark)
    }
}
