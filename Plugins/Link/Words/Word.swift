import HeadwaterPluginKit

/// One word of a text as claims are compared by: its stem, and what the word lists know of it.
struct Word {
    /// The hash of the stem, or of the family that the word belongs to.
    var stem: UInt64
    var range: Range<Int>
    /// Its place among the tokens of the text.
    var token: Int
    var classes: WordLists.Classes
    /// The pair of opposites it belongs to, if any, and which side of it.
    var opposite: WordLists.Opposite?

    init(_ bytes: [UInt8], _ token: Token, at index: Int) {
        let folded = Word.folded(bytes, token)
        let known = WordLists.shared.entry(folded)
        range = token.range
        self.token = index
        classes = known.classes
        opposite = known.opposite
        // Opposites are one term, so that who says the contrary is found to speak of the same.
        stem = known.opposite?.term ?? known.family ?? Word.hash(token.kind == .number ? folded : Word.stem(folded))
    }

    /// The word in lower case.
    static func folded(_ bytes: [UInt8], _ token: Token) -> [UInt8] {
        let word = bytes[token.range]
        if word.allSatisfy({ $0 < 0x80 }) {
            return word.compactMap { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 == UInt8(ascii: ",") ? nil : $0 }
        }
        // A curly apostrophe is a straight one.
        return Array(String(decoding: word, as: UTF8.self).lowercased().utf8).replacing([0xE2, 0x80, 0x99], with: [0x27])
    }

    /// Cuts the endings of English plurals and verb forms (steps 1a and 1b of Porter, "An algorithm for suffix stripping", 1980),
    /// and a final e.
    static func stem(_ word: [UInt8]) -> [UInt8] {
        var out = word
        func ends(_ ending: StaticString) -> Bool {
            ending.withUTF8Buffer { out.count >= $0.count && out.suffix($0.count).elementsEqual($0) }
        }
        if out.count > 4, ends("ies") {
            out.removeLast(3)
            out.append(UInt8(ascii: "y"))
        } else if ends("sses") {
            out.removeLast(2)
        } else if out.count > 3, ends("s"), !ends("ss"), !ends("us"), !ends("is") {
            out.removeLast()
        }
        let isPast = out.count > 4 && ends("ed")
        if isPast || out.count > 5 && ends("ing") {
            out.removeLast(isPast ? 2 : 3)
            // `planned` is `plan`
            if let last = out.last, out.dropLast().last == last, !"lsz".utf8.contains(last) { out.removeLast() }
        }
        if out.count > 3, ends("e") { out.removeLast() }
        return out
    }

    /// The 64-bit FNV-1a hash (Fowler, Noll and Vo; IETF draft-eastlake-fnv).
    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}

/// Two hashes as one; the order counts. SplitMix64's finalizer (Steele, Lea, Flood 2014), so that every bit counts.
func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var z = (a &* 0x9e37_79b9_7f4a_7c15) ^ b
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
}
