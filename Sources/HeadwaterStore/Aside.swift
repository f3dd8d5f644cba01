extension Store {
    /// Replaces a file in the store's folder that is no part of the store: notes that save time, which may be deleted at
    /// any moment. It is there whole or as it was before, and a process that is killed leaves nothing that the next writer
    /// would not remove. Not durable.
    ///
    /// - Parameter name: its path below the store's folder; folders on the way are made.
    public func setAside(_ bytes: [UInt8], as name: String) throws(StoreError) {
        guard access == .write else {
            throw StoreError(.notWritable, path, "the store was opened for reading", remedy: "open it for writing")
        }
        let place = path + "/" + name
        try layout.disk.make(Disk.parent(place))
        let (file, claim) = try Claim.create(in: layout, "aside")
        defer { withExtendedLifetime(claim) {} }
        do throws(StoreError) {
            try file.write(bytes, at: 0)
            _ = try layout.disk.rename(file.path, to: place)
        } catch {
            try? layout.disk.remove(file.path)
            throw error
        }
    }
}
