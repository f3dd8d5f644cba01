import HeadwaterModel

/// A blob too large for packs, as a file of its own: a pack's header, one entry, and nothing after it.
///
/// The sync marker is the first 8 bytes of the digest, so that the file depends on nothing but the blob and zstd.
enum BlobFile {
    private static let headSize = PackHeader.size + EntryHeader.size

    static func write(_ entry: Entry, in layout: StoreLayout) throws(StoreError) {
        let sync = entry.digest.bytes.withUnsafeBytes { $0.little(UInt64.self, at: 0) }
        let head = PackHeader(sync: sync).bytes + EntryHeader(sync: sync, entry).bytes
        try layout.blobFiles.write(entry.digest, [head, entry.stored], in: layout, "blob")
    }

    /// The blob, checked; nil if there is no such file.
    static func read(_ digest: Digest, in layout: StoreLayout) throws(StoreError) -> [UInt8]? {
        guard let (header, place) = try open(digest, in: layout) else { return nil }
        return try place.payload(.blob, header.digest)
    }

    private static func open(
        _ digest: Digest, in layout: StoreLayout
    ) throws(StoreError) -> (header: EntryHeader, place: EntryPlace)? {
        guard let file = try File(ifExists: layout.blobFiles.path(of: digest), .read, on: layout.disk) else { return nil }
        let head = try file.read(at: 0, count: headSize)
        let size = try file.size()
        let place = EntryPlace(holder: .open(file), offset: PackHeader.size, stored: max(0, size - headSize))
        guard let packHeader = PackHeader(head) else {
            let start = EntryPlace(holder: .open(file), offset: 0, stored: place.stored)
            throw start.damaged(digest, "the file does not begin with a pack's header")
        }
        try packHeader.checkVersion(file.path)
        guard let header = head[PackHeader.size...].withUnsafeBytes({ EntryHeader($0) }) else {
            throw place.damaged(digest, "the entry's header does not match its checksum")
        }
        guard packHeader.sync == header.sync, header.kind == .blob else {
            throw place.damaged(digest, "the entry does not belong to the file's header")
        }
        guard header.digest == digest, header.stored == place.stored else {
            throw place.damaged(
                digest, "the file holds \(place.stored) stored bytes of \(header.digest) where \(header.stored) were expected")
        }
        return (header, place)
    }
}
