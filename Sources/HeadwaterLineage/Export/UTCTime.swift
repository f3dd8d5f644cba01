import HeadwaterModel

/// How exports write a moment: ISO 8601 in UTC with milliseconds, `2031-04-08T09:15:00.000Z`, which is an `xsd:dateTime` and
/// an RFC 3339 date-time.
enum UTCTime {
    private static let day = 86_400_000

    /// - Parameter milliseconds: since 1970; not negative.
    static func text(_ milliseconds: Int) -> String {
        let date = CivilDate(daysSince1970: milliseconds / day)
        let time = milliseconds % day
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let clock = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(clock).\(padded(time % 1000, 3))Z"
    }
}
