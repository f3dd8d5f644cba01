import HeadwaterPluginKit

/// Finds named persons, organisations, places and events, and ties each mention to the fullest name in the document.
///
/// Runs of capitalised words are typed by lists, by nouns within the name, by titles, and by the words around them;
/// mentions that stay open are decided by surer ones of the same word elsewhere in the document. What these rules make of
/// each token is the strongest signal of `NameTagger`, which has the last word.
struct EntityFinder {
    let text: AnnotatedText
    private let scanner: NameScanner
    /// Hashes of words that the document also writes with a small letter.
    let writtenSmall: Set<UInt64>

    init(_ text: AnnotatedText) {
        self.text = text
        scanner = NameScanner(text: text)
        writtenSmall = Set(
            text.tokens.indices.lazy.filter { text.tokens[$0].kind == .word && text.tokens[$0].letterCase == .lower }.map {
                text.hashes[$0]
            })
    }

    func mentions() -> [Mention] {
        let ruled = mentionsByRule()
        let signals = NameSignals(text, mentions: ruled, writtenSmall: writtenSmall)
        var out = NameTagger.shared.names(text, signals).map { mention(of: $0, ruled) }
        addListed(ruled, to: &out)
        let resolver = NameResolver(text)
        resolver.agree(&out, with: ruled)
        resolver.nameFully(&out)
        return out
    }

    /// A tagged name as a mention, as sure as the rules are of it.
    private func mention(of name: NameTagger.Name, _ ruled: [Mention]) -> Mention {
        // Mentions do not overlap and stand in text order: the last one that begins before the name's end may cover it.
        var (low, high) = (0, ruled.count)
        while low < high {
            let middle = (low + high) / 2
            if ruled[middle].tokens.lowerBound < name.tokens.upperBound { low = middle + 1 } else { high = middle }
        }
        let rule = low > 0 && ruled[low - 1].tokens.overlaps(name.tokens) ? ruled[low - 1] : nil
        let type: EntityType =
            switch name.kind {
            case .person: .person
            case .organization: .organization
            case .place: .place
            case .other: typeOfOther(name.tokens, rule)
            }
        let person = withoutTitles(name.tokens)
        // A title with a name behind it is a person's, whatever the tagger takes the two for.
        if let rule, rule.type == .person, rule.tokens == person, person != name.tokens {
            var out = rule
            out.rule = .taggerAndRules
            return out
        }
        let tokens = type == .person ? person : name.tokens
        let isSame = rule?.type == type && rule?.tokens == tokens
        var out = Mention(tokens, type, isSame ? rule?.certainty ?? .context : .context)
        out.rule = isSame ? .taggerAndRules : .tagger
        return out
    }

    /// A person's name without the titles before it, as the rules have it: `Dr Ostrava` is `Ostrava`.
    private func withoutTitles(_ tokens: Range<Int>) -> Range<Int> {
        var start = tokens.lowerBound
        while start + 1 < tokens.upperBound, text.has(start, .title), text.classes[start].isDisjoint(with: .givenName) {
            start += text.equals(start + 1, ".") && start + 2 < tokens.upperBound ? 2 : 1
        }
        return text.tokens[start].kind == .word ? start..<tokens.upperBound : tokens
    }

    /// Adds what the lists are sure of where the tagger saw no name at all.
    private func addListed(_ ruled: [Mention], to out: inout [Mention]) {
        let tagged = out
        var next = 0
        for mention in ruled where mention.certainty == .known {
            while next < tagged.count, tagged[next].tokens.upperBound <= mention.tokens.lowerBound { next += 1 }
            if next < tagged.count, tagged[next].tokens.overlaps(mention.tokens) { continue }
            guard mention.type == .event || mention.tokens.allSatisfy({ text.has($0, [.place, .organization]) }) else { continue }
            var listed = mention
            listed.rule = .list
            out.append(listed)
        }
        out.sort { $0.tokens.lowerBound < $1.tokens.lowerBound }
    }

    /// Last words of contests' names that are too common to show one by themselves.
    private static let contests = [
        "regatta", "open", "masters", "prix", "championship", "championships", "trophy", "tour", "marathon", "league", "series",
        "derby",
    ]

    /// What a name is that is no person, organisation or place.
    private func typeOfOther(_ tokens: Range<Int>, _ rule: Mention?) -> EntityType {
        if let rule, rule.type == .event { return .event }
        // `US`, which the tagger takes for an adjective
        if let rule, rule.tokens == tokens, rule.certainty == .known, text.classes[tokens.lowerBound].isAny([.place]) {
            return rule.type
        }
        let words = tokens.filter { text.tokens[$0].kind == .word }
        if words.allSatisfy({ text.has($0, .demonym) || text.tokens[$0].letterCase == .lower }) { return .demonym }
        if words.contains(where: { text.has($0, .eventNoun) })
            || words.count > 1 && text.equalsAny(words[words.count - 1], Self.contests)
        {
            return .event
        }
        return words.count == 1 && ["ian", "ese", "ish", "ean", "ans"].contains(where: text.lowercased(words[0]).hasSuffix)
            ? .demonym : .work
    }

    /// What the rules find, without the tagger.
    func mentionsByRule() -> [Mention] {
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
        // `National Party of Australia`
        if text.equals(end, "of"), text.has(end - 1, .organizationNoun), end + 1 < text.count, scanner.isNameWord(end + 1) {
            return true
        }
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

    func isNameNoun(_ index: Int) -> Bool { text.has(index, [.organizationNoun, .placeNoun, .eventNoun]) }

    func endsAsName(_ run: Range<Int>) -> Bool {
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
}
