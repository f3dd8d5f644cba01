import Glibc
public import HeadwaterModel
import Synchronization

/// Blobs by digest and bindings by key, kept in one folder that any number of processes may read and write at once.
///
/// Every read checks the digest of what it returns. What is put or bound is readable by this process at once, durable
/// after `commit`, and readable by others once its pack is sealed: after `close`, or when the pack has grown full. Other
/// writers on this host see it before.
/// All of it may be called from any thread. It knows nothing of records, tasks or runs: only bytes and keys.
public final class Store: Sendable {
    /// What a store is opened for.
    public enum Access: Sendable { case read, write }

    /// What a test may want otherwise.
    struct Settings: Sendable {
        /// A pack that has grown beyond this many bytes is sealed.
        var fullPack = 512 << 20
        /// So is one with this many entries, so that its table, which is in memory until then, does not grow with the store.
        /// What a table of 131,072 buckets holds before Swift's dictionary doubles it.
        var mostEntries = 96 << 10
        /// Packs below this many bytes are put together when the store is collected.
        var smallPack = 16 << 20
        /// The sync marker of the next pack.
        var syncMarker: @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
        var disk = Disk()
        /// Nanoseconds between two looks at what other writers have not sealed yet.
        var lookInterval: Int64 = 100_000_000
        /// Whether it is opened by whoever erases, so that an erasure's journal is no reason to go away.
        var hasSoleUse = false
    }

    /// The store's folder.
    public let path: String
    let layout: StoreLayout
    let shelf: PackShelf
    /// What other writers have not sealed yet; a reader does not look at it.
    let unsealed: UnsealedPacks?
    let access: Access
    let settings: Settings

    /// What grows while the store is open. The lock is held for look-ups in memory and for noting what was appended, never
    /// while compressing, hashing, writing, waiting for the disk or reading a sealed pack.
    struct State {
        /// Of a store that is open for writing.
        var lease: Lease?
        var own: PackWriter?
        /// Full packs of ours that are being sealed, or that could not be.
        var sealing: [PackWriter] = []
        /// Folders in which names were added that may not be durable yet.
        var unsyncedFolders: Set<String> = []
        /// Digests of blobs whose stored copies were found damaged: storing them again is no repetition.
        var damaged: Set<Digest> = []
        var warnings: [StoreWarning] = []
        var isClosed = false
        /// Set once the system could not make something durable. It may have dropped what it could not write, and will
        /// not say so twice; nothing further can be promised.
        var failure: StoreError?

        var writers: [PackWriter] { sealing + (own.map { [$0] } ?? []) }

        /// What our own packs know of a blob.
        func known(_ digest: Digest) -> Known {
            if damaged.contains(digest) { return .damaged }
            return row(of: digest) == nil ? .unknown : .ours
        }

        func holds(blob digest: Digest) -> Bool { !damaged.contains(digest) && row(of: digest) != nil }

        func holds(binding digest: Digest) -> Bool {
            own?.contains(binding: digest) == true || sealing.contains { $0.contains(binding: digest) }
        }

        /// Where one of our packs has the blob.
        func row(of digest: Digest) -> PackIndex.Row? {
            if let row = own?.blobs[digest] { return row }
            return sealing.lazy.compactMap { $0.blobs[digest] }.first
        }

        /// Takes up an entry that was written at the end of our pack.
        mutating func note(_ row: PackIndex.Row, _ note: (inout PackWriter, PackIndex.Row) -> Void) {
            // Taken out while it changes: of a second copy the tables would be copied with every entry.
            guard var writer = own else { return }
            own = nil
            note(&writer, row)
            own = writer
        }
    }
    let state = Mutex(State())
    /// What this writer must not take for stored, though it can be read.
    let condemned: Condemned?
    /// Held while appending to our pack, and while taking it away.
    private let appendTurn = Mutex(())
    /// Held while waiting for the disk, so that those who come meanwhile find their part done.
    private let syncTurn = Mutex(())
    /// Held while sealing, so that no pack is sealed twice at once.
    private let sealTurn = Mutex(())

    private init(_ path: String, _ access: Access, _ settings: Settings, condemned: Condemned? = nil) {
        self.path = path
        self.condemned = condemned
        self.access = access
        self.settings = settings
        layout = StoreLayout(root: path, disk: settings.disk)
        shelf = PackShelf(layout, access)
        unsealed = access == .write ? UnsealedPacks(layout, interval: settings.lookInterval) : nil
    }

