import HeadwaterPluginKit

/// Finds the subject of a verb of speech, and whom it names.
struct AttributionFinder {
    let text: AnnotatedText
    let mentions: [Mention]
    /// For each token the mention that holds it, or -1.
    let mentionOfToken: [Int32]
    /// For each token whether a quotation holds it.
    let isQuoted: [Bool]
    /// For each token whether an expression of time holds it.
    let isTime: [Bool]
    private let references: ReferenceResolver

    init(_ text: AnnotatedText, mentions: [Mention], isQuoted: [Bool], isTime: [Bool]) {
        self.text = text
        self.mentions = mentions
        self.isQuoted = isQuoted
        self.isTime = isTime
        var owners = [Int32](repeating: -1, count: text.count)
        for (number, mention) in mentions.enumerated() {
            for token in mention.tokens { owners[token] = Int32(truncatingIfNeeded: number) }
        }
        mentionOfToken = owners
        references = ReferenceResolver(text, mentions: mentions, isQuoted: isQuoted)
    }

    func mention(at token: Int) -> Mention? {
        guard token >= 0, token < text.count, mentionOfToken[token] >= 0 else { return nil }
        return mentions[Int(mentionOfToken[token])]
    }

    /// The subject of the verb at `cue`, to its left or, for `said Pell`, to its right, within `range`.
    func subject(of cue: Int, within range: Range<Int>, preferRight: Bool = false) -> Attribution? {
        if preferRight, let right = rightSubject(cue, range) { return right }
        if let left = leftSubject(cue, range) { return left }
        return preferRight ? nil : rightSubject(cue, range)
    }

    /// The subject of a whole sentence: who acts in it first.
    func subjectOfSentence(_ sentence: Range<Int>) -> Attribution? {
        mainSubject(sentence.upperBound, sentence).map { Attribution(cue: nil, mention: $0.mention, speaker: $0.speaker) }
    }

    // MARK: Left of the verb

    private func leftSubject(_ cue: Int, _ range: Range<Int>) -> Attribution? {
        var cursor = cue - 1
        // `has also`, `on Friday`, `later`: what stands between subject and verb.
        while cursor >= range.lowerBound, isBetween(cursor) { cursor -= 1 }
        guard cursor >= range.lowerBound else { return nil }
        if text.has(cursor, [.speechParticiple]) || text.equalsAny(cursor, ["to"]) { return mainSubject(cue, range) }
        // `, adding`, `and added`, `, who said`
        let isParticiple = text.has(cue, .speechParticiple)
        if isParticiple || text.equalsAny(cursor, ["and", "but", "then"])
            || text.isComma(cursor) && text.equalsAny(cue - 1, ["and", "but", "then"])
        {
            return mainSubject(cue, range)
        }
        if text.equalsAny(cursor, ["who", "which", "that"]) {
            cursor -= 1
            if text.isComma(cursor) { cursor -= 1 }
            return phrase(endingAt: cursor, range, cue)
        }
        if text.isComma(cursor) || closesBracket(cursor) {
            // `The mayor, Tomas Brelling, promised`: the parenthesis is the name.
            if let named = mention(at: cursor - 1), named.type == .person,
                text.isComma(named.tokens.lowerBound - 1) || text.mark(named.tokens.lowerBound - 1) == UInt8(ascii: "("),
                range.contains(named.tokens.lowerBound - 2), mention(at: named.tokens.lowerBound - 2)?.type != .person
            {
                return attribution(named, cue)
            }
            return beforeParenthesis(cursor, range, cue) ?? phrase(endingAt: cursor - 1, range, cue)
        }
        return phrase(endingAt: cursor, range, cue)
    }

    private func closesBracket(_ index: Int) -> Bool { text.mark(index) == UInt8(ascii: ")") }

    private func isBetween(_ index: Int) -> Bool {
        if isTime[index] { return true }
        guard text.isWord(index) else { return false }
        if text.has(index, [.auxiliary, .adverb]) { return text.tokens[index].letterCase == .lower }
        return text.tokens[index].letterCase == .lower && text.has(index, .preposition) && index + 1 < text.count
            && isTime[index + 1]
    }

    /// `Danielle Bell, head of the mission, said`: the name before the parenthesis.
    private func beforeParenthesis(_ comma: Int, _ range: Range<Int>, _ cue: Int) -> Attribution? {
        var cursor = comma - 1
        var commas = 0
        while cursor >= range.lowerBound, comma - cursor < 40 {
            if text.isComma(cursor) || text.mark(cursor) == UInt8(ascii: "(") {
                commas += 1
                if let mention = mention(at: cursor - 1), mention.type == .person || mention.type == .organization,
                    range.contains(mention.tokens.lowerBound)
                {
                    return attribution(mention, cue)
                }
                if text.has(cursor - 1, [.role, .title, .collective, .pronoun]) {
                    return phrase(endingAt: cursor - 1, range, cue)
                }
                if commas > 3 { break }
            }
            cursor -= 1
        }
        return nil
    }

