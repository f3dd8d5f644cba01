import HeadwaterModel

/// A folder of files that each have a digest for a name: `<folder>/ab/<64 hex digits>`, where `ab` are the first two.
struct DigestFolder: Sendable {
    let path: String
    let disk: Disk

    func path(of digest: Digest) -> String {
        let hex = digest.hex
        return "\(path)/\(hex.prefix(2))/\(hex)"
    }

    /// A file as it is found in its folder.
    struct Found {
        var digest: Digest
        var stamp: FileStamp
        var size: Int
        var path: String

        /// What identifies this file among those that had its name before or will have it: the digest of the name's
        /// digest, the inode and the time of the last change, both 8 bytes.
        ///
        /// - Parameter isRecent: leaves the time out. Another file with that inode could get the same time within one tick.
        func copy(isRecent: Bool = false) -> Digest { DigestFolder.copy(digest, stamp, isRecent: isRecent) }

        /// Removes the file if it is still the one with this stamp.
        ///
        /// - Returns: false if it is another one by now, or somebody is replacing it.
        func remove(on disk: Disk) throws(StoreError) -> Bool {
            guard let file = try File(ifExists: path, .update, on: disk) else { return true }
            defer { withExtendedLifetime(file) {} }
            guard file.tryLock(), try file.stamp() == stamp, disk.stamp(path) == stamp else { return false }
            try disk.remove(path)
            return true
        }
    }

    static func copy(_ digest: Digest, _ stamp: FileStamp, isRecent: Bool) -> Digest {
        var bytes = digest.bytes
        bytes.append(little: stamp.inode)
        bytes.append(little: isRecent ? 0 : stamp.changed)
        return Digest(of: bytes)
    }

    /// All files, sorted by digest. Those with other names are left out.
    func all() throws(StoreError) -> [Found] {
        var found: [Found] = []
        for folder in try disk.names(path) ?? [] {
            for name in (try? disk.names(path + "/" + folder)) ?? [] {
                guard let digest = Digest(hex: name), name.hasPrefix(folder) else { continue }
                let path = path(of: digest)
                guard let (stamp, size) = disk.stampAndSize(path) else { continue }
                found.append(Found(digest: digest, stamp: stamp, size: size, path: path))
            }
        }
        return found
    }

    /// Removes the folders of digests that hold nothing, and makes it durable that the files of the others are gone.
    func removeEmpty() throws(StoreError) {
        for name in try disk.names(path) ?? [] where disk.isFolder(path + "/" + name) {
            if !disk.removeEmptyFolder(path + "/" + name) { try disk.sync(path + "/" + name) }
        }
        if disk.isFolder(path) { try disk.sync(path) }
    }

    /// Writes a file under a temporary name, makes it durable and gives it its own name, replacing the one that has it.
    func write(_ digest: Digest, _ parts: [[UInt8]], in layout: StoreLayout, _ what: String) throws(StoreError) {
        let (file, claim) = try Claim.create(in: layout, what)
        defer { withExtendedLifetime(claim) {} }
        do throws(StoreError) {
            var offset = 0
            for part in parts {
                try file.write(part, at: offset)
                offset += part.count
            }
            try file.sync()
            let path = path(of: digest)
            try disk.make(Disk.parent(path))
            // A collector that is about to remove the file that is there now waits, and then finds this one instead.
            let former = try File(ifExists: path, .read, on: disk)
            former?.shareLock()
            defer { withExtendedLifetime(former) {} }
            _ = try disk.rename(file.path, to: path)
        } catch {
            try? disk.remove(file.path)
            throw error
        }
    }
}
