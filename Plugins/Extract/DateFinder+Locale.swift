import HeadwaterPluginKit

/// Dates in languages other than English: a day and a month by name, with a year or without.
extension DateFinder {
    /// `14. März 2025`, `14 de marzo de 2025`, `14 marca`, `1er mars`, `2025. március 14.`
    func localDate(_ index: Int) -> Expression? {
        guard !locale.months.isEmpty else { return nil }
        if let year = yearNumber(index) {
            // Hungarian writes the year first.
            let next = text.mark(index + 1) == UInt8(ascii: ".") ? index + 2 : index + 1
            guard let month = month(next), let day = dayNumber(next + 1) else { return nil }
            return calendarDay(index, day.end, year, month, day.value)
        }
        guard let day = localDay(index) else { return nil }
        var cursor = day.end
        if text.equalsAny(cursor, DateLocale.joints) { cursor += 1 }
        guard let month = month(cursor) else { return nil }
        cursor += 1
        var next = cursor
        if text.mark(next) == UInt8(ascii: "."), text.touches(next - 1, next) { next += 1 }
        if text.isComma(next) || text.equalsAny(next, DateLocale.joints) { next += 1 }
        if let year = yearNumber(next) { return calendarDay(index, next + 1, year, month, day.value) }
        guard day.value <= CalendarDate.days(in: month, of: 2024) else { return nil }
        return Expression(index, cursor, TimeValue.day(nearestYear(month, day.value), month, day.value))
    }

    /// `März 2025`, `marzo de 2025`
    func localMonth(_ index: Int) -> Expression? {
        guard let month = month(index) else { return nil }
        let next = text.equalsAny(index + 1, DateLocale.joints) ? index + 2 : index + 1
        return yearNumber(next).map { Expression(index, next + 1, TimeValue.month($0, month)) }
    }

    private func month(_ index: Int) -> Int? {
        guard text.isWord(index), text.tokens[index].count <= 32 else { return nil }
        let word = text.lowercased(index)
        // Capitals beyond Latin-1 are not lowered by the lexicon's rule.
        return locale.months[word] ?? (text.tokens[index].isCapitalized ? locale.months[word.lowercased()] : nil)
    }

    /// A day of the month: `14`, `14.`, `1er`, `1º`
    private func localDay(_ index: Int) -> (value: Int, end: Int)? {
        guard text.isNumber(index), text.tokens[index].count <= 2, let day = integer(index), 1...31 ~= day else { return nil }
        let next = index + 1
        if text.mark(next) == UInt8(ascii: "."), text.touches(index, next) { return (day, next + 1) }
        if text.touches(index, next), text.isWord(next) {
            return text.equalsAny(next, ["er", "º", "a", "o"]) ? (day, next + 1) : nil
        }
        return (day, next)
    }

    private func calendarDay(_ start: Int, _ end: Int, _ year: Int, _ month: Int, _ day: Int) -> Expression? {
        CalendarDate(year: year, month: month, day: day).map { Expression(start, end, $0.description) }
    }

    /// The year that puts the day nearest to publication, since verbs of other languages are not read.
    private func nearestYear(_ month: Int, _ day: Int) -> Int? {
        guard let published else { return nil }
        return (published.year - 1...published.year + 1).min { a, b in
            distance(a, month, day, published) < distance(b, month, day, published)
        }
    }

    private func distance(_ year: Int, _ month: Int, _ day: Int, _ from: CalendarDate) -> Int {
        CalendarDate(year: year, month: month, day: day).map { abs($0.daysSinceEpoch - from.daysSinceEpoch) } ?? Int.max
    }

    /// Whether a text's own dates show which of two numbers is the month: where one of them is more than twelve.
    static func showsMonthFirst(_ text: AnnotatedText) -> Bool? {
        for index in text.tokens.indices where text.tokens[index].kind == .number && text.tokens[index].count <= 2 {
            guard text.mark(index + 1) == UInt8(ascii: "/"), text.mark(index + 3) == UInt8(ascii: "/"), text.isNumber(index + 2),
                text.isNumber(index + 4), text.tokens[index + 4].count == 4, text.touches(index, index + 1),
                text.touches(index + 3, index + 4), let first = Decimal(reading: text.bytes[text.tokens[index].range])?.integer,
                let second = Decimal(reading: text.bytes[text.tokens[index + 2].range])?.integer, (first > 12) != (second > 12)
            else { continue }
            return second > 12
        }
        return nil
    }
}
