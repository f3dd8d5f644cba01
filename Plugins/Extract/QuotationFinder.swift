import HeadwaterPluginKit

/// Decides which quoted texts are quotations, and whose words they are.
///
/// A quotation is attributed by the verb right behind it, else by the last one before it in its sentence, else it goes on
/// from the quotation beside it. Text in marks that nobody says, and that is no sentence, is a name, a title or a term.
struct QuotationFinder {
    let text: AnnotatedText
    let quoted: [QuoteScanner.Quoted]
    let attributions: AttributionFinder

    /// A quotation with its speaker, if one was found.
    struct Quotation {
        var tokens: Range<Int>
        var attribution: Attribution?
        var isPartial: Bool
        var isNested: Bool
    }

    func quotations() -> [Quotation] {
        let outer = quoted.filter { !$0.isNested }
        var found: [Attribution?] = outer.map { own($0) }
        spread(outer, &found)
        var out: [Quotation] = []
        for (quote, attribution) in zip(outer, found) where isQuotation(quote, attribution) {
            out.append(
                Quotation(
                    tokens: quote.tokens, attribution: attribution, isPartial: isPartial(quote, attribution), isNested: false))
        }
        return out
    }

    // MARK: Attribution

    /// The attribution in the quotation's own sentence.
    private func own(_ quote: QuoteScanner.Quoted) -> Attribution? { behind(quote) ?? before(quote) }

    /// `“…,” she said`, `“…,” said Danielle Bell`, `“…,” Bell, head of the mission, said`
    private func behind(_ quote: QuoteScanner.Quoted) -> Attribution? {
        let paragraph = text.paragraph(of: quote.opening)
        var start = quote.closing + 1
        // Two apostrophes close as one mark.
        if start < paragraph.upperBound, text.mark(start) == UInt8(ascii: "'"), text.mark(quote.closing) == UInt8(ascii: "'") {
            start += 1
        }
        guard start < paragraph.upperBound else { return nil }
        let last = quote.tokens.upperBound - 1
        let endsOpen =
            text.isComma(last) || [0x3F, 0x21].contains(text.mark(last) ?? 0) || text.isDash(last)
            || text.tokens[last].count == 3 && text.tokens[last].kind == .mark
        let hasComma = text.isComma(start)
        let startsSentence = leftContext(quote).isEmpty
        let goesOnSmall = text.isWord(start) && text.tokens[start].letterCase == .lower && startsSentence
        guard
            endsOpen || hasComma || goesOnSmall || text.isDash(start) && text.mark(start) != UInt8(ascii: "-")
                || startsSentence && text.mark(last) != UInt8(ascii: ".")
        else { return nil }
        if hasComma || text.isDash(start) { start += 1 }
        guard start < paragraph.upperBound else { return nil }
        var end = text.sentence(of: start).upperBound
        if let next = (start..<end).first(where: { attributions.isQuoted[$0] }) { end = next }
        let range = start..<end
        // `“…” ― Stephanie Egan`
        if text.isDash(start - 1), let mention = attributions.mention(at: start), mention.type != .place,
            mention.tokens.lowerBound == start,
            !(start..<end).contains(where: { isCue($0) })
        {
            return Attribution(cue: nil, mention: mention.tokens, speaker: mention.fullName)
        }
        // A sentence of its own behind the mark attributes only where a verb of speech stands early in it.
        let reach = min(end, start + (endsOpen || hasComma ? 30 : 14))
        guard let cue = (start..<max(start, reach)).first(where: { isCue($0) && !isWithinName($0) }) else { return nil }
        if text.equals(cue, "according") {
            return attributions.subject(of: cue + 1, within: range, preferRight: true).map {
                Attribution(cue: cue, mention: $0.mention, speaker: $0.speaker)
            }
        }
        if text.has(cue, .speechParticiple), text.classes[cue].isDisjoint(with: .speech), startsSentence { return nil }
        // `said Bell`, `added the chief`
        let isInverted = cue == start || cue == start + 1 && text.has(start, .adverb)
        return attributions.subject(of: cue, within: range, preferRight: isInverted)
    }

