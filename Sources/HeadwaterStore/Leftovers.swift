/// What writers that are gone left under `tmp/`.
enum Leftovers {
    /// Seals the whole entries of their packs and removes their other files.
    ///
    /// - Returns: what was torn or damaged in them.
    static func takeUp(_ layout: StoreLayout) throws(StoreError) -> [StoreWarning] {
        var warnings: [StoreWarning] = []
        for name in try layout.disk.names(layout.temporary) ?? [] where Claim.isAbandoned(name) {
            if name.hasSuffix(".pack") {
                guard let (file, claim) = try Claim.take(name, in: layout, "pack") else { continue }
                warnings += try takeUp(file, claim, layout)
            } else if let (file, claim) = try Claim.take(name, in: layout, "gone") {
                try layout.disk.remove(file.path)
                withExtendedLifetime(claim) {}
            }
        }
        return warnings
    }

    private static func takeUp(_ file: File, _ claim: Claim, _ layout: StoreLayout) throws(StoreError) -> [StoreWarning] {
        var (writer, warnings) = try PackWriter.salvage(file, claim)
        guard let path = try writer?.seal(layout) else { return warnings }
        for index in warnings.indices { warnings[index].path = path }
        return warnings
    }
}
