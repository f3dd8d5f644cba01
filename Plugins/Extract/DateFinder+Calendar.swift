import HeadwaterPluginKit

/// Dates that name their day, month or year.
extension DateFinder {
    /// `2025-03-14`, with a time behind it or not
    func isoDate(_ index: Int) -> Expression? {
        guard text.tokens[index].count == 4, let year = integer(index), text.isDash(index + 1), text.touches(index, index + 1),
            text.isNumber(index + 2), text.touches(index + 1, index + 2), text.tokens[index + 2].count == 2,
            let month = integer(index + 2), 1...12 ~= month,
            1000...2999 ~= year
        else { return nil }
        guard text.isDash(index + 3), text.touches(index + 2, index + 3), text.isNumber(index + 4),
            text.touches(index + 3, index + 4),
            let day = integer(index + 4), let date = CalendarDate(year: year, month: month, day: day)
        else { return nil }
        return Expression(index, index + 5, date.description)
    }

    /// `14.03.2025`, `3/14/2025`, `14/03/2025`. Where both readings are possible the point means day first; what the
    /// slash means the text's other dates show, else its language.
    func numericDate(_ index: Int) -> Expression? {
        if text.tokens[index].count >= 8, let dotted = dottedDate(index) { return dotted }
        guard text.mark(index + 1) == UInt8(ascii: "/"), text.mark(index + 3) == UInt8(ascii: "/"),
            text.touches(index, index + 1),
            text.touches(index + 1, index + 2), text.touches(index + 2, index + 3), text.touches(index + 3, index + 4),
            text.isNumber(index + 2),
            text.isNumber(index + 4), let first = integer(index), let second = integer(index + 2), var year = integer(index + 4)
        else { return nil }
        if text.tokens[index + 4].count == 2 { year += year < 70 ? 2000 : 1900 }
        guard 1000...2999 ~= year else { return nil }
        let (monthFirst, dayFirst) = (
            CalendarDate(year: year, month: first, day: second), CalendarDate(year: year, month: second, day: first)
        )
        let date = isMonthFirst ? monthFirst ?? dayFirst : dayFirst ?? monthFirst
        return date.map { Expression(index, index + 5, $0.description) }
    }