    /// Opens the store in this folder.
    ///
    /// For writing, a store that is not there yet is created, and what writers left behind that are gone is taken up.
    /// For reading, nothing in the folder is touched; a store that is not there is an error of kind `missing`.
    public static func open(at path: String, _ access: Access) throws(StoreError) -> Store {
        try open(at: path, access, Settings())
    }

    static func open(at path: String, _ access: Access, _ settings: Settings) throws(StoreError) -> Store {
        let store: Store
        switch access {
        case .read:
            store = Store(path, access, settings)
            try store.layout.check()
        case .write: store = try openForWriting(path, settings)
        }
        _ = try store.refresh()
        return store
    }

    private static func openForWriting(_ path: String, _ settings: Settings) throws(StoreError) -> Store {
        File.refuseSizeSignal()
        let layout = StoreLayout(root: path, disk: settings.disk)
        try layout.create()
        // First the lease, then the list: a collector that does not see the lease has written its list before.
        let lease = try Lease(layout)
        if !settings.hasSoleUse {
            do throws(StoreError) {
                try Store.refuseErasure(layout)
            } catch {
                try? lease.end()
                throw error
            }
        }
        var warnings: [StoreWarning] = []
        var condemned: Condemned?
        do throws(StoreError) {
            condemned = try Condemned.read(layout)
        } catch  where error.isDamage {
            // A collector at work goes by what the list said. Later ones see that we have read none.
            let lock = try File(ifExists: layout.format, .read, on: layout.disk)
            lock?.shareLock()
            condemned = (try? Condemned.read(layout)) ?? nil
            if condemned == nil { warnings.append(StoreWarning(kind: .condemned, path: layout.condemned)) }
        }
        // What a dead writer left may rely on what was condemned since that one read the list. Until it is sealed, our lease
        // says that we have read none, so that nothing is swept meanwhile.
        warnings += try Leftovers.takeUp(layout, under: lease)
        if let condemned { try lease.record(condemned.generation) }
        let store = Store(path, .write, settings, condemned: condemned)
        store.state.withLock { state in
            state.lease = lease
            state.warnings = warnings
        }
        return store
    }

    /// Damage that was met and read around, and leftovers that could not be taken up.
    public var warnings: [StoreWarning] { state.withLock { $0.warnings } + shelf.warnings }

    // MARK: Writing

    /// Stores these bytes, unless the store has them already: a copy that is there is read and checked, so that it can
    /// be relied upon whatever became of the disk since.
    @discardableResult
    public func put(_ bytes: [UInt8]) throws(StoreError) -> Digest {
        let digest = Digest(of: bytes)
        var isDamaged = false
        let edition = shelf.edition
        switch try state.withLock({ (state) throws(StoreError) in try known(digest, state) }) {
        case .ours: return digest
        case .unknown:
            if holdsSealed(digest, length: bytes.count) {
                if try isWhole(digest) { return digest }
                isDamaged = true
            }
        case .damaged: isDamaged = true
        }
        let entry = Entry.blob(bytes, digest)
        if bytes.count > EntryHeader.largestPayload {
            try BlobFile.write(entry, in: layout)
            noteFile(digest, in: layout.blobFiles)
            state.withLock { _ = $0.damaged.remove(digest) }
        } else {
            try append(
                entry, unless: { $0.holds(blob: digest) },
                // Another thread may have put it meanwhile, into a pack that is sealed by now.
                orSealed: { !isDamaged && shelf.edition != edition && holdsSealed(digest, length: bytes.count) },
                { $0.note(blob: $1) }, key: digest, detail: UInt32(entry.length))
        }
        return digest
    }

