import Glibc
import Synchronization

/// The sealed packs of a store, as far as this process has seen them; looks again when it is asked to.
final class PackShelf: Sendable {
    private let layout: StoreLayout
    private let folder: String
    private let disk: Disk
    private let access: Store.Access

    private struct Seen {
        /// Sorted by path, so that of several copies of a blob everybody meets the same one first.
        var packs: [SealedPack] = []
        /// What was condemned when they were listed, or later; of a reader.
        var condemned: Condemned?
        var warnings: [StoreWarning] = []
    }
    private let seen = Mutex(Seen())
    private let openPacks = OpenPacks()
    /// Counts the packs that were added.
    private let additions = Atomic<Int>(0)

    /// When the folder had changed last, at our last look; nil if a change could have hidden behind that look.
    private let lastChange = Mutex<Int64?>(nil)
    /// How old a change must be before a later one is sure to get another time: the coarsest clock of a file system in
    /// use (FAT, 2 seconds). Git's rule for entries that are racily clean.
    static let coarsestClock: Int64 = 2_000_000_000

    /// When we looked last, in nanoseconds of the monotonic clock.
    private let lastLook = Atomic<Int64>(.min)

    /// How often the folder is listed again because it changed meanwhile: each time some writer sealed or removed a pack
    /// within the fraction of a millisecond that listing takes.
    private static let mostLooks = 100

    init(_ layout: StoreLayout, _ access: Store.Access) {
        self.layout = layout
        self.access = access
        folder = layout.packs
        disk = layout.disk
    }

    var packs: [SealedPack] { seen.withLock { $0.packs } }
    /// Another after packs were added.
    var edition: Int { additions.load(ordering: .acquiring) }
    /// The packs, and for a reader the list of what is condemned in them.
    ///
    /// Whoever removes or replaces a pack has put the list in place first that names what is gone by that. So a list that
    /// was read after the packs were listed misses nothing of it; an earlier one would leave standing what has lost the
    /// rest of itself. A writer goes by the one list that its lease tells of: what is condemned later waits for it.
    var view: (packs: [SealedPack], condemned: Condemned?) { seen.withLock { ($0.packs, $0.condemned) } }
    var warnings: [StoreWarning] { seen.withLock { $0.warnings } }

    /// Lists the folder again, unless it has not changed since.
    ///
    /// - Parameter interval: nanoseconds; a look that is no older will do. For who loses time only by what it does not see.
    /// - Returns: whether there are packs now that were not known before.
    func refresh(unlessWithin interval: Int64 = 0) throws(StoreError) -> Bool {
        let now = PackShelf.now()
        let last = lastLook.load(ordering: .relaxed)
        if last != .min && now &- last < interval { return false }
        lastLook.store(now, ordering: .relaxed)
        return try lastChange.withLock { (lastChange) throws(StoreError) -> Bool in
            var found = false
            for attempt in 1... {
                let change = disk.changed(folder)
                if let change, change == lastChange { return found }
                var now = timespec()
                clock_gettime(CLOCK_REALTIME, &now)
                let listing = try list()
                found = found || listing.found
                // A pack that was rewritten meanwhile may have been met neither under its old name nor under the new one.
                // A name that stays and leads nowhere must not keep us here, though.
                if (listing.vanished || disk.changed(folder) != change) && attempt < PackShelf.mostLooks { continue }
                let age = now.nanoseconds &- (change ?? .max)
                lastChange = age > PackShelf.coarsestClock ? change : nil
                break
            }
            return found
        }
    }

    private static func now() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.nanoseconds
    }

    /// Forgets packs whose files were gone when they were to be read; should they be listed again, they are opened anew.
    func forget(_ paths: Set<String>) {
        lastLook.store(.min, ordering: .relaxed)
        lastChange.withLock { lastChange in
            lastChange = nil
            seen.withLock { $0.packs.removeAll { paths.contains($0.path) } }
        }
    }

    /// Notes something that kept us from seeing all packs, where it cannot be thrown.
    func warn(_ error: StoreError, _ path: String) {
        let warning = StoreWarning(kind: .unreadable(error), path: path)
        seen.withLock { if !$0.warnings.contains(warning) { $0.warnings.append(warning) } }
    }

    /// Moves a finished pack among the sealed ones. `then` is called once it is seen there, before anybody looks again.
    func place(_ path: String, as name: String, then done: () -> Void) throws(StoreError) {
        let sealed = folder + "/" + name
        try lastChange.withLock { (lastChange) throws(StoreError) in
            guard try disk.rename(path, to: sealed) else { throw .system(ENOENT, path, "rename it to \(sealed)") }
            lastChange = nil
            if let pack = try SealedPack.open(sealed, on: disk, for: openPacks) { add([pack]) }
            done()
        }
    }

    private func list() throws(StoreError) -> (found: Bool, vanished: Bool) {
        var known: [String: SealedPack] = [:]
        for pack in packs { known[pack.path] = pack }
        var kept: [SealedPack] = []
        var new: [SealedPack] = []
        var vanished = false
        for name in try disk.names(folder) ?? [] where name.hasSuffix(".pack") {
            let path = folder + "/" + name
            if let pack = known[path] {
                kept.append(pack)
            } else if let pack = try SealedPack.open(path, on: disk, for: openPacks) {
                new.append(pack)
            } else {
                vanished = true
            }
        }
        // A damaged list hides nothing: what it named is listed until the next collection, as far as it is still there.
        let condemned = access == .read ? (try? Condemned.read(layout)) ?? nil : nil
        add(new, to: kept, condemned)
        return (!new.isEmpty, vanished)
    }

    /// In one step: who looks meanwhile must not miss both a pack and the one it was rewritten to.
    ///
    /// - Parameter kept: those of the packs so far that are still there; nil if all are.
    private func add(_ packs: [SealedPack], to kept: [SealedPack]? = nil, _ condemned: Condemned? = nil) {
        seen.withLock { seen in
            seen.condemned = condemned
            seen.packs = ((kept ?? seen.packs) + packs).sorted { $0.path < $1.path }
            openPacks.keep(seen.packs)
            for warning in packs.flatMap(\.warnings) where !seen.warnings.contains(warning) { seen.warnings.append(warning) }
        }
        if !packs.isEmpty { additions.add(1, ordering: .releasing) }
    }
}
