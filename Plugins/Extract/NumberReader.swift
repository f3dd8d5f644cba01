import HeadwaterPluginKit

/// Reads numbers written in digits, in words, or in both: `1,234.5`, `twenty-five`, `3.3 million`, `half a dozen`, `dozens`.
struct NumberReader {
    let text: AnnotatedText

    struct Number {
        /// Nil where only a lower bound is known: `dozens`.
        var value: Decimal?
        /// What a plural scale word says at least: two of it.
        var minimum: Decimal?
        /// One past the number's last token.
        var end: Int
        /// Whether it was written in digits.
        var isDigits: Bool
    }

    /// The number that begins at token `index`.
    func number(at index: Int) -> Number? {
        let limit = text.count
        guard index >= 0, index < limit else { return nil }
        if text.isNumber(index) {
            guard let value = Decimal(reading: text.bytes[text.tokens[index].range]) else { return nil }
            return scaled(mixed(value, index), digits: true)
        }
        guard text.isWord(index) else { return nil }
        if text.equals(index, "half"), text.equalsAny(index + 1, ["a", "an"]), let factor = singularScale(index + 2) {
            return Number(value: Decimal(factor).half(), end: index + 3, isDigits: false)
        }
        if text.equalsAny(index, ["a", "an"]) {
            // `a T-shirt`: letters are scales only behind digits.
            guard let factor = singularScale(index + 1), text.tokens[index + 1].count > 2 else { return nil }
            return tail(Decimal(factor), index + 2)
        }
        if let plural = pluralScale(index) { return plural }
        guard text.has(index, .cardinal) else { return nil }
        let (value, end) = belowHundred(index)
        return scaled((Decimal(value), end), digits: false)
    }

    /// `5 1/2`
    private func mixed(_ value: Decimal, _ index: Int) -> (Decimal, Int) {
        guard text.isNumber(index + 1), text.mark(index + 2) == UInt8(ascii: "/"), text.touches(index + 1, index + 2),
            text.touches(index + 2, index + 3),
            text.equals(index + 1, "1"), text.equals(index + 3, "2"), let half = Decimal(1).half(), let sum = value.plus(half)
        else { return (value, index + 1) }
        return (sum, index + 4)
    }

    /// `twenty-five`, `seven`
    private func belowHundred(_ index: Int) -> (Int, Int) {
        let first = NumberWords.value(text.lowercased(index)) ?? 0
        guard first >= 20, first % 10 == 0 else { return (first, index + 1) }
        let next = text.isDash(index + 1) ? index + 2 : index + 1
        if text.has(next, .cardinal), let units = NumberWords.value(text.lowercased(next)), 1...9 ~= units {
            return (first + units, next + 1)
        }
        return (first, index + 1)
    }

    /// Multiplies by the scale words that follow: `3.3 million`, `two hundred and fifty`, `€5bn`.
    private func scaled(_ start: (Decimal, Int), digits: Bool) -> Number? {
        var (value, end) = start
        // `two and a half million`
        if text.equals(end, "and"), text.equals(end + 1, "a"), text.equals(end + 2, "half"), let half = Decimal(1).half(),
            let sum = value.plus(half)
        {
            (value, end) = (sum, end + 3)
        }
        guard let factor = scale(end, afterDigits: digits), let product = value.times(factor) else {
            return Number(value: value, end: end, isDigits: digits)
        }
        end += text.isDash(end) ? 2 : 1
        if digits { return Number(value: product, end: end, isDigits: true) }
        return tail(product, end)
    }

    /// What may follow `two hundred` or `a thousand`: a smaller number, or another scale.
    private func tail(_ value: Decimal, _ end: Int) -> Number? {
        var (value, end) = (value, end)
        let next = text.equals(end, "and") ? end + 1 : end
        if text.has(next, .cardinal), let whole = value.integer, whole % 100 == 0 {
            let (units, after) = belowHundred(next)
            // `two hundred and three million` is not `two hundred` and `three million`.
            if let sum = value.plus(Decimal(units)) { (value, end) = (sum, after) }
        }
        if let factor = singularScale(end), factor >= 1000, let product = value.times(factor) {
            (value, end) = (product, end + 1)
        }
        return Number(value: value, end: end, isDigits: false)
    }

    /// The scale word at `index`, with a hyphen before it or not: `million`, `-million`, and `bn` right behind digits.
    private func scale(_ index: Int, afterDigits: Bool) -> Int? {
        if text.isDash(index), text.touches(index, index + 1), text.equalsAny(index + 1, ["million", "billion", "trillion"]) {
            return singularScale(index + 1)
        }
        guard let factor = singularScale(index) else { return nil }
        if text.tokens[index].count <= 2 { return afterDigits && text.touches(index - 1, index) ? factor : nil }
        return factor
    }

    private func singularScale(_ index: Int) -> Int? {
        guard text.has(index, .scale) else { return nil }
        let word = text.lowercased(index)
        return word.utf8.last == UInt8(ascii: "s") ? nil : NumberWords.value(word)
    }

    /// `dozens`, `hundreds of thousands`
    private func pluralScale(_ index: Int) -> Number? {
        guard text.has(index, .scale), let factor = NumberWords.value(text.lowercased(index)) else { return nil }
        let word = text.lowercased(index)
        guard word.utf8.last == UInt8(ascii: "s"), let twice = Decimal(factor).times(2) else { return nil }
        if text.equals(index + 1, "of"), text.has(index + 2, .scale), let larger = NumberWords.value(text.lowercased(index + 2)),
            larger >= 1000,
            let product = twice.times(larger)
        {
            return Number(value: nil, minimum: product, end: index + 3, isDigits: false)
        }
        return Number(value: nil, minimum: twice, end: index + 1, isDigits: false)
    }
}
