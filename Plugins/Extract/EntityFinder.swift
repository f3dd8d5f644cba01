import HeadwaterPluginKit

/// Finds named persons, organisations, places and events, and ties each mention to the fullest name in the document.
///
/// Runs of capitalised words are typed by lists, by nouns within the name, by titles, and by the words around them;
/// mentions that stay open are decided by surer ones of the same word elsewhere in the document.
struct EntityFinder {
    let text: AnnotatedText
    private let scanner: NameScanner
    /// Hashes of words that the document also writes with a small letter.
    private let writtenSmall: Set<UInt64>

    init(_ text: AnnotatedText) {
        self.text = text
        scanner = NameScanner(text: text)
        writtenSmall = Set(
            text.tokens.indices.lazy.filter { text.tokens[$0].kind == .word && text.tokens[$0].letterCase == .lower }.map {
                text.hashes[$0]
            })
    }

    func mentions() -> [Mention] {
        var found: [Mention] = []
        var open: [Range<Int>] = []
        for paragraph in text.paragraphs {
            let isHeading = text.isHeading(paragraph) && isMostlyCapitalized(paragraph)
            var index = paragraph.lowerBound
            while index < paragraph.upperBound {
                if let phrase = PhraseTable.names.match(text, at: index), !isPartOfLonger(phrase.end, phrase.type) {
                    let start = text.equals(index, "the") ? index + 1 : index
                    found.append(Mention(start..<phrase.end, phrase.type, .known))
                    index = phrase.end
                } else if let end = scanner.electionEnd(from: index) {
                    found.append(Mention(index..<end, .event, .known))
                    index = end
                } else if scanner.isNameWord(index) {
                    let end = scanner.end(from: index)
                    read(index..<end, isHeading, &found, &open)
                    index = end
                } else {
                    index += 1
                }
            }
        }
        NameResolver(text).resolve(open: open, found: &found)
        return found
    }

    /// `Supreme Court Justice`, `World Cup Qualifiers`: only titles may follow a listed name, and nothing joins it.
    private func isPartOfLonger(_ end: Int, _ type: EntityType) -> Bool {
        guard end < text.count else { return false }
        guard scanner.isNameWord(end), text.classes[end].isDisjoint(with: [.title, .role]) else { return false }
        let last = scanner.end(from: end) - 1
        return text.has(last, type == .place ? [.organizationNoun, .placeNoun] : [.organizationNoun])
    }

    /// Takes a run of capitalised words apart into mentions; what cannot be typed alone goes to `open`.
    private func read(_ run: Range<Int>, _ isHeading: Bool, _ found: inout [Mention], _ open: inout [Range<Int>]) {
        var run = run
        trimStart(&run)
        guard !run.isEmpty else { return }
        if let split = titleSplit(run) {
            for index in split.before where text.has(index, .place) && isListed(index) {
                found.append(Mention(index..<index + 1, .place, .known))
            }
            if !split.organization.isEmpty { read(split.organization, isHeading, &found, &open) }
            if !split.name.isEmpty { found.append(Mention(split.name, .person, .known)) }
            return
        }
        // `US Treasury`, `Russian Defense Ministry`: the country is a mention of its own unless the name carries it.
        if run.count > 1, text.has(run.lowerBound, .place), isListed(run.lowerBound),
            text.tokens[run.lowerBound].letterCase == .upper
        {
            found.append(Mention(run.lowerBound..<run.lowerBound + 1, .place, .known))
            run = run.lowerBound + 1..<run.upperBound
            if text.isDash(run.lowerBound) { run = run.lowerBound + 1..<run.upperBound }
            guard !run.isEmpty, run.count > 1 || text.classes[run.lowerBound].isDisjoint(with: .common) else { return }
        }
        // `Democrat Zell Miller`, `Ukrainian President`: the adjective is no part of a name that does not need it.
        while run.count > 1, let first = run.first, text.has(first, .demonym), !text.has(first + 1, .demonym),
            !run.contains(where: isNameNoun), !text.isDash(first + 1), text.tokens[first + 1].kind == .word
        {
            run = first + 1..<run.upperBound
        }
        // `NATO Dynamics` in a heading: only listed names are sure there.
        if run.count > 1, let first = run.first, isListed(first), text.has(first + 1, .common) || isHeading, !endsAsName(run) {
            for index in run where isListed(index) {
                found.append(Mention(index..<index + 1, text.has(index, .place) ? .place : .organization, .known))
            }
            return
        }
        // `the Trump administration`
        if run.count == 1, text.equals(run.upperBound, "administration"), text.tokens[run.lowerBound].letterCase != .lower,
            text.classes[run.lowerBound].isDisjoint(with: [.demonym, .common])
        {
            found.append(Mention(run.lowerBound..<run.upperBound + 1, .organization, .known))
            return
        }
        if let type = type(of: run) {
            if isHeading, type.1 < .known { open.append(run) } else { found.append(Mention(run, type.0, type.1)) }
        } else if run.count == 1 || isHeading {
            if text.classes[run.lowerBound].isDisjoint(with: [.demonym, .function]) { open.append(run) }
        }
    }

