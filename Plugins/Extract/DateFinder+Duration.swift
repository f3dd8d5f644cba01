import HeadwaterPluginKit

/// Lengths of time, points at a distance of one, and times that recur.
extension DateFinder {
    /// `30-day`, `three weeks`, `two and a half years`, `several months`, `five years ago`
    func duration(_ index: Int) -> Expression? {
        guard let amount = amount(index) else { return nil }
        var unit = amount.end
        if text.isDash(unit), text.touches(unit - 1, unit), text.touches(unit, unit + 1) { unit += 1 }
        // `three more years`, `five straight days`
        if text.equalsAny(
            unit,
            [
                "more", "straight", "consecutive", "full", "additional", "long", "whole", "solid", "calendar", "working",
                "business",
            ])
        {
            unit += 1
        }
        guard text.has(unit, .timeUnit), let code = unitCode(text.lowercased(unit)) else { return nil }
        // `second` is an ordinal as often as a unit, and a quarter is a share.
        if text.equals(unit, "second"), amount.text != "1" || !text.equals(index, "one") { return nil }
        if text.equalsAny(unit, ["quarter", "quarters"]),
            amount.value == nil || text.isDash(unit - 1) || text.equals(unit + 1, "of")
        {
            return nil
        }
        let end = unit + 1
        if text.equals(index, "a") || text.equals(index, "an") { guard isMeasured(index, unit) else { return nil } }
        // An age is no stretch of time: `71-year-old`.
        if text.equals(end, "old") { return Expression(index, end + 1, nil, .age) }
        if text.isDash(end), text.equals(end + 1, "old") {
            return Expression(index, end + 2, nil, .age)
        }
        if text.equals(end, "ago")
            || text.equals(end, "earlier") && amount.value != nil && published != nil && text.equals(end, "ago")
        {
            return Expression(
                index, end + 1, pointBefore(amount, code) ?? length(amount.text, code), published == nil ? .duration : .date)
        }
        if text.equals(end, "from"), text.equalsAny(end + 1, ["now", "today"]) {
            return Expression(
                index, end + 2, pointAfter(amount, code) ?? length(amount.text, code), published == nil ? .duration : .date)
        }
        return Expression(index, end, length(amount.text, code), .duration)
    }

    /// `years`, `decades` after a word that measures: `for years`, `in recent weeks`.
    func bareUnits(_ index: Int) -> Expression? {
        guard isPlural(index), let code = unitCode(text.lowercased(index)) else { return nil }
        guard text.equalsAny(index - 1, ["for", "recent", "within", "in", "over", "many", "after", "of"]) else { return nil }
        if text.equalsAny(index - 1, ["of", "after", "in", "over", "within"]),
            !text.equalsAny(index, ["decades", "years", "centuries", "months", "weeks"])
        {
            return nil
        }
        if text.equals(index, "seconds") { return nil }
        return Expression(index, index + 1, length("X", code), .duration)
    }

    /// `the last weeks`
    func vague(_ start: Int, _ unit: Int) -> Expression? {
        unitCode(text.lowercased(unit)).map { Expression(start, unit + 1, length("X", $0), .duration) }
    }

    /// `every day`, `each week`, `every Monday`, `daily`, `twice a year`
    func set(_ index: Int) -> Expression? {
        if text.equalsAny(index, ["every", "each"]) {
            let next = text.equals(index + 1, "other") ? index + 2 : index + 1
            if text.has(next, .weekday), let number = TimeWords.weekday(text.lowercased(next)) {
                return Expression(index, next + 1, TimeValue.weekday(number), .set)
            }
            if text.has(next, .month), text.tokens[next].isCapitalized, let month = TimeWords.month(text.lowercased(next)) {
                return Expression(index, next + 1, TimeValue.month(nil, month), .set)
            }
            if let season = ["spring": "SP", "summer": "SU", "autumn": "FA", "winter": "WI"].first(where: {
                text.equals(next, $0.key)
            })?.value {
                return Expression(index, next + 1, "\(TimeValue.unknownYear)-\(season)", .set)
            }
            if text.has(next, .dayPart), let part = dayPart(next) {
                return Expression(index, next + 1, "\(TimeValue.unknownYear)-\(TimeValue.unknownMonthAndDay)\(part)", .set)
            }
            if text.has(next, .timeUnit), !isPlural(next), !text.equals(next, "second"),
                let code = unitCode(text.lowercased(next))
            {
                return Expression(index, next + 1, length(next == index + 1 ? "1" : "2", code), .set)
            }
            if let amount = amount(next), text.has(amount.end, .timeUnit), let code = unitCode(text.lowercased(amount.end)) {
                return Expression(index, amount.end + 1, length(amount.text, code), .set)
            }
            return nil
        }
        if text.equalsAny(index, ["once", "twice"]), text.equalsAny(index + 1, ["a", "every", "each"]),
            text.has(index + 2, .timeUnit),
            let code = unitCode(text.lowercased(index + 2))
        {
            return Expression(index, index + 3, length("1", code), .set)
        }
        guard text.tokens[index].count >= 5, text.tokens[index].letterCase == .lower else { return nil }
        switch text.lowercased(index) {
        case "daily", "nightly": return Expression(index, index + 1, "P1D", .set)
        case "weekly": return Expression(index, index + 1, "P1W", .set)
        case "monthly": return Expression(index, index + 1, "P1M", .set)
        case "yearly", "annually": return Expression(index, index + 1, "P1Y", .set)
        default: return nil
        }
    }

