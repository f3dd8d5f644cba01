/// Says of nearly all keys that an index does not have that it does not, from one or two bytes for each key that it has (Bloom,
/// "Space/Time Trade-offs in Hash Coding with Allowable Errors", Communications of the ACM 13, 1970): a store may have many packs, and
/// most of them do not have what is looked for.
///
/// Keys are digests, so that their own words are the hashes.
struct KeyFilter: Sendable {
    private var words: [UInt64]
    /// Of a bit's number.
    private let mask: UInt64

    /// Of as many keys; with eight bits for each at least, and three that it sets, three in a hundred others pass at most.
    init(count: Int) {
        var bits: UInt64 = 64
        while bits < UInt64(max(0, count)) * 8 { bits *= 2 }
        words = [UInt64](repeating: 0, count: Int(bits / 64))
        mask = bits - 1
    }

    /// - Parameter key: the 32 bytes of a digest.
    mutating func insert(_ key: UnsafeRawBufferPointer) {
        for word in 1...3 {
            let bit = key.little(UInt64.self, at: word * 8) & mask
            words[Int(bit / 64)] |= 1 << (bit % 64)
        }
    }

    /// Whether the key may have been inserted.
    func mayHave(_ key: UnsafeRawBufferPointer) -> Bool {
        (1...3).allSatisfy { word in
            let bit = key.little(UInt64.self, at: word * 8) & mask
            return words[Int(bit / 64)] & 1 << (bit % 64) != 0
        }
    }
}
