import HeadwaterModel

/// Tells what a report says of earlier times from its news: sentences whose dates lie well before their document's
/// publication, and documents that are well older than the newest.
struct Background {
    /// From so many days on something is background.
    private static let days = 30

    private let candidates: Candidates
    /// When each document was published.
    private let published: [Int?]
    private let newest: Int?

    init(_ candidates: Candidates) {
        self.candidates = candidates
        published = candidates.documents.map { Background.lastDay(of: $0.published) }
        newest = published.compactMap { $0 }.max()
    }

    func isOld(_ index: Int) -> Bool {
        let candidate = candidates.all[index]
        guard let newest, let day = published[candidate.document] else { return false }
        if newest - day > Background.days { return true }
        let dates = candidate.sentence.dates.compactMap { Background.lastDay(of: $0.value) }
        return dates.max().map { day - $0 > Background.days } ?? false
    }

    /// The last day that a date in ISO 8601 can mean, counted from 1970; nil where it is none.
    static func lastDay(of date: String) -> Int? {
        let parts = date.prefix { $0 != "T" && $0 != " " }.split(separator: "-", maxSplits: 2).map { Int($0) }
        guard let first = parts.first, let year = first, (1...9999).contains(year) else { return nil }
        let month = parts.count > 1 ? parts[1] ?? 12 : 12
        guard (1...12).contains(month) else { return nil }
        if parts.count > 2, let day = parts[2] {
            return (1...31).contains(day) ? CivilDate(year: year, month: month, day: day).daysSince1970 : nil
        }
        let next = month == 12 ? CivilDate(year: year + 1, month: 1, day: 1) : CivilDate(year: year, month: month + 1, day: 1)
        return next.daysSince1970 - 1
    }
}
