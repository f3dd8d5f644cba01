/// A day of the Gregorian calendar, reckoned backwards and forwards without end, and its number counted from 1970-01-01.
///
/// Both ways by Howard Hinnant's algorithms ("chrono-compatible low-level date algorithms": `days_from_civil` and
/// `civil_from_days`). Knows nothing of texts: whoever reads a date checks that the calendar has it.
public struct CivilDate: Hashable, Sendable {
    /// Within a thousand million of 0, so that nothing overflows.
    public var year: Int
    /// 1 to 12.
    public var month: Int
    /// From 1.
    public var day: Int

    public init(year: Int, month: Int, day: Int) { (self.year, self.month, self.day) = (year, month, day) }

    /// - Parameter days: within 365,000 million of 0.
    public init(daysSince1970 days: Int) {
        let shifted = days + CivilDate.daysFromYear0
        let era = CivilDate.quotient(shifted, by: CivilDate.daysOfEra)
        let dayOfEra = shifted - era * CivilDate.daysOfEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Negative before 1970.
    public var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = CivilDate.quotient(shiftedYear, by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * CivilDate.daysOfEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - CivilDate.daysFromYear0
    }

    /// An era is 400 years, after which the calendar repeats itself; years begin in March, so that a leap day is a year's last.
    private static let daysOfEra = 146_097
    /// From 1 March of the year 0 to 1970-01-01.
    private static let daysFromYear0 = 719_468

    /// Rounded down, also below 0.
    private static func quotient(_ value: Int, by divisor: Int) -> Int {
        (value >= 0 ? value : value - (divisor - 1)) / divisor
    }
}
