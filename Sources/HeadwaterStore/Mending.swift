public import HeadwaterModel

/// What mending a store came to.
public struct MendingReport: Hashable, Sendable {
    /// The blobs that were stored again, since no copy was whole; sorted.
    public internal(set) var restored: [Digest] = []
    /// Packs that were written anew without what was damaged in them.
    public internal(set) var packsMended = 0
    /// What is still damaged, in packs that were left as they are: nobody has an undamaged copy of all that they held.
    public internal(set) var remaining: [StoreFault] = []
}

extension Store {
    /// Stores blobs and bindings again of which the store has no undamaged copy, and writes damaged packs anew without
    /// their damaged entries, once all of these are whole elsewhere. Packs are looked at that hold one of the blobs or
    /// bindings, and those whose header or index is damaged.
    ///
    /// - Parameter blobs: bytes of blobs, from wherever they could be had. What the store never had is stored as well.
    /// - Parameter bindings: what they lead to is among the blobs or in the store.
    /// - Throws: `StoreError`, of kind `busy` while another process collects or mends.
    public static func restore(
        _ blobs: [[UInt8]], _ bindings: [Binding] = [], at path: String
    ) throws(StoreError) -> MendingReport {
        try restore(blobs, bindings, at: path, Settings())
    }

    static func restore(
        _ blobs: [[UInt8]], _ bindings: [Binding] = [], at path: String, _ settings: Settings
    ) throws(StoreError) -> MendingReport {
        let layout = StoreLayout(root: path, disk: settings.disk)
        try layout.check()
        let turn = try Collector.turn(layout)
        defer { withExtendedLifetime(turn) {} }
        var report = MendingReport()
        let writer = try Store.open(at: path, .write, settings)
        var digests: Set<Digest> = []
        for bytes in blobs {
            let digest = Digest(of: bytes)
            digests.insert(digest)
            // Reading finds the damage, and makes the store take the blob again. Should a copy be whole that is condemned, and
            // another one damaged that is not, then what is to last is not there either.
            let isReadable = (try? writer.blob(digest)) != nil
            if isReadable, !writer.contains(digest) { continue }
            if isReadable, try writer.isWhole(digest) { continue }
            try writer.put(bytes)
            report.restored.append(digest)
        }
        report.restored.sort()
        for binding in bindings where !writer.isForgotten(binding) { try writer.bind(binding) }
        try writer.close()

        let copies = try Copies(layout)
        let lookupKeys = Set(bindings.map { Binding.lookupKey($0.kind, $0.key) })
        for pack in try Store.open(at: path, .read, settings).shelf.packs {
            var isConcerned = !pack.warnings.isEmpty || digests.contains(where: pack.contains)
            for key in lookupKeys where !isConcerned { isConcerned = try !pack.bindings(key).isEmpty }
            guard isConcerned else { continue }
            let check = try PackCheck(pack)
            if check.faults.isEmpty { continue }
            var lost: [StoreFault] = []
            for fault in check.faults where !fault.isHarmless {
                if let subject = fault.subject, try copies.hold(subject) { continue }
                lost.append(fault)
            }
            if lost.isEmpty && check.isKnown {
                try mend(pack, check, layout, settings)
                report.packsMended += 1
            } else {
                report.remaining += lost
            }
        }
        return report
    }

    /// Whether a collection has condemned it in a pack that is still there: nobody is to bring it back.
    private func isForgotten(_ binding: Binding) -> Bool {
        guard let condemned else { return false }
        return shelf.packs.contains { condemned.has(binding: binding.digest, in: $0) }
    }

    /// What is condemned in the pack is taken along, as nobody decides here what is needed, and is condemned in the new one:
    /// whatever a collection has forgotten must not come back by it.
    private static func mend(
        _ pack: SealedPack, _ check: PackCheck, _ layout: StoreLayout, _ settings: Settings
    ) throws(StoreError) {
        // Who mends has the collector's lock, so that nobody else writes a list meanwhile. A damaged one condemns nothing.
        let condemned = (try? Condemned.read(layout)) ?? nil
        var isCondemned = false
        var output = RewrittenPack(layout, settings, isDry: false)
        do throws(StoreError) {
            let file = try pack.open()
            for row in check.blobs {
                isCondemned = isCondemned || condemned?.has(blob: row.key, in: pack) == true
                _ = try output.append(blob: row, of: pack, file)
            }
            for row in check.bindings {
                let (binding, entry) = try pack.binding(row, in: file)
                isCondemned = isCondemned || condemned?.has(binding: entry.digest, in: pack) == true
                _ = try output.append(binding, entry)
            }
            _ = try output.finish { (name) throws(StoreError) in
                if var condemned, isCondemned {
                    condemned.add(pack: name)
                    try condemned.write(layout)
                }
            }
        } catch {
            output.discard()
            throw error
        }
        try layout.disk.remove(pack.path)
    }
}