    /// Has the store know a blob whose bytes stay where they are, in a file that was just read: its digest, its place and
    /// its length are kept, and every read reads the file again and checks it. A copy that the store has is as good, and
    /// nothing is done then.
    ///
    /// - Parameter path: absolute; bytes, as names need not be UTF-8.
    public func refer(_ digest: Digest, to path: [UInt8], length: Int) throws(StoreError) {
        guard path.first == UInt8(ascii: "/"), !path.contains(0), path.count < Int(PATH_MAX) else {
            throw .system(EINVAL, String(decoding: path, as: UTF8.self), "refer to the file")
        }
        switch try state.withLock({ (state) throws(StoreError) -> Known in try self.known(digest, state) }) {
        case .ours: return
        case .unknown: if holdsSealed(digest, length: length), try isWhole(digest) { return }
        case .damaged: break
        }
        let reference = Reference(digest: digest, path: path, length: length)
        let isKnown = lastsAsReference(digest) && (try? Reference.read(digest, in: layout)) == reference
        if !isKnown { try reference.write(in: layout) }
        noteFile(digest, in: layout.references)
        state.withLock { _ = $0.damaged.remove(digest) }
    }

    /// Records a binding, unless it is recorded already.
    ///
    /// Who finds a task's result looks for all that belongs to it, and does without if some is missing. What a binding of any
    /// other kind leads to must be there for every reader, so that what we found in packs that others have not sealed is taken
    /// over into ours first.
    public func bind(_ binding: Binding) throws(StoreError) {
        try checkWritable()
        if binding.kind != .task { try takeOver() }
        let entry = Entry.binding(binding)
        guard entry.length <= EntryHeader.largestPayload else {
            throw StoreError(
                .tooLarge, path, "a binding of \(entry.length) bytes, where \(EntryHeader.largestPayload) are allowed",
                remedy: "use a shorter key")
        }
        try append(entry, of: binding, Binding.lookupKey(binding.kind, binding.key))
    }

    /// Appends a binding that neither our own packs nor sealed ones have.
    private func append(_ entry: Entry, of binding: Binding, _ lookupKey: Digest) throws(StoreError) {
        if state.withLock({ $0.holds(binding: entry.digest) }) { return }
        var known = BindingReading()
        for pack in shelf.packs { try known.read(pack.bindings(lookupKey), except: condemned, in: pack) }
        if known.bindings.contains(binding) { return }
        try append(
            entry, unless: { $0.holds(binding: entry.digest) }, orSealed: { false }, { $0.note(binding: $1, entry.digest) },
            key: lookupKey, detail: binding.kind.code)
    }

    /// Takes into our own pack what was found in packs of others, as far as it is in no sealed pack by now. The bindings come
    /// behind the blobs, as wherever they are written.
    private func takeOver() throws(StoreError) {
        try unsealed?.takeOver { (relied) throws(StoreError) in
            _ = try refresh()
            for (digest, place) in relied.blobs.sorted(by: { $0.key < $1.key }) {
                if state.withLock({ $0.holds(blob: digest) }) || holdsInSealedPacks(digest) { continue }
                guard let (entry, _) = try place.entry(.blob, digest) else { continue }
                try append(
                    entry, unless: { $0.holds(blob: digest) }, orSealed: { false }, { $0.note(blob: $1) }, key: digest,
                    detail: UInt32(entry.length))
            }
            for (digest, (lookupKey, place)) in relied.bindings.sorted(by: { $0.key < $1.key }) {
                guard let (entry, payload) = try place.entry(.binding, digest), let binding = Binding(canonical: payload)
                else { continue }
                // A name or a run of somebody else leads to what that one has yet to write.
                if binding.kind == .name || binding.kind == .run { continue }
                try append(entry, of: binding, lookupKey)
            }
        }
    }

    /// Returns once everything that was put or bound before is durable.
    ///
    /// Callers that arrive while another waits for the disk share the next wait.
    public func commit() throws(StoreError) {
        try checkWritable()
        try makeDurable()
    }

    /// Seals what this store wrote, so that others can read it. Reading goes on; nothing can be written afterwards.
    ///
    /// What could not be sealed, say on a full disk, is taken up by the next writer once this process has ended.
    public func close() throws(StoreError) {
        let (wasClosed, failure) = appendTurn.withLock { _ in
            state.withLock { state in
                defer { state.isClosed = true }
                if let own = state.own { state.sealing.append(own) }
                state.own = nil
                return (state.isClosed, state.failure)
            }
        }
        if access == .read || wasClosed { return }
        if let failure { throw failure }
        try sealFull()
        try makeDurable()
        try state.withLock { state throws(StoreError) in
            try state.lease?.end()
            state.lease = nil
        }
    }

    enum Known { case ours, damaged, unknown }

