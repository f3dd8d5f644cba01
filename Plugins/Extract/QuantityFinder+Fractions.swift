import HeadwaterPluginKit

/// Parts of a whole: `two thirds of voters`, `three-quarters`, `half of them`, `one in five adults`, `three out of ten`.
extension QuantityFinder {
    /// The fraction that begins at token `index`.
    func fraction(at index: Int) -> Quantity? {
        guard isEnglish, text.isWord(index) || text.isNumber(index) else { return nil }
        return half(index) ?? parts(index) ?? outOf(index)
    }

    /// `half of the seats`, `half the seats`
    private func half(_ index: Int) -> Quantity? {
        guard text.equals(index, "half"), !text.isDash(index - 1),
            !text.equalsAny(index - 1, ["a", "and", "first", "second", "other"]),
            text.equals(index + 1, "of") || text.equalsAny(index + 1, ["the", "its", "their", "all"])
        else { return nil }
        return whole(index, index + 1, Decimal(1).half(), "1/2")
    }

    /// `two thirds`, `a quarter of`, `three-fifths`
    private func parts(_ index: Int) -> Quantity? {
        let isArticle = text.equalsAny(index, ["a", "one"])
        guard let count = isArticle ? 1 : text.has(index, .cardinal) ? NumberWords.value(text.lowercased(index)) : nil,
            1...20 ~= count
        else { return nil }
        let name = text.isDash(index + 1) && text.touches(index, index + 1) ? index + 2 : index + 1
        guard name < text.count, text.isWord(name), let parts = Self.names[text.lowercased(name)],
            (count > 1) == (text.bytes[text.tokens[name].end - 1] == UInt8(ascii: "s")),
            count > 1 || text.equals(name + 1, "of"), count < parts
        else { return nil }
        return whole(index, name + 1, Self.share(count, of: parts), "\(count)/\(parts)")
    }

    /// `one in five adults`, `three out of ten`
    private func outOf(_ index: Int) -> Quantity? {
        guard let first = numbers.number(at: index), let count = first.value?.integer, 1...99 ~= count else { return nil }
        let isOut = text.equals(first.end, "out") && text.equals(first.end + 1, "of")
        guard isOut || text.equals(first.end, "in") && count < 10, !text.isNumber(index - 1) else { return nil }
        let second = isOut ? first.end + 2 : first.end + 1
        let every = text.equals(second, "every") ? second + 1 : second
        guard let all = numbers.number(at: every), let total = all.value?.integer, count < total, total <= 1_000_000,
            all.end > every, !isTime[every], first.isDigits == all.isDigits, isOut || total % 5 == 0 || total < 13
        else { return nil }
        // `one in 2019`, `two in 10 minutes`: a year, a length of time.
        if text.has(all.end, .timeUnit) || text.isDash(all.end) && text.has(all.end + 1, .timeUnit) { return nil }
        var out = Quantity(tokens: index..<all.end, value: Self.share(count, of: total))
        if out.value == nil { out.fraction = "\(count)/\(total)" }
        if text.isWord(all.end), isPlural(all.end) || text.has(all.end, .countNoun) {
            out.unit = text.lowercased(all.end)
            out.tokens = index..<all.end + 1
        }
        return out
    }

    /// The fraction with what it is a part of.
    private func whole(_ start: Int, _ end: Int, _ value: Decimal?, _ fraction: String) -> Quantity {
        var out = Quantity(tokens: start..<end, value: value)
        if value == nil { out.fraction = fraction }
        // `three-quarters of a million`
        if text.equals(end, "of"), text.equals(end + 1, "a"), let scale = numbers.number(at: end + 1)?.value?.integer,
            let product = value?.times(scale)
        {
            out = Quantity(tokens: start..<end + 3, value: product)
            if let noun = noun(from: end + 3, isSingular: false) {
                out.unit = text.lowercased(noun)
                out.tokens = start..<noun + 1
            }
            attachModifier(&out)
            return out
        }
        var cursor = text.equals(end, "of") ? end + 1 : end
        if text.has(cursor, .determiner) || text.equalsAny(cursor, ["all", "its", "their", "his", "her"]) { cursor += 1 }
        if text.equalsAny(cursor, ["them", "us", "those", "these"]) {
            out.tokens = start..<cursor + 1
        } else if cursor > end, let noun = noun(from: cursor, isSingular: true) {
            out.unit = text.lowercased(noun)
            out.tokens = start..<noun + 1
        }
        attachModifier(&out)
        return out
    }

    /// A share as a decimal, where it is one.
    private static func share(_ count: Int, of total: Int) -> Decimal? {
        // Decimals end where the denominator divides a power of ten.
        for (places, power) in [1, 10, 100, 1000, 10000].enumerated() where (count * power) % total == 0 {
            return Decimal(count * power / total, places: places)
        }
        return nil
    }

    private static let names: [String: Int] = [
        "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
        "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9,
        "tenth": 10, "tenths": 10,
    ]
}
