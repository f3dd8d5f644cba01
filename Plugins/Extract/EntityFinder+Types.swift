import HeadwaterPluginKit

/// What a run of capitalised words names, as its own words and those around it tell.
extension EntityFinder {
    /// What the run is by itself; nil where only the document can tell.
    func type(of run: Range<Int>) -> (EntityType, Mention.Certainty)? {
        if run.count == 1 { return typeOfWord(run.lowerBound) }
        let last = run.upperBound - 1
        let hasJoint = run.contains { text.equalsAny($0, ["of", "for", "and", "in"]) || text.mark($0) == UInt8(ascii: "&") }
        let startsWithGivenName = text.has(run.lowerBound, .givenName)
        if text.has(run.lowerBound, .eventNoun), hasJoint { return (.event, .known) }
        if text.has(run.lowerBound, .placeNoun),
            text.equalsAny(
                run.lowerBound, ["lake", "mount", "cape", "fort", "port", "gulf", "isle", "camp", "bay", "river", "st"])
        {
            return (.place, .known)
        }
        if text.has(last, .eventNoun),
            text.classes[last].isDisjoint(with: [.organizationNoun]) || text.equalsAny(last, ["festival"]),
            !(startsWithGivenName && run.count == 2)
        {
            return (.event, .known)
        }
        if text.has(last, .placeNoun),
            !(startsWithGivenName && run.count == 2)
                || text.equalsAny(
                    last,
                    [
                        "airport", "street", "avenue", "bridge", "dam", "island", "river", "county", "park", "square", "stadium",
                        "road",
                    ]),
            text.classes[last].isDisjoint(with: .organizationNoun)
        {
            return (.place, .known)
        }
        if text.has(last, .organizationNoun),
            !(startsWithGivenName && run.count == 2 && text.classes[last].isDisjoint(with: .common))
        {
            return (.organization, .known)
        }
        if hasJoint, run.contains(where: { text.has($0, .organizationNoun) }) { return (.organization, .known) }
        if startsWithGivenName, text.classes[last].isDisjoint(with: [.organizationNoun]) || run.count <= 3, run.count <= 5 {
            return (.person, .known)
        }
        if run.contains(where: { text.tokens[$0].count == 1 && $0 > run.lowerBound && $0 < last && text.tokens[$0].kind == .word }
        ) {
            return (.person, .known)
        }
        if text.equalsAny(
            run.lowerBound,
            [
                "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "upper", "lower",
                "new", "san", "santa", "los", "las", "el", "saint", "st", "great", "greater", "port",
            ])
        {
            return (.place, .context)
        }
        if run.allSatisfy({ text.has($0, [.place]) || text.isDash($0) }) { return (.place, .known) }
        if run.contains(where: { text.has($0, .organizationNoun) }), text.tokens[last].letterCase != .upper {
            return (.organization, .context)
        }
        if text.has(run.lowerBound, [.place, .demonym]) || run.contains(where: { text.has($0, .organization) }) {
            return (.organization, .shape)
        }
        if let said = personByContext(run) { return said }
        if run.contains(where: { text.tokens[$0].letterCase == .upper && text.tokens[$0].count > 2 }) {
            return (.organization, .shape)
        }
        if run.contains(where: { text.has($0, [.common]) }) {
            return isSentenceStart(run.lowerBound) ? nil : (.organization, .shape)
        }
        return run.count <= 4 ? (.person, .shape) : (.organization, .shape)
    }

    private func typeOfWord(_ index: Int) -> (EntityType, Mention.Certainty)? {
        let classes = text.classes[index]
        if classes.isAny([.place, .organization]), isListed(index) {
            if classes.contains(.givenName), let said = personByContext(index..<index + 1) { return said }
            return (classes.contains(.place) ? .place : .organization, classes.contains(.givenName) ? .context : .known)
        }
        if classes.contains(.demonym) || classes.contains(.title) || text.tokens[index].count == 1 { return nil }
        if classes.isAny([.common, .function]), isSentenceStart(index) { return nil }
        // `Gate 3`, `Gates 2 and 3`
        if classes.isAny([.label, .placeNoun, .eventNoun]), text.isNumber(index + 1) { return nil }
        let token = text.tokens[index]
        if token.letterCase == .upper, 2...6 ~= token.count, classes.isDisjoint(with: [.common, .function, .title]),
            !isSentenceInCapitals(index)
        {
            return (.organization, .context)
        }
        if let said = personByContext(index..<index + 1) { return said }
        if classes.contains(.givenName), classes.isDisjoint(with: .common) { return (.person, .shape) }
        return nil
    }