    /// `She said: “…”`, `… what the Kremlin sees as “root causes”`
    private func before(_ quote: QuoteScanner.Quoted) -> Attribution? {
        let range = leftContext(quote)
        guard let last = range.last else { return introduced(quote) }
        var cursor = last
        // `Pell said, adding that “…”`: the nearer verb is the cue, its subject that of the verb before it.
        var participle: Int?
        while cursor >= range.lowerBound, last - cursor < 60 {
            if attributions.isQuoted[cursor] {
                cursor -= 1
                continue
            }
            if text.equals(cursor, "according"), text.equals(cursor + 1, "to") {
                if let found = attributions.subject(of: cursor + 1, within: cursor..<quote.opening, preferRight: true) {
                    return Attribution(cue: cursor, mention: found.mention, speaker: found.speaker)
                }
            }
            if isCue(cursor, stance: true), !isWithinName(cursor),
                !text.equalsAny(cursor - 1, ["would", "will", "could", "should", "can", "might", "must"]),
                !text.equals(cursor - 1, "to") || text.equals(cursor - 2, "on")
                    || text.has(cursor, .speech) && text.tokens[cursor].count > 3
            {
                if text.has(cursor, .speechParticiple), text.classes[cursor].isDisjoint(with: .speech) {
                    participle = participle ?? cursor
                }
                if let found = attributions.subject(of: cursor, within: range) {
                    return Attribution(cue: participle ?? found.cue, mention: found.mention, speaker: found.speaker)
                }
            }
            cursor -= 1
        }
        // `Trump: “…”`
        if text.mark(last) == UInt8(ascii: ":"), let mention = attributions.mention(at: last - 1), mention.type == .person {
            return Attribution(cue: nil, mention: mention.tokens, speaker: mention.fullName)
        }
        // `Pell shook her head: “…”`
        return text.mark(last) == UInt8(ascii: ":") ? attributions.subjectOfSentence(range) : nil
    }

    /// A quotation that begins its sentence behind one that ends with a colon.
    private func introduced(_ quote: QuoteScanner.Quoted) -> Attribution? {
        let before = quote.opening - 1
        guard before >= 0, text.mark(before) == UInt8(ascii: ":") else { return nil }
        let sentence = text.sentence(of: before)
        guard let cue = sentence.last(where: { isCue($0, stance: true) && !attributions.isQuoted[$0] }) else { return nil }
        return attributions.subject(of: cue, within: sentence)
    }

    /// The words of the quotation's sentence before its opening mark.
    private func leftContext(_ quote: QuoteScanner.Quoted) -> Range<Int> {
        let start = text.sentence(of: quote.opening).lowerBound
        return start..<max(start, quote.opening)
    }

    private func isCue(_ index: Int, stance: Bool = false) -> Bool {
        if text.equals(index, "according") { return text.equals(index + 1, "to") }
        return text.has(index, stance ? [.speech, .speechParticiple, .stanceVerb] : [.speech, .speechParticiple])
            && text.tokens[index].letterCase == .lower
    }

    /// A verb's form that is a noun here: `the report`, `his claims`.
    private func isWithinName(_ index: Int) -> Bool {
        text.has(index - 1, .determiner)
            && !text.equalsAny(
                index - 1, ["that", "this", "all", "both", "some", "many", "others", "most", "each", "what", "which"])
            && !text.equalsAny(index, ["said", "told", "says", "wrote"]) || text.isNumber(index - 1) && text.has(index, .measure)
    }

    // MARK: Neighbours

    /// Gives quotations without an attribution of their own that of the quotation they go on from, or that goes on from them.
    private func spread(_ quotes: [QuoteScanner.Quoted], _ found: inout [Attribution?]) {
        for number in quotes.indices where found[number] == nil {
            let quote = quotes[number]
            guard number > 0, isClause(quote) || quote.continues else { continue }
            let previous = quotes[number - 1]
            let isSameParagraph = text.paragraphIndex(of: previous.opening) == text.paragraphIndex(of: quote.opening)
            if quote.continues || isSameParagraph && leftContext(quote).isEmpty {
                found[number] = found[number - 1]
            } else if isWholeParagraph(quote),
                text.paragraphIndex(of: previous.opening) + 1 == text.paragraphIndex(of: quote.opening)
            {
                found[number] = found[number - 1]
            }
        }
        for number in quotes.indices.dropLast().reversed() where found[number] == nil {
            let quote = quotes[number]
            guard isClause(quote), leftContext(quote).isEmpty else { continue }
            let next = quotes[number + 1]
            if next.continues
                || text.paragraphIndex(of: next.opening) == text.paragraphIndex(of: quote.opening)
                    && next.opening - quote.closing <= 3
            {
                found[number] = found[number + 1]
            }
        }
        // `Pell shook her head. “I do not know.”`
        for number in quotes.indices where found[number] == nil && isClause(quotes[number]) && leftContext(quotes[number]).isEmpty
        {
            let paragraph = text.paragraph(of: quotes[number].opening)
            guard quotes[number].opening > paragraph.lowerBound, !attributions.isQuoted[quotes[number].opening - 1] else {
                continue
            }
            let sentence = text.sentence(of: quotes[number].opening - 1)
            found[number] = attributions.subjectOfSentence(sentence)
        }
    }

    private func isWholeParagraph(_ quote: QuoteScanner.Quoted) -> Bool {
        let paragraph = text.paragraph(of: quote.opening)
        return quote.opening == paragraph.lowerBound && quote.closing >= paragraph.upperBound - 1
    }

