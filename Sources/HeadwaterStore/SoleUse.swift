import Glibc
import HeadwaterModel

/// The sole right to write a store, announced by a journal in its folder, for taking something out of it for good.
///
/// Writers look for the journal once they have their lease, and go away if there is one. Who takes the right writes the
/// journal and then looks for leases: of the two at least one sees the other. The journal outlives its process, so that
/// nobody writes, collects or mends before what was begun is finished.
///
///     the journal's bytes, as whoever erases understands them, and behind them their digest (32)
public final class SoleUse {
    private let layout: StoreLayout
    private let settings: Store.Settings
    private let turn: File
    public private(set) var journal: [UInt8]

    private init(_ layout: StoreLayout, _ settings: Store.Settings, _ turn: File, journal: [UInt8]) {
        self.layout = layout
        self.settings = settings
        self.turn = turn
        self.journal = journal
    }

    /// Takes the right to the store in this folder.
    ///
    /// - Throws: `StoreError`, of kind `busy` where somebody writes, collects, mends or erases, or may do so; the store is then
    ///   as it was.
    public static func begin(at path: String, journal: [UInt8]) throws(StoreError) -> SoleUse {
        try begin(at: path, journal: journal, Store.Settings())
    }

    static func begin(at path: String, journal: [UInt8], _ settings: Store.Settings) throws(StoreError) -> SoleUse {
        let layout = StoreLayout(root: path, disk: settings.disk)
        try layout.check()
        try layout.complete()
        let use = SoleUse(layout, settings, try Collector.turn(layout), journal: journal)
        try use.write()
        do throws(StoreError) {
            try use.makeSureOfIt()
        } catch {
            try? layout.disk.remove(layout.erasure)
            throw error
        }
        return use
    }

    /// Takes up what was begun by a process that is gone; nil if nothing was.
    public static func resume(at path: String) throws(StoreError) -> SoleUse? { try resume(at: path, Store.Settings()) }

    static func resume(at path: String, _ settings: Store.Settings) throws(StoreError) -> SoleUse? {
        let layout = StoreLayout(root: path, disk: settings.disk)
        try layout.check()
        try layout.complete()
        guard try read(layout) != nil else { return nil }
        let turn = try Collector.lock(layout)
        guard let journal = try read(layout) else { return nil }
        let use = SoleUse(layout, settings, turn, journal: journal)
        try use.makeSureOfIt()
        return use
    }

    /// The journal of what was begun and is not finished; nil if there is none.
    static func read(_ layout: StoreLayout) throws(StoreError) -> [UInt8]? {
        guard let file = try File(ifExists: layout.erasure, .read, on: layout.disk) else { return nil }
        let bytes = try file.read(at: 0, count: try file.size())
        let body = Array(bytes.dropLast(Digest.byteCount))
        guard bytes.count > Digest.byteCount, Digest(bytes: bytes.suffix(Digest.byteCount)) == Digest(of: body) else {
            throw StoreError(
                .damaged(nil), layout.erasure, "the journal of an erasure does not match its digest",
                remedy: "remove it and erase again; what was done already is found done")
        }
        return body
    }

    /// Notes how far it is, durably.
    public func note(_ journal: [UInt8]) throws(StoreError) {
        self.journal = journal
        try write()
    }

    private func write() throws(StoreError) {
        let (file, claim) = try Claim.create(in: layout, "erasure")
        defer { withExtendedLifetime(claim) {} }
        do throws(StoreError) {
            try file.write(journal + Digest(of: journal).bytes, at: 0)
            try file.sync()
            _ = try layout.disk.rename(file.path, to: layout.erasure)
        } catch {
            try? layout.disk.remove(file.path)
            throw error
        }
        try layout.disk.sync(layout.root)
    }

    /// Takes up what dead writers left, and looks for those that may be alive.
    private func makeSureOfIt() throws(StoreError) {
        let lease = try Lease(layout)
        _ = try Leftovers.takeUp(layout, under: lease)
        try lease.end()
        let writers = Set(try Lease.holders(layout).map { CollectionReport.Writer($0.owner) }).sorted()
        guard let writer = writers.first else { return }
        let others = writers.count == 1 ? "" : " and \(writers.count - 1) more"
        throw StoreError(
            .busy, layout.root, "\(writer)\(others) may be writing this store",
            remedy: writer.isRemote
                ? "wait for its end; if it is gone for certain, remove its .lease under tmp/" : "wait for its end, or stop it")
    }

