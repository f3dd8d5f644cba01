import HeadwaterModel

extension Store {
    /// So many small packs are left as they are: opening one takes about 20 microseconds.
    public static let mostSmallPacks = 64

    /// Puts small packs together once there are many: every run leaves one, and a look-up asks every pack. What is
    /// condemned stays where it is and condemned. Names grow likewise, by one binding for each run and stage: those that
    /// others supersede are left out.
    ///
    /// - Parameter many: how many small packs are worth it.
    /// - Returns: how many packs are gone; 0 if there are too few, or if somebody else collects or mends.
    /// - Throws: `StoreError`; whatever happens, all that was there is still there.
    @discardableResult
    public static func compact(at path: String, from many: Int = mostSmallPacks) throws(StoreError) -> Int {
        try compact(at: path, from: many, Settings())
    }

    static func compact(at path: String, from many: Int, _ settings: Settings) throws(StoreError) -> Int {
        let layout = StoreLayout(root: path, disk: settings.disk)
        try layout.check()
        let turn: File
        do throws(StoreError) {
            turn = try Collector.turn(layout)
        } catch  where error.kind == .busy {
            return 0
        }
        defer { withExtendedLifetime(turn) {} }
        // A damaged list may name any of them, so that none can be moved.
        let condemned: Condemned
        do throws(StoreError) {
            condemned = try Condemned.read(layout) ?? Condemned(generation: 0)
        } catch  where error.isDamage {
            return 0
        }
        let store = try Store.open(at: path, .read, settings)
        let packs = store.shelf.packs.filter { pack in
            pack.size < settings.smallPack && pack.warnings.isEmpty && pack.name != nil
        }
        if packs.count < many { return 0 }
        // All of them will be gone, or it would not be known which names are.
        var whole: [SealedPack] = []
        for pack in packs where try PackCheck(pack).faults.isEmpty { whole.append(pack) }
        // Nobody has read a list of generation 0, so that nothing goes.
        var sweep = Sweep(layout, settings, condemned, upTo: 0, isDry: false)
        if condemned.isEmpty { sweep.superseded = try superseded(in: whole, of: store) }
        try sweep.rewrite(whole)
        return -sweep.report.packsAfter
    }

    /// The bindings of names in these packs that can be left out: none that stays may come to stand for something since
    /// what superseded it is gone. So one goes only if all that it supersedes went before, or is not there.
    private static func superseded(in packs: [SealedPack], of store: Store) throws(StoreError) -> Set<Digest> {
        let (names, damage) = try store.readBindings(.name)
        // A damaged one may be what another's place depends on.
        if !damage.isEmpty { return [] }
        let moved = Set(packs.map(\.path))
        var here: Set<Digest> = []
        var elsewhere: Set<Digest> = []
        for pack in store.shelf.packs {
            let file = try pack.open()
            for row in try pack.rows(\.bindings) where row.detail == Binding.Kind.name.code {
                let digest = try pack.binding(row, in: file).binding.digest
                if moved.contains(pack.path) { here.insert(digest) } else { elsewhere.insert(digest) }
            }
        }
        here.subtract(elsewhere)
        let later = Set(names.flatMap(\.supersedes))
        var present = Set(names.map(\.digest))
        var successors: [Digest: [Binding]] = [:]
        for name in names { for earlier in name.supersedes { successors[earlier, default: []].append(name) } }
        var gone: Set<Digest> = []
        var front = names.filter { $0.supersedes.allSatisfy { !present.contains($0) } }
        while let name = front.popLast() {
            guard here.contains(name.digest), later.contains(name.digest), !gone.contains(name.digest),
                name.supersedes.allSatisfy({ !present.contains($0) })
            else { continue }
            gone.insert(name.digest)
            present.remove(name.digest)
            front += successors[name.digest] ?? []
        }
        return gone
    }
}
