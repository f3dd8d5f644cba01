import HeadwaterModel
import Testing

@Suite("Days of the calendar")
struct CivilDateTests {
    @Test("days follow each other without a gap, by the calendar's own rule, over two eras of 400 years")
    func successors() {
        var date = CivilDate(year: 1599, month: 1, day: 1)
        let first = date.daysSince1970
        for number in first...first + 2 * 146_097 {
            guard date.daysSince1970 == number, CivilDate(daysSince1970: number) == date else {
                Issue.record("\(date) is not day \(number)")
                return
            }
            let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
            let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][date.month - 1]
            if date.day < days {
                date.day += 1
            } else {
                date = CivilDate(year: date.month == 12 ? date.year + 1 : date.year, month: date.month % 12 + 1, day: 1)
            }
        }
        #expect(date == CivilDate(year: 2399, month: 1, day: 2))
    }

    @Test("day 0 is 1970-01-01, and days before the year 0 are there as well")
    func landmarks() {
        #expect(CivilDate(year: 1970, month: 1, day: 1).daysSince1970 == 0)
        #expect(CivilDate(year: 2000, month: 2, day: 29).daysSince1970 == 11_016)
        for days in [-719_469, -719_468, -719_467, -1_000_000, -146_097 * 9 - 1] {
            #expect(CivilDate(daysSince1970: days).daysSince1970 == days)
        }
    }
}