    /// What our own packs know of a blob that is to be stored.
    private func known(_ digest: Digest, _ state: borrowing State) throws(StoreError) -> Known {
        try checkWritable(state)
        return state.known(digest)
    }

    private func checkWritable() throws(StoreError) {
        try state.withLock { (state) throws(StoreError) in try checkWritable(state) }
    }

    private func checkWritable(_ state: borrowing State) throws(StoreError) {
        if let failure = state.failure { throw failure }
        if access == .read || state.isClosed {
            throw StoreError(
                .notWritable, path, state.isClosed ? "the store is closed" : "the store was opened for reading",
                remedy: "open it for writing")
        }
    }

    /// Appends to our pack, which is begun when there is none and sealed when it is full.
    ///
    /// Writers take turns; those who only look something up wait for none of them.
    private func append(
        _ entry: Entry, unless isRepeated: (borrowing State) -> Bool, orSealed isSealed: () -> Bool,
        _ note: (inout PackWriter, PackIndex.Row) -> Void, key: Digest, detail: UInt32
    ) throws(StoreError) {
        let isFull = try appendTurn.withLock { (_) throws(StoreError) -> Bool in
            let writer = try state.withLock { (state) throws(StoreError) -> PackWriter.Tail? in
                try checkWritable(state)
                if isRepeated(state) { return nil }
                if state.own == nil {
                    state.own = try PackWriter(in: layout, sync: settings.syncMarker())
                    state.unsyncedFolders.insert(layout.temporary)
                }
                return state.own?.tail
            }
            // A pack is on the shelf before it is none of ours any more.
            guard let writer, !isSealed() else { return false }
            let row = try writer.write(entry, key: key, detail: detail)
            return state.withLock { state in
                // Only who appends takes the pack away, and it is our turn.
                state.note(row, note)
                state.damaged.remove(entry.digest)
                guard let own = state.own, own.end > settings.fullPack || own.count >= settings.mostEntries else { return false }
                state.sealing.append(own)
                state.own = nil
                return true
            }
        }
        if isFull { try sealFull() }
    }

    private func sealFull() throws(StoreError) {
        try sealTurn.withLock { (_) throws(StoreError) in
            let writers = state.withLock { $0.sealing }
            for writer in writers {
                if writer.isEmpty {
                    try layout.disk.remove(writer.file.path)
                    state.withLock { $0.sealing.removeAll { $0.file === writer.file } }
                    continue
                }
                let name = try writer.finish().hex + ".pack"
                try durably { () throws(StoreError) in try writer.file.sync() }
                try shelf.place(writer.file.path, as: name) {
                    state.withLock { $0.sealing.removeAll { $0.file === writer.file } }
                }
                try durably { () throws(StoreError) in
                    try layout.disk.sync(layout.packs)
                    try layout.disk.sync(layout.temporary)
                }
            }
        }
    }

    private func makeDurable() throws(StoreError) {
        try syncTurn.withLock { (_) throws(StoreError) in
            // Only what is needed of the writers: a copy would have their tables copied with the next entry.
            let (files, folders) = state.withLock { state in
                defer { state.unsyncedFolders = [] }
                let pending = state.writers.filter { $0.durable < $0.end }.map { (file: $0.file, end: $0.end) }
                return (pending, state.unsyncedFolders.sorted())
            }
            try durably { () throws(StoreError) in
                for (file, _) in files { try file.sync() }
                for folder in folders { try layout.disk.sync(folder) }
            }
            state.withLock { state in
                for (file, end) in files where state.own?.file === file { state.own?.durable = end }
            }
        }
    }

    private func durably(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        do throws(StoreError) {
            try body()
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    /// The name of a pack that somebody else has just sealed may not be durable yet, and what we commit may rely on it.
    func notePacks() { state.withLock { _ = $0.unsyncedFolders.insert(layout.packs) } }

    /// A file that somebody else has just written may not be durable yet, and what we commit may rely on it.
    func noteFile(_ digest: Digest, in folder: DigestFolder) {
        var folders = [Disk.parent(folder.path(of: digest)), folder.path]
        // The folder of references is made with the first.
        if folder.path == layout.references.path { folders.append(layout.root) }
        state.withLock { $0.unsyncedFolders.formUnion(folders) }
    }
}