    /// The tokenizer reads `14.03.2025` as one number.
    private func dottedDate(_ index: Int) -> Expression? {
        let parts = text.bytes[text.tokens[index].range].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].count == 4, 1...2 ~= parts[0].count, parts[1].count <= 2,
            let day = Decimal(reading: parts[0])?.integer, let month = Decimal(reading: parts[1])?.integer,
            let year = Decimal(reading: parts[2])?.integer,
            let date = CalendarDate(year: year, month: month, day: day) ?? CalendarDate(year: year, month: day, day: month)
        else { return nil }
        return Expression(index, index + 1, date.description)
    }

    /// `March 14, 2025`, `March 14`, `March 9-12`, `March 2025`, `March`
    func monthFirst(_ index: Int) -> Expression? {
        guard text.tokens[index].isCapitalized, let month = TimeWords.month(text.lowercased(index)) else { return nil }
        var next = index + 1
        let isShort = text.tokens[index].count <= 4 && !text.equalsAny(index, ["may", "june", "july"])
        if isShort, text.mark(next) == UInt8(ascii: "."), text.touches(index, next) { next += 1 }
        let isShortened = isShort && month != 5
        if let day = dayNumber(next), !text.equals(day.end, "percent") {
            if let range = dayRange(index, month, day) { return range }
            return completed(index, month, day.value, day.end)
        }
        let comma = text.isComma(next) || text.equals(next, "of") ? next + 1 : next
        if let year = yearNumber(comma) { return Expression(index, comma + 1, TimeValue.month(year, month)) }
        // `June last year`
        if let published, text.equalsAny(next, ["last", "this", "next"]), text.equals(next + 1, "year") {
            let year = published.year + (text.equals(next, "last") ? -1 : text.equals(next, "next") ? 1 : 0)
            return Expression(index, next + 2, TimeValue.month(year, month))
        }
        // Some months are words, names or beginnings: alone they need a sign.
        let follows =
            text.has(index - 1, [.preposition, .timeModifier])
            || text.equalsAny(index - 1, ["this", "last", "next", "and", "or"]) || text.isDash(index - 1)
        // `Jan` is a given name, too.
        if isShortened, !follows || text.isWord(next) && text.tokens[next].isCapitalized { return nil }
        if text.equalsAny(index, ["may", "march", "august"]), !follows { return nil }
        if text.equalsAny(index, ["april", "june", "may"]), text.isWord(next), text.tokens[next].isCapitalized,
            text.touches(index, next) == false, !follows
        {
            return nil
        }
        if text.equals(index - 1, "by"), text.isWord(next), text.tokens[next].isCapitalized { return nil }
        return Expression(index, next, TimeValue.month(resolvedYear(month, nil, at: index), month))
    }

    /// `March 9-12, 2025`, `March 9 to 12`
    private func dayRange(_ index: Int, _ month: Int, _ first: (value: Int, end: Int)) -> Expression? {
        guard text.isDash(first.end) || text.equals(first.end, "to"), let last = dayNumber(first.end + 1),
            last.value > first.value
        else { return nil }
        guard let end = completed(index, month, last.value, last.end), let value = end.value, let dash = value.lastIndex(of: "-")
        else { return nil }
        return Expression(index, end.tokens.upperBound, value[..<dash] + "-\(TimeValue.padded(first.value))/" + value)
    }

    /// A month and a day with the year that stands behind them, or the one that fits.
    private func completed(_ start: Int, _ month: Int, _ day: Int, _ end: Int) -> Expression? {
        guard day <= CalendarDate.days(in: month, of: 2024) else { return nil }
        let comma = text.isComma(end) || text.equals(end, "of") ? end + 1 : end
        if let year = yearNumber(comma) { return withTime(start, comma + 1, TimeValue.day(year, month, day)) }
        return withTime(start, end, TimeValue.day(resolvedYear(month, day, at: start), month, day))
    }

    /// `14 March 2025`, `14th of March`, `9-12 March`, `14 March`
    func dayFirst(_ index: Int) -> Expression? {
        guard let first = dayNumber(index) else { return nil }
        var last = first
        if text.isDash(first.end) || text.equalsAny(first.end, ["to", "and"]), let second = dayNumber(first.end + 1),
            second.value > first.value
        {
            last = second
        }
        let monthIndex = text.equals(last.end, "of") ? last.end + 1 : last.end
        guard text.has(monthIndex, .month), text.tokens[monthIndex].isCapitalized,
            let month = TimeWords.month(text.lowercased(monthIndex))
        else { return nil }
        var end = monthIndex + 1
        if text.mark(end) == UInt8(ascii: "."), text.tokens[monthIndex].count <= 4, text.touches(monthIndex, end),
            yearNumber(end + 1) != nil
        {
            end += 1
        }
        guard let found = completed(index, month, last.value, end) else { return nil }
        guard last.end != first.end, let value = found.value, let dash = value.lastIndex(of: "-") else { return found }
        return Expression(index, found.tokens.upperBound, value[..<dash] + "-\(TimeValue.padded(first.value))/" + value)
    }

    /// `second of August`
    func spelledDay(_ index: Int) -> Expression? {
        guard let day = ordinal(index), text.equals(index + 1, "of"), text.has(index + 2, .month),
            text.tokens[index + 2].isCapitalized,
            let month = TimeWords.month(text.lowercased(index + 2))
        else { return nil }
        return completed(index, month, day, index + 3)
    }

    /// `2014`, `the 1990s`, `2009-10`
    func year(_ index: Int) -> Expression? {
        if let decade = decade(index) { return decade }
        guard let year = yearNumber(index) else { return nil }
        let previous = index - 1
        if text.has(previous, .label) || text.isDash(previous) && text.touches(previous, index) && !text.isNumber(previous - 1) {
            return nil
        }
        // A year is not counted, priced or measured.
        if let mark = text.mark(previous), text.touches(previous, index), [0x24, 0x23, 0x2F, 0x2E, 0x40].contains(mark) {
            return nil
        }
        if text.touches(previous, index), text.tokens[previous].kind == .mark, text.tokens[previous].count > 1,
            !text.isDash(previous), isCurrencyMark(previous)
        {
            return nil
        }
        if text.mark(index + 1) == UInt8(ascii: "%")
            || text.mark(index + 1) == UInt8(ascii: "/") && text.touches(index, index + 1)
        {
            return nil
        }
        if text.isWord(index + 1), text.touches(index, index + 1) { return nil }
        if text.has(index + 1, [.countNoun, .measure, .currency, .scale]) { return nil }
        let isAnchored =
            text.has(previous, .timeModifier)
            || text.equalsAny(
                previous,
                [
                    "in", "since", "of", "by", "until", "till", "from", "during", "after", "before", "for", "through", "between",
                    "year", "and", "or", "to", "circa",
                ])
        if !isAnchored, year < 1900 || year > 2059 || isPluralNoun(index + 1) { return nil }
        if isPluralNoun(index + 1), !text.equalsAny(previous, ["in", "since", "during", "of", "year"]) { return nil }
        if text.isDash(index + 1), text.touches(index, index + 1), text.isNumber(index + 2), text.touches(index + 1, index + 2),
            text.tokens[index + 2].count == 2,
            let short = integer(index + 2), short == (year + 1) % 100
        {
            return Expression(index, index + 3, "\(year)/\(year + 1)")
        }
        return Expression(index, index + 1, TimeValue.year(year))
    }

    /// `nineteen ninety-six`
    func spelledYear(_ index: Int) -> Expression? {
        guard text.equals(index, "nineteen"), text.has(index + 1, .cardinal), let year = numbers.number(at: index + 1),
            let short = year.value?.integer, 10...99 ~= short
        else { return nil }
        return Expression(index, year.end, TimeValue.year(1900 + short))
    }

    func decade(_ index: Int) -> Expression? {
        guard let year = integer(index),
            text.equals(index + 1, "s") || text.tokens.indices.contains(index + 1) && text.tokens[index + 1].kind == .possessive,
            text.touches(index, index + 1)
        else { return nil }
        if text.tokens[index].count == 4, 1000...2990 ~= year, year % 10 == 0 {
            return Expression(index, index + 2, TimeValue.decade(of: year))
        }
        if text.tokens[index].count == 2, 20...90 ~= year, year % 10 == 0, text.equals(index + 1, "s") {
            return Expression(index, index + 2, TimeValue.decade(of: 1900 + year))
        }
        return nil
    }

    /// `21st century`
    func ordinalCentury(_ index: Int) -> Expression? {
        guard let number = dayNumber(index), text.equals(number.end, "century"), 1...30 ~= number.value, number.end > index + 1
        else { return nil }
        return Expression(index, number.end + 1, TimeValue.padded(number.value - 1))
    }

    /// `4:12 a.m.`, `9 p.m. on Monday`
    func time(_ index: Int) -> Expression? {
        guard let clock = clock(index) else { return nil }
        // The day may follow: `4:12 a.m. on Monday`.
        let next = text.equals(clock.end, "on") || text.isComma(clock.end) ? clock.end + 1 : clock.end
        if next < text.count, let day = day(at: next), let value = day.value, !value.contains("T") {
            return Expression(index, day.tokens.upperBound, value + clock.value)
        }
        return Expression(index, clock.end, clock.value)
    }

    private func day(at index: Int) -> Expression? {
        if text.has(index, .weekday) { return weekday(index) }
        if text.has(index, .month) { return monthFirst(index) }
        if text.isNumber(index) { return dayFirst(index) }
        return text.equalsAny(index, ["today", "yesterday", "tomorrow"]) ? deictic(index) : nil
    }

    /// A time of day: `T04:12`.
    func clock(_ index: Int) -> (value: String, end: Int)? {
        guard text.isNumber(index), var hour = integer(index), hour <= 24, text.tokens[index].count <= 2
        else { return nil }
        var minute = 0
        var end = index + 1
        var isClock = false
        if text.mark(end) == UInt8(ascii: ":"), text.touches(index, end), text.isNumber(end + 1), text.touches(end, end + 1),
            text.tokens[end + 1].count == 2,
            let minutes = integer(end + 1), minutes < 60
        {
            (minute, end, isClock) = (minutes, end + 2, true)
            if text.mark(end) == UInt8(ascii: ":"), text.isNumber(end + 1) { end += 2 }
        }
        if text.equalsAny(end, ["p.m.", "pm"]) {
            if hour < 12 { hour += 12 }
            (end, isClock) = (end + 1, true)
        } else if text.equalsAny(end, ["a.m.", "am"]) {
            if hour == 12 { hour = 0 }
            (end, isClock) = (end + 1, true)
        } else if text.equals(end, "o'clock") {
            (end, isClock) = (end + 1, true)
        }
        guard isClock, hour <= 24 else { return nil }
        return ("T\(TimeValue.padded(hour)):\(TimeValue.padded(minute))", end)
    }

    // MARK: Parts

    func integer(_ index: Int) -> Int? {
        guard text.isNumber(index) else { return nil }
        return Decimal(reading: text.bytes[text.tokens[index].range])?.integer
    }

    /// A day of the month with its ordinal ending, if it has one.
    func dayNumber(_ index: Int) -> (value: Int, end: Int)? {
        guard text.isNumber(index), text.tokens[index].count <= 2, let day = integer(index), 1...31 ~= day else { return nil }
        let isOrdinal = text.equalsAny(index + 1, ["st", "nd", "rd", "th"]) && text.touches(index, index + 1)
        let end = isOrdinal ? index + 2 : index + 1
        // `14:30` and `5,000` are no days.
        if text.mark(end) == UInt8(ascii: ":"), text.isNumber(end + 1), text.touches(end, end + 1) { return nil }
        return (day, end)
    }

    /// Four digits that can be a year.
    func yearNumber(_ index: Int) -> Int? {
        guard text.isNumber(index), text.tokens[index].count == 4, let year = integer(index), 1000...2199 ~= year else {
            return nil
        }
        return year
    }

    private func isCurrencyMark(_ index: Int) -> Bool {
        let token = text.tokens[index]
        return text.bytes[token.start] == 0xC2 && text.bytes[token.start + 1] == 0xA3
            || text.bytes[token.start] == 0xE2 && text.bytes[token.start + 1] == 0x82
    }

    func isPluralNoun(_ index: Int) -> Bool {
        guard text.isWord(index), text.tokens[index].letterCase == .lower, text.tokens[index].count > 3,
            !text.classes[index].isAny([.function, .auxiliary, .speech])
        else { return false }
        let end = text.tokens[index].end
        return text.bytes[end - 1] == UInt8(ascii: "s") && text.bytes[end - 2] != UInt8(ascii: "s")
    }

    func ordinal(_ index: Int) -> Int? {
        let words = [
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
        ]
        return words.firstIndex { text.equals(index, $0) }.map { $0 + 1 }
    }

    /// The year that a month, or a day of one, without a year belongs to: the last one not after publication, or
    /// the next one where the text looks forward.
    func resolvedYear(_ month: Int, _ day: Int?, at index: Int) -> Int? {
        guard let published else { return nil }
        let order = (month, day ?? published.day)
        let here = (published.month, published.day)
        if order == here { return published.year }
        if day == nil, month == published.month { return published.year }
        let isAhead = order > here
        guard let middle = CalendarDate(year: published.year, month: month, day: day ?? 15) else { return published.year }
        let next = isAhead ? middle : CalendarDate(year: published.year + 1, month: month, day: day ?? 15) ?? middle
        let distance = next.daysSinceEpoch - published.daysSinceEpoch
        // A day that comes within two months is nearer than the one most of a year ago, which would name its year; where
        // no verb tells, the nearer of the two is meant.
        let looksForward = day != nil && distance <= 60 ? true : tense(around: index) ?? (distance < 183)
        if looksForward { return next.year }
        return isAhead ? published.year - 1 : published.year
    }

    /// Adds the time of day that stands behind a date: `March 14 at 9 p.m.`, `Monday morning`.
    func withTime(_ start: Int, _ end: Int, _ value: String) -> Expression {
        let next = text.equals(end, "at") || text.isComma(end) ? end + 1 : end
        if let clock = clock(next) { return Expression(start, clock.end, value + clock.value) }
        if let part = dayPart(end) { return Expression(start, end + 1, value + part) }
        return Expression(start, end, value)
    }

    func dayPart(_ index: Int) -> String? {
        guard text.has(index, .dayPart) else { return nil }
        switch text.lowercased(index) {
        case "morning": return "TMO"
        case "afternoon": return "TAF"
        case "evening": return "TEV"
        case "night": return "TNI"
        case "noon", "midday": return "T12:00"
        default: return nil
        }
    }
}
