import HeadwaterModel

/// Where one partition of sources ends and the next begins: content-defined, by a hash of each locator, so that an
/// added or removed source moves the boundaries beside it and no others (the idea of content-defined chunking, after
/// Muthitacharoen, Chen and Mazieres, "A Low-bandwidth Network File System", SOSP 2001).
struct PartitionBoundary: ~Copyable {
    /// One locator in this many ends a partition, once it has `minimum` sources.
    static let mean = 64
    static let minimum = 16
    static let maximum = 256
    /// A source also ends its partition with the chance that its size has of filling this many bytes: a task holds
    /// about one partition in memory. That each source decides for itself keeps a boundary from moving all later ones.
    static let meanBytes = 4 << 20
    /// Where chance has not ended a partition, this many bytes do.
    static let maximumBytes = 32 << 20

    /// Of the partition that has not ended.
    private var count = 0
    private var bytes = 0
    private var hasher = DigestHasher()

    /// Takes in the next of the sources, which come in the order of their locators.
    ///
    /// - Returns: whether it is the last of its partition.
    mutating func isReached(by locator: UnsafeRawBufferPointer, size: Int) -> Bool {
        let size = min(max(size, 0), PartitionBoundary.maximumBytes)
        bytes += size
        count += 1
        guard count >= PartitionBoundary.maximum || bytes >= PartitionBoundary.maximumBytes || endsPartition(locator, size)
        else { return false }
        (count, bytes) = (0, 0)
        return true
    }

    private mutating func endsPartition(_ locator: UnsafeRawBufferPointer, _ size: Int) -> Bool {
        hasher.update(locator)
        // 24 bits of chance, enough for a size in parts of the mean.
        let chance = hasher.next().withBytes { $0.prefix(3).reduce(0) { $0 << 8 | Int($1) } }
        if count >= PartitionBoundary.minimum && chance < (1 << 24) / PartitionBoundary.mean { return true }
        return size >= PartitionBoundary.meanBytes || chance < (size << 24) / PartitionBoundary.meanBytes
    }
}
