/// The shingles of a text: every run of `size` words, as one hash for each place it starts at (Broder 1997).
///
/// A text shorter than a shingle is one shingle. A text without words has none.
struct Shingles {
    /// One hash for each start, in text order.
    let hashes: [UInt64]
    let size: Int
    let wordCount: Int

    init(_ words: [UInt64], size: Int) {
        wordCount = words.count
        let size = min(size, words.count)
        self.size = size
        guard !words.isEmpty else {
            hashes = []
            return
        }
        let starts = words.count - size + 1
        hashes = [UInt64](unsafeUninitializedCapacity: starts) { out, count in
            for start in 0..<starts {
                var hash: UInt64 = UInt64(size)
                for word in words[start..<start + size] { hash = hash &* 0x9e37_79b9_7f4a_7c15 ^ word }
                out[start] = mixed(hash)
            }
            count = starts
        }
    }
}
