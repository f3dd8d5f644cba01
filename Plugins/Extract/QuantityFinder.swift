import HeadwaterModel
import HeadwaterPluginKit

/// Finds counted people and things, money, shares and measures: a number with its modifier and its noun.
struct QuantityFinder {
    let text: AnnotatedText
    let isEnglish: Bool
    /// For each token whether an expression of time holds it: such numbers are never quantities.
    let isTime: [Bool]
    let numbers: NumberReader

    /// A quantity as a run of tokens.
    struct Quantity {
        var tokens: Range<Int>
        var value: Decimal?
        var minimum: Decimal?
        var maximum: Decimal?
        var isApproximate = false
        var unit: String?
        /// A share that is no decimal: `2/3`.
        var fraction: String?

        init(tokens: Range<Int>, value: Decimal? = nil, minimum: Decimal? = nil, unit: String? = nil) {
            self.tokens = tokens
            self.value = value
            self.minimum = minimum
            self.unit = unit
        }
    }

    init(_ text: AnnotatedText, isEnglish: Bool, isTime: [Bool]) {
        self.text = text
        self.isEnglish = isEnglish
        self.isTime = isTime
        numbers = NumberReader(text: text)
    }

    func quantities() -> [Quantity] {
        var out: [Quantity] = []
        var index = 0
        while index < text.count {
            if !isTime[index], let found = fraction(at: index) ?? quantity(at: index),
                !found.tokens.contains(where: { isTime[$0] })
            {
                out.append(found)
                index = found.tokens.upperBound
            } else {
                index += 1
            }
        }
        return out
    }

    /// The quantity whose number, or currency sign, is at token `index`.
    private func quantity(at index: Int) -> Quantity? {
        let currency = currencyBefore(index)
        let start = currency?.end ?? index
        guard currency != nil || text.isNumber(index) || isEnglish else { return nil }
        guard var number = numbers.number(at: start), start == index || text.isNumber(start), !isName(start, number.end) else {
            return nil
        }
        if !isEnglish, number.end > start + 1 {
            number = NumberReader.Number(
                value: Decimal(reading: text.bytes[text.tokens[start].range]), end: start + 1, isDigits: true)
        }
        var found = Quantity(tokens: index..<number.end, value: number.value, minimum: number.minimum, unit: currency?.code)
        extendRange(&found, currency)
        if currency == nil { extendSign(&found) }
        if isEnglish, currency == nil, text.equals(found.tokens.lowerBound - 1, "aged"), !isTime[found.tokens.lowerBound - 1] {
            found.tokens = found.tokens.lowerBound - 1..<found.tokens.upperBound
            found.unit = "years old"
            return found
        }
        guard attachUnit(&found, number, isMoney: currency != nil) else { return nil }
        if isEnglish { attachModifier(&found) }
        if found.tokens.count == 1, found.unit == nil, found.minimum == nil, found.maximum == nil { return nil }
        return found
    }

    /// A number that names and does not count: `Gate 3`, `No. 7`, `B-52`, `2-1`, `#4`.
    private func isName(_ start: Int, _ end: Int) -> Bool {
        let previous = start - 1
        if text.equals(start, "one"), Modifier.match(text, endingAt: start) == nil {
            if text.equalsAny(end, ["of", "another", "day", "is", "was", "who", "that", "would", "can", "has", "should"])
                || text.has(previous, [.determiner]) || text.equals(previous, "one")
            {
                return true
            }
        }
        guard text.isNumber(start) else { return false }
        if let mark = text.mark(previous), text.touches(previous, start),
            [0x23, 0x2F, 0x3A, 0x40, 0x2B, 0x3D, 0x5F].contains(mark)
        {
            return true
        }
        if text.isDash(previous), text.touches(previous, start), previous > 0, text.touches(previous - 1, previous) {
            return true
        }
        if text.has(previous, .label) || text.mark(previous) == UInt8(ascii: ".") && text.has(previous - 1, .label) {
            return true
        }
        if let mark = text.mark(end), text.touches(end - 1, end), [0x2F, 0x3A, 0x40, 0x5F].contains(mark) { return true }
        // `Boeing 737`, `Article 5`: a name carries the number, unless a counted noun follows.
        if text.isWord(previous), text.tokens[previous].isCapitalized, !text.classes[previous].isAny([.common, .function]),
            !text.has(end, [.countNoun, .measure, .currency]),
            text.sentence(of: start).contains(previous), !isPercent(end)
        {
            return true
        }
        // `2-1` is a score.
        if text.isDash(end), text.touches(end - 1, end), text.isNumber(end + 1), text.tokens[start].count <= 2,
            text.tokens[end + 1].count <= 2,
            !text.isWord(end + 2) || text.has(end + 2, [.function, .common]), !isPercent(end + 2)
        {
            return true
        }
        if text.equalsAny(end, ["st", "nd", "rd", "th", "s"]), text.touches(end - 1, end) { return true }
        return false
    }

