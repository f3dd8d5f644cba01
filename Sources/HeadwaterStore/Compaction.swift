import HeadwaterModel

extension Store {
    /// Puts small packs together once there are many: every run leaves one, and a look-up asks every pack. Nothing is
    /// removed but what is in the new pack, and what is condemned stays where it is and condemned.
    ///
    /// - Parameter many: how many small packs are worth it.
    /// - Returns: how many packs are gone; 0 if there are too few, or if somebody else collects or mends.
    /// - Throws: `StoreError`; whatever happens, all that was there is still there.
    @discardableResult
    public static func compact(at path: String, from many: Int = 64) throws(StoreError) -> Int {
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
        let packs = try Store.open(at: path, .read, settings).shelf.packs.filter { pack in
            pack.size < settings.smallPack && pack.warnings.isEmpty && pack.name != nil
        }
        if packs.count < many { return 0 }
        // Nobody has read a list of generation 0, so that nothing goes.
        var sweep = Sweep(layout, settings, condemned, upTo: 0, isDry: false)
        try sweep.rewrite(packs)
        return -sweep.report.packsAfter
    }
}
