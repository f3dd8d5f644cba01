import HeadwaterModel

/// A day of the Gregorian calendar, with the arithmetic that expressions of time need.
struct CalendarDate: Hashable {
    var year: Int
    var month: Int
    var day: Int

    /// Nil where the calendar has no such day, or the year is outside 1 to 9999.
    init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, 1...CalendarDate.days(in: month, of: year) ~= day else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Reads the start of an ISO 8601 date or date and time: `2025-03-14`, `2025-03-14T11:40:00+01:00`.
    init?(iso text: String) {
        let bytes = Array(text.utf8.prefix(10))
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = Decimal(reading: bytes[0..<4])?.integer, let month = Decimal(reading: bytes[5..<7])?.integer,
            let day = Decimal(reading: bytes[8..<10])?.integer
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    init(daysSinceEpoch days: Int) {
        let date = CivilDate(daysSince1970: days)
        (year, month, day) = (date.year, date.month, date.day)
    }

    var daysSinceEpoch: Int { CivilDate(year: year, month: month, day: day).daysSince1970 }

    /// 1 for Monday to 7.
    var weekday: Int { (((daysSinceEpoch + 3) % 7) + 7) % 7 + 1 }

    func adding(days: Int) -> CalendarDate { CalendarDate(daysSinceEpoch: daysSinceEpoch + days) }

    /// The month that lies `months` away.
    func month(adding months: Int) -> (year: Int, month: Int) {
        let index = year * 12 + month - 1 + months
        return (index / 12, index % 12 + 1)
    }

    /// The ISO week that holds the day: the one of its Thursday.
    var isoWeek: (year: Int, week: Int) {
        let thursday = adding(days: 4 - weekday)
        let first = CalendarDate.firstDay(of: thursday.year)
        return (thursday.year, (thursday.daysSinceEpoch - first) / 7 + 1)
    }

    /// Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, "Astronomical Algorithms", 1991).
    static func easter(_ year: Int) -> CalendarDate? {
        let (a, b, c) = (year % 19, year / 100, year % 100)
        let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
        let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
        let m = (a + 11 * h + 22 * l) / 451
        return CalendarDate(year: year, month: (h + l - 7 * m + 114) / 31, day: (h + l - 7 * m + 114) % 31 + 1)
    }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func firstDay(of year: Int) -> Int {
        CalendarDate(year: year, month: 1, day: 1)?.daysSinceEpoch ?? 0
    }
}

extension CalendarDate: CustomStringConvertible {
    var description: String { TimeValue.day(year, month, day) }
}

/// How TIMEX3 (TimeML 1.2.1) writes points and lengths of time.
enum TimeValue {
    /// A year that the text does not tell. TIMEX3 puts an `X` for each digit of a date that is not known (Saurí and others,
    /// "TimeML Annotation Guidelines, Version 1.2.1", 2006, on the attribute `value` of TIMEX3; so too ISO 24617-1, ISO-TimeML).
    static let unknownYear = "XXXX"
    /// A week of the year, likewise: `XXXX-WXX-5` is some Friday.
    static let unknownWeek = "WXX"
    /// A month and a day within it, likewise: `XXXX-XX-XXTMO` is some morning.
    static let unknownMonthAndDay = "XX-XX"

    /// A weekday of a week that the text does not tell, 1 for Monday to 7.
    static func weekday(_ number: Int) -> String { "\(unknownYear)-\(unknownWeek)-\(number)" }
    static func day(_ year: Int?, _ month: Int, _ day: Int) -> String { "\(self.year(year))-\(padded(month))-\(padded(day))" }
    static func month(_ year: Int?, _ month: Int) -> String { "\(self.year(year))-\(padded(month))" }
    static func week(of date: CalendarDate) -> String { "\(date.isoWeek.year)-W\(padded(date.isoWeek.week))" }
    static func year(_ year: Int?) -> String {
        guard let year else { return unknownYear }
        let text = String(year)
        return String(repeating: "0", count: max(0, 4 - text.count)) + text
    }

    /// Ten years by their first three digits: `199X`.
    static func decade(of year: Int) -> String { String(self.year(year).prefix(3)) + "X" }

    static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
