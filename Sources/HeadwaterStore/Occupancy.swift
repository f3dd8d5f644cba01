public import HeadwaterModel

/// What lies in a store's folder: sealed packs, blob files, and writers at work.
public struct Occupancy: Hashable, Sendable {
    public internal(set) var packs = 0
    public internal(set) var packBytes = 0
    public internal(set) var blobFiles = 0
    public internal(set) var blobFileBytes = 0
    /// Processes that write the store now, or may do so; sorted.
    public internal(set) var writers: [CollectionReport.Writer] = []
}

extension Store {
    /// Looks at the sizes of files only.
    public func occupancy() throws(StoreError) -> Occupancy {
        var out = Occupancy()
        _ = try refresh()
        for pack in shelf.packs {
            out.packs += 1
            out.packBytes += pack.size
        }
        for found in try layout.blobFiles.all() {
            out.blobFiles += 1
            out.blobFileBytes += found.size
        }
        out.writers = Set(try Lease.holders(layout).map { CollectionReport.Writer($0.owner) }).sorted()
        return out
    }

    /// Calls `body` with every blob of which there is a reference and no copy, and the bytes of its original.
    public func forEachOriginal(_ body: (Digest, Int) throws -> Void) throws {
        _ = try refresh()
        for found in try layout.references.all() where !stores(found.digest) {
            if let reference = try Reference.read(found.digest, in: layout) { try body(found.digest, reference.length) }
        }
    }

    /// Calls `body` with every copy of a blob that is sealed, and the bytes that it takes on the disk. Reads indexes only.
    public func forEachStoredBlob(_ body: (Digest, Int) throws -> Void) throws {
        _ = try refresh()
        for pack in shelf.packs {
            for row in try pack.rows({ $0.blobs }) { try body(row.key, EntryHeader.size + row.stored) }
        }
        for found in try layout.blobFiles.all() { try body(found.digest, found.size) }
    }
}
