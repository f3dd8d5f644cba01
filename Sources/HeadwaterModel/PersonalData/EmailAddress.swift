/// An e-mail address: a Dot-string, `@`, and a domain name (RFC 5321, section 4.1.2), with letters of Latin, Greek and
/// Cyrillic beyond ASCII in both (RFC 6531).
///
/// Quoted local parts and address literals are not read, nor are marks in local parts that in running text are rather part
/// of what stands around: `/ = ? ! # $ * { | }`.
enum EmailAddress {
    /// RFC 5321, section 4.5.3.1: octets of the local part and the domain; RFC 1035, section 2.3.4: of a label.
    private static let longestLocalPart = 64
    private static let longestDomain = 255
    private static let longestLabel = 63

    static func spans(_ bytes: [UInt8]) -> Bool {
        guard let at = bytes.firstIndex(of: UInt8(ascii: "@")) else { return false }
        return localStart(bytes, endingAt: at, from: 0) == 0 && domainEnd(bytes, from: at + 1) == bytes.count
    }

    static func ranges(in text: [UInt8]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        for at in text.indices where text[at] == UInt8(ascii: "@") {
            let last = out.last?.upperBound ?? 0
            guard at > last, let start = localStart(text, endingAt: at, from: max(last, at - longestLocalPart)),
                let end = domainEnd(text, from: at + 1)
            else { continue }
            out.append(start..<end)
        }
        return out
    }

    /// Where the local part begins that ends at the `@`; nil if there is none.
    private static func localStart(_ text: [UInt8], endingAt at: Int, from first: Int) -> Int? {
        var start = at
        while start > first {
            let length = isLocal(text[start - 1]) ? 1 : letterLength(text, endingAt: start)
            // Two dots in a row, or one at the end, are no part of a Dot-string.
            if length == 1, text[start - 1] == UInt8(ascii: "."), start == at || text[start] == UInt8(ascii: ".") { break }
            guard length > 0, start - length >= first else { break }
            start -= length
        }
        // A mark in front is what quotes or lists the address.
        while start < at, !PlainByte.isAlphanumeric(text[start]), text[start] != UInt8(ascii: "_"), text[start] < 0x80 {
            start += 1
        }
        return start < at && at - start <= longestLocalPart ? start : nil
    }

    private static func isLocal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "~"):
            true
        default: PlainByte.isAlphanumeric(byte)
        }
    }

    /// The end of the longest domain name that begins at `start`, of two labels or more; nil if there is none.
    private static func domainEnd(_ text: [UInt8], from start: Int) -> Int? {
        var end: Int?
        var labels = 0
        var index = start
        while true {
            let label = index
            while index < text.count {
                let length = isLabel(text[index]) ? 1 : letterLength(text, at: index)
                if length == 0 { break }
                index += length
            }
            // A hyphen at the end of a label is what stands behind the address.
            var labelEnd = index
            while labelEnd > label, text[labelEnd - 1] == UInt8(ascii: "-") { labelEnd -= 1 }
            guard labelEnd > label, text[label] != UInt8(ascii: "-"), labelEnd - label <= longestLabel,
                labelEnd - start <= longestDomain
            else { break }
            labels += 1
            if labels >= 2, isTopLevel(text[label..<labelEnd]) { end = labelEnd }
            guard labelEnd == index, index < text.count, text[index] == UInt8(ascii: ".") else { break }
            index += 1
        }
        return end
    }

    private static func isLabel(_ byte: UInt8) -> Bool { PlainByte.isAlphanumeric(byte) || byte == UInt8(ascii: "-") }

    /// Two letters or more, or a name in Punycode: no number ends a domain.
    private static func isTopLevel(_ label: ArraySlice<UInt8>) -> Bool {
        label.count >= 2
            && (label.allSatisfy { PlainByte.isLetter($0) || $0 >= 0x80 } || label.map { $0 | 0x20 }.starts(with: "xn--".utf8))
    }

    /// The bytes of a letter of U+00C0 to U+052F at `index`, which take two; 0 if there is none.
    private static func letterLength(_ text: [UInt8], at index: Int) -> Int {
        guard index + 1 < text.count, 0xC3...0xD4 ~= text[index], 0x80...0xBF ~= text[index + 1] else { return 0 }
        // The signs of multiplication and division.
        return text[index] == 0xC3 && (text[index + 1] == 0x97 || text[index + 1] == 0xB7) ? 0 : 2
    }

    private static func letterLength(_ text: [UInt8], endingAt end: Int) -> Int {
        end >= 2 ? letterLength(text, at: end - 2) : 0
    }
}
