import HeadwaterPluginKit

/// Names of several words, found by their first.
struct PhraseTable: Sendable {
    static let names = PhraseTable()

    /// The first words of all phrases, for the lexicon to mark.
    static let firstWords: Set<String> = Set(lists.flatMap { $0.words.split(separator: "|").compactMap { tokens(of: $0).first } })

    struct Phrase: Sendable {
        /// Lower-cased tokens, the first one left out.
        var rest: [String]
        var type: EntityType
    }

    /// By first word, the longest first.
    private var phrases: [String: [Phrase]] = [:]

    private init() {
        for (type, words) in Self.lists {
            for phrase in words.split(separator: "|") {
                let tokens = Self.tokens(of: phrase)
                guard let first = tokens.first else { continue }
                phrases[first, default: []].append(Phrase(rest: Array(tokens.dropFirst()), type: type))
            }
        }
        for key in phrases.keys.sorted() { phrases[key]?.sort { $0.rest.count > $1.rest.count } }
    }

    /// The longest name that starts at token `index`, written with capitals.
    func match(_ text: AnnotatedText, at index: Int) -> (end: Int, type: EntityType)? {
        guard text.classes[index].contains(.startsPhrase), text.tokens[index].isCapitalized || text.equals(index, "the") else {
            return nil
        }
        for phrase in phrases[text.lowercased(index)] ?? [] {
            let end = index + 1 + phrase.rest.count
            guard end <= text.tokens.count, end - 1 < text.sentence(of: index).upperBound else { continue }
            let matches = phrase.rest.indices.allSatisfy { offset in
                let token = index + 1 + offset
                return text.equals(token, phrase.rest[offset])
                    && (text.tokens[token].isCapitalized || phrase.rest[offset].utf8.count < 5)
            }
            // The last word must be a capital one: `The hill` is no newspaper.
            if matches, text.tokens[end - 1].isCapitalized || text.tokens[end - 1].kind != .word { return (end, phrase.type) }
        }
        return nil
    }

    private static let lists: [(type: EntityType, words: String)] = [
        (.place, Places.phrases), (.organization, Organizations.phrases), (.event, Organizations.eventPhrases),
    ]

    private static func tokens(of phrase: Substring) -> [String] {
        let bytes = Array(phrase.utf8)
        return Tokenizer.tokens(bytes).map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }
}
