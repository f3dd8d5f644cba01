import HeadwaterModel

/// A `Retry-After` header's value (RFC 9110, section 10.2.3): seconds, or the date when to ask again.
package enum RetryAfter {
    /// Seconds from `now`, in seconds since 1970; nil for what is neither. A date that has passed is 0.
    package static func seconds(_ value: String, now: Int) -> Int? {
        let value = ASCII.trimmed(Array(value.utf8)[...])
        if !value.isEmpty, value.allSatisfy({ 0x30...0x39 ~= $0 }) {
            // More digits than any server means.
            return value.count > 9 ? 1_000_000_000 : number(value)
        }
        return HTTPDate.seconds(value).map { max(0, $0 - now) }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
}

/// The three forms of a date in HTTP (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Seconds since 1970; nil for what is no date. A year of two digits is one from 1970 to 2069.
    static func seconds(_ text: ArraySlice<UInt8>) -> Int? {
        var time: [Int]?
        var month: Int?
        var numbers: [(value: Int, digits: Int)] = []
        let words = text.split { $0 == 0x20 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "-") }
        guard words.count <= 8 else { return nil }
        for word in words {
            if word.contains(UInt8(ascii: ":")) {
                let parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(number)
                guard time == nil, parts.count == 3, parts.allSatisfy({ $0 != nil }) else { return nil }
                time = parts.compactMap { $0 }
            } else if let value = number(word) {
                numbers.append((value, word.count))
            } else if let index = months.firstIndex(of: String(decoding: word.prefix(3).map(ASCII.lowercased), as: UTF8.self)) {
                month = month ?? index + 1
            }
        }
        guard let time, let month, numbers.count == 2, time[0] < 24, time[1] < 60, time[2] <= 60 else { return nil }
        let day = numbers[0].value
        let short = numbers[1].digits == 2
        let year = short ? numbers[1].value + (numbers[1].value < 70 ? 2000 : 1900) : numbers[1].value
        guard (1...31).contains(day), (1970...9999).contains(year) else { return nil }
        return CivilDate(year: year, month: month, day: day).daysSince1970 * 86400 + time[0] * 3600 + time[1] * 60 + time[2]
    }

    private static func number(_ word: ArraySlice<UInt8>) -> Int? {
        guard !word.isEmpty, word.count <= 4, word.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return word.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
