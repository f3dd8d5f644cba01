import HeadwaterPluginKit

/// Ties mentions of one document together: a surname to the full name, an acronym to what it stands for, an open
/// word to the type that surer mentions of it have.
struct NameResolver {
    private let text: AnnotatedText

    init(_ text: AnnotatedText) { self.text = text }

    func resolve(open: [Range<Int>], found: inout [Mention]) {
        decide(open, &found)
        found.sort { $0.tokens.lowerBound < $1.tokens.lowerBound }
        nameFully(&found)
    }

    /// Types open runs by mentions of the same words; a lone open word that occurs again within sentences is an organisation.
    private func decide(_ open: [Range<Int>], _ found: inout [Mention]) {
        var typeOfWord: [UInt64: (EntityType, Mention.Certainty)] = [:]
        var personWords: Set<UInt64> = []
        for mention in found {
            if mention.type == .person {
                // Each word of a name can stand for it, small words apart.
                for index in mention.tokens where text.tokens[index].isCapitalized && text.tokens[index].count > 2 {
                    personWords.insert(text.hashes[index])
                }
            }
            guard mention.tokens.count == 1 else { continue }
            let hash = text.hashes[mention.tokens.lowerBound]
            if typeOfWord[hash].map({ $0.1 < mention.certainty }) ?? true { typeOfWord[hash] = (mention.type, mention.certainty) }
        }
        // The surname of somebody named in full is a person wherever the shape alone spoke.
        for number in found.indices where found[number].tokens.count == 1 && found[number].type != .person {
            let token = found[number].tokens.lowerBound
            if personWords.contains(text.hashes[token]), found[number].certainty < .known || text.has(token, .givenName) {
                found[number].type = .person
            }
        }
        var neighbours = Neighbours(text, found)
        for number in found.indices where found[number].certainty == .shape && found[number].type == .person {
            if text.classes[found[number].tokens.lowerBound].isDisjoint(with: .givenName),
                let type = neighbours.type(beside: found[number].tokens)
            {
                found[number].type = type
                neighbours.add(found[number])
            }
        }
        // Runs within sentences first: what they turn out to be decides for those that only begin one.
        var typeOfRun: [[UInt64]: EntityType] = [:]
        for mention in found where mention.tokens.count > 1 { typeOfRun[Array(text.hashes[mention.tokens])] = mention.type }
        for isOpening in [false, true] {
            for run in open where startsSentence(run.lowerBound) == isOpening {
                let token = run.lowerBound
                let classes = text.classes[token]
                guard run.count == 1 else {
                    if let type = typeOfRun[Array(text.hashes[run])] { found.append(Mention(run, type, .shape)) }
                    continue
                }
                if personWords.contains(text.hashes[token]), classes.isDisjoint(with: .common) || !isOpening {
                    found.append(Mention(run, .person, .context))
                } else if let (type, _) = typeOfWord[text.hashes[token]] {
                    if classes.isDisjoint(with: .common) || !isOpening { found.append(Mention(run, type, .shape)) }
                } else if !isOpening, text.tokens[token].count > 2,
                    classes.isDisjoint(with: [.common, .function, .title, .role, .month, .weekday, .eventNoun]),
                    !text.isHeading(text.paragraph(of: token))
                {
                    // `Saldrian dams`, `Gate 3`: an adjective of some place, a numbered thing.
                    if isAdjective(token) || text.isNumber(token + 1) && text.has(token, [.label, .placeNoun]) { continue }
                    let shape: EntityType =
                        text.equals(token - 1, "the")
                        ? (text.equalsAny(token - 2, ["along", "across", "down", "up", "into", "over"]) ? .place : .organization)
                        : text.has(token - 1, .preposition) ? .place : .person
                    let type = neighbours.type(beside: run) ?? shape
                    found.append(Mention(run, type, .shape))
                    if type == .place { neighbours.add(Mention(run, type, .shape)) }
                    typeOfWord[text.hashes[token]] = (type, .shape)
                }
            }
        }
    }

    /// Whether the ending shows the adjective of a place before a plain noun.
    private func isAdjective(_ token: Int) -> Bool {
        let word = text.lowercased(token)
        guard ["ian", "ese", "ish", "ean", "ans"].contains(where: word.hasSuffix), text.isWord(token + 1) else { return false }
        return text.tokens[token + 1].letterCase == .lower
            && text.classes[token + 1].isDisjoint(with: [.function, .speech, .past])
    }

    private func startsSentence(_ token: Int) -> Bool {
        let start = text.sentence(of: token).lowerBound
        return (start..<token).allSatisfy { text.tokens[$0].kind == .mark }
    }

    /// A lone word is the person whom the document names in full with it, where the rules saw one there too.
    func agree(_ mentions: inout [Mention], with ruled: [Mention]) {
        var surnames: Set<UInt64> = []
        var parts: Set<UInt64> = []
        for mention in mentions where mention.tokens.count > 1 {
            guard let last = mention.tokens.last else { continue }
            if mention.type == .person {
                surnames.insert(text.hashes[last])
            } else {
                for token in mention.tokens { parts.insert(text.hashes[token]) }
            }
        }
        let persons = Set(ruled.lazy.filter { $0.type == .person }.map(\.tokens))
        for number in mentions.indices where mentions[number].tokens.count == 1 && mentions[number].type != .person {
            let hash = text.hashes[mentions[number].tokens.lowerBound]
            if surnames.contains(hash), !parts.contains(hash), persons.contains(mentions[number].tokens) {
                mentions[number].type = .person
                mentions[number].rule = .namedInFull
            }
        }
    }

