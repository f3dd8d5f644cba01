import HeadwaterModel

/// One fact that a shard can be looked for by: a record's id, a source, a kind, a field's value, a word of it. Kept as a
/// hash of 64 bits, so that a shard which has the hash need not have the fact: whoever finds one reads it.
struct Term: Hashable, Comparable {
    let hash: UInt64

    private init(_ kind: StaticString, _ parts: some Sequence<UInt8>) {
        var hasher = Hasher(kind)
        for byte in parts { hasher.add(byte) }
        hash = hasher.finish()
    }

    init(hash: UInt64) { self.hash = hash }

    static func < (a: Term, b: Term) -> Bool { a.hash < b.hash }

    /// The hex digits of an id or digest that are kept: as few as a person may write.
    static let digits = Reference.fewestDigits

    /// The first digits of the id of a record that the shard holds or left out. Of fewer digits nothing is known.
    static func record<Digits: Collection>(_ id: Digits) -> Term where Digits.Element == UInt8 {
        Term("record", id.prefix(digits))
    }

    /// A source that a record derives from or cites, by the 64 digits of its digest.
    static func source(_ hex: some Sequence<UInt8>) -> Term { Term("source", hex) }

    static func source(_ digest: Digest) -> Term { source(digest.hex.utf8) }

    /// The first digits of a source's digest, in shards that stand for sources.
    static func sourcePrefix<Digits: Collection>(_ hex: Digits) -> Term where Digits.Element == UInt8 {
        Term("prefix", hex.prefix(digits))
    }

    static func kind(_ kind: some Sequence<UInt8>) -> Term { Term("kind", kind) }

    /// The reason of a drop.
    static func reason(_ reason: some Sequence<UInt8>) -> Term { Term("reason", reason) }

    /// A field and its whole value, or one element of it, in canonical JSON.
    static func field(_ name: some Sequence<UInt8>, is value: some Sequence<UInt8>) -> Term { Term("field", name, value) }

    /// A field and a word of its text, folded.
    static func field(_ name: some Sequence<UInt8>, has word: some Sequence<UInt8>) -> Term { Term("word", name, word) }

    private init(_ kind: StaticString, _ name: some Sequence<UInt8>, _ value: some Sequence<UInt8>) {
        var hasher = Hasher(kind)
        for byte in name { hasher.add(byte) }
        hasher.add(0)
        for byte in value { hasher.add(byte) }
        hash = hasher.finish()
    }

    /// FNV-1a of 64 bits (Fowler, Noll, Vo; RFC 9923) with SplitMix's last step (Steele, Lea, Flood, "Fast splittable
    /// pseudorandom number generators", OOPSLA 2014), since a signature takes bits from all over it.
    private struct Hasher {
        private var state: UInt64 = 0xCBF2_9CE4_8422_2325

        init(_ kind: StaticString) {
            kind.withUTF8Buffer { for byte in $0 { add(byte) } }
            add(0)
        }

        mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }

        func finish() -> UInt64 {
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}

/// The words of a field's text, as they are looked for: runs of letters and digits, without their case.
enum FieldWords {
    /// The words in order.
    static func of(_ text: some StringProtocol) -> [[UInt8]] {
        var out: [[UInt8]] = []
        forEach(in: Array(text.utf8)) { out.append($0) }
        return out
    }

    /// Without its case: first to capitals, so that "straße" and "STRASSE" are one word.
    private static func folded(_ word: [UInt8]) -> [UInt8] {
        Array(String(decoding: word, as: UTF8.self).uppercased().lowercased().utf8)
    }

    /// Calls `body` with each word of these bytes of UTF-8.
    /// - Parameter isEscaped: whether they are the inside of a JSON string, with its escapes.
    static func forEach(in text: some RandomAccessCollection<UInt8>, isEscaped: Bool = false, _ body: ([UInt8]) -> Void) {
        var word: [UInt8] = []
        var isPlain = true
        func end() {
            guard !word.isEmpty else { return }
            body(isPlain ? word : folded(word))
            word.removeAll(keepingCapacity: true)
            isPlain = true
        }
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index = text.index(after: index)
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
            case 0x80...:
                word.append(byte)
                isPlain = false
            case UInt8(ascii: "\\") where isEscaped && index < text.endIndex:
                end()
                // Canonical JSON has \uXXXX only for control characters, which are in no word.
                let rest = text.distance(from: index, to: text.endIndex)
                index = text.index(index, offsetBy: text[index] == UInt8(ascii: "u") ? min(5, rest) : 1)
            default: end()
            }
        }
        end()
    }
}
