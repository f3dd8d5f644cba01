import HeadwaterPluginKit

/// The whole phrase that names a speaker: the name with what its sentence says of it right behind.
extension AttributionFinder {
    /// `Agna Pell, a baker who lost her shop`, `Rep. Tomas Brelling (D-Va.)`, `Dace Orrin of the harbour office`: the mention of
    /// an attribution with its apposition.
    func phrase(of attribution: Attribution) -> Range<Int> {
        let mention = attribution.mention
        guard let named = self.mention(at: mention.upperBound - 1), named.tokens.upperBound == mention.upperBound,
            named.type == .person || named.type == .organization
        else { return mention }
        let sentence = text.sentence(of: mention.lowerBound)
        if let cue = attribution.cue, cue >= mention.upperBound {
            return mention.lowerBound..<closedEnd(mention.upperBound, before: cue)
        }
        return mention.lowerBound..<openEnd(mention.upperBound, within: sentence)
    }

    /// Where the apposition between a name and the verb behind it ends: at the last comma or bracket before the verb.
    private func closedEnd(_ start: Int, before cue: Int) -> Int {
        guard start < cue, text.isComma(start) || text.mark(start) == UInt8(ascii: "(") || isTie(start) else { return start }
        var last = cue - 1
        while last > start, text.isWord(last), text.tokens[last].letterCase == .lower, text.has(last, [.adverb, .auxiliary]) {
            last -= 1
        }
        if isTie(start), text.isWord(last) { return last + 1 }
        if text.mark(last) == UInt8(ascii: ")") { return last + 1 }
        return text.isComma(last) && last > start && opensApposition(start + 1) ? last : start
    }

    /// Where the apposition behind a name ends that stands behind its verb: where the sentence or its part ends.
    private func openEnd(_ start: Int, within sentence: Range<Int>) -> Int {
        var end = start
        // `(D-Va.)`
        if text.mark(end) == UInt8(ascii: "("),
            let closing = (end..<min(end + 10, sentence.upperBound)).first(where: { text.mark($0) == UInt8(ascii: ")") })
        {
            end = closing + 1
        }
        if end < sentence.upperBound, isTie(end) { end = partEnd(end, sentence) }
        while end < sentence.upperBound, text.isComma(end), opensApposition(end + 1) {
            let next = partEnd(end + 1, sentence)
            guard next > end + 1 else { break }
            end = next
        }
        return end
    }

    /// `Orrin of the harbour office`
    private func isTie(_ index: Int) -> Bool { text.equalsAny(index, ["of", "from"]) }

    /// Whether what begins here says who somebody is: an article, a role, an age, a relative clause.
    private func opensApposition(_ index: Int) -> Bool {
        guard index < text.count, !isQuoted[index], !isTime[index] || text.isNumber(index) else { return false }
        if text.isNumber(index) { return text.tokens[index].count <= 3 }
        if text.equalsAny(index, ["who", "whose", "which", "one", "former", "senior", "chief", "head", "also", "whom"]) {
            return true
        }
        if mention(at: index) != nil { return true }
        return text.has(index, [.determiner, .role, .title]) && !text.equalsAny(index, ["that", "this", "those", "these"])
    }

    /// Where a part of a phrase ends: at a comma, a stop, a dash, a quotation.
    private func partEnd(_ start: Int, _ sentence: Range<Int>) -> Int {
        var end = start
        while end < sentence.upperBound, end - start < 40, !isQuoted[end] {
            if text.tokens[end].kind == .mark, text.mark(end) != UInt8(ascii: "."), text.mark(end) != UInt8(ascii: "'"),
                text.mark(end) != UInt8(ascii: "$"), !(text.isDash(end) && text.touches(end - 1, end)),
                text.mark(end) != UInt8(ascii: "&")
            {
                // `in Dover, New Hampshire`, `a rancher, vet and mayor`: the phrase goes on behind such a comma.
                break
            }
            if text.mark(end) == UInt8(ascii: "."), end + 1 >= sentence.upperBound { break }
            // `said Pell when …`, `said Pell as …`: what happened meanwhile.
            if end > start, text.equalsAny(end, ["when", "while", "after", "before", "during"]) { break }
            end += 1
        }
        while end > start, text.mark(end - 1) == UInt8(ascii: "."), end == sentence.upperBound { end -= 1 }
        return end
    }
}
