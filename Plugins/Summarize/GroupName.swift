import HeadwaterModel
import HeadwaterPluginKit

/// What a topic is called: the words behind its terms, as they stand in the chosen sentences' documents.
enum GroupName {
    /// Words of a name.
    private static let most = 3
    /// Shorter words tell little; in bytes.
    private static let shortest = 4

    static func words(of group: ChosenGroup, in texts: [RecordID: TracedText]) -> String {
        var found: [UInt32: String] = [:]
        let wanted = Set(group.terms)
        var seen: Set<RecordID> = []
        for sentence in group.sentences where seen.insert(sentence.document).inserted {
            guard let bytes = texts[sentence.document]?.bytes else { continue }
            for token in Tokenizer.tokens(bytes) where token.kind == .word && token.count >= shortest {
                let term = Terms.hash(bytes, token)
                guard wanted.contains(term), found[term] == nil else { continue }
                found[term] = String(decoding: bytes[token.range], as: UTF8.self)
            }
            if found.count == wanted.count { break }
        }
        let words = group.terms.compactMap { found[$0] }.prefix(most)
        return words.isEmpty ? "topic" : words.joined(separator: ", ")
    }
}
