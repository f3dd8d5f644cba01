/// Which of some shards may have a term: a Bloom filter for each (Bloom, CACM 13:7, 1970), in blocks so that a term touches
/// one place (Putze, Sanders and Singler, "Cache-, hash- and space-efficient Bloom filters", 2007), and bit-sliced over all of
/// them so that one place answers for all (Roberts, "Partial-match retrieval via the method of superimposed codes", 1979).
///
/// A shard that has the term is always found. One that has not is found by mistake once in some 500 times.
enum Signature {
    /// Shards in one group at most.
    static let mostShards = 128
    /// Bits of one shard's filter in one block: with 128 shards two blocks fill a page of SQLite's.
    private static let slices = 124
    /// Bits of a filter for each term.
    private static let bitsPerTerm = 16
    /// Bits that stand for a term.
    private static let bitsOfTerm = 6

    /// How many blocks a group has whose shards have this many terms on average.
    static func blocks(terms: Int, shards: Int) -> Int {
        max(1, (terms * bitsPerTerm / max(1, shards) + slices - 1) / slices)
    }

    /// The block of a group that a term lies in.
    static func block(of term: Term, blocks: Int) -> Int {
        Int(truncatingIfNeeded: term.hash.multipliedFullWidth(by: UInt64(blocks)).high)
    }

    private static func forEachBit(of hash: UInt64, _ body: (Int) -> Void) {
        // The high bits chose the block.
        var mixed = (hash ^ (hash >> 32)) &* 0x9E37_79B9_7F4A_7C15
        for _ in 0..<bitsOfTerm {
            mixed = mixed &* 0xD134_2543_DE82_EF95 &+ 1
            body(Int(truncatingIfNeeded: (mixed >> 33) % UInt64(slices)))
        }
    }

    /// The blocks of a group, one behind the other.
    /// - Parameter terms: of each shard, as hashes.
    static func build(_ terms: [[UInt64]]) -> (blocks: [[UInt8]], count: Int) {
        let count = blocks(terms: terms.reduce(0) { $0 + $1.count }, shards: terms.count)
        let size = (slices * terms.count + 7) / 8
        var all = [UInt8](repeating: 0, count: size * count)
        for (column, hashes) in terms.enumerated() {
            for hash in hashes {
                let base = size * Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(count)).high)
                forEachBit(of: hash) { slice in
                    let bit = slice * terms.count + column
                    all[base + bit / 8] |= 1 << UInt8(bit % 8)
                }
            }
        }
        return ((0..<count).map { Array(all[$0 * size..<($0 + 1) * size]) }, count)
    }

    /// Clears those of the shards that do not have the term.
    /// - Parameters:
    ///   - block: the one that the term lies in.
    ///   - shards: for each shard of the group whether it may still be one.
    static func probe(_ block: UnsafeRawBufferPointer, _ term: Term, _ shards: inout [Bool]) {
        guard block.count == (slices * shards.count + 7) / 8 else { return }
        forEachBit(of: term.hash) { slice in
            var bit = slice * shards.count
            for column in shards.indices {
                if shards[column] && block[bit / 8] & (1 << UInt8(bit % 8)) == 0 { shards[column] = false }
                bit += 1
            }
        }
    }
}
