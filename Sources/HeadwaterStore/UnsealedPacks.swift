import Glibc
import HeadwaterModel
import Synchronization

/// The packs that other writers on this host have not sealed yet, as far as their whole entries were read: so that two
/// runs at once need not both do everything.
///
/// Nobody has promised that these entries last. Which of them were given out is remembered; before what relies on them
/// counts as committed, `makeDurable` makes them so.
final class UnsealedPacks: Sendable {
    private let layout: StoreLayout
    /// Nanoseconds between two looks at the folder.
    private let interval: Int64

    private struct Pack {
        let name: String
        let file: File
        let sync: UInt64
        /// Where the last entry that was read ends.
        var end = PackHeader.size
        var blobs: [Digest: PackIndex.Row] = [:]
        /// By look-up key, each with the binding's own digest.
        var bindings: [Digest: [(row: PackIndex.Row, digest: Digest)]] = [:]
        /// What was given out since it was made durable last; of bindings also their look-up keys.
        var reliedBlobs: Set<Digest> = []
        var reliedBindings: [Digest: Digest] = [:]
        /// Whether the file is no longer where its writer began it: sealed, or taken up by somebody.
        var isMoved = false

        var isReliedUpon: Bool { !reliedBlobs.isEmpty || !reliedBindings.isEmpty }
    }

    private struct State {
        /// In the order in which they were met; changed in place, since their tables are large.
        var packs: [Pack] = []
        var lastLook = Int64.min
        /// When the folder had changed last, at the last listing; nil if a change could have hidden behind it.
        var lastChange: Int64?
    }
    private let state = Mutex(State())
    /// Held while making durable, so that those who come meanwhile find their part done.
    private let turn = Mutex(())

    init(_ layout: StoreLayout, interval: Int64) {
        self.layout = layout
        self.interval = interval
    }

    // MARK: Looking

    /// Reads what others wrote since the last look, unless that was a moment ago.
    ///
    /// - Parameter own: the paths of our own packs, asked for after the folder was listed.
    /// - Returns: the names of packs that are elsewhere by now and that nothing relies on. They may be forgotten once the
    ///   sealed packs were listed again.
    func look(except own: () -> Set<String>) throws(StoreError) -> Set<String> {
        try state.withLock { (state) throws(StoreError) in
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            guard state.lastLook == .min || now.nanoseconds - state.lastLook >= interval else { return [] }
            state.lastLook = now.nanoseconds
            try list(&state, except: own)
            for index in state.packs.indices where !state.packs[index].isMoved { try UnsealedPacks.scan(&state.packs[index]) }
            return Set(state.packs.filter { $0.isMoved && !$0.isReliedUpon }.map(\.name))
        }
    }

    func forget(_ names: Set<String>) {
        state.withLock { $0.packs.removeAll { names.contains($0.name) && !$0.isReliedUpon } }
    }

    private func list(_ state: inout State, except own: () -> Set<String>) throws(StoreError) {
        let change = layout.disk.changed(layout.temporary)
        if let change, change == state.lastChange { return }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let names = try layout.disk.names(layout.temporary) ?? []
        let own = own()
        var isComplete = true
        for name in names where name.hasSuffix(".pack") && !state.packs.contains(where: { $0.name == name }) {
            let path = layout.temporary + "/" + name
            // What another host writes may be seen here in any order.
            guard !own.contains(path), Owner(fileName: name)?.host == Owner.current.host,
                let file = try File(ifExists: path, .read, on: layout.disk)
            else { continue }
            guard let header = PackHeader(try file.read(at: 0, count: PackHeader.size)) else {
                isComplete = false
                continue
            }
            if header.version <= PackHeader.currentVersion {
                state.packs.append(Pack(name: name, file: file, sync: header.sync))
            }
        }
        let present = Set(names)
        for index in state.packs.indices where !present.contains(state.packs[index].name) { state.packs[index].isMoved = true }
        let age = now.nanoseconds &- (change ?? .max)
        state.lastChange = isComplete && age > PackShelf.coarsestClock ? change : nil
    }

