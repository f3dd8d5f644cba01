/// The MinHash fingerprint of a set of shingles (Broder 1997): `slots` minima under as many fixed hash functions.
///
/// The share of equal slots of two fingerprints estimates the Jaccard similarity of their sets. Each hash function is
/// multiply-add-shift with odd multipliers (Dietzfelbinger 1996), its constants drawn from SplitMix64 with seed 0.
struct Fingerprint: Hashable, Sendable {
    /// 64 slots estimate a similarity of 0.5 to within 0.06 (one standard deviation) and take 256 bytes.
    static let slots = 64

    let minima: [UInt32]

    init(_ shingles: Shingles) {
        minima = [UInt32](unsafeUninitializedCapacity: Fingerprint.slots) { out, count in
            for slot in 0..<Fingerprint.slots {
                let (factor, addend) = Fingerprint.functions[slot]
                var smallest = UInt32.max
                for hash in shingles.hashes {
                    smallest = min(smallest, UInt32(truncatingIfNeeded: (hash &* factor &+ addend) >> 32))
                }
                out[slot] = smallest
            }
            count = Fingerprint.slots
        }
    }

    private static let functions: [(UInt64, UInt64)] = (0..<UInt64(slots)).map { slot in
        (mixed(slot &* 2) | 1, mixed(slot &* 2 &+ 1))
    }
}