    /// Takes away words at the start that are there for the sentence, not for the name.
    private func trimStart(_ run: inout Range<Int>) {
        // `Harbourmaster Lena Ostrava`: a word before the given name that only the sentence's beginning makes a capital one.
        if run.count > 2, let first = run.first, isSentenceStart(first), text.classes[first].isEmpty,
            text.has(first + 1, .givenName), text.classes[first + 2].isDisjoint(with: .givenName),
            text.tokens[first].count > 5
        {
            run = first + 1..<run.upperBound
        }
        while let first = run.first {
            let classes = text.classes[first]
            let opens = isSentenceStart(first)
            let isPlain =
                classes.isAny([.function, .common, .adverb])
                || opens && writtenSmall.contains(text.hashes[first]) && !classes.isAny([.place, .organization, .givenName])
            let keepsName =
                run.count > 1 && endsAsName(run) && !classes.contains(.function) && text.has(run.lowerBound + 1, .common) == false
            guard
                classes.contains(.function) && text.tokens[first].letterCase != .upper
                    || opens && isPlain && !keepsName && !isListed(first) || text.has(first, .nameParticle) && run.count == 1
            else { break }
            run = first + 1..<run.upperBound
            while let next = run.first, text.tokens[next].kind != .word || text.tokens[next].letterCase == .lower {
                run = next + 1..<run.upperBound
            }
        }
    }

    private func isNameNoun(_ index: Int) -> Bool { text.has(index, [.organizationNoun, .placeNoun, .eventNoun]) }

    private func endsAsName(_ run: Range<Int>) -> Bool {
        text.has(run.upperBound - 1, [.organizationNoun, .placeNoun, .eventNoun])
    }

    func isSentenceStart(_ index: Int) -> Bool {
        let start = text.sentence(of: index).lowerBound
        var cursor = index
        while cursor > start, text.tokens[cursor - 1].kind == .mark, index - cursor < 4 { cursor -= 1 }
        if cursor == start { return true }
        // A quotation within the sentence begins anew behind its opening mark.
        let before = index - 1
        guard before > start, text.tokens[before].kind == .mark, text.touches(before, index), !text.touches(before - 1, before)
        else { return false }
        return text.mark(before) == UInt8(ascii: "\"") || text.tokens[before].count > 1 && !text.isDash(before)
    }

    private func isMostlyCapitalized(_ paragraph: Range<Int>) -> Bool {
        let words = paragraph.filter { text.tokens[$0].kind == .word && text.classes[$0].isDisjoint(with: [.function]) }
        return words.count { text.tokens[$0].isCapitalized } * 4 >= words.count * 3
    }

    // MARK: Titles

    private struct TitleSplit {
        var before: Range<Int>
        var organization: Range<Int>
        var name: Range<Int>
    }

    /// Splits `US Secretary of State Marco Rubio` into what stands before the title, and the name behind it.
    private func titleSplit(_ run: Range<Int>) -> TitleSplit? {
        guard
            let last = run.last(where: { text.has($0, .title) && !text.has($0, [.givenName]) })
                ?? run.first(where: {
                    text.has($0, .title) && $0 == run.lowerBound && run.count > 1 && text.classes[$0].isDisjoint(with: .givenName)
                })
        else { return nil }
        // `Major` alone may be a surname; only the document can tell.
        if run.count == 1 { return nil }
        if last == run.upperBound - 1, last - 1 == run.lowerBound, text.has(run.lowerBound, .givenName),
            text.classes[run.lowerBound].isDisjoint(with: .common)
        {
            return nil
        }
        // `King Street`, `Queen Ysolde Hospital` are named after somebody.
        if endsAsName(run), last < run.upperBound - 1 { return nil }
        guard let first = run.first(where: { text.has($0, [.title]) }) else { return nil }
        var name = last + 1
        if text.mark(name) == UInt8(ascii: ".") { name += 1 }
        if name < run.upperBound, text.equalsAny(name, ["of", "for"]) {
            // `Minister for Water and Infrastructure`, `Secretary of State`: one noun, or all joined by `and`.
            name += text.equals(name + 1, "the") ? 3 : 2
            while name + 1 < run.upperBound, text.equals(name, "and") { name += 2 }
            if name - last <= 3, name < run.upperBound, text.has(name, [.organizationNoun]) { name = run.upperBound }
        } else if name < run.upperBound, text.tokens[name].kind == .mark {
            name += 1
        }
        var start = first
        while start > run.lowerBound, text.has(start - 1, [.common, .demonym, .role]) || text.isDash(start - 1),
            !(text.has(start - 1, .place) && isListed(start - 1))
        {
            start -= 1
        }
        let head = run.lowerBound..<start
        let isPlain = head.allSatisfy { text.has($0, [.place, .demonym, .common]) || text.isDash($0) }
        name = min(name, run.upperBound)
        return TitleSplit(
            before: isPlain ? head : head.lowerBound..<head.lowerBound,
            organization: isPlain ? head.lowerBound..<head.lowerBound : head, name: name..<run.upperBound)
    }

    // MARK: Types

    /// What the run is by itself; nil where only the document can tell.
    private func type(of run: Range<Int>) -> (EntityType, Mention.Certainty)? {
        if run.count == 1 { return typeOfWord(run.lowerBound) }
        let last = run.upperBound - 1
        let hasJoint = run.contains { text.equalsAny($0, ["of", "for", "and"]) || text.mark($0) == UInt8(ascii: "&") }
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
    private func isListed(_ index: Int) -> Bool {
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
