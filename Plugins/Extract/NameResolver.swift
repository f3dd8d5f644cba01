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
        for run in open {
            if run.count == 1 {
                let token = run.lowerBound
                if personWords.contains(text.hashes[token]),
                    text.classes[token].isDisjoint(with: .common) || !startsSentence(token)
                {
                    found.append(Mention(run, .person, .context))
                } else if let (type, _) = typeOfWord[text.hashes[token]] {
                    found.append(Mention(run, type, .shape))
                } else if !startsSentence(token),
                    text.classes[token].isDisjoint(with: [.common, .function, .title, .role, .month, .weekday, .eventNoun]),
                    text.tokens[token].count > 2, !text.isHeading(text.paragraph(of: token))
                {
                    found.append(
                        Mention(
                            run,
                            text.equals(token - 1, "the") ? .organization : text.has(token - 1, .preposition) ? .place : .person,
                            .shape))
                }
            } else if let same = found.first(where: { $0.tokens.count == run.count && sameWords($0.tokens, run) }) {
                found.append(Mention(run, same.type, .shape))
            }
        }
    }

    private func startsSentence(_ token: Int) -> Bool {
        let start = text.sentence(of: token).lowerBound
        return (start..<token).allSatisfy { text.tokens[$0].kind == .mark }
    }

    private func sameWords(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
        zip(a, b).allSatisfy { text.hashes[$0] == text.hashes[$1] }
    }

    /// Gives each mention the fullest name: for persons the last full name before it that ends (or begins) with it, else
    /// the first one behind it; for acronyms the name whose initials they are.
    private func nameFully(_ mentions: inout [Mention]) {
        var fullBySurname: [UInt64: Range<Int>] = [:]
        var fullByFirst: [UInt64: Range<Int>] = [:]
        var byInitials: [String: (name: Range<Int>, type: EntityType)] = [:]
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
            case .organization, .place, .event:
                guard mention.tokens.count == 1, text.tokens[mention.tokens.lowerBound].letterCase == .upper else { continue }
                let initials = text.name(mention.tokens).filter { $0 != "." }
                if let known = byInitials[initials] {
                    mentions[number].fullName = known.name
                    mentions[number].type = known.type
                }
            }
        }
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