    /// Gives each mention the fullest name: for persons the last full name before it that ends (or begins) with it, else
    /// the first one behind it; for acronyms the name whose initials they are.
    func nameFully(_ mentions: inout [Mention]) {
        var fullBySurname: [UInt64: Range<Int>] = [:]
        var fullByFirst: [UInt64: Range<Int>] = [:]
        var byInitials: [String: (name: Range<Int>, type: EntityType)] = [:]
        let organizations = firstByFirstWord(of: .organization, mentions)
        // Backwards first, so that a name behind a mention is known where none stands before it.
        for mention in mentions.reversed() where mention.tokens.count > 1 {
            register(mention, &fullBySurname, &fullByFirst, &byInitials, replacing: true)
        }
        for number in mentions.indices {
            let mention = mentions[number]
            if mention.tokens.count > 1 { register(mention, &fullBySurname, &fullByFirst, &byInitials, replacing: false) }
            switch mention.type {
            case .person:
                guard let last = mention.tokens.last else { continue }
                if mention.tokens.count == 1 {
                    if let full = fullBySurname[text.hashes[last]] ?? fullByFirst[text.hashes[last]] {
                        mentions[number].fullName = full
                    }
                } else if let full = fullBySurname[text.hashes[last]], full.count > mention.tokens.count,
                    text.hashes[full.lowerBound] == text.hashes[mention.tokens.lowerBound]
                {
                    mentions[number].fullName = full
                }
            case .organization, .place, .event, .demonym, .work:
                guard mention.tokens.count == 1 else { continue }
                // `Orrin` for `Orrin Water Authority`
                if mention.type == .organization, let full = organizations[text.hashes[mention.tokens.lowerBound]] {
                    mentions[number].fullName = full
                }
                guard text.tokens[mention.tokens.lowerBound].letterCase == .upper else { continue }
                let initials = text.name(mention.tokens).filter { $0 != "." }
                if let known = byInitials[initials] {
                    mentions[number].fullName = known.name
                    if mentions[number].type != known.type { mentions[number].rule = .acronym }
                    mentions[number].type = known.type
                }
            }
        }
    }

    /// The first name of several words of a type, by its first word.
    private func firstByFirstWord(of type: EntityType, _ mentions: [Mention]) -> [UInt64: Range<Int>] {
        var out: [UInt64: Range<Int>] = [:]
        for mention in mentions where mention.type == type && mention.tokens.count > 1 {
            let first = text.hashes[mention.tokens.lowerBound]
            if out[first] == nil { out[first] = mention.tokens }
        }
        return out
    }

    private func register(
        _ mention: Mention, _ fullBySurname: inout [UInt64: Range<Int>], _ fullByFirst: inout [UInt64: Range<Int>],
        _ byInitials: inout [String: (name: Range<Int>, type: EntityType)], replacing: Bool
    ) {
        if mention.type == .person {
            guard let last = mention.tokens.last else { return }
            if replacing || fullBySurname[text.hashes[last]] == nil { fullBySurname[text.hashes[last]] = mention.tokens }
            if replacing || fullByFirst[text.hashes[mention.tokens.lowerBound]] == nil {
                fullByFirst[text.hashes[mention.tokens.lowerBound]] = mention.tokens
            }
        } else {
            var initials = ""
            for index in mention.tokens where text.tokens[index].isCapitalized {
                initials += String(decoding: text.bytes[text.tokens[index].range].prefix(1), as: UTF8.self)
            }
            if initials.utf8.count > 1, replacing || byInitials[initials] == nil {
                byInitials[initials] = (mention.tokens, mention.type)
            }
        }
    }
}

/// What stands beside a name in a list: `Bucharest, Cluj and Craiova` are of one kind.
private struct Neighbours {
    private let text: AnnotatedText
    private var endingAt: [Int: EntityType] = [:]
    private var startingAt: [Int: EntityType] = [:]

    init(_ text: AnnotatedText, _ mentions: [Mention]) {
        self.text = text
        for mention in mentions where mention.certainty > .shape { add(mention) }
    }

    /// Lets a mention speak for what stands beside it.
    mutating func add(_ mention: Mention) {
        endingAt[mention.tokens.upperBound] = mention.type
        startingAt[mention.tokens.lowerBound] = mention.type
    }

    func type(beside run: Range<Int>) -> EntityType? {
        for (joint, neighbour) in [(run.lowerBound - 1, endingAt), (run.upperBound, startingAt)] {
            guard text.isComma(joint) || text.equalsAny(joint, ["and", "or"]) else { continue }
            if let type = neighbour[joint < run.lowerBound ? joint : joint + 1] { return type }
        }
        return nil
    }
}
