import HeadwaterPluginKit

/// The terms of a piece of text, as hashes, with how often each occurs.
///
/// A term is a word in lower case, cut to its first six characters: a stemmer for every language whose words bend at
/// the end (McNamee and Mayfield, "Character n-gram tokenization for European language text retrieval", 2004). What
/// a language's function words are is left to the weights: they occur in most sentences.
struct Terms: Equatable {
    /// By hash.
    private(set) var counts: [(term: UInt32, count: Int)] = []

    /// Characters of a word that count.
    private static let stemLength = 6

    init(_ counts: [(term: UInt32, count: Int)]) { self.counts = counts }

    init(_ bytes: [UInt8], _ tokens: some Sequence<Token>) {
        var hashes: [UInt32] = []
        for token in tokens where token.kind == .word || token.kind == .number { hashes.append(Terms.hash(bytes, token)) }
        hashes.sort()
        for hash in hashes {
            if counts.last?.term == hash {
                counts[counts.count - 1].count += 1
            } else {
                counts.append((hash, 1))
            }
        }
    }

    static func == (a: Terms, b: Terms) -> Bool { a.counts.elementsEqual(b.counts) { $0 == $1 } }

    func contains(_ term: UInt32) -> Bool {
        var (low, high) = (0, counts.count)
        while low < high {
            let middle = (low + high) / 2
            if counts[middle].term < term { low = middle + 1 } else { high = middle }
        }
        return low < counts.count && counts[low].term == term
    }

    /// The hash of a word as a term, or of a number in full.
    static func hash(_ bytes: [UInt8], _ token: Token) -> UInt32 {
        // FNV-1a, 64 bits, folded to 32.
        var hash = FNV1a.empty
        func add(_ byte: UInt8) { hash = FNV1a.adding(byte, to: hash) }
        if token.kind == .number {
            // Thousands are written with a comma or without.
            for byte in bytes[token.range] where byte != UInt8(ascii: ",") { add(byte) }
        } else {
            let word = bytes[token.range]
            if word.allSatisfy({ $0 < 0x80 }) {
                for byte in word.prefix(stemLength) { add(0x41...0x5A ~= byte ? byte | 0x20 : byte) }
            } else {
                let folded = String(decoding: word, as: UTF8.self).lowercased()
                for scalar in folded.unicodeScalars.prefix(stemLength) {
                    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { add(byte) }
                }
            }
        }
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }

    /// The hash of a text that is one term: a word or, in digits, a number.
    static func hash(_ text: String, as kind: Token.Kind) -> UInt32 {
        let bytes = Array(text.utf8)
        return hash(bytes, Token(start: 0, end: bytes.count, kind: kind))
    }
}
