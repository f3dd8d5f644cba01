import HeadwaterPluginKit

/// Finds runs of tokens that look like names: capitalised words with the small words that join them.
struct NameScanner {
    let text: AnnotatedText

    /// The run that begins at token `start`, a capitalised word: one past its last token.
    func end(from start: Int) -> Int {
        let limit = text.sentence(of: start).upperBound
        var end = start + 1
        // Names are short; the limit keeps text in capitals from being read as one.
        while end < limit, end - start < 14 {
            if let next = joined(start, end, limit) { end = next } else { break }
        }
        return end
    }

    /// If the run goes on at token `index`, one past the part that joins it.
    private func joined(_ start: Int, _ index: Int, _ limit: Int) -> Int? {
        if isNameWord(index) { return index + 1 }
        // `Donald J. Trump`, `St. Louis`
        if text.mark(index) == UInt8(ascii: "."), text.touches(index - 1, index), isAbbreviated(index - 1), index + 1 < limit,
            isNameWord(index + 1)
        {
            return index + 2
        }
        // `Jean-Pierre`, `Brock-Sund`
        if text.isDash(index), text.tokens[index].count <= 3, text.touches(index - 1, index), index + 1 < limit,
            text.touches(index, index + 1)
        {
            // `Ban Ki-moon`
            if text.isWord(index + 1), text.tokens[index + 1].letterCase == .lower {
                return index - start >= 2 && text.tokens[index + 1].count <= 4 && text.classes[index + 1].isEmpty
                    ? index + 2 : nil
            }
            return isNameWord(index + 1) && !isHyphenBetweenNames(index) ? index + 2 : nil
        }
        if text.mark(index) == UInt8(ascii: "&"), index + 1 < limit, isNameWord(index + 1) { return index + 2 }
        // `Ludwig van der Rohe`, `Bashar al-Assad`
        if text.has(index, .nameParticle), !text.has(index, .preposition) {
            var next = index + 1
            while next < limit, next - index < 3, text.has(next, .nameParticle) || text.isDash(next) { next += 1 }
            return next < limit && isNameWord(next) ? next + 1 : nil
        }
        if text.equalsAny(index, ["of", "for"]), isHead(index - 1) {
            let next = text.equals(index + 1, "the") ? index + 2 : index + 1
            // `a Specialist Group of the British Computer Society` names two bodies.
            if next > index + 1, next < limit, endsAsOrganization(from: next, limit) { return nil }
            return next < limit && isNameWord(next) ? next + 1 : nil
        }
        // `Fire and Rescue Service`, `Ministry of Health and Welfare`
        if text.equals(index, "and"), index + 1 < limit, isNameWord(index + 1) {
            let isInside =
                (start..<index).contains { text.equalsAny($0, ["of", "for"]) }
                && text.classes[index - 1].isDisjoint(with: [.place, .demonym])
            if isInside || endsAsOrganization(from: index + 1, limit),
                !text.has(index - 1, [.place, .givenName]) || isHead(index - 1)
            {
                return index + 2
            }
            return nil
        }
        // `Traders' Association`, `People's Party`
        let isPossessive = text.tokens[index].kind == .possessive || isPluralPossessive(index)
        if isPossessive, index + 1 < limit, isNameWord(index + 1), endsAsOrganization(from: index + 1, limit),
            text.classes[index - 1].isDisjoint(with: [.place, .demonym, .givenName, .organization])
                || text.equals(index - 1, "nation")
        {
            return index + 2
        }
        return nil
    }

    /// One past an election that begins at token `start`, named by its year or its people: `2016 presidential election`,
    /// `Norwegian parliamentary elections`. These are written small.
    func electionEnd(from start: Int) -> Int? {
        var cursor = start
        let hasYear = text.isNumber(cursor) && text.tokens[cursor].count == 4
        if hasYear { cursor += 1 }
        let firstName = cursor
        while cursor - firstName < 4, text.has(cursor, [.place, .demonym]), text.tokens[cursor].isCapitalized { cursor += 1 }
        guard hasYear || cursor > firstName else { return nil }
        let firstKind = cursor
        while cursor - firstKind < 3,
            text.equalsAny(
                cursor,
                [
                    "general", "federal", "presidential", "parliamentary", "legislative", "local", "state", "provincial",
                    "gubernatorial", "senate", "european", "municipal", "primary",
                ])
        { cursor += 1 }
        guard cursor > firstKind || hasYear && cursor > firstName,
            text.equalsAny(cursor, ["election", "elections", "referendum"])
        else { return nil }
        return cursor + 1
    }

    func isNameWord(_ index: Int) -> Bool {
        guard text.isWord(index), text.tokens[index].isCapitalized else { return false }
        return text.classes[index].isDisjoint(with: [.function, .weekday])
            && !(text.classes[index].contains(.month) && !text.has(index, .givenName))
            || text.tokens[index].letterCase == .upper && text.classes[index].isAny([.place, .organization])
    }

    /// Whether an apostrophe behind a plural makes it a possessive: `Workers’`.
    private func isPluralPossessive(_ index: Int) -> Bool {
        guard text.tokens[index].kind == .mark, text.touches(index - 1, index),
            text.bytes[text.tokens[index - 1].end - 1] == UInt8(ascii: "s")
        else { return false }
        return text.mark(index) == UInt8(ascii: "'")
            || text.tokens[index].count == 3 && text.bytes[text.tokens[index].start + 2] == 0x99
    }

    /// Whether the run of capitalised words from `index` ends with a noun of organisations.
    private func endsAsOrganization(from index: Int, _ limit: Int) -> Bool {
        var end = index
        while end < limit, end - index < 6, isNameWord(end) { end += 1 }
        return end > index && text.has(end - 1, .organizationNoun)
    }

    /// Whether the word can be followed by `of` within a name.
    private func isHead(_ index: Int) -> Bool {
        text.has(index, [.organizationNoun, .placeNoun, .eventNoun, .title])
            || text.equalsAny(index, ["house", "state", "republic", "kingdom", "isle", "strait", "ministers", "democrats"])
    }

    /// An initial, or a short form that stands before names.
    private func isAbbreviated(_ index: Int) -> Bool {
        text.tokens[index].count == 1 || text.tokens[index].count <= 4 && text.has(index, .title)
            || text.equalsAny(index, ["st", "mt", "ft", "jr"])
    }

    /// `US-Ukraine`: two names, not one.
    private func isHyphenBetweenNames(_ index: Int) -> Bool {
        text.has(index - 1, [.place, .demonym]) && text.has(index + 1, [.place, .demonym])
    }
}
