import HeadwaterModel

/// A blob too large for packs, as a file of its own: a pack's header, one entry, and nothing after it.
///
/// The sync marker is the first 8 bytes of the digest, so that the file depends on nothing but the blob and zstd.
enum BlobFile {
    private static let headSize = PackHeader.size + EntryHeader.size

    /// `blobs/ab/<64 hex digits>`, where `ab` are the first two of them.
    static func path(_ digest: Digest, in layout: StoreLayout) -> String {
        let hex = digest.hex
        return "\(layout.blobs)/\(hex.prefix(2))/\(hex)"
    }

    /// A blob's file as it is found in its folder.
    struct Found {
        var digest: Digest
        var stamp: FileStamp
        var size: Int
    }

    /// All blob files, sorted by digest. Files with other names are left out.
    static func all(_ layout: StoreLayout) throws(StoreError) -> [Found] {
        var found: [Found] = []
        for folder in try layout.disk.names(layout.blobs) ?? [] {
            for name in (try? layout.disk.names(layout.blobs + "/" + folder)) ?? [] {
                guard let digest = Digest(hex: name), name.hasPrefix(folder),
                    let (stamp, size) = layout.disk.stampAndSize(path(digest, in: layout))
                else { continue }
                found.append(Found(digest: digest, stamp: stamp, size: size))
            }
        }
        return found
    }

    /// What identifies one file of a blob among those that were there before or come after it: the digest of the blob's
    /// digest, the inode and the time of the last change, both 8 bytes.
    ///
    /// - Parameter isRecent: leaves the time out. Another file with that inode could get the same time within one tick.
    static func copy(_ digest: Digest, _ stamp: FileStamp, isRecent: Bool = false) -> Digest {
        var bytes = digest.bytes
        bytes.append(little: stamp.inode)
        bytes.append(little: isRecent ? 0 : stamp.changed)
        return Digest(of: bytes)
    }

    /// Removes the file if it is still the one with this stamp.
    ///
    /// - Returns: false if it is another one by now, or somebody is replacing it.
    static func remove(_ digest: Digest, _ stamp: FileStamp, in layout: StoreLayout) throws(StoreError) -> Bool {
        let path = path(digest, in: layout)
        guard let file = try File(ifExists: path, .update, on: layout.disk) else { return true }
        defer { withExtendedLifetime(file) {} }
        guard file.tryLock(), try file.stamp() == stamp, layout.disk.stamp(path) == stamp else { return false }
        try layout.disk.remove(path)
        return true
    }

    /// Writes the blob under a temporary name, makes it durable and gives it its own name.
    static func write(_ entry: Entry, in layout: StoreLayout) throws(StoreError) {
        let (file, claim) = try Claim.create(in: layout, "blob")
        defer { withExtendedLifetime(claim) {} }
        let sync = entry.digest.bytes.withUnsafeBytes { $0.little(UInt64.self, at: 0) }
        do throws(StoreError) {
            try file.write(PackHeader(sync: sync).bytes + EntryHeader(sync: sync, entry).bytes, at: 0)
            try file.write(entry.stored, at: headSize)
            try file.sync()
            let path = path(entry.digest, in: layout)
            try layout.disk.make(Disk.parent(path))
            // A collector that is about to remove the file that is there now waits, and then finds this one instead.
            let former = try File(ifExists: path, .read, on: layout.disk)
            former?.shareLock()
            defer { withExtendedLifetime(former) {} }
            _ = try layout.disk.rename(file.path, to: path)
        } catch {
            try? layout.disk.remove(file.path)
            throw error
        }
    }

    /// The blob, checked; nil if there is no such file.
    static func read(_ digest: Digest, in layout: StoreLayout) throws(StoreError) -> [UInt8]? {
        guard let (header, place) = try open(digest, in: layout) else { return nil }
        return try place.payload(.blob, header.digest)
    }

    private static func open(
        _ digest: Digest, in layout: StoreLayout
    ) throws(StoreError) -> (header: EntryHeader, place: EntryPlace)? {
        guard let file = try File(ifExists: path(digest, in: layout), .read, on: layout.disk) else { return nil }
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