    /// The subject of the sentence's first verb: for verbs that share it.
    private func mainSubject(_ cue: Int, _ range: Range<Int>) -> Attribution? {
        var cursor = range.lowerBound
        while cursor < cue {
            guard !isQuoted[cursor] else {
                cursor += 1
                continue
            }
            if text.has(cursor, [.speech, .stanceVerb, .past, .auxiliary]) && cursor > range.lowerBound || isPastVerb(cursor) {
                if let found = leftSubject(cursor, range), found.mention.upperBound <= cue { return found }
            }
            cursor += 1
        }
        // No verb: the first name or pronoun.
        for token in range.lowerBound..<cue where !isQuoted[token] {
            if let mention = mention(at: token), mention.type == .person { return attribution(mention, cue) }
            if text.equalsAny(token, ["he", "she", "they"]) { return pronoun(token, cue) }
        }
        return nil
    }

    private func isPastVerb(_ index: Int) -> Bool {
        guard text.isWord(index), text.tokens[index].letterCase == .lower, text.tokens[index].count > 4,
            text.classes[index].isDisjoint(with: [.function, .adverb])
        else { return false }
        let end = text.tokens[index].end
        return text.bytes[end - 1] == UInt8(ascii: "d") && text.bytes[end - 2] == UInt8(ascii: "e")
    }

    // MARK: Right of the verb

    /// `said Agna Pell`, `said its general secretary, Dace Orrin`, `according to the fire service`
    private func rightSubject(_ cue: Int, _ range: Range<Int>) -> Attribution? {
        var cursor = cue + 1
        while cursor < range.upperBound, text.has(cursor, .adverb) || cursor < text.count && isTime[cursor] { cursor += 1 }
        guard cursor < range.upperBound, !isQuoted[cursor] else { return nil }
        if text.equalsAny(cursor, ["he", "she", "they", "it", "we"]) { return pronoun(cursor, cue) }
        guard text.isWord(cursor),
            text.classes[cursor].isDisjoint(with: [.preposition, .auxiliary]) || mention(at: cursor) != nil
        else { return nil }
        if text.equalsAny(
            cursor,
            [
                "that", "if", "whether", "how", "why", "what", "when", "there", "this", "him", "her", "them", "me", "us", "not",
                "to", "no",
            ]), mention(at: cursor) == nil,
            !(text.equals(cursor, "her") && text.isWord(cursor + 1) && text.has(cursor + 1, .role))
        {
            return nil
        }
        // The name may stand behind a title or description: take the first person within the phrase.
        var end = cursor
        while end < range.upperBound, end - cursor < 16 {
            if let mention = mention(at: end), mention.type == .person {
                if !describes(mention, before: range.upperBound) { return attribution(mention, cue) }
                end = mention.tokens.upperBound
                continue
            }
            if isQuoted[end] || text.has(end, [.auxiliary, .past, .pronoun]) && !text.has(end, .determiner)
                || end > cursor && text.has(end, [.speech])
            {
                break
            }
            if text.isComma(end), mention(at: end + 1)?.type != .person { break }
            if text.tokens[end].kind == .mark, !text.isComma(end), !text.isDash(end),
                text.mark(end) != UInt8(ascii: ".") || end + 1 < range.upperBound && mention(at: end + 1) == nil
            {
                break
            }
            end += 1
        }
        if let mention = mention(at: cursor) ?? mention(at: cursor + 1), mention.type == .organization {
            return attribution(mention, cue)
        }
        let words = cursor..<max(nounPhraseEnd(cursor, end), cursor)
        guard !words.isEmpty, words.contains(where: { text.has($0, [.role, .title, .collective]) || mention(at: $0) != nil })
        else { return nil }
        return described(words, cue)
    }

    /// Whether the name only says whose: `Orrin campaign spokesman`, `Orrin's lawyer`.
    private func describes(_ mention: Mention, before end: Int) -> Bool {
        var next = mention.tokens.upperBound
        guard next < end else { return false }
        if text.tokens[next].kind == .possessive { return true }
        while next < end, text.isWord(next), text.tokens[next].letterCase == .lower, next - mention.tokens.upperBound < 3,
            text.classes[next].isDisjoint(with: [.function, .speech, .adverb, .preposition, .auxiliary])
        {
            if text.has(next, [.role, .title, .collective]) { return true }
            next += 1
        }
        return false
    }

