import HeadwaterModel

/// When a document was published, as far as its `published` field tells: seconds since 1970, UTC.
///
/// Reads ISO 8601 as `clean` writes it: `2025-03`, `2025-03-14`, `2025-03-14T09:30`, `…:00Z`, `…+02:00`. A date
/// without a time counts from its first second, a time without a zone as UTC.
struct PublicationTime {
    let seconds: Int

    init?(_ text: String) {
        var digits = ISODigits(Array(text.utf8))
        guard let year = digits.number(4) else { return nil }
        var (month, day, time) = (1, 1, 0)
        if digits.skip("-"), let value = digits.number(2), (1...12).contains(value) {
            month = value
            if digits.skip("-"), let value = digits.number(2), (1...31).contains(value) {
                day = value
                if digits.skip("T") || digits.skip(" ") { time = digits.secondsOfDay() }
            }
        }
        seconds = CivilDate(year: year, month: month, day: day).daysSince1970 * 86_400 + time
    }
}

/// Reads fixed-width numbers from an ISO 8601 text.
private struct ISODigits {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number(_ width: Int) -> Int? {
        guard index + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<index + width] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        index += width
        return value
    }

    mutating func skip(_ character: Character) -> Bool {
        guard index < bytes.count, bytes[index] == character.asciiValue else { return false }
        index += 1
        return true
    }

    /// `09:30:15.250+02:00`, read as far as it goes; the zone's offset is taken off.
    mutating func secondsOfDay() -> Int {
        guard let hour = number(2) else { return 0 }
        var seconds = hour * 3600
        if skip(":"), let minute = number(2) {
            seconds += minute * 60
            if skip(":"), let second = number(2) { seconds += second }
            if skip(".") { while number(1) != nil {} }
        }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        if sign != 0, let hours = number(2) {
            seconds -= sign * hours * 3600
            _ = skip(":")
            if let minutes = number(2) { seconds -= sign * minutes * 60 }
        }
        return seconds
    }
}
