import HeadwaterPluginKit

/// Dates that count from the day of publication.
extension DateFinder {
    /// `Friday`, `last Friday`'s second word, `Friday, March 14`, `Monday morning`
    func weekday(_ index: Int) -> Expression? {
        guard text.tokens[index].isCapitalized, let number = TimeWords.weekday(text.lowercased(index)) else { return nil }
        let isShort = text.tokens[index].count <= 5 && !text.lowercased(index).hasSuffix("day")
        let comma = text.isComma(index + 1) || text.equals(index + 1, "the") ? index + 2 : index + 1
        // The date behind a weekday is the same day.
        if text.has(comma, .month), dayNumber(comma + 1) != nil || text.mark(comma + 1) == UInt8(ascii: "."),
            let date = monthFirst(comma),
            date.value.map({ $0.utf8.count >= 10 }) == true
        {
            return Expression(index, date.tokens.upperBound, date.value)
        }
        if text.isNumber(comma), let date = dayFirst(comma) { return Expression(index, date.tokens.upperBound, date.value) }
        if isShort { return nil }
        guard let published else { return Expression(index, index + 1, TimeValue.weekday(number)) }
        let back = (published.weekday - number + 7) % 7
        let day = looksForward(index) ? published.adding(days: (7 - back) % 7) : published.adding(days: -back)
        return withTime(index, index + 1, day.description)
    }

    /// Words that move or narrow what follows: `last week`, `next Friday`, `early March`, `the end of August`, `every day`.
    func modified(_ index: Int) -> Expression? {
        if text.equalsAny(index, ["every", "each"]) { return set(index) }
        if text.equalsAny(index, ["early", "late", "mid", "earlier", "later", "end", "beginning", "start", "middle"]) {
            return narrowed(index)
        }
        let next = index + 1
        let shift: Int
        switch text.lowercased(index) {
        case "last", "past", "previous": shift = -1
        case "this", "current", "same": shift = 0
        case "next", "coming", "following", "upcoming": shift = 1
        default: return nil
        }
        // `the following month`, `the same day`, `the next day` count from something told before, not from publication.
        let isAnaphoric =
            text.equalsAny(index, ["following", "same", "previous"])
            || text.equals(index, "next") && text.equals(index - 1, "the") && text.equalsAny(next, ["day", "morning", "night"])
        if isAnaphoric {
            guard text.has(next, [.timeUnit, .dayPart]), !isPlural(next) else { return nil }
            let start = text.equals(index, "same") && text.equals(index - 1, "that") ? index - 1 : index
            return Expression(start, next + 1, nil)
        }
        if text.has(next, .weekday), text.tokens[next].isCapitalized, let number = TimeWords.weekday(text.lowercased(next)) {
            guard let published else { return Expression(index, next + 1, TimeValue.weekday(number)) }
            let back = (published.weekday - number + 7) % 7
            let days =
                switch shift {
                case -1: back == 0 ? -7 : -back
                case 1: back == 0 ? 7 : 7 - back
                default: looksForward(index) ? (7 - back) % 7 : -back
                }
            return withTime(index, next + 1, published.adding(days: days).description)
        }
        if text.has(next, .month), text.tokens[next].isCapitalized, let month = TimeWords.month(text.lowercased(next)) {
            guard let published else { return Expression(index, next + 1, TimeValue.month(nil, month)) }
            let year =
                switch shift {
                case -1: month < published.month ? published.year : published.year - 1
                case 1: month > published.month ? published.year : published.year + 1
                default: published.year
                }
            return Expression(index, next + 1, TimeValue.month(year, month))
        }
        if text.has(next, .season), let published {
            return Expression(index, next + 1, season(text.lowercased(next), shift, published))
        }
        if text.has(next, .dayPart), let part = dayPart(next) {
            guard shift != 1, !(shift == -1 && !text.equalsAny(next, ["night", "evening"])) else { return nil }
            return Expression(index, next + 1, published.map { $0.adding(days: shift).description + part })
        }
        if text.has(next, .timeUnit) {
            if text.equalsAny(index, ["past", "previous", "same", "current", "following"]),
                text.equalsAny(next, ["night", "second", "minute", "hour"])
            {
                return nil
            }
            if isPlural(next) { return text.equalsAny(index, ["last", "past", "next", "coming"]) ? vague(index, next) : nil }
            return shifted(index, next, shift)
        }
        // `the last three days`, `the past few weeks`: a length of time.
        if let length = duration(next), length.type == .duration, shift != 0 || text.equals(index, "this") {
            guard !text.isDash(next + 1) else { return nil }
            return Expression(index, length.tokens.upperBound, length.value, .duration)
        }
        return nil
    }