    // MARK: Parts

    /// How many: a number, or `X` where the text does not say.
    private func amount(_ index: Int) -> (value: Decimal?, text: String, end: Int)? {
        if let number = numbers.number(at: index) {
            // `dozens of years`
            guard let value = number.value else { return text.equals(number.end, "of") ? (nil, "X", number.end + 1) : nil }
            if text.equals(number.end, "and"), text.equals(number.end + 1, "a"), text.equals(number.end + 2, "half"),
                let half = Decimal(1).half(),
                let sum = value.plus(half)
            {
                return (sum, sum.description, number.end + 3)
            }
            if text.isDash(number.end), text.equals(number.end + 1, "and"), text.equals(number.end + 5, "half"),
                let half = Decimal(1).half(), let sum = value.plus(half)
            {
                return (sum, sum.description, number.end + 6)
            }
            return (value, value.description, number.end)
        }
        if text.equalsAny(index, ["several", "many", "some"]) { return (nil, "X", index + 1) }
        if text.equals(index, "few") { return (nil, "X", index + 1) }
        if text.equals(index, "a"), text.equals(index + 1, "few") { return (nil, "X", index + 2) }
        if text.equals(index, "a"), text.equals(index + 1, "couple"), text.equals(index + 2, "of") {
            return (Decimal(2), "2", index + 3)
        }
        if text.equals(index, "half"), text.equalsAny(index + 1, ["a", "an"]), let half = Decimal(1).half() {
            return (half, half.description, index + 2)
        }
        if text.equalsAny(index, ["a", "an"]) { return (Decimal(1), "1", index + 1) }
        return nil
    }

    /// Whether `a year` is a length here, and not any year.
    private func isMeasured(_ article: Int, _ unit: Int) -> Bool {
        if isPlural(unit) { return true }
        if text.equalsAny(unit + 1, ["ago", "earlier", "later", "before", "after", "from", "long", "and"]) {
            return !text.equals(unit, "second")
        }
        return text.equalsAny(
            article - 1,
            [
                "for", "in", "within", "over", "than", "about", "nearly", "almost", "after", "under", "around", "only", "least",
                "just", "half", "quite",
            ])
            && !text.equalsAny(unit, ["day", "second", "minute", "night", "quarter"])
    }

    func isPlural(_ index: Int) -> Bool {
        text.bytes[text.tokens[index].end - 1] == UInt8(ascii: "s") || text.equals(index, "millennia")
    }

    private func unitCode(_ word: String) -> String? {
        switch word {
        case "second", "seconds": "TS"
        case "minute", "minutes": "TM"
        case "hour", "hours": "TH"
        case "day", "days": "D"
        case "night", "nights": "NI"
        case "week", "weeks": "W"
        case "weekend", "weekends": "WE"
        case "month", "months": "M"
        case "quarter", "quarters": "Q"
        case "year", "years": "Y"
        case "decade", "decades": "DE"
        case "century", "centuries": "CE"
        case "fortnight", "fortnights": "FN"
        default: nil
        }
    }

    /// `P30D`, `PT24H`, `PXM`; a fortnight is two weeks, a decade ten years.
    private func length(_ amount: String, _ code: String) -> String {
        switch code {
        case "TS", "TM", "TH": return "PT\(amount)\(code.dropFirst())"
        case "FN": return scaled(amount, 2).map { "P\($0)W" } ?? "PXW"
        case "DE": return scaled(amount, 10).map { "P\($0)Y" } ?? "PXDE"
        case "CE": return scaled(amount, 100).map { "P\($0)Y" } ?? "PXCE"
        case "NI": return "P\(amount)D"
        default: return "P\(amount)\(code)"
        }
    }

    private func scaled(_ amount: String, _ factor: Int) -> Int? {
        Int(amount)?.multipliedReportingOverflow(by: factor).partialValue
    }

    private func pointBefore(_ amount: (value: Decimal?, text: String, end: Int), _ code: String) -> String? {
        point(amount, code, -1)
    }
    private func pointAfter(_ amount: (value: Decimal?, text: String, end: Int), _ code: String) -> String? {
        point(amount, code, 1)
    }

    /// The day, week, month or year at that distance from publication.
    private func point(_ amount: (value: Decimal?, text: String, end: Int), _ code: String, _ sign: Int) -> String? {
        guard let published else { return nil }
        // No text means more than some thousands of years by it; the limit keeps the arithmetic safe.
        guard let count = amount.value?.integer, 0...5000 ~= count else { return sign < 0 ? "PAST_REF" : "FUTURE_REF" }
        switch code {
        case "TS", "TM", "TH": return published.description
        case "D", "NI": return published.adding(days: sign * count).description
        case "W": return shiftedValue("week", sign * count)
        case "FN": return shiftedValue("week", sign * count * 2)
        case "M": return shiftedValue("month", sign * count)
        case "Q": return shiftedValue("quarter", sign * count)
        case "Y": return published.year + sign * count > 0 ? shiftedValue("year", sign * count) : "PAST_REF"
        case "DE": return published.year + sign * count * 10 > 0 ? shiftedValue("decade", sign * count) : "PAST_REF"
        default: return sign < 0 ? "PAST_REF" : "FUTURE_REF"
        }
    }
}
