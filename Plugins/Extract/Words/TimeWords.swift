/// Words of calendar and clock.
enum TimeWords {
    static let months = """
        january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec
        """
    static let weekdays = "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
    static let units = """
        second seconds minute minutes hour hours day days night nights week weeks weekend weekends month months quarter quarters year years decade decades century centuries \
        fortnight fortnights semester millennium millennia
        """
    static let seasons = "spring summer autumn fall winter"
    static let dayParts = "morning afternoon evening night noon midnight midday dawn dusk"
    static let modifiers =
        "last next this past previous coming following early late mid earlier later end beginning start middle current same upcoming every each"
    /// Words that turn a clause to the future.
    static let future =
        "will shall expected scheduled due plans planned upcoming 'll won't going slated aims hopes expects promises promised intends intended"

    /// 1 for January to 12.
    static func month(_ word: String) -> Int? { monthNumbers[String(word.prefix(3))] }

    /// 1 for Monday to 7, as ISO 8601 counts.
    static func weekday(_ word: String) -> Int? { weekdayNumbers[String(word.prefix(3))] }

    private static let monthNumbers: [String: Int] = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
    ]
    private static let weekdayNumbers: [String: Int] = ["mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7]
}