    /// Whether a word is a listed name here, and not a common word that is written alike: `us`, `who`, `Apple` at a sentence's start.
    func isListed(_ index: Int) -> Bool {
        let classes = text.classes[index]
        guard classes.isAny([.place, .organization]) else { return false }
        let token = text.tokens[index]
        if token.count <= 3 {
            return token.letterCase == .upper && !(isSentenceInCapitals(index) && classes.isAny([.function, .common, .pronoun]))
        }
        if classes.isAny([.function, .common, .collective]) {
            return !isSentenceStart(index)
                || !writtenSmall.contains(text.hashes[index]) && classes.isDisjoint(with: [.function, .common])
        }
        return true
    }

    private func isSentenceInCapitals(_ index: Int) -> Bool {
        let near = max(text.sentence(of: index).lowerBound, index - 3)..<min(text.sentence(of: index).upperBound, index + 4)
        let words = near.filter { text.tokens[$0].kind == .word }
        return words.count > 1 && words.allSatisfy { text.tokens[$0].letterCase == .upper || text.tokens[$0].count == 1 }
    }

    /// Whether the words around a run show a person, or for a single word a place.
    private func personByContext(_ run: Range<Int>) -> (EntityType, Mention.Certainty)? {
        let (before, after) = (run.lowerBound - 1, run.upperBound)
        let sameSentence = text.sentence(of: run.lowerBound)
        if sameSentence.contains(before), text.has(before, [.role]), text.tokens[before].letterCase == .lower {
            return (.person, .known)
        }
        if sameSentence.contains(before), text.has(before, .title), text.tokens[before].kind == .word { return (.person, .known) }
        // `Agna Pell, 71,`
        if sameSentence.contains(after), text.isComma(after), text.isNumber(after + 1), text.tokens[after + 1].count <= 2,
            text.isComma(after + 2) || text.mark(after + 2) == UInt8(ascii: ".")
        {
            return (.person, .known)
        }
        if run.count <= 3, sameSentence.contains(before),
            text.classes[run.lowerBound].isDisjoint(with: run.count > 1 ? .givenName : []),
            text.equalsAny(
                before, ["in", "near", "at", "around", "outside", "toward", "towards", "across", "throughout", "into"])
        {
            return (.place, .context)
        }
        // A sentence may begin with a plain noun before one that is also a verb: `Household claims`.
        let isNounToo = text.equalsAny(
            after,
            [
                "claims", "reports", "states", "estimates", "notes", "answers", "demands", "orders", "comments", "reads",
                "report", "claim", "state", "answer", "order",
            ])
        if sameSentence.contains(after), text.has(after, .speech), text.classes[after].isDisjoint(with: [.measure]),
            !(isNounToo && isSentenceStart(run.lowerBound))
        {
            return (.person, .context)
        }
        if sameSentence.contains(before), text.has(before, .speech), text.tokens[before].letterCase == .lower,
            text.isComma(after) || text.mark(after) == UInt8(ascii: ".")
        {
            return (.person, .context)
        }
        if sameSentence.contains(after), text.isComma(after),
            text.has(after + 1, .determiner)
                || text.has(after + 1, [.role, .title]) && text.tokens[after + 1].letterCase == .lower,
            (after + 1..<min(after + 5, sameSentence.upperBound)).contains(where: {
                text.has($0, .role) && text.tokens[$0].letterCase == .lower
            })
        {
            return (.person, .context)
        }
        if sameSentence.contains(after), text.equals(after, "who") || text.isComma(after) && text.equals(after + 1, "who") {
            return (.person, .known)
        }
        // `Veldebrig, Saldria`
        if sameSentence.contains(after), text.isComma(after),
            text.has(after + 1, .place) || text.equalsAny(after + 1, Places.stateAbbreviations),
            after + 1 < text.count, text.tokens[after + 1].isCapitalized, run.count <= 3,
            text.classes[run.lowerBound].isDisjoint(with: .givenName)
        {
            return (.place, .context)
        }
        // `Hartford, Conn.`
        if run.count == 1, text.isComma(before), text.equalsAny(run.lowerBound, Places.stateAbbreviations),
            text.mark(after) == UInt8(ascii: ".")
        {
            return (.place, .known)
        }
        return nil
    }
}