    private func isPercent(_ index: Int) -> Bool { text.mark(index) == UInt8(ascii: "%") || text.equals(index, "percent") }

    /// `12 to 15`, `180,000-250,000`, `between €180,000 and €250,000`
    private func extendRange(_ found: inout Quantity, _ currency: (code: String, end: Int)?) {
        let end = found.tokens.upperBound
        let isBetween = isEnglish && text.equals(found.tokens.lowerBound - 1, "between") && text.equals(end, "and")
        let isFrom = isEnglish && text.equals(found.tokens.lowerBound - 1, "from") && text.equals(end, "to")
        guard isBetween || text.isDash(end) || isEnglish && text.equalsAny(end, ["to", "or"]) else { return }
        let second = currencyBefore(end + 1)
        // Of `$3 to 5` both are money; of `3 to $5` only the second.
        guard second == nil || second?.code == currency?.code, let number = numbers.number(at: second?.end ?? end + 1),
            let high = number.value,
            let low = found.value,
            number.isDigits == text.isNumber(currency?.end ?? found.tokens.lowerBound) || isBetween
        else { return }
        if text.equals(end, "to"), !isFrom, high.isLess(than: low) { return }
        if text.isDash(end), high.isLess(than: low) { return }
        // `two to three million` is millions on both sides.
        let scaledLow = number.isDigits || high.integer.map({ $0 < 1_000_000 }) != false ? low : scaled(low, like: high)
        found.tokens = (isBetween || isFrom ? found.tokens.lowerBound - 1 : found.tokens.lowerBound)..<number.end
        (found.value, found.minimum, found.maximum) = (nil, scaledLow, high)
    }

    private func scaled(_ low: Decimal, like high: Decimal) -> Decimal {
        guard let whole = high.integer, let small = low.integer, small < 1000 else { return low }
        return low.times(whole >= 1_000_000_000 ? 1_000_000_000 : 1_000_000) ?? low
    }

    /// `−1.6`, `-5`: a minus that stands behind white space or a bracket; `5 ± 0.2`: what a value is known to.
    private func extendSign(_ found: inout Quantity) {
        let before = found.tokens.lowerBound - 1
        if text.equals(before, "−") || text.mark(before) == UInt8(ascii: "-"), text.touches(before, before + 1),
            !text.touches(before - 1, before) || text.mark(before - 1) == UInt8(ascii: "("), found.minimum == nil,
            let negative = found.value?.times(-1)
        {
            found.value = negative
            found.tokens = before..<found.tokens.upperBound
        }
        if text.equals(found.tokens.upperBound, "±"), let error = numbers.number(at: found.tokens.upperBound + 1), error.isDigits
        {
            found.tokens = found.tokens.lowerBound..<error.end
            found.isApproximate = true
        }
    }

    // MARK: Units

    /// Takes in what is counted behind the number; false where the number counts nothing.
    private func attachUnit(_ found: inout Quantity, _ number: NumberReader.Number, isMoney: Bool) -> Bool {
        var end = found.tokens.upperBound
        if let percent = percentEnd(end) {
            found.unit = text.equals(percent - 1, "points") || text.equals(percent - 1, "point") ? "percentage points" : "percent"
            found.tokens = found.tokens.lowerBound..<percent
            return true
        }
        guard isEnglish else { return isMoney }
        let hasHyphen = text.isDash(end) && text.touches(end - 1, end) && text.isWord(end + 1) && text.touches(end, end + 1)
        if hasHyphen {
            end += 1
            if text.equalsAny(end, NumberWords.uncounted) { return false }
        }
        if text.has(end, .currency), !isMoney {
            found.unit = currencyCode(text.lowercased(end)) ?? text.lowercased(end)
            found.tokens = found.tokens.lowerBound..<end + 1
            return true
        }
        if isMoney { return true }
        if let symbol = symbol(end) {
            found.unit = symbol.unit
            found.tokens = found.tokens.lowerBound..<symbol.end
            return true
        }
        if text.equals(end, "of"), text.equalsAny(end + 1, ["them", "those", "these", "us"]), found.value?.integer != 1 {
            found.tokens = found.tokens.lowerBound..<end + 2
            return true
        }
        var cursor = end
        if text.equals(end, "of") {
            guard number.value == nil else { return isModified(found) }
            cursor += 1
            if text.has(cursor, .determiner) { cursor += 1 }
        }
        guard
            let noun = hasHyphen
                ? end
                : noun(
                    from: cursor,
                    isSingular: found.value?.integer == 1 || hasHyphen || number.value == nil && number.minimum == nil)
        else {
            // A bare number counts where a modifier shows it, or it stands in digits before a verb: `raising it to 350`.
            return isModified(found) || number.minimum != nil
        }
        // `one thing`, `one reason`: counting one is seldom meant, unless people are.
        if found.tokens.count == 1, text.equals(found.tokens.lowerBound, "one"), !text.has(noun, [.countNoun, .measure]),
            Modifier.match(text, endingAt: found.tokens.lowerBound) == nil
        {
            return false
        }
        let word = text.lowercased(noun)
        // `two-thirds` counts parts of one.
        if ["thirds", "quarters", "fifths", "halves", "tenths", "sixths", "eighths"].contains(word) { return false }
        let isPower = noun > cursor && text.equalsAny(noun - 1, ["square", "cubic", "nautical"])
        let unitEnd = text.has(noun, .measure) ? compoundEnd(noun + 1) : noun + 1
        found.unit =
            isPower
            ? text.lowercased(noun - 1) + " " + word
            : unitEnd > noun + 1
                ? text.name(noun..<unitEnd)
                : text.has(noun, .currency) ? currencyCode(word) ?? word : word
        found.tokens = found.tokens.lowerBound..<unitEnd
        return true
    }

