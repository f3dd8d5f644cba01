/// A telephone number as people write it: an international one (ITU-T E.164, E.123), one with the trunk prefix 0, or one of
/// the North American plan.
///
/// Dates, dotted addresses, numbers grouped by thousands, years and rows of single digits are none. Numbers of less
/// than eight digits are not told from other numbers.
enum PhoneNumber {
    static func spans(_ bytes: [UInt8]) -> Bool {
        let parsed = Digits(bytes, at: 0)
        return parsed.groups.last?.end == bytes.count && parsed.isPhoneNumber
    }

    static func ranges(in text: [UInt8]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var index = 0
        while index < text.count {
            let isStart = PlainByte.isDigit(text[index]) || text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "(")
            guard isStart, PhoneContext.mayStart(text, index) else {
                index += 1
                continue
            }
            var number = Digits(text, at: index)
            while let last = number.groups.last, !(PhoneContext.mayEnd(text, last.end, from: index) && number.isPhoneNumber) {
                number.groups.removeLast()
            }
            if let end = number.groups.last?.end {
                out.append(index..<end)
                index = end
            } else {
                index += 1
            }
        }
        return out
    }

    /// Groups of digits and what separates them.
    private struct Digits {
        struct Group {
            var digits: ArraySlice<UInt8>
            var isInParentheses: Bool
            /// The mark before it: a space, hyphen, dot or slash; 0 for the first and behind a parenthesis.
            var separator: UInt8
            /// One past the group and the parenthesis that closes it.
            var end: Int
        }

        var groups: [Group] = []
        var hasPlus = false

        /// The longest numbers have fifteen digits (E.164), in so many groups at most.
        private static let mostGroups = 8

        init(_ text: [UInt8], at start: Int) {
            var index = start
            if text[index...].first == UInt8(ascii: "+") {
                hasPlus = true
                index += 1
            }
            while groups.count < Digits.mostGroups {
                var separator: UInt8 = 0
                if !groups.isEmpty {
                    guard let (mark, end) = Digits.separator(text, at: index) else { break }
                    (separator, index) = (mark, end)
                }
                let isInParentheses = index < text.count && text[index] == UInt8(ascii: "(")
                if isInParentheses { index += 1 }
                let digits = index
                while index < text.count, index - digits < 16, PlainByte.isDigit(text[index]) { index += 1 }
                let group = text[digits..<index]
                if isInParentheses {
                    guard index < text.count, text[index] == UInt8(ascii: ")") else { break }
                    index += 1
                }
                guard !group.isEmpty else { break }
                groups.append(Group(digits: group, isInParentheses: isInParentheses, separator: separator, end: index))
            }
        }

        /// What stands between two groups: a space, a mark, or both; a parenthesis alone.
        private static func separator(_ text: [UInt8], at start: Int) -> (mark: UInt8, end: Int)? {
            var index = start
            var mark: UInt8 = 0
            if index < text.count, text[index] == 0x20 {
                mark = 0x20
                index += 1
            }
            if index < text.count, [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/")].contains(text[index]) {
                mark = text[index]
                index += 1
            } else if index + 2 < text.count, text[index] == 0xE2, text[index + 1] == 0x80, 0x90...0x93 ~= text[index + 2] {
                // Hyphens and dashes of typesetters.
                mark = UInt8(ascii: "-")
                index += 3
            }
            if mark != 0x20, mark != 0, index < text.count, text[index] == 0x20 { index += 1 }
            let followsParenthesis = start > 0 && text[start - 1] == UInt8(ascii: ")")
            let opens = index < text.count && text[index] == UInt8(ascii: "(")
            return mark != 0 || followsParenthesis || opens ? (mark, index) : nil
        }

        var isPhoneNumber: Bool {
            guard let first = groups.first, groups.count(where: \.isInParentheses) <= 1 else { return false }
            if hasPlus { return isInternational(skipping: 0) }
            if first.digits.starts(with: "00".utf8) { return isInternational(skipping: 2) }
            return first.digits.first == UInt8(ascii: "0") ? isNational : isNorthAmerican
        }

        /// How many digits there are, a trunk prefix in parentheses apart: it is not dialled.
        private var count: Int { groups.reduce(0) { $0 + (isTrunk($1) ? 0 : $1.digits.count) } }

        private func isTrunk(_ group: Group) -> Bool {
            group.isInParentheses && group.digits.elementsEqual("0".utf8)
                && group.digits.startIndex != groups[0].digits.startIndex
        }

        private func isInternational(skipping prefix: Int) -> Bool {
            let count = count - prefix
            // The country code may stand in a group of its own behind the prefix.
            let code = groups.lazy.flatMap(\.digits).dropFirst(prefix).first
            guard (8...15).contains(count), let code, code != UInt8(ascii: "0") else { return false }
            // Digits alone that begin with 00 may number anything; the shortest are not taken for a telephone's.
            guard prefix == 0 || groups.count > 1 || count >= 10 else { return false }
            // An amount such as +12 500 000 is grouped by thousands.
            let thousands = groups.count > 1 && groups.dropFirst().allSatisfy { $0.digits.count == 3 }
            return !(thousands && count < 10)
                && !groups.contains { $0.digits.count >= 3 && $0.digits.allSatisfy { $0 == UInt8(ascii: "0") } }
        }

        private var isNational: Bool {
            guard (9...12).contains(count), groups.allSatisfy({ $0.digits.count >= 2 }), !isDate, !isDotted else { return false }
            return groups.count > 1 || (10...11).contains(count)
        }

        /// Area code and exchange begin with 2 to 9 (North American Numbering Plan), all marks alike but after parentheses.
        private var isNorthAmerican: Bool {
            var parts = groups[...]
            if parts.count == 4, parts.first?.digits.elementsEqual("1".utf8) ?? false { parts.removeFirst() }
            guard parts.map(\.digits.count) == [3, 3, 4],
                parts.prefix(2).allSatisfy({ $0.digits.first.map { $0 >= 0x32 } ?? false }),
                let area = parts.first, let last = parts.last
            else { return false }
            return area.isInParentheses || parts.dropFirst().allSatisfy { $0.separator == last.separator }
        }

        /// Day, month and year.
        private var isDate: Bool {
            guard groups.count >= 3, groups.prefix(3).map(\.digits.count) == [2, 2, 4],
                groups[1].separator == groups[2].separator
            else { return false }
            return Digits.number(groups[0]) <= 31 && Digits.number(groups[1]) <= 31
                && (1000...2999).contains(Digits.number(groups[2]))
        }

        /// Four groups of up to three digits between dots.
        private var isDotted: Bool {
            groups.count == 4 && groups.allSatisfy { $0.digits.count <= 3 }
                && groups.dropFirst().allSatisfy { $0.separator == UInt8(ascii: ".") }
        }

        private static func number(_ group: Group) -> Int { group.digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
    }
}
