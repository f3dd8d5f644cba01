/// Base64 with padding (RFC 4648, section 4): how bytes that are no text travel in messages. Foundation's reader is not
/// used, since a stage in Swift should not need all of Foundation for it.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 0xFF, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            for position in 0..<4 {
                out.append(position <= count ? digits[Int(group >> (18 - 6 * UInt32(position)) & 63)] : UInt8(ascii: "="))
            }
            index += count
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Nil for anything that `encode` does not write: wrong length, other characters, bits that no byte holds.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(text.count / 4 * 3)
        var index = 0
        while index < text.count {
            let isLast = index + 4 == text.count
            let padding = !isLast ? 0 : text[index + 3] != UInt8(ascii: "=") ? 0 : text[index + 2] != UInt8(ascii: "=") ? 1 : 2
            var group: UInt32 = 0
            for position in 0..<4 {
                let value: UInt8 = position < 4 - padding ? values[Int(text[index + position])] : 0
                guard value < 64 else { return nil }
                group = group << 6 | UInt32(value)
            }
            guard padding == 0 || group & (padding == 1 ? 0xFF : 0xFFFF) == 0 else { return nil }
            for position in 0..<3 - padding { out.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * UInt32(position)))) }
            index += 4
        }
        return out
    }
}