    /// `early March`, `late last month`, `earlier this week`, `the end of August 2024`: the value of what follows.
    private func narrowed(_ index: Int) -> Expression? {
        var next = index + 1
        if text.equals(index, "mid"), text.isDash(next) { next += 1 }
        if text.equalsAny(index, ["end", "beginning", "start", "middle"]) {
            guard text.equals(next, "of") else { return nil }
            next += 1
        } else if text.equalsAny(next, ["in", "on"]) {
            next += 1
        }
        if text.equals(next, "the"), text.has(next + 1, [.timeUnit, .season]) || text.has(next + 1, .timeModifier) { next += 1 }
        guard next < text.count else { return nil }
        if text.has(next, .month), let date = monthFirst(next) { return Expression(index, date.tokens.upperBound, date.value) }
        if text.equalsAny(next, ["today", "yesterday", "tomorrow"]), let date = deictic(next) {
            return Expression(index, date.tokens.upperBound, date.value)
        }
        if text.has(next, .weekday), let date = weekday(next) { return Expression(index, date.tokens.upperBound, date.value) }
        if text.isNumber(next), let date = dayFirst(next) ?? year(next) {
            return Expression(index, date.tokens.upperBound, date.value)
        }
        if text.equalsAny(next, ["last", "this", "next"]), let date = modified(next), date.type == .date {
            return Expression(index, date.tokens.upperBound, date.value)
        }
        guard text.equals(next - 1, "the"), text.has(next, .timeUnit), !isPlural(next),
            text.equalsAny(index, ["end", "beginning", "start", "middle", "earlier", "later", "early", "late"])
        else { return nil }
        return shifted(index, next, 0)
    }

    /// `last week`, `next month`, `this year`
    private func shifted(_ start: Int, _ unit: Int, _ shift: Int) -> Expression? {
        guard let value = shiftedValue(text.lowercased(unit), shift) else { return nil }
        return Expression(start, unit + 1, value)
    }

    /// The point `shift` units from publication. Without a publication date: the unit itself.
    func shiftedValue(_ unit: String, _ shift: Int) -> String? {
        guard let published else {
            return [
                "day": "P1D", "week": "P1W", "month": "P1M", "year": "P1Y", "quarter": "P1Q", "decade": "P1DE", "weekend": "P1WE",
            ][unit]
        }
        switch unit {
        case "day", "days": return published.adding(days: shift).description
        case "week", "weeks": return TimeValue.week(of: published.adding(days: 7 * shift))
        case "fortnight": return TimeValue.week(of: published.adding(days: 14 * shift))
        case "weekend": return TimeValue.week(of: published.adding(days: 7 * shift)) + "-WE"
        case "month", "months":
            let (year, month) = published.month(adding: shift)
            return TimeValue.month(year, month)
        case "quarter":
            let (year, month) = published.month(adding: 3 * shift)
            return "\(year)-Q\((month + 2) / 3)"
        case "year", "years": return TimeValue.year(published.year + shift)
        case "decade", "decades": return TimeValue.decade(of: published.year + 10 * shift)
        case "century": return TimeValue.padded(published.year / 100 + shift)
        case "night": return published.adding(days: shift).description + "TNI"
        default: return nil
        }
    }

    /// `today`, `yesterday`, `tomorrow`, `tonight`, `now`
    func deictic(_ index: Int) -> Expression? {
        guard text.has(index, .adverb) else { return nil }
        // Where it means the present, not where it links sentences.
        if text.equals(index, "now"), !text.isComma(index + 1) {
            return Expression(text.equals(index - 1, "right") ? index - 1 : index, index + 1, "PRESENT_REF")
        }
        if text.equals(index, "tonight") { return Expression(index, index + 1, published.map { $0.description + "TNI" }) }
        guard let shift = ["yesterday": -1, "today": 0, "tomorrow": 1][text.lowercased(index)] else { return nil }
        // `USA Today` is a newspaper.
        if text.tokens[index].isCapitalized, text.isWord(index - 1), text.tokens[index - 1].isCapitalized,
            text.sentence(of: index).lowerBound < index
        {
            return nil
        }
        guard let published else { return Expression(index, index + 1, nil) }
        return withTime(index, index + 1, published.adding(days: shift).description)
    }

    /// `summer 2024`, `in the spring of 2023`
    func season(_ index: Int) -> Expression? {
        let next = text.equals(index + 1, "of") ? index + 2 : index + 1
        guard let year = yearNumber(next), let code = seasonCode(text.lowercased(index)) else { return nil }
        return Expression(index, next + 1, "\(year)-\(code)")
    }

    /// `the summer`: the one of the year of publication, or the next or last one as the clause looks.
    func seasonOfPublication(_ index: Int) -> Expression? {
        guard let published, text.has(index - 2, .preposition), !text.isWord(index + 1) || text.has(index + 1, .function) else {
            return nil
        }
        return Expression(index, index + 1, season(text.lowercased(index), 0, published))
    }

