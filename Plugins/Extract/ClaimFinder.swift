import HeadwaterPluginKit

/// Picks the sentences that claim something: what somebody says, denies, accuses of or expects, and the writer's own
/// statements with key figures. Says who vouches for each, and in which stance.
struct ClaimFinder {
    let text: AnnotatedText
    let attributions: AttributionFinder
    let quotations: [QuotationFinder.Quotation]
    /// For each token whether a quantity holds it.
    let isQuantity: [Bool]

    /// A claim as the tokens of its sentence.
    struct Claim {
        var sentence: Range<Int>
        /// Who vouches, the words that name them in the sentence, and the verb; nil where the writer vouches.
        var attribution: Attribution?
        /// The speaker of a quotation that the sentence lies in, whom another sentence names.
        var quotedSpeaker: Range<Int>?
        var stance: Stance

        /// The full name of who vouches.
        var source: Range<Int>? { attribution?.speaker ?? quotedSpeaker }
    }

    enum Stance: String { case asserted, denied, contested, expected }

    func claims() -> [Claim] {
        var speakers = [Range<Int>?](repeating: nil, count: text.count)
        for quotation in quotations {
            for token in quotation.tokens { speakers[token] = quotation.attribution?.speaker }
        }
        var out: [Claim] = []
        var isLead = true
        for sentence in text.sentences {
            let paragraph = text.paragraph(of: sentence.lowerBound)
            guard sentence.count >= 5, !text.isHeading(paragraph), text.mark(sentence.upperBound - 1) != UInt8(ascii: "?") else {
                continue
            }
            if let claim = attributed(sentence) ?? quoted(sentence, speakers) ?? own(sentence, isLead) { out.append(claim) }
            isLead = false
        }
        return out
    }

    /// A sentence in which somebody says, denies, accuses or expects.
    private func attributed(_ sentence: Range<Int>) -> Claim? {
        // `…, according to X` vouches for the whole sentence, also for verbs before it.
        let accordance = sentence.first {
            text.equals($0, "according") && text.equals($0 + 1, "to") && !attributions.isQuoted[$0]
        }
        if let accordance,
            let found = attributions.subject(of: accordance + 1, within: accordance..<sentence.upperBound, preferRight: true)
        {
            return Claim(
                sentence: sentence, attribution: Attribution(cue: accordance, mention: found.mention, speaker: found.speaker),
                stance: isContested(sentence) ? .contested : .asserted)
        }
        for cue in sentence where !attributions.isQuoted[cue] && text.tokens[cue].letterCase == .lower {
            let classes = text.classes[cue]
            guard classes.isAny([.speech, .denial, .accusation, .expectation]) else { continue }
            // A noun, or what is not said: `its claims`, `declined to say`.
            if text.has(cue - 1, .determiner), !text.equalsAny(cue - 1, ["that", "both", "many", "all", "some"]) { continue }
            if text.equals(cue - 1, "to"), text.equalsAny(cue - 2, ["declined", "refused", "failed", "unable"]) { return nil }
            if text.has(cue - 1, .auxiliary), text.equalsAny(cue - 1, ["is", "are", "was", "were", "be", "been"]) {
                // `is expected to`: nobody is named who expects.
                if classes.contains(.expectation) { return Claim(sentence: sentence, stance: .expected) }
                continue
            }
            if text.equals(cue - 1, "to") || isNegated(cue) { continue }
            if text.equalsAny(cue, ["charges", "charged", "plans", "fears", "hopes", "claims", "projects", "attacked"]),
                text.classes[cue - 1].isDisjoint(with: [.pronoun, .auxiliary, .adverb]), attributions.mention(at: cue - 1) == nil,
                !text.has(cue - 1, [.role, .collective])
            {
                continue
            }
            let range = subjectRange(of: cue, in: sentence)
            let found = attributions.subject(of: cue, within: range, preferRight: attributions.isQuoted[max(cue - 1, 0)])
            guard let found else { continue }
            return Claim(sentence: sentence, attribution: found, stance: stance(of: classes, in: sentence))
        }
        return nil
    }

    private func subjectRange(of cue: Int, in sentence: Range<Int>) -> Range<Int> {
        var start = sentence.lowerBound
        // Behind a quotation the subject is behind it too.
        var cursor = cue
        while cursor > start {
            cursor -= 1
            if attributions.isQuoted[cursor] {
                start = cursor + 1
                while start < cue, text.tokens[start].kind == .mark { start += 1 }
                break
            }
        }
        return start < cue ? start..<sentence.upperBound : (start == cue ? cue..<sentence.upperBound : sentence)
    }

    private func stance(of cue: WordClasses, in sentence: Range<Int>) -> Stance {
        if cue.contains(.denial) { return .denied }
        if isContested(sentence) { return .contested }
        return cue.contains(.expectation) ? .expected : .asserted
    }

    /// `has not confirmed`, `never denied`: what is not said is no claim of who does not say it.
    private func isNegated(_ cue: Int) -> Bool {
        let before = text.has(cue - 1, .adverb) && !text.equals(cue - 1, "never") ? cue - 2 : cue - 1
        return text.equalsAny(before, ["not", "never", "didn't", "doesn't", "don't", "hasn't", "haven't", "hadn't", "won't"])
    }

    /// `contested by`, `disputed by`, `could not be independently verified`
    private func isContested(_ sentence: Range<Int>) -> Bool {
        sentence.contains { index in
            guard !attributions.isQuoted[index] else { return false }
            if text.has(index, .contest) { return text.equals(index + 1, "by") }
            return text.equalsAny(index, ["verified", "verify", "corroborated"])
                && (max(index - 4, sentence.lowerBound)..<index).contains {
                    text.equalsAny($0, ["not", "cannot", "unable", "couldn't"])
                }
        }
    }

    /// A sentence within a quotation that goes beyond the sentence that names its speaker: only one that demands or counts.
    private func quoted(_ sentence: Range<Int>, _ speakers: [Range<Int>?]) -> Claim? {
        guard let first = sentence.first(where: { text.tokens[$0].kind != .mark }), attributions.isQuoted[first] else {
            return nil
        }
        guard let speaker = speakers[first] else { return nil }
        let isStrong = sentence.contains { isQuantity[$0] || text.equalsAny($0, ["must", "will", "never", "because", "cannot"]) }
        guard isStrong else { return nil }
        return Claim(sentence: sentence, quotedSpeaker: speaker, stance: isContested(sentence) ? .contested : .asserted)
    }

    /// A statement of the writer: the lead, and sentences with figures.
    private func own(_ sentence: Range<Int>, _ isLead: Bool) -> Claim? {
        guard !sentence.contains(where: { attributions.isQuoted[$0] }) else { return nil }
        let names = sentence.count { attributions.mention(at: $0) != nil }
        guard isLead && names > 0 || sentence.contains(where: { isQuantity[$0] }) && sentence.count >= 7 else { return nil }
        let isExpected = sentence.contains {
            text.equals($0, "will") || text.has($0, .expectation) && text.has($0 - 1, .auxiliary)
        }
        return Claim(sentence: sentence, stance: isContested(sentence) ? .contested : isExpected ? .expected : .asserted)
    }
}