    func isCode(_ code: String) -> Bool {
        ["USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "CNY", "RUB", "INR", "SEK", "NOK", "DKK", "PLN"].contains(code)
    }

    private func percentEnd(_ index: Int) -> Int? {
        if text.mark(index) == UInt8(ascii: "%") { return index + 1 }
        guard isEnglish else { return nil }
        let next = text.isDash(index) ? index + 1 : index
        if text.equals(next, "percent") { return next + 1 }
        if text.equals(next, "per"), text.equals(next + 1, "cent") { return next + 2 }
        if text.equals(next, "percentage"), text.equalsAny(next + 1, ["point", "points"]) { return next + 2 }
        return nil
    }

    /// The head of the noun phrase from token `index`: the last of up to four words that is a plural or known to be counted.
    func noun(from index: Int, isSingular: Bool) -> Int? {
        var last: Int?
        var cursor = index
        while cursor < text.count, cursor - index < 4, text.isWord(cursor), text.sentence(of: cursor).contains(index - 1) {
            let classes = text.classes[cursor]
            if classes.isAny([.function, .auxiliary]) || classes.isAny([.speech]) && last != nil { break }
            if text.tokens[cursor].count == 1 { break }
            if classes.isAny([.countNoun, .measure]) || isPlural(cursor) {
                last = cursor
                // `900 cubic metres`, `350 civilians`; a plural may go on: `35 sports clubs`.
                if !(cursor + 1 < text.count && text.isWord(cursor + 1) && isPlural(cursor + 1)
                    && text.classes[cursor + 1].isDisjoint(with: [.function, .speech, .past]))
                {
                    break
                }
            }
            cursor += 1
            if text.isDash(cursor), text.touches(cursor - 1, cursor), text.isWord(cursor + 1), text.touches(cursor, cursor + 1) {
                cursor += 1
            }
        }
        if last != nil { return last }
        guard isSingular, text.isWord(index), text.tokens[index].letterCase == .lower, text.tokens[index].count > 2,
            text.classes[index].isDisjoint(with: [.function, .past, .adverb, .timeUnit]),
            text.sentence(of: index).contains(index - 1)
        else { return nil }
        return index
    }

    func isPlural(_ index: Int) -> Bool {
        let token = text.tokens[index]
        guard token.count > 3, text.bytes[token.end - 1] | 0x20 == UInt8(ascii: "s") else { return false }
        // `previous`, `business`, `basis` are no plurals.
        switch text.bytes[token.end - 2] | 0x20 {
        case UInt8(ascii: "s"), UInt8(ascii: "u"), UInt8(ascii: "i"): return false
        default: return true
        }
    }

    // MARK: Modifiers

    private func isModified(_ found: Quantity) -> Bool {
        Modifier.match(text, endingAt: found.tokens.lowerBound) != nil && found.value?.integer != 1
    }

    func attachModifier(_ found: inout Quantity) {
        guard let (start, modifier) = Modifier.match(text, endingAt: found.tokens.lowerBound) else { return }
        // `Some 350` counts; `some one` does not.
        found.tokens = start..<found.tokens.upperBound
        switch modifier {
        case .atLeast: found.minimum = found.minimum ?? found.value
        case .atMost: found.maximum = found.maximum ?? found.value
        case .about: found.isApproximate = true
        case .nearly:
            found.isApproximate = true
            found.maximum = found.maximum ?? found.value
        }
    }
}