    private func season(_ name: String, _ shift: Int, _ published: CalendarDate) -> String? {
        guard let code = seasonCode(name) else { return nil }
        // Meteorological seasons; a winter belongs to the year it begins in.
        let begins = ["SP": 3, "SU": 6, "FA": 9, "WI": 12][code] ?? 3
        let year =
            switch shift {
            case -1: begins + 2 < published.month ? published.year : published.year - 1
            case 1: begins > published.month ? published.year : published.year + 1
            default: published.year
            }
        return "\(year)-\(code)"
    }

    private func seasonCode(_ name: String) -> String? {
        ["spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"][name]
    }

    /// `third quarter`, `first half of 2024`
    func part(_ index: Int) -> Expression? {
        guard let number = ordinal(index), number <= 4 else { return nil }
        let next = text.equals(index + 1, "fiscal") || text.isDash(index + 1) ? index + 2 : index + 1
        let letter: String
        if text.equals(next, "quarter") {
            letter = "Q"
        } else if text.equals(next, "half"), number <= 2 {
            letter = "H"
        } else {
            return nil
        }
        let of = text.equalsAny(next + 1, ["of", "in"]) ? next + 2 : next + 1
        if let year = yearNumber(of) { return Expression(index, of + 1, "\(year)-\(letter)\(number)") }
        if text.equalsAny(of, ["last", "this", "next"]), text.equals(of + 1, "year"), let published {
            let shift = text.equals(of, "last") ? -1 : text.equals(of, "next") ? 1 : 0
            return Expression(index, of + 2, "\(published.year + shift)-\(letter)\(number)")
        }
        if letter == "H", !text.equals(of, "the") { return nil }
        guard let published else { return Expression(index, next + 1, "\(TimeValue.unknownYear)-\(letter)\(number)") }
        // The last such quarter that had begun.
        let begun = letter == "Q" ? (published.month + 2) / 3 : (published.month + 5) / 6
        let year = number > begun && !looksForward(index) ? published.year - 1 : published.year
        return Expression(index, next + 1, "\(year)-\(letter)\(number)")
    }

    /// `Q3 2024`
    func quarterName(_ index: Int) -> Expression? {
        guard text.tokens[index].count == 2, text.bytes[text.tokens[index].start] == UInt8(ascii: "Q") else { return nil }
        let digit = text.bytes[text.tokens[index].start + 1]
        guard 0x31...0x34 ~= digit else { return nil }
        guard let year = yearNumber(index + 1) else {
            guard let published else { return Expression(index, index + 1, "\(TimeValue.unknownYear)-Q\(digit - 0x30)") }
            let year = Int(digit - 0x30) > (published.month + 2) / 3 && !looksForward(index) ? published.year - 1 : published.year
            return Expression(index, index + 1, "\(year)-Q\(digit - 0x30)")
        }
        return Expression(index, index + 2, "\(year)-Q\(digit - 0x30)")
    }

    /// Feasts whose day is fixed or computed.
    func holiday(_ index: Int) -> Expression? {
        guard text.tokens[index].isCapitalized else { return nil }
        let year = yearNumber(index + 1) ?? yearNumber(index + 2)
        var end = index + 1
        var fixed: (month: Int, day: Int)?
        if text.equals(index, "christmas") {
            fixed = (12, 25)
            if text.equals(end, "eve") { (fixed, end) = ((12, 24), end + 1) } else if text.equals(end, "day") { end += 1 }
        } else if text.equals(index, "new"), text.equals(index + 1, "year"), text.equalsAny(index + 3, ["eve", "day"]) {
            fixed = text.equals(index + 3, "eve") ? (12, 31) : (1, 1)
            end = index + 4
        } else if text.equals(index, "halloween") {
            fixed = (10, 31)
        } else if text.equals(index, "easter"), !text.equals(end, "island") {
            if text.equalsAny(end, ["sunday", "monday"]) { end += 1 }
            guard let base = year ?? published?.year, let easter = CalendarDate.easter(base) else { return nil }
            let day = text.equals(end - 1, "monday") ? easter.adding(days: 1) : easter
            return Expression(index, year == nil ? end : end + 1, day.description)
        } else if text.equals(index, "thanksgiving") {
            guard let base = year ?? published.map({ $0.month < 6 && !looksForward(index) ? $0.year - 1 : $0.year }) else {
                return nil
            }
            guard let first = CalendarDate(year: base, month: 11, day: 1) else { return nil }
            return Expression(index, end, first.adding(days: (4 - first.weekday + 7) % 7 + 21).description)
        }
        guard let fixed else { return nil }
        if let year, yearNumber(end) != nil { return Expression(index, end + 1, TimeValue.day(year, fixed.month, fixed.day)) }
        return Expression(index, end, TimeValue.day(resolvedYear(fixed.month, fixed.day, at: index), fixed.month, fixed.day))
    }
}
