import HeadwaterPluginKit

/// Finds whom a pronoun or a description means: the most recent fitting person, subjects of sentences first.
///
/// Salience follows Hobbs ("Resolving pronoun references", 1978) in what matters for news: same sentence to the left,
/// then earlier sentences from the nearest one, each from its beginning, agreement in gender throughout.
struct ReferenceResolver {
    private let text: AnnotatedText
    private let mentions: [Mention]
    private let isQuoted: [Bool]
    /// Indexes of mentions by sentence, in text order.
    private var bySentence: [[Int]]
    /// What the document says a person is, with the person: hashes of title and role words.
    private var descriptions: [UInt64: [(person: Range<Int>, position: Int)]] = [:]
    /// The leader of the people that a demonym names: `the Ukrainian leader`.
    private var leaders: [UInt64: Range<Int>] = [:]
    /// Gender by full name, as its first word or title tells.
    private var gender: [Range<Int>: Gender] = [:]

    private enum Gender { case male, female }

    init(_ text: AnnotatedText, mentions: [Mention], isQuoted: [Bool]) {
        self.text = text
        self.mentions = mentions
        self.isQuoted = isQuoted
        bySentence = Array(repeating: [], count: text.sentences.count)
        for (number, mention) in mentions.enumerated() where mention.type == .person || mention.type == .organization {
            bySentence[text.sentenceIndex(of: mention.tokens.lowerBound)].append(number)
        }
        for mention in mentions {
            if mention.type == .person { learn(mention) }
            // `the authority`
            if mention.type == .organization, mention.tokens.count > 1, let last = mention.tokens.last {
                descriptions[text.hashes[last], default: []].append((mention.fullName, mention.tokens.lowerBound))
            }
        }
    }

    /// Whom the pronoun at `token` means, as the tokens of a full name.
    func antecedent(of token: Int) -> Range<Int>? {
        let isMale = text.equalsAny(token, ["he", "his", "him"])
        let isFemale = text.equalsAny(token, ["she", "her"])
        let wanted: Gender? = isMale ? .male : isFemale ? .female : nil
        let type: EntityType = wanted == nil ? .organization : .person
        let sentence = text.sentenceIndex(of: token)
        // The same sentence, to the left, from its beginning: the subject comes first.
        if let found = pick(
            bySentence[sentence].filter { mentions[$0].tokens.upperBound <= token && !isQuoted[mentions[$0].tokens.lowerBound] },
            type, wanted)
        {
            return found
        }
        // Twelve sentences reach back over a page of quotation.
        for earlier in stride(from: sentence - 1, through: max(0, sentence - 12), by: -1) {
            if let found = pick(bySentence[earlier].filter { !isQuoted[mentions[$0].tokens.lowerBound] }, type, wanted) {
                return found
            }
        }
        return nil
    }

    private func pick(_ candidates: [Int], _ type: EntityType, _ wanted: Gender?) -> Range<Int>? {
        var fallback: Range<Int>?
        for number in candidates where mentions[number].type == type {
            let mention = mentions[number]
            guard let wanted else { return mention.fullName }
            let isPossessive =
                mention.tokens.upperBound < text.count && text.tokens[mention.tokens.upperBound].kind == .possessive
            switch gender[mention.fullName] {
            case wanted where !isPossessive: return mention.fullName
            case wanted: fallback = fallback ?? mention.fullName
            case nil where !isPossessive: fallback = fallback ?? mention.fullName
            default: continue
            }
        }
        return fallback
    }