    // MARK: Quotation or name

    private func isQuotation(_ quote: QuoteScanner.Quoted, _ attribution: Attribution?) -> Bool {
        if quote.continues { return true }
        guard let attribution else { return isClause(quote) && endsWithin(quote) && wordCount(quote) >= 4 && !isTitle(quote) }
        if isTitle(quote), isNamed(quote) { return false }
        if isTitle(quote), !isClause(quote) {
            // A name in marks, unless the verb stands right before it and says that it is said.
            return attribution.cue.map { quote.opening - $0 <= 3 && quote.opening > $0 && text.has($0, .speech) } ?? false
        }
        return true
    }

    private func wordCount(_ quote: QuoteScanner.Quoted) -> Int { quote.tokens.count { text.tokens[$0].kind == .word } }

    /// Whether each word that carries meaning is capitalised, as in titles.
    private func isTitle(_ quote: QuoteScanner.Quoted) -> Bool {
        guard quote.tokens.count <= 14 else { return false }
        let words = quote.tokens.filter {
            text.tokens[$0].kind == .word && (text.classes[$0].isDisjoint(with: [.function]) || text.tokens[$0].count > 4)
        }
        return !words.isEmpty && words.allSatisfy { text.tokens[$0].isCapitalized }
    }

    /// Whether what stands before the mark leads to a name: `the Courier's “Morning Post”`, `on “Talk of the Town,”`.
    private func isNamed(_ quote: QuoteScanner.Quoted) -> Bool {
        let before = quote.opening - 1
        guard wordCount(quote) <= 6, leftContext(quote).contains(before) else { return false }
        return text.tokens[before].kind == .possessive
            || text.equalsAny(before, ["on", "in", "with", "at", "for", "of", "titled", "called"])
    }

    /// Whether the text looks like one sentence or more.
    private func isClause(_ quote: QuoteScanner.Quoted) -> Bool {
        guard let first = quote.tokens.first(where: { text.tokens[$0].kind != .mark }), let last = quote.tokens.last else {
            return false
        }
        guard
            text.tokens[first].isCapitalized || text.tokens[first].kind == .number || isUncased(first)
                || quote.tokens.lowerBound < first
        else { return false }
        let mark = text.mark(last) ?? 0
        let ends =
            [0x2E, 0x21, 0x3F, 0x2C].contains(mark) || text.tokens[last].kind == .mark || text.isComma(quote.closing + 1)
            || text.mark(quote.closing + 1) == UInt8(ascii: ".")
        return ends || wordCount(quote) >= 8
    }

    /// Whether the sentence ends within the marks: what is quoted as a whole has its own stop.
    private func endsWithin(_ quote: QuoteScanner.Quoted) -> Bool {
        guard let last = quote.tokens.last else { return false }
        return text.tokens[last].kind == .mark || isWholeParagraph(quote)
    }

    private func isUncased(_ index: Int) -> Bool { text.bytes[text.tokens[index].start] >= 0xE0 }

    /// Less than a full clause, built into the writer's sentence.
    private func isPartial(_ quote: QuoteScanner.Quoted, _ attribution: Attribution?) -> Bool {
        if quote.continues { return false }
        let isBuiltIn = !leftContext(quote).isEmpty
        if isClause(quote), !isBuiltIn || text.isComma(quote.opening - 1) || text.mark(quote.opening - 1) == UInt8(ascii: ":") {
            return false
        }
        if !isBuiltIn { return !hasFiniteVerb(quote) && !isClause(quote) }
        guard hasFiniteVerb(quote) else { return true }
        // A clause counts as one where it follows the verb or its `that`.
        if text.equals(quote.opening - 1, "that") || text.isComma(quote.opening - 1)
            || text.mark(quote.opening - 1) == UInt8(ascii: ":")
        {
            return false
        }
        return !(attribution?.cue.map { $0 == quote.opening - 1 } ?? false)
    }

    /// Whether the text has a subject and its verb: a finite form with a word before it that is no `to`.
    private func hasFiniteVerb(_ quote: QuoteScanner.Quoted) -> Bool {
        guard wordCount(quote) >= 4 else { return false }
        return quote.tokens.dropFirst().contains { index in
            guard text.has(index, [.auxiliary, .past]) || isThirdPerson(index),
                !text.equalsAny(index, ["be", "been", "being", "having", "doing"])
            else { return false }
            return text.isWord(index - 1) && !text.equals(index - 1, "to") && !text.has(index - 1, [.preposition])
        }
    }

    /// `he needs`, `it serves`
    private func isThirdPerson(_ index: Int) -> Bool {
        text.has(index - 1, .pronoun) && text.tokens[index].kind == .word && text.classes[index].isDisjoint(with: [.function])
    }
}
