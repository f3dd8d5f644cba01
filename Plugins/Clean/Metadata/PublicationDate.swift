/// When a page was published, as ISO 8601 writes it.
enum PublicationDate {
    /// A machine-readable value: a date or date-time as given, or a written date; nil for anything else.
    static func iso(_ value: String) -> String? {
        let bytes = Array(value.utf8)
        if let end = isoEnd(bytes) { return String(decoding: bytes[..<end], as: UTF8.self) }
        return WrittenDate(in: bytes)?.iso
    }

    /// Where the ISO 8601 date or date-time at the start of `bytes` ends.
    private static func isoEnd(_ bytes: [UInt8]) -> Int? {
        func digits(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[start..<start + count] {
                guard ASCII.isDigit(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        func has(_ index: Int, _ byte: UInt8) -> Bool { index < bytes.count && bytes[index] == byte }
        let dash = UInt8(ascii: "-")
        let colon = UInt8(ascii: ":")
        guard let year = digits(0, 4), has(4, dash), let month = digits(5, 2), has(7, dash), let day = digits(8, 2),
            (1900...2099).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        guard has(10, UInt8(ascii: "T")), let hour = digits(11, 2), hour < 25, has(13, colon), digits(14, 2) != nil else {
            return 10
        }
        var end = 16
        if has(end, colon), digits(end + 1, 2) != nil {
            end += 3
            if has(end, UInt8(ascii: ".")) {
                var cursor = end + 1
                while cursor < bytes.count, ASCII.isDigit(bytes[cursor]) { cursor += 1 }
                if cursor > end + 1 { end = cursor }
            }
        }
        if has(end, UInt8(ascii: "Z")) { return end + 1 }
        if has(end, UInt8(ascii: "+")) || has(end, dash), digits(end + 1, 2) != nil {
            if has(end + 3, colon), digits(end + 4, 2) != nil { return end + 6 }
            if digits(end + 3, 2) != nil { return end + 5 }
        }
        return end
    }

    /// The date in the path of an address ("/2025/03/15/", "/2025-03-15/").
    static func inAddress(_ address: String) -> String? {
        let parts = address.utf8.split(separator: UInt8(ascii: "/"))
        for part in parts where part.count == 10 {
            if let date = iso(String(decoding: part, as: UTF8.self)) { return date }
        }
        for index in parts.indices.dropLast(2) {
            let numbers = parts[index..<index + 3].map { part in
                part.allSatisfy(ASCII.isDigit) ? Int(String(decoding: part, as: UTF8.self)) : nil
            }
            if let year = numbers[0], let month = numbers[1], let day = numbers[2], (1990...2099).contains(year),
                (1...12).contains(month), (1...31).contains(day)
            {
                return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
            }
        }
        return nil
    }
}
