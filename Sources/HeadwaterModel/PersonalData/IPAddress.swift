/// An address of the Internet Protocol as text: dotted decimals without leading zeros (RFC 6943, section 3.1.1, the strict
/// form), or groups of hexadecimal digits (RFC 4291, section 2.2).
enum IPAddress {
    static func spans(_ bytes: [UInt8]) -> Bool { isVersion4(bytes[...]) || isVersion6(bytes[...]) }

    static func ranges(in text: [UInt8]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var index = 0
        while index < text.count {
            guard isPart(text[index]), text[index] != UInt8(ascii: ".") else {
                index += 1
                continue
            }
            var end = index
            while end < text.count, isPart(text[end]) { end += 1 }
            if let range = address(text, in: index..<end) { out.append(range) }
            index = end
        }
        return out
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        PlainByte.isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    /// The address that a run of digits and marks is, apart from the mark of a sentence behind it and from a port.
    private static func address(_ text: [UInt8], in run: Range<Int>) -> Range<Int>? {
        if run.lowerBound > 0, isWordLike(text[run.lowerBound - 1]) { return nil }
        if run.upperBound < text.count, isWordLike(text[run.upperBound]) { return nil }
        var end = run.upperBound
        while end > run.lowerBound, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        for end in [end, end - 1] where end > run.lowerBound {
            if end < run.upperBound, ![UInt8(ascii: "."), UInt8(ascii: ":")].contains(text[end]) { continue }
            if spans(Array(text[run.lowerBound..<end].prefix(64))), end - run.lowerBound <= 64 { return run.lowerBound..<end }
        }
        let port = text[run.lowerBound..<end].firstIndex(of: UInt8(ascii: ":")) ?? end
        guard port < end, text[(port + 1)..<end].allSatisfy(PlainByte.isDigit) else { return nil }
        return isVersion4(text[run.lowerBound..<port]) ? run.lowerBound..<port : nil
    }

    private static func isWordLike(_ byte: UInt8) -> Bool {
        PlainByte.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func isVersion4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy(PlainByte.isDigit) else { return false }
                return (part.count == 1 || part.first != UInt8(ascii: "0")) && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } < 256
            }
    }

    /// Eight groups, or fewer where `::` stands for the rest; the last two may be written as version 4. Words such as
    /// `face::add` are none: one decimal digit at least is asked for.
    private static func isVersion6(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count <= 45, bytes.contains(where: PlainByte.isDigit), bytes.contains(UInt8(ascii: ":")) else { return false }
        var groups = 0
        var hasGap = false
        var index = bytes.startIndex
        if bytes.starts(with: [0x3A, 0x3A]) {
            hasGap = true
            index += 2
            if index == bytes.endIndex { return false }
        }
        while true {
            let end = bytes[index...].firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
            let group = bytes[index..<end]
            if end == bytes.endIndex, isVersion4(group) {
                groups += 2
                break
            }
            guard (1...4).contains(group.count), group.allSatisfy(PlainByte.isHexDigit) else { return false }
            groups += 1
            if end == bytes.endIndex { break }
            index = end + 1
            if index < bytes.endIndex, bytes[index] == UInt8(ascii: ":") {
                if hasGap { return false }
                hasGap = true
                index += 1
                if index == bytes.endIndex { break }
            } else if index == bytes.endIndex {
                return false
            }
        }
        return hasGap ? groups < 8 : groups == 8
    }
}