    private func nounPhraseEnd(_ start: Int, _ limit: Int) -> Int {
        var end = start
        while end < limit, text.isWord(end) || text.isDash(end) || text.tokens[end].kind == .possessive,
            !text.has(end, .preposition)
        { end += 1 }
        return end
    }

    // MARK: Phrases

    /// The noun phrase whose last token is `last`.
    private func phrase(endingAt last: Int, _ range: Range<Int>, _ cue: Int) -> Attribution? {
        guard last >= range.lowerBound, last < text.count, !isQuoted[last] else { return nil }
        if let mention = mention(at: last) {
            // `officials in Kyiv said`: the place is not who spoke; nor is `a spokesman for Halveth Hydro` the company.
            if let head = headBefore(mention.tokens.lowerBound, range) {
                return described(head.lowerBound..<mention.tokens.upperBound, cue, head: head)
            }
            // `the hospital in Veldebrig said`
            if mention.type == .place, text.has(mention.tokens.lowerBound - 1, .preposition),
                mention.tokens.lowerBound - 2 > range.lowerBound
            {
                return phrase(endingAt: mention.tokens.lowerBound - 2, range, cue)
            }
            return mention.type == .event ? nil : attribution(mention, cue)
        }
        if text.equalsAny(last, ["he", "she", "they", "it"]) { return pronoun(last, cue) }
        if text.equalsAny(last, ["i", "we", "you"]) { return nil }
        guard text.isWord(last), text.tokens[last].count > 1 else { return nil }
        // Back to where the phrase begins.
        var start = last
        while start > range.lowerBound, last - start < 8 {
            let before = start - 1
            guard text.isWord(before) || text.isDash(before) || text.tokens[before].kind == .possessive, !isQuoted[before],
                !text.has(before, [.preposition, .auxiliary, .speech, .past]) || text.equals(before, "of")
                    || text.equals(before, "for")
            else { break }
            if text.equalsAny(
                before, ["and", "but", "as", "if", "because", "while", "when", "that", "which", "who", "so", "or", "where"])
            {
                break
            }
            start = before
            if text.has(before, .determiner) { break }
        }
        let words = start..<last + 1
        guard
            words.contains(where: { text.has($0, [.role, .title, .collective]) || mention(at: $0) != nil })
                || words.count > 1 && text.equalsAny(start, ["the", "a", "an", "one", "another"])
                    && !text.has(start - 1, .preposition)
        else { return nil }
        return described(words, cue)
    }

    /// The description that a preposition ties to the name at `name`: `officials at`, `a spokesman for`.
    private func headBefore(_ name: Int, _ range: Range<Int>) -> Range<Int>? {
        var cursor = name - 1
        // `a spokesman for House Speaker Brelling`
        while cursor > range.lowerBound, text.has(cursor, .title), text.tokens[cursor].isCapitalized { cursor -= 1 }
        if text.equals(cursor, "the") { cursor -= 1 }
        guard cursor > range.lowerBound, text.equalsAny(cursor, ["in", "at", "for", "of", "from", "with"]),
            mention(at: cursor - 1) == nil,
            text.has(cursor - 1, [.role, .title, .collective]),
            text.tokens[cursor - 1].letterCase == .lower || cursor - 1 == text.sentence(of: cursor).lowerBound
        else { return nil }
        var start = cursor - 1
        while start > range.lowerBound, cursor - start < 6, text.isWord(start - 1),
            !text.has(start - 1, [.preposition, .auxiliary, .speech])
        {
            start -= 1
            if text.has(start, .determiner) { break }
        }
        return start..<cursor
    }

    private func pronoun(_ token: Int, _ cue: Int?) -> Attribution? {
        guard let antecedent = references.antecedent(of: token) else { return nil }
        return Attribution(cue: cue, mention: token..<token + 1, speaker: antecedent)
    }

    private func attribution(_ mention: Mention, _ cue: Int?) -> Attribution {
        Attribution(cue: cue, mention: mention.tokens, speaker: mention.fullName)
    }

    /// A description: the person it describes elsewhere in the document, or a name within it, or its own words.
    private func described(_ words: Range<Int>, _ cue: Int?, head: Range<Int>? = nil) -> Attribution? {
        if let person = references.person(describedBy: head ?? words) {
            return Attribution(cue: cue, mention: words, speaker: person)
        }
        if head == nil {
            // A name that ends the description is whom it describes; any other says whose it is, or of what.
            if let mention = mention(at: words.upperBound - 1), mention.type == .person { return attribution(mention, cue) }
        }
        var start = words.lowerBound
        if text.equalsAny(start, ["the", "a", "an"]), words.count > 1 { start += 1 }
        return Attribution(cue: cue, mention: words, speaker: start..<words.upperBound)
    }
}
