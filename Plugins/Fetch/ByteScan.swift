import Glibc

/// Looks through bytes for those that decide what they are, many at a glance.
enum ByteScan {
    /// Whether this byte is among them, or among so many first ones.
    static func contains(_ byte: UInt8, _ bytes: [UInt8], within limit: Int = .max) -> Bool {
        bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map { memchr($0, Int32(byte), min(buffer.count, limit)) != nil } ?? false
        }
    }

    /// How many of so many first bytes are ones that text does not hold: controls without tab, line feed, form feed,
    /// carriage return and escape (WHATWG MIME Sniffing, section 3, "binary data byte").
    static func binaryCount(_ bytes: [UInt8], within limit: Int) -> Int {
        bytes.withUnsafeBytes { buffer in
            let end = min(buffer.count, limit)
            var count = 0
            var index = 0
            while index < end {
                // Eight bytes none of which is below 0x20 hold none. (Bit tricks after Warren, "Hacker's Delight", 6-1;
                // a borrow may make it look where there is nothing.)
                if index + 8 <= end {
                    let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    if (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080 == 0 {
                        index += 8
                        continue
                    }
                }
                let stop = min(index + 8, end)
                while index < stop {
                    let byte = buffer[index]
                    if byte < 0x20 { count += Int(binary >> UInt32(byte) & 1) }
                    index += 1
                }
            }
            return count
        }
    }

    /// A bit for each byte below 0x20 that text does not hold.
    private static let binary: UInt32 = ~(1 << 0x09 | 1 << 0x0A | 1 << 0x0C | 1 << 0x0D | 1 << 0x1B)
}
