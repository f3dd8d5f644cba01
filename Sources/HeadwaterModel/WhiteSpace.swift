/// White space in UTF-8 text: the characters of Unicode's White_Space property.
public enum WhiteSpace {
    /// How many bytes the white space character at `index` takes; 0 if there is none.
    public static func length(_ bytes: [UInt8], _ index: Int) -> Int {
        guard index < bytes.count else { return 0 }
        switch bytes[index] {
        case 0x09...0x0D, 0x20: return 1
        case 0xC2:
            // U+0085 and U+00A0
            guard index + 1 < bytes.count else { return 0 }
            return bytes[index + 1] == 0x85 || bytes[index + 1] == 0xA0 ? 2 : 0
        case 0xE1: return matches(bytes, index, 0x9A, 0x80...0x80) ? 3 : 0  // U+1680
        case 0xE2:
            // U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F
            if matches(bytes, index, 0x80, 0x80...0x8A) || matches(bytes, index, 0x80, 0xA8...0xA9) { return 3 }
            return matches(bytes, index, 0x80, 0xAF...0xAF) || matches(bytes, index, 0x81, 0x9F...0x9F) ? 3 : 0
        case 0xE3: return matches(bytes, index, 0x80, 0x80...0x80) ? 3 : 0  // U+3000
        default: return 0
        }
    }

    /// The end of the run of white space that starts at `index`.
    public static func end(_ bytes: [UInt8], from index: Int) -> Int {
        var index = index
        while true {
            let length = length(bytes, index)
            if length == 0 { return index }
            index += length
        }
    }

    /// Each run of white space as one space.
    static func collapsed(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let end = end(bytes, from: index)
            if end > index {
                out.append(0x20)
                index = end
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return out
    }

    private static func matches(_ bytes: [UInt8], _ index: Int, _ second: UInt8, _ third: ClosedRange<UInt8>) -> Bool {
        index + 2 < bytes.count && bytes[index + 1] == second && third.contains(bytes[index + 2])
    }
}