    /// Opens the store for writing, which nobody else can.
    public func open() throws(StoreError) -> Store {
        var settings = settings
        settings.hasSoleUse = true
        return try Store.open(at: layout.root, .write, settings)
    }

    // MARK: Removing

    /// Removes at once, and whatever was condemned before, all but what is needed: no byte of it is left in any file of
    /// the store that is a pack, a blob, a reference or the condemned list. The store must not be open for writing.
    ///
    /// - Returns: what was removed.
    /// - Throws: `StoreError`, of kind `damaged` where a pack is, as what it holds cannot be told.
    public func remove(allBut live: LiveSet) throws(StoreError) -> CollectionReport.Amount {
        let packs = try Store.open(at: layout.root, .read, settings).shelf.packs
        let files = try layout.blobFiles.all() + layout.references.all()
        let previous = ((try? Condemned.read(layout)) ?? nil) ?? Condemned(generation: 0)
        let judgement = try Judgement(packs, files, live, previous)
        let others = packs.filter { pack in !judgement.packs.contains { $0 === pack } }
        for pack in others {
            // One of which everything is known is written anew like the others.
            let check = try PackCheck(pack)
            guard pack.name != nil, check.isKnown, check.faults.allSatisfy(\.isHarmless) else {
                throw StoreError(
                    .damaged(nil), pack.path, "what this damaged pack holds cannot be told",
                    remedy: "remove \(layout.erasure), mend the store with: headwater fsck --repair, and erase again")
            }
        }
        // Readers go by it while packs come and go.
        try judgement.condemned.write(layout)
        var sweep = Sweep(layout, settings, judgement.condemned, upTo: .max, isDry: false)
        sweep.isThorough = true
        for (file, copy) in judgement.files { try sweep.remove(file, copy) }
        try sweep.rewrite(judgement.packs + others)
        if let damage = sweep.report.damaged.first { throw damage }
        // The list names what is gone by its digest. Nobody needs it any more, but the next list is to have a later generation.
        try Condemned(generation: judgement.condemned.generation &+ 1).write(layout)
        for folder in [layout.blobFiles, layout.references] { try folder.removeEmpty() }
        // Nobody writes, so that all but the leases of those who look whether they may is left over.
        for name in try layout.disk.names(layout.temporary) ?? [] where !name.hasSuffix(Lease.suffix) {
            try layout.disk.removeAll(layout.temporary + "/" + name)
        }
        for folder in [layout.packs, layout.temporary, layout.root] { try layout.disk.sync(folder) }
        return sweep.report.removed
    }

    /// Removes files and folders below the store's folder that are no part of the store, with all they hold.
    ///
    /// - Parameter names: paths below the folder; what is not there is fine.
    public func removeAside(_ names: [String]) throws(StoreError) {
        for name in names { try layout.disk.removeAll(layout.root + "/" + name) }
        try layout.disk.sync(layout.root)
    }

    /// Says that all is done, durably: the journal goes, and others may write again.
    public func end() throws(StoreError) {
        try layout.disk.remove(layout.erasure)
        try layout.disk.sync(layout.root)
        withExtendedLifetime(turn) {}
    }
}

extension Store {
    /// The journal of an erasure that was begun in this folder and is not finished; nil if there is none.
    public static func pendingErasure(at path: String) throws(StoreError) -> [UInt8]? {
        try SoleUse.read(StoreLayout(root: path, disk: Disk()))
    }

    /// - Throws: `busy` while an erasure is not finished.
    static func refuseErasure(_ layout: StoreLayout) throws(StoreError) {
        guard try SoleUse.read(layout) != nil else { return }
        throw StoreError(
            .busy, layout.root, "an erasure was begun in this store and is not finished",
            remedy: "finish it with: headwater erase --resume")
    }
}
