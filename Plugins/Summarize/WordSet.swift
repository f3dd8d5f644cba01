import HeadwaterPluginKit

/// Words in lower case, asked for by the bytes of a text: by their hashes, so that no text is made for the asking.
struct WordSet: ExpressibleByArrayLiteral {
    private let hashes: Set<UInt64>

    init(arrayLiteral words: String...) { hashes = Set(words.map { FNV1a.hash($0.utf8) }) }

    /// Whether a word of a text is one of these, in whatever case.
    func contains(_ bytes: [UInt8], _ token: Token) -> Bool {
        let word = bytes[token.range]
        if word.allSatisfy({ $0 < 0x80 }) {
            return hashes.contains(FNV1a.hash(word.lazy.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }))
        }
        return hashes.contains(FNV1a.hash(String(decoding: word, as: UTF8.self).lowercased().utf8))
    }
}
