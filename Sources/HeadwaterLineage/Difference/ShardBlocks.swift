import HeadwaterModel

/// The shards in which two datasets differ, by parts of them that have nothing to do with each other.
///
/// What both have is left out by its digest, wherever it lies. The rest is put together by the ranges of the partitions: a
/// source that was added or removed moves the bounds of two partitions at most, so that a part is a few shards of each
/// side, and no more than that need be in memory.
struct ShardBlocks {
    struct Block {
        /// Indices of shards.
        var before: [Int] = []
        var after: [Int] = []
    }

    let blocks: [Block]
    /// Shards of the later one that lie in the earlier one as they are.
    let sharedCount: Int
    let sharedRecords: Int

    /// - Parameter content: the blob that is compared; nil where a shard has none.
    init(_ before: [Shard], _ after: [Shard], content: (Shard) -> Digest?) {
        var waiting: [Digest: [Int]] = [:]
        for index in before.indices.reversed() {
            if let digest = content(before[index]) { waiting[digest, default: []].append(index) }
        }
        var rest: [(range: KeyRange, index: Int, isAfter: Bool)] = []
        var shared = (count: 0, records: 0)
        var isShared = Set<Int>()
        for (index, shard) in after.enumerated() {
            guard let digest = content(shard) else { continue }
            if let same = waiting[digest]?.popLast() {
                shared = (shared.count + 1, shared.records + shard.recordCount)
                isShared.insert(same)
            } else {
                rest.append((shard.range, index, true))
            }
        }
        for (index, shard) in before.enumerated() where content(shard) != nil && !isShared.contains(index) {
            rest.append((shard.range, index, false))
        }
        rest.sort { a, b in
            let (x, y) = (a.range.first, b.range.first)
            if !x.hasSameBytes(as: y) { return x.utf8.lexicographicallyPrecedes(y.utf8) }
            return (a.isAfter ? 1 : 0, a.index) < (b.isAfter ? 1 : 0, b.index)
        }
        var blocks: [Block] = []
        var last: String?
        for (range, index, isAfter) in rest {
            // A range that begins where another one ends, or before, overlaps it.
            let overlaps = last.map { !$0.utf8.lexicographicallyPrecedes(range.first.utf8) } ?? false
            if !overlaps { blocks.append(Block()) }
            if isAfter {
                blocks[blocks.count - 1].after.append(index)
            } else {
                blocks[blocks.count - 1].before.append(index)
            }
            last = overlaps ? [last ?? "", range.last].max { $0.utf8.lexicographicallyPrecedes($1.utf8) } : range.last
        }
        self.blocks = blocks
        (sharedCount, sharedRecords) = shared
    }
}
