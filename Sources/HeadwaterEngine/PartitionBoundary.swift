import HeadwaterModel
import HeadwaterPluginKit

/// Where one partition of sources ends and the next begins: content-defined, by a hash of each locator, so that an
/// added or removed source moves the boundaries beside it and no others (the idea of content-defined chunking, after
/// Muthitacharoen, Chen and Mazieres, "A Low-bandwidth Network File System", SOSP 2001).
enum PartitionBoundary {
    /// One locator in this many ends a partition, once it has `minimum` sources.
    static let mean = 64
    static let minimum = 16
    static let maximum = 256
    /// A source also ends its partition with the chance that its size has of filling this many bytes: a task holds
    /// about one partition in memory. That each source decides for itself keeps a boundary from moving all later ones.
    static let meanBytes = 4 << 20
    /// Where chance has not ended a partition, this many bytes do.
    static let maximumBytes = 32 << 20

    /// Splits sources, sorted by locator, into ranges of consecutive ones.
    static func split(_ sources: [FoundSource]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var start = 0
        var bytes = 0
        var hasher = DigestHasher()
        for (index, source) in sources.enumerated() {
            let size = min(max(source.size, 0), maximumBytes)
            bytes += size
            let count = index + 1 - start
            if count >= maximum || bytes >= maximumBytes || endsPartition(source.locator, size: size, count: count, &hasher) {
                out.append(start..<index + 1)
                start = index + 1
                bytes = 0
            }
        }
        if start < sources.count { out.append(start..<sources.count) }
        return out
    }

    private static func endsPartition(_ locator: String, size: Int, count: Int, _ hasher: inout DigestHasher) -> Bool {
        var locator = locator
        locator.withUTF8 { hasher.update(UnsafeRawBufferPointer($0)) }
        // 24 bits of chance, enough for a size in parts of the mean.
        let chance = hasher.next().withBytes { $0.prefix(3).reduce(0) { $0 << 8 | Int($1) } }
        if count >= minimum && chance < (1 << 24) / mean { return true }
        return size >= meanBytes || chance < (size << 24) / meanBytes
    }
}

extension [ArraySlice<FoundSource>] {
    /// Whether one of these partitions, in order, has a source of this locator.
    func has(_ locator: String) -> Bool {
        func precedes(_ source: FoundSource) -> Bool { source.locator.utf8.lexicographicallyPrecedes(locator.utf8) }
        guard let partition = first(where: { $0.last.map { !precedes($0) } ?? false }) else { return false }
        return partition.contains { $0.locator.utf8.elementsEqual(locator.utf8) }
    }
}
