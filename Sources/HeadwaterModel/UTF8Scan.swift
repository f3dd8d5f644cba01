/// One look at UTF-8 bytes: the well-formed character or the malformed part that starts there.
public enum UTF8Scan {
    public enum Step: Equatable {
        case valid(length: Int)
        /// The longest start of a character that no byte can complete (Unicode, section 3.9, table 3-8); at least 1.
        case malformed(length: Int)
    }

    public static func step(_ bytes: [UInt8], _ index: Int) -> Step {
        let first = bytes[index]
        if first < 0x80 { return .valid(length: 1) }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return .malformed(length: 1)
        }
        for position in 1..<length {
            let allowed = position == 1 ? second : 0x80...0xBF
            guard index + position < bytes.count, allowed.contains(bytes[index + position]) else {
                return .malformed(length: position)
            }
        }
        return .valid(length: length)
    }

    /// The offset of the first malformed byte, if there is one.
    public static func firstMalformed(_ bytes: [UInt8]) -> Int? {
        var index = 0
        while true {
            index = endOfASCII(bytes, from: index)
            if index == bytes.count { return nil }
            guard case .valid(let length) = step(bytes, index) else { return index }
            index += length
        }
    }

    /// Where the first byte that is not ASCII stands, or the end. Most text is ASCII: eight of its bytes at once need no
    /// more than a glance.
    public static func endOfASCII(_ bytes: [UInt8], from start: Int) -> Int {
        bytes.withUnsafeBytes { buffer in
            var index = start
            while index + 8 <= buffer.count {
                let word = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let high = word & 0x8080_8080_8080_8080
                if high != 0 { return index + high.trailingZeroBitCount / 8 }
                index += 8
            }
            while index < buffer.count && buffer[index] < 0x80 { index += 1 }
            return index
        }
    }

    /// Whether a character starts at `index`, or the text ends there.
    public static func isBoundary(_ bytes: [UInt8], _ index: Int) -> Bool {
        index >= bytes.count || bytes[index] & 0xC0 != 0x80
    }
}
