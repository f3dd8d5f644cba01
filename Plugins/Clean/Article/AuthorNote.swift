/// A paragraph about somebody who wrote the text: "Ida Fenn is the harbour correspondent of …".
enum AuthorNote {
    /// A name is two to four words with capitals; what says something of its bearer comes next.
    private static let nameLength = 2...4
    /// How far into the paragraph the profession stands, in bytes.
    private static let reach = 250

    private static let verbs = words(
        """
        is was writes covers has reports joined edits serves contributed works teaches lives began started spent specializes
        specialises holds enjoys loves previously also can graduated
        """)
    private static let professions = words(
        """
        editor editors reporter writer journalist columnist professor author correspondent contributor freelance critic producer
        host analyst fellow director lecturer founder researcher scholar historian novelist poet blogger attorney lawyer economist
        consultant strategist photographer nutritionist dietitian librarian expert teacher journalism
        """)

    private static func words(_ list: String) -> Set<UInt64> {
        Set(list.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }).map { WordHash.lowercased($0) })
    }

    /// Whether a paragraph begins with a name and says what its bearer does.
    ///
    /// - Parameters:
    ///   - author: who the page says wrote it; several names are separated by commas.
    ///   - isKnown: whether the text above names the bearer of this surname: then the paragraph is the story's.
    static func isNote(_ text: [UInt8], author: [UInt8]?, isKnown: (ArraySlice<UInt8>) -> Bool) -> Bool {
        if let author, begins(text, withOneOf: author) { return true }
        let parts = text.prefix(reach).split(separator: 0x20)
        let name = parts.prefix { ASCII.isUpper($0[$0.startIndex]) || $0[$0.startIndex] >= 0xC3 }
        guard nameLength.contains(name.count), name.count < parts.count, let surname = name.last,
            verbs.contains(WordHash.lowercased(parts[name.count]))
        else { return false }
        let speaksOfWork = parts[name.count...].contains { part in
            professions.contains(WordHash.lowercased(part.prefix { ASCII.isLetter($0) }))
        }
        return speaksOfWork && !isKnown(surname)
    }

    /// Whether a paragraph begins with the name of an author, or with the first name and a verb.
    private static func begins(_ text: [UInt8], withOneOf authors: [UInt8]) -> Bool {
        let words = text.prefix(reach).split(separator: 0x20, maxSplits: 2)
        for name in authors.split(separator: UInt8(ascii: ",")) {
            let trimmed = name.drop { $0 == 0x20 }
            guard trimmed.count >= 5 else { continue }
            if text.count > trimmed.count, text.starts(with: trimmed) { return true }
            let first = trimmed.prefix { $0 != 0x20 }
            if first.count > 2, words.count > 1, words[0].elementsEqual(first), verbs.contains(WordHash.lowercased(words[1])) {
                return true
            }
        }
        return false
    }
}