    /// Takes up the whole entries behind those that are known. What follows them is not there yet: an entry that is being
    /// written, or the index of a pack that is being sealed.
    private static func scan(_ pack: inout Pack) throws(StoreError) {
        let size = try pack.file.size()
        while size - pack.end >= EntryHeader.size {
            let head = try pack.file.read(at: pack.end, count: EntryHeader.size)
            guard head.count == EntryHeader.size, let header = head.withUnsafeBytes({ EntryHeader($0) }),
                header.sync == pack.sync, header.length <= EntryHeader.largestPayload,
                header.stored <= size - pack.end - EntryHeader.size
            else { return }
            let stored = try pack.file.read(at: pack.end + EntryHeader.size, count: header.stored)
            guard stored.count == header.stored, Checksum.of(stored) == header.checksum else { return }
            switch header.kind {
            case .blob:
                pack.blobs[header.digest] = PackIndex.Row(
                    key: header.digest, offset: pack.end, stored: header.stored, detail: UInt32(header.length))
            case .binding:
                guard header.codec == .none, let binding = Binding(canonical: stored), Digest(of: stored) == header.digest
                else { return }
                let key = Binding.lookupKey(binding.kind, binding.key)
                let row = PackIndex.Row(key: key, offset: pack.end, stored: header.stored, detail: binding.kind.code)
                pack.bindings[key, default: []].append((row, header.digest))
            }
            pack.end += EntryHeader.size + header.stored
        }
    }

    // MARK: Giving out

    /// Where the blob is, as far as the looks have shown; what asks relies on it.
    func blob(_ digest: Digest) -> EntryPlace? {
        state.withLock { state in
            for index in state.packs.indices {
                guard let row = state.packs[index].blobs[digest] else { continue }
                state.packs[index].reliedBlobs.insert(digest)
                return EntryPlace(holder: .open(state.packs[index].file), offset: row.offset, stored: row.stored)
            }
            return nil
        }
    }

    /// Where bindings of this key are, as far as the looks have shown; what asks relies on them.
    func bindings(_ lookupKey: Digest) -> [EntryPlace] {
        state.withLock { state in
            var places: [EntryPlace] = []
            for index in state.packs.indices {
                for (row, digest) in state.packs[index].bindings[lookupKey] ?? [] {
                    state.packs[index].reliedBindings[digest] = lookupKey
                    places.append(EntryPlace(holder: .open(state.packs[index].file), offset: row.offset, stored: row.stored))
                }
            }
            return places
        }
    }

    // MARK: Relying

    /// What was given out of a pack that has no name any more.
    struct Lost {
        var path: String
        var blobs: Set<Digest>
        /// With their look-up keys.
        var bindings: [Digest: Digest]
    }

    /// Makes durable what was given out since this was called last, wherever its pack is by now.
    ///
    /// - Parameter check: looks for what was in packs that are gone as a whole, which were written into others; throws if
    ///   it is nowhere.
    func makeDurable(_ check: ([Lost]) throws(StoreError) -> Void) throws(StoreError) {
        try turn.withLock { (_) throws(StoreError) in
            let pending = state.withLock { state in
                var pending: [(file: File, lost: Lost)] = []
                for index in state.packs.indices where state.packs[index].isReliedUpon {
                    let pack = state.packs[index]
                    pending.append(
                        (pack.file, Lost(path: pack.file.path, blobs: pack.reliedBlobs, bindings: pack.reliedBindings)))
                    state.packs[index].reliedBlobs = []
                    state.packs[index].reliedBindings = [:]
                }
                return pending
            }
            if pending.isEmpty { return }
            for (file, _) in pending { try file.sync() }
            // A pack that is sealed meanwhile goes from one folder to the other.
            try layout.disk.sync(layout.temporary)
            try layout.disk.sync(layout.packs)
            var lost: [Lost] = []
            for (file, content) in pending where try !file.hasName() { lost.append(content) }
            if !lost.isEmpty { try check(lost) }
        }
    }
}
