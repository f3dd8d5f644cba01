import HeadwaterPluginKit

/// Why a value, a speaker or a type was chosen, in a few words: the field `rule`, which `explain` shows.
struct Reason {
    let text: AnnotatedText
    let published: CalendarDate?

    func rule(of time: DateFinder.Expression) -> String {
        if let anchor = time.anchor { return "counts from \(anchor)" }
        guard time.value != nil else { return "the text does not tell" }
        guard time.type == .date, let published, !namesYear(time.tokens), time.value?.hasSuffix("REF") == false else {
            return "as written"
        }
        return "counts from publication, \(published)"
    }

    private func namesYear(_ tokens: Range<Int>) -> Bool {
        tokens.contains { text.isNumber($0) && text.tokens[$0].count >= 4 } || text.equals(tokens.upperBound - 1, "century")
            || text.equals(tokens.upperBound - 1, "s") || text.equals(tokens.lowerBound, "nineteen")
    }

    func rule(of quantity: QuantityFinder.Quantity) -> String {
        if quantity.fraction != nil { return "share as written" }
        if quantity.value == nil { return quantity.maximum == nil ? "bound of a plural" : "range" }
        return quantity.minimum == nil && quantity.maximum == nil && !quantity.isApproximate ? "number" : "number with a modifier"
    }

    /// - Parameter mention: the words that name the speaker.
    func rule(of quotation: QuotationFinder.Quotation, _ attribution: Attribution) -> String {
        let place: String
        if let cue = attribution.cue {
            let sentence = text.sentenceIndex(of: cue)
            let own =
                text.sentenceIndex(of: quotation.tokens.lowerBound)...text.sentenceIndex(of: quotation.tokens.upperBound - 1)
            if cue >= quotation.tokens.upperBound, sentence - own.upperBound <= 1 {
                place = "verb behind"
            } else if cue < quotation.tokens.lowerBound, sentence == own.lowerBound || isIntroduced(quotation.tokens.lowerBound) {
                place = "verb before"
            } else {
                place = "goes on from a quotation beside it"
            }
        } else {
            place = "no verb"
        }
        if attribution.mention == attribution.speaker { return place }
        let mention = attribution.mention
        if mention.count == 1, text.has(mention.lowerBound, .pronoun) { return place + ", pronoun resolved" }
        return place + (text.has(mention.lowerBound, .determiner) ? ", description resolved" : ", short name resolved")
    }

    /// Whether a colon stands before the quotation's mark.
    private func isIntroduced(_ start: Int) -> Bool {
        text.mark(start - 2) == UInt8(ascii: ":") || text.mark(start - 3) == UInt8(ascii: ":")
    }
}
