import HeadwaterPluginKit

/// Gives values to expressions that count from a date told before: `the following month`, `that same year`, `two days later`.
struct DateReference {
    let text: AnnotatedText
    let published: CalendarDate?

    /// - Parameter times: all expressions, in text order; those without a value get one where the sentence or the one before it
    ///   names a date to count from.
    func resolve(_ times: inout [DateFinder.Expression]) {
        var anchor: (date: CalendarDate, sentence: Int)?
        for number in times.indices {
            let time = times[number]
            let sentence = text.sentenceIndex(of: time.tokens.lowerBound)
            if let known = anchor, sentence - known.sentence > 2 { anchor = nil }
            if let anchor, let value = value(of: time, from: anchor.date) {
                times[number].value = value.value
                times[number].anchor = anchor.date
                times[number].type = .date
                times[number].tokens = time.tokens.lowerBound..<value.end
            }
            if times[number].type == .date, let value = times[number].value, let date = day(of: value) {
                anchor = (date, sentence)
            }
        }
    }

    /// The first day of what a value names: a day, a month or a year.
    private func day(of value: String) -> CalendarDate? {
        if let date = CalendarDate(iso: value) { return date }
        guard !value.utf8.contains(UInt8(ascii: "W")), !value.utf8.contains(UInt8(ascii: "Q")) else { return nil }
        if value.utf8.count == 7 { return CalendarDate(iso: value + "-01") }
        return value.utf8.count == 4 ? CalendarDate(iso: value + "-01-01") : nil
    }

    private func value(of time: DateFinder.Expression, from anchor: CalendarDate) -> (value: String, end: Int)? {
        let (first, end) = (time.tokens.lowerBound, time.tokens.upperBound)
        // `two days later`, `a year earlier`
        if time.type == .duration, let length = time.value, text.equalsAny(end, ["later", "earlier", "afterwards"]),
            !text.equals(end + 1, "than")
        {
            let sign = text.equals(end, "earlier") ? -1 : 1
            return moved(anchor, by: length, sign).map { ($0, end + 1) }
        }
        // `earlier in the day`, `later that day`
        if text.equalsAny(first, ["earlier", "later"]), text.equals(end - 1, "day"), text.equalsAny(end - 2, ["the", "that"]) {
            return (anchor.description, end)
        }
        guard time.value == nil, end - first >= 2 else { return nil }
        let shift: Int
        switch text.lowercased(end - 2) {
        case "same": shift = 0
        case "following", "next": shift = 1
        case "previous": shift = -1
        default: return nil
        }
        switch text.lowercased(end - 1) {
        case "day": return (anchor.adding(days: shift).description, end)
        case "week": return (TimeValue.week(of: anchor.adding(days: 7 * shift)), end)
        case "month":
            let (year, month) = anchor.month(adding: shift)
            return (TimeValue.month(year, month), end)
        case "year": return (TimeValue.year(anchor.year + shift), end)
        case "morning": return (anchor.adding(days: shift).description + "TMO", end)
        case "afternoon": return (anchor.adding(days: shift).description + "TAF", end)
        case "evening": return (anchor.adding(days: shift).description + "TEV", end)
        case "night": return (anchor.adding(days: shift).description + "TNI", end)
        default: return nil
        }
    }

    /// The day, week, month or year that lies a length (`P2D`, `P1Y`) away.
    private func moved(_ anchor: CalendarDate, by length: String, _ sign: Int) -> String? {
        let bytes = Array(length.utf8)
        guard bytes.count > 2, bytes[0] == UInt8(ascii: "P"), let unit = bytes.last,
            let count = Decimal(reading: bytes[1..<bytes.count - 1])?.integer, count <= 5000
        else { return nil }
        switch unit {
        case UInt8(ascii: "D"): return anchor.adding(days: sign * count).description
        case UInt8(ascii: "W"): return TimeValue.week(of: anchor.adding(days: 7 * sign * count))
        case UInt8(ascii: "M"):
            let (year, month) = anchor.month(adding: sign * count)
            return year > 0 ? TimeValue.month(year, month) : nil
        case UInt8(ascii: "Y"): return 1...9999 ~= anchor.year + sign * count ? TimeValue.year(anchor.year + sign * count) : nil
        default: return nil
        }
    }
}
