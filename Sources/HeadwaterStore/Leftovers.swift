/// What writers that are gone left under `tmp/`.
enum Leftovers {
    /// Seals the whole entries of their packs and removes their other files, leases last: what a dead writer relied on is
    /// held by its lease until all can see what that is.
    ///
    /// - Parameter lease: one that says as yet that no list was read. It holds what the leases did that are removed, and
    ///   goes on to if we are killed with a pack of somebody's taken and not sealed.
    /// - Returns: what was torn or damaged in them.
    static func takeUp(_ layout: StoreLayout, under lease: Lease) throws(StoreError) -> [StoreWarning] {
        defer { withExtendedLifetime(lease) {} }
        var warnings: [StoreWarning] = []
        let abandoned = try layout.disk.names(layout.temporary)?.filter(Claim.isAbandoned) ?? []
        // What a writer wrote first is seen first: a later pack may rely on it.
        let packs = abandoned.filter { $0.hasSuffix(".pack") }
        for name in packs.sorted(by: { Owner.number(fileName: $0) < Owner.number(fileName: $1) }) {
            guard let (file, claim) = try Claim.take(name, in: layout, "pack") else { continue }
            warnings += try takeUp(file, claim, layout)
        }
        for name in abandoned where !name.hasSuffix(".pack") && !name.hasSuffix(Lease.suffix) { try remove(name, layout) }
        // A pack that could not be had, as somebody still has it locked, goes on to need its lease.
        let left = try layout.disk.names(layout.temporary)?.filter { $0.hasSuffix(".pack") && Claim.isAbandoned($0) } ?? []
        let owners = Set(left.compactMap { Owner(fileName: $0) })
        for name in abandoned where name.hasSuffix(Lease.suffix) {
            if let owner = Owner(fileName: name), !owners.contains(owner) { try remove(name, layout) }
        }
        return warnings
    }

    private static func remove(_ name: String, _ layout: StoreLayout) throws(StoreError) {
        guard let (file, claim) = try Claim.take(name, in: layout, "gone") else { return }
        try layout.disk.remove(file.path)
        withExtendedLifetime(claim) {}
    }

    private static func takeUp(_ file: File, _ claim: Claim, _ layout: StoreLayout) throws(StoreError) -> [StoreWarning] {
        var (writer, warnings) = try PackWriter.salvage(file, claim)
        guard let path = try writer?.seal(layout) else { return warnings }
        for index in warnings.indices { warnings[index].path = path }
        return warnings
    }
}
