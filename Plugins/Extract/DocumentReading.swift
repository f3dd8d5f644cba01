import HeadwaterModel
import HeadwaterPluginKit

/// One document read by all finders, each building on what the ones before it found.
struct DocumentReading {
    private let text: AnnotatedText
    private let published: CalendarDate?
    private let isEnglish: Bool
    private let language: String
    private var reason: Reason { Reason(text: text, published: published) }

    /// - Parameter language: the tag of the text's language.
    init(_ text: AnnotatedText, published: CalendarDate?, isEnglish: Bool, language: String) {
        self.text = text
        self.published = published
        self.isEnglish = isEnglish
        self.language = language
    }

    /// Everything found, in no particular order.
    func findings() -> [Finding] {
        guard text.count > 0 else { return [] }
        let times = DateFinder(text, published: published, isEnglish: isEnglish, language: language).expressions()
        let isTime = marked(times.map(\.tokens))
        let quantities = QuantityFinder(text, isEnglish: isEnglish, isTime: isTime).quantities()
        let conflicts = QuantityConflict(text: text).conflicts(quantities)
        var out = times.map { $0.type == .age ? age($0) : finding($0) }
        for (quantity, earlier) in zip(quantities, conflicts) {
            out.append(finding(quantity, against: earlier.map { quantities[$0] }))
        }
        // Names, speakers and claims are read with English words: in other languages they would be guesses.
        guard isEnglish else { return out }
        let mentions = EntityFinder(text).mentions()
        let quoted = QuoteScanner(text: text).quoted()
        let attributions = AttributionFinder(
            text, mentions: mentions, isQuoted: marked(quoted.map { $0.opening..<min($0.closing + 1, text.count) }),
            isTime: isTime)
        let quotations = QuotationFinder(text: text, quoted: quoted, attributions: attributions).quotations()
        let claims = ClaimFinder(
            text: text, attributions: attributions, quotations: quotations, isQuantity: marked(quantities.map(\.tokens))
        ).claims()
        // Marks that hold no quotation hold a title or a term: only listed names are sure in there.
        let said = marked(quotations.map(\.tokens))
        let isTerm = marked(quoted.filter { !$0.isNested && !said[$0.tokens.lowerBound] }.map(\.tokens))
        let named = mentions.filter { !isTime[$0.tokens.lowerBound] || $0.type == .event }
        out += named.filter { !isTerm[$0.tokens.lowerBound] || $0.certainty == .known }.map(finding)
        out += quotations.map { finding($0, attributions) }
        let contents = ClaimContents(text: text, times: times, quantities: quantities, mentions: named)
        out += claims.map { finding($0, contents) }
        return out
    }

    private func marked(_ ranges: [Range<Int>]) -> [Bool] {
        var out = [Bool](repeating: false, count: text.count)
        for range in ranges {
            for index in range { out[index] = true }
        }
        return out
    }

    // MARK: Fields, as the data model names them

    private func finding(_ time: DateFinder.Expression) -> Finding {
        var out = Finding(kind: .date, range: text.byteRange(time.tokens))
        if let value = time.value { out.set("value", .string(value)) }
        out.set("type", .string(time.type.rawValue))
        if let fault = DateConsistency(text: text, published: published).fault(of: time) {
            out.set("inconsistent", .string(fault))
        }
        out.set("rule", .string(reason.rule(of: time)))
        return out
    }

    /// `71-year-old`
    private func age(_ time: DateFinder.Expression) -> Finding {
        var out = Finding(kind: .quantity, range: text.byteRange(time.tokens))
        if let value = NumberReader(text: text).number(at: time.tokens.lowerBound)?.value { out.set("value", value.json) }
        out.set("approximate", false)
        let unit = time.tokens.first { text.has($0, .timeUnit) }.map(text.lowercased) ?? "year"
        out.set("unit", .string((unit.hasSuffix("s") ? unit : unit + "s") + " old"))
        out.set("rule", "age")
        return out
    }

    /// - Parameter earlier: a quantity before it that cannot be right together with it.
    private func finding(_ quantity: QuantityFinder.Quantity, against earlier: QuantityFinder.Quantity?) -> Finding {
        var out = Finding(kind: .quantity, range: text.byteRange(quantity.tokens))
        for (name, value) in quantity.fields { out.set(name, value) }
        if let earlier { out.set("conflictsWith", .string(text.name(earlier.tokens)), citing: text.byteRange(earlier.tokens)) }
        out.set("rule", .string(reason.rule(of: quantity)))
        return out
    }

    private func finding(_ mention: Mention) -> Finding {
        var out = Finding(kind: .entity, range: text.byteRange(mention.tokens))
        out.set("type", .string(mention.type.rawValue))
        out.set("canonical", .string(text.name(mention.fullName)), citing: text.byteRange(mention.fullName))
        out.set("rule", .string(mention.rule.rawValue))
        return out
    }

    private func finding(_ quotation: QuotationFinder.Quotation, _ attributions: AttributionFinder) -> Finding {
        var out = Finding(kind: .quotation, range: text.byteRange(quotation.tokens))
        if let attribution = quotation.attribution {
            out.set("speaker", .string(text.name(attribution.speaker)), citing: text.byteRange(attribution.speaker))
            let mention = attributions.phrase(of: attribution)
            out.set("mention", .string(text.name(mention)), citing: text.byteRange(mention))
            out.set("rule", .string(reason.rule(of: quotation, attribution)))
            if let cue = attribution.cue { out.set("cue", .string(text.name(cue..<cue + 1)), citing: text.tokens[cue].range) }
        }
        out.set("partial", .bool(quotation.isPartial))
        return out
    }

    private func finding(_ claim: ClaimFinder.Claim, _ contents: ClaimContents) -> Finding {
        var out = Finding(kind: .claim, range: text.byteRange(claim.sentence))
        if let source = claim.source {
            out.set("source", .string(text.name(source)), citing: text.byteRange(source))
        } else {
            out.set("source", "author")
        }
        if let attribution = claim.attribution {
            out.set("mention", .string(text.name(attribution.mention)), citing: text.byteRange(attribution.mention))
            if let cue = attribution.cue { out.set("cue", .string(text.name(cue..<cue + 1)), citing: text.tokens[cue].range) }
        }
        out.set("stance", .string(claim.stance.rawValue))
        contents.add(to: &out, of: claim.sentence)
        return out
    }
}
