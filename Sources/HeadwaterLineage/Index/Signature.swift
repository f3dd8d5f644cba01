/// Which of some shards may have a term: a Bloom filter for each (Bloom, CACM 13:7, 1970), in blocks so that a term touches
/// two places (after Putze, Sanders and Singler, "Cache-, hash- and space-efficient Bloom filters", 2007), and bit-sliced over all
/// of them so that these places answer for all (Roberts, "Partial-match retrieval via the method of superimposed codes", 1979).
///
/// A shard that has the term is always found. One that has not is found by mistake a few times in a hundred thousand.
enum Signature {
    /// Shards in one group at most.
    static let mostShards = 128
    /// Bits of one shard's filter in one block: with 128 shards two blocks fill a page of SQLite's.
    private static let slices = 124
    /// Bits of a filter for each term.
    private static let bitsPerTerm = 24
    /// Bits that stand for a term in each of its two blocks.
    private static let bitsOfTerm = 5

    /// How many blocks a group has whose shards have this many terms on average.
    static func blocks(terms: Int, shards: Int) -> Int {
        max(1, (terms * bitsPerTerm / max(1, shards) + slices - 1) / slices)
    }

    /// The two blocks of a group that a term lies in, which may be one.
    static func blocks(of hash: UInt64, among count: Int) -> (Place, Place) {
        let other = (hash ^ (hash >> 29)) &* 0xBF58_476D_1CE4_E5B9
        func block(_ word: UInt64) -> Int { Int(truncatingIfNeeded: word.multipliedFullWidth(by: UInt64(count)).high) }
        return (Place(block: block(hash), word: other), Place(block: block(other), word: hash))
    }

    /// A block, and the word that a term's bits in it are drawn from.
    struct Place {
        var block: Int
        var word: UInt64
    }

    private static func forEachBit(of word: UInt64, _ body: (Int) -> Void) {
        var mixed = word
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
                let (first, second) = blocks(of: hash, among: count)
                for place in [first, second] {
                    forEachBit(of: place.word) { slice in
                        let bit = slice * terms.count + column
                        all[size * place.block + bit / 8] |= 1 << UInt8(bit % 8)
                    }
                }
            }
        }
        return ((0..<count).map { Array(all[$0 * size..<($0 + 1) * size]) }, count)
    }

    /// Clears those of the shards that do not have the term.
    /// - Parameters:
    ///   - block: one that the term lies in.
    ///   - word: what its bits there are drawn from.
    ///   - shards: for each shard of the group whether it may still be one.
    static func probe(_ block: UnsafeRawBufferPointer, _ word: UInt64, _ shards: inout [Bool]) {
        guard block.count == (slices * shards.count + 7) / 8 else { return }
        forEachBit(of: word) { slice in
            var bit = slice * shards.count
            for column in shards.indices {
                if shards[column] && block[bit / 8] & (1 << UInt8(bit % 8)) == 0 { shards[column] = false }
                bit += 1
            }
        }
    }
}
