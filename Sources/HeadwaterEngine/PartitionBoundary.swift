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
    /// A partition also ends once its sources have this many bytes: a task holds about one partition in memory.
    static let maximumBytes = 8 << 20

    /// Splits sources, sorted by locator, into ranges of consecutive ones.
    static func split(_ sources: [FoundSource]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var start = 0
        var bytes = 0
        for (index, source) in sources.enumerated() {
            bytes += source.size
            let count = index + 1 - start
            if count >= maximum || bytes >= maximumBytes || (count >= minimum && endsPartition(source.locator)) {
                out.append(start..<index + 1)
                start = index + 1
                bytes = 0
            }
        }
        if start < sources.count { out.append(start..<sources.count) }
        return out
    }

    private static func endsPartition(_ locator: String) -> Bool {
        let bytes = Digest(of: Array(locator.utf8)).bytes
        let value = bytes[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return value % UInt64(mean) == 0
    }
}
