import HeadwaterPluginKit

/// Finds dates that cannot be as they are written: a weekday that the day is not, a year that is most likely another.
struct DateConsistency {
    let text: AnnotatedText
    let published: CalendarDate?

    /// What is wrong with a date that names its day, in words; nil where nothing is.
    func fault(of time: DateFinder.Expression) -> String? {
        guard time.type == .date, let value = time.value, let date = CalendarDate(iso: value) else { return nil }
        if let fault = weekdayFault(time.tokens, date) { return fault }
        return yearFault(time.tokens, date)
    }

    /// `Friday, March 14, 2024`: that day is a Thursday.
    private func weekdayFault(_ tokens: Range<Int>, _ date: CalendarDate) -> String? {
        guard let first = tokens.first, text.has(first, .weekday), tokens.contains(where: { text.isNumber($0) }),
            let written = TimeWords.weekday(text.lowercased(first)), written != date.weekday
        else { return nil }
        var reason = "\(date) is a \(Self.names[date.weekday - 1])"
        if let published, published.year != date.year,
            let meant = CalendarDate(year: published.year, month: date.month, day: date.day), meant.weekday == written
        {
            reason += ", \(meant) a \(Self.names[written - 1])"
        }
        return reason
    }

    /// A day within a week of publication but for its year, in a sentence that looks back on no year.
    private func yearFault(_ tokens: Range<Int>, _ date: CalendarDate) -> String? {
        guard let published, abs(published.year - date.year) == 1,
            tokens.contains(where: { text.isNumber($0) && text.tokens[$0].count == 4 }),
            let meant = CalendarDate(year: published.year, month: date.month, day: date.day),
            abs(meant.daysSinceEpoch - published.daysSinceEpoch) <= 7
        else { return nil }
        let looksBack = text.sentence(of: tokens.lowerBound).contains {
            !tokens.contains($0)
                && (text.equalsAny($0, ["ago", "year", "years", "anniversary", "annual", "since", "earlier"])
                    || text.isNumber($0) && text.tokens[$0].count == 4)
        }
        return looksBack ? nil : "the page is of \(published)"
    }

    private static let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
}
