import Glibc
import HeadwaterModel
import Synchronization

/// The packs that other writers on this host have not sealed yet, as far as their whole entries were read: so that two
/// runs at once need not both do everything.
///
/// Nobody has promised that these entries last, and readers do not see them. Which of them were given out is remembered, so
/// that our own pack can take over what is not sealed when something is to rely on it.
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
        /// What was given out and not taken over yet; of bindings also their look-up keys.
        var reliedBlobs: Set<Digest> = []
        var reliedBindings: [Digest: Digest] = [:]
        /// Whether the file is no longer where its writer began it: sealed, or taken up by somebody.
        var isMoved = false

        var isReliedUpon: Bool { !reliedBlobs.isEmpty || !reliedBindings.isEmpty }
    }

    private struct State {
        /// In the order in which they were met; changed in place, since their tables are large.
        var packs: [Pack] = []
        /// When the folder had changed last, at the last listing; nil if a change could have hidden behind it.
        var lastChange: Int64?
    }
    private let state = Mutex(State())
    /// Before this instant of the monotonic clock, in nanoseconds, no other look is wanted.
    private let nextLook = Atomic<Int64>(.min)
    /// Held while taking over, so that those who come meanwhile find their part done.
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
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let next = nextLook.load(ordering: .relaxed)
        // Of several that come at once one looks; the others go by what is known, as they would a moment later.
        guard now.nanoseconds >= next,
            nextLook.compareExchange(expected: next, desired: now.nanoseconds + interval, ordering: .relaxed).exchanged
        else { return [] }
        return try state.withLock { (state) throws(StoreError) in
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

    /// Whether something is bound to a task's key in what is still being written, as far as the looks have shown.
    var hasTasks: Bool {
        state.withLock { state in
            state.packs.contains { pack in
                !pack.isMoved
                    && pack.bindings.values.contains { $0.contains { $0.row.detail == Binding.Kind.task.code } }
            }
        }
    }

    // MARK: Taking over

    /// What was given out: digests of blobs, and of bindings with their look-up keys, each with a place where it is.
    struct Relied {
        fileprivate(set) var blobs: [Digest: EntryPlace] = [:]
        fileprivate(set) var bindings: [Digest: (lookupKey: Digest, place: EntryPlace)] = [:]

        var isEmpty: Bool { blobs.isEmpty && bindings.isEmpty }
    }

    /// Hands over what was given out since this last returned. A place can be read whatever became of the pack's name.
    ///
    /// - Parameter body: sees to it that readers find all of this; if it throws, all of it is handed over again.
    func takeOver(_ body: (Relied) throws(StoreError) -> Void) throws(StoreError) {
        try turn.withLock { (_) throws(StoreError) in
            let relied = state.withLock { state in state.packs.reduce(into: Relied()) { UnsealedPacks.note($1, in: &$0) } }
            if relied.isEmpty { return }
            try body(relied)
            state.withLock { state in
                for index in state.packs.indices where state.packs[index].isReliedUpon {
                    for digest in relied.blobs.keys { state.packs[index].reliedBlobs.remove(digest) }
                    for digest in relied.bindings.keys { state.packs[index].reliedBindings[digest] = nil }
                }
            }
        }
    }

    private static func note(_ pack: Pack, in relied: inout Relied) {
        func place(_ row: PackIndex.Row) -> EntryPlace {
            EntryPlace(holder: .open(pack.file), offset: row.offset, stored: row.stored)
        }
        for digest in pack.reliedBlobs { relied.blobs[digest] = pack.blobs[digest].map(place) }
        for (digest, lookupKey) in pack.reliedBindings {
            guard let row = pack.bindings[lookupKey]?.first(where: { $0.digest == digest })?.row else { continue }
            relied.bindings[digest] = (lookupKey, place(row))
        }
    }
}
