extension Store {
    /// Replaces a file in the store's folder that is no part of the store: notes that save time, which may be deleted at
    /// any moment. It is there whole or as it was before, and a process that is killed leaves nothing that the next writer
    /// would not remove. Not durable.
    ///
    /// - Parameters:
    ///   - name: its path below the store's folder; folders on the way are made.
    ///   - body: is given a function that writes further bytes.
    public func setAside(
        as name: String, _ body: (_ write: ([UInt8]) throws(StoreError) -> Void) throws -> Void
    ) throws {
        guard access == .write else {
            throw StoreError(.notWritable, path, "the store was opened for reading", remedy: "open it for writing")
        }
        let place = path + "/" + name
        try layout.disk.make(Disk.parent(place))
        let (file, claim) = try Claim.create(in: layout, "aside")
        defer { withExtendedLifetime(claim) {} }
        do {
            var end = 0
            try body { (bytes) throws(StoreError) in
                try file.write(bytes, at: end)
                end += bytes.count
            }
            _ = try layout.disk.rename(file.path, to: place)
        } catch {
            try? layout.disk.remove(file.path)
            throw error
        }
    }
}
