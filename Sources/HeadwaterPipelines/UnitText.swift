/// A whole number with its unit, such as `30s` or `2GiB`.
enum UnitText {
    /// Milliseconds in each unit of time.
    static let times: [(name: String, size: Int)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Bytes in each unit of memory, by IEC 80000-13 and the SI.
    static let sizes: [(name: String, size: Int)] = [
        ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20),
        ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]

    /// The number in the smallest unit; nil for anything but digits and one of the units, for 0, and for what is too large.
    static func value(of text: String, in units: [(name: String, size: Int)]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0, let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit.size)
        return isTooLarge || product > largest ? nil : product
    }

    /// More than any machine has, and small enough to be added and doubled.
    private static let largest = 1 << 53
}