    /// The person whom words like `the minister` or `the Ukrainian leader` describe, if the document names one.
    func person(describedBy words: Range<Int>) -> Range<Int>? {
        guard let head = words.last(where: { text.has($0, [.role, .title, .collective, .organizationNoun]) }),
            head + 1 == words.upperBound,
            text.has(words.lowerBound, .determiner), !text.equalsAny(words.lowerBound, ["a", "an", "another", "one", "some"]),
            text.bytes[text.tokens[head].end - 1] != UInt8(ascii: "s")
        else { return nil }
        if text.equalsAny(head, ["leader", "president"]), head - 1 > words.lowerBound, text.has(head - 1, .demonym),
            let leader = leaders[text.hashes[head - 1]]
        {
            return leader
        }
        // The nearest before; a description may also come ahead of the name.
        guard let known = descriptions[text.hashes[head]] else { return nil }
        // In text order, so the last one before these words is found by halving.
        var (low, high) = (0, known.count)
        while low < high {
            let middle = (low + high) / 2
            if known[middle].position < words.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? known[low - 1].person : nil
    }

    /// Notes what stands around a name: titles before it, roles before or behind it, and the gender they show.
    private mutating func learn(_ mention: Mention) {
        let (start, end) = (mention.tokens.lowerBound, mention.tokens.upperBound)
        let sentence = text.sentence(of: start)
        let person = mention.fullName
        if gender[person] == nil { gender[person] = shownGender(mention) }
        // `Fire chief Marit Holloden`, `Ukrainian President Volodymyr Zelensky`
        var cursor = start - 1
        if text.mark(cursor) == UInt8(ascii: ".") { cursor -= 1 }
        var isLeader = false
        while cursor >= sentence.lowerBound, start - cursor < 6, text.isWord(cursor) || text.isDash(cursor) {
            if text.has(cursor, [.role, .title]) {
                descriptions[text.hashes[cursor], default: []].append((person, start))
                if text.equalsAny(cursor, ["president", "premier", "chancellor", "minister", "king", "leader", "prime"]) {
                    isLeader = true
                }
            } else if text.has(cursor, .demonym), isLeader {
                leaders[text.hashes[cursor]] = person
            } else if text.classes[cursor].isDisjoint(with: [.common]) && !text.isDash(cursor)
                && !text.equalsAny(cursor, ["of", "state", "prime", "foreign"])
            {
                break
            }
            cursor -= 1
        }
        // `Petra Illingrad, the authority's director-general,` and `Pell, the baker who`
        if end < sentence.upperBound, text.isComma(end) {
            var behind = end + 1
            while behind < sentence.upperBound, behind - end < 10, !text.isComma(behind),
                !text.has(behind, [.speech, .auxiliary]), !isQuoted[behind]
            {
                if text.has(behind, [.role, .title]), text.tokens[behind].letterCase == .lower {
                    descriptions[text.hashes[behind], default: []].append((person, start))
                }
                behind += 1
            }
        }
        // `The mayor of Lower Hask, Tomas Brelling,`
        if start - 1 > sentence.lowerBound, text.isComma(start - 1) {
            var before = start - 2
            while before >= sentence.lowerBound, start - before < 10, !text.isComma(before), !text.has(before, [.auxiliary]),
                !isQuoted[before]
            {
                if text.has(before, [.role, .title]) { descriptions[text.hashes[before], default: []].append((person, start)) }
                if text.has(before, .speech) { break }
                before -= 1
            }
        }
    }

    private func shownGender(_ mention: Mention) -> Gender? {
        let before =
            text.mark(mention.tokens.lowerBound - 1) == UInt8(ascii: ".")
            ? mention.tokens.lowerBound - 2 : mention.tokens.lowerBound - 1
        if text.equalsAny(
            before,
            [
                "mr", "sir", "lord", "king", "prince", "spokesman", "chairman", "father", "congressman", "baron", "duke",
                "businessman",
            ])
        {
            return .male
        }
        if text.equalsAny(
            before,
            [
                "mrs", "ms", "miss", "lady", "queen", "princess", "spokeswoman", "chairwoman", "congresswoman", "dame",
                "baroness", "actress", "sister",
            ])
        {
            return .female
        }
        for index in [mention.fullName.lowerBound, mention.fullName.lowerBound + 1]
        where index < mention.fullName.upperBound && mention.fullName.count > 1 {
            let classes = text.classes[index]
            if classes.contains(.maleName) != classes.contains(.femaleName) {
                return classes.contains(.maleName) ? .male : .female
            }
        }
        // `Annelie Brock-Sund, a spokeswoman`
        for index in mention.tokens.upperBound..<min(mention.tokens.upperBound + 6, text.count) {
            if text.equalsAny(index, ["spokeswoman", "chairwoman", "actress"]) { return .female }
            if text.equalsAny(index, ["spokesman", "chairman"]) { return .male }
        }
        return nil
    }
}
