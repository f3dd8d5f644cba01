/// A calendar date as pages write it ("15 March 2025", "Mar 15, 2025", "2025-03-15", "15.03.2025", "2025年3月15日").
struct WrittenDate: Equatable {
    var year: Int
    var month: Int
    var day: Int
    /// Where in the text it stands.
    var range: Range<Int>

    /// As ISO 8601 writes it.
    var iso: String { "\(year)-\(WrittenDate.twoDigits(month))-\(WrittenDate.twoDigits(day))" }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The first date in a text.
    init?(in text: [UInt8]) {
        let tokens = WrittenDate.tokens(of: text)
        for index in tokens.indices {
            if let date = WrittenDate(tokens, at: index, in: text) {
                self = date
                return
            }
        }
        return nil
    }

    private init?(year: Int, month: Int, day: Int, range: Range<Int>) {
        guard (1900...2099).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.range = range
    }

    /// Whether a line says only when: a date, or several, with weekdays, times and the words that go with them.
    static func isWholeLine(_ text: [UInt8]) -> Bool {
        guard text.count <= 120 else { return false }
        let tokens = tokens(of: text)
        var hasDate = false
        var others = 0
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .number: break
            case .month: hasDate = true
            case .companion: break
            case .word: others += 1
            }
            if token.kind != .word, WrittenDate(tokens, at: index, in: text) != nil { hasDate = true }
        }
        let numbers = tokens.count { if case .number = $0.kind { true } else { false } }
        return hasDate && numbers > 0 && others == 0
    }

    private init?(_ tokens: [Token], at index: Int, in text: [UInt8]) {
        func number(_ offset: Int) -> Int? {
            guard index + offset < tokens.count, case .number(let value) = tokens[index + offset].kind else { return nil }
            return value
        }
        func month(_ offset: Int) -> Int? {
            guard index + offset < tokens.count, case .month(let value) = tokens[index + offset].kind else { return nil }
            return value
        }
        func isCompanion(_ offset: Int) -> Bool {
            index + offset < tokens.count && tokens[index + offset].kind == .companion
        }
        func made(_ year: Int, _ month: Int, _ day: Int, upTo offset: Int) -> WrittenDate? {
            WrittenDate(
                year: year, month: month, day: day,
                range: tokens[index].range.lowerBound..<tokens[index + offset].range.upperBound)
        }
        func separator(_ offset: Int) -> UInt8 {
            let end = tokens[index + offset].range.upperBound
            return end < text.count ? text[end] : 0
        }
        let date: WrittenDate?
        if let month = month(0), let day = number(1) {
            // March 15, 2025; March 15th, 2025
            let skip = isCompanion(2) ? 1 : 0
            date = number(2 + skip).flatMap { made($0, month, day, upTo: 2 + skip) }
        } else if let day = number(0), let month = month(1) {
            // 15 March 2025
            date = number(2).flatMap { made($0, month, day, upTo: 2) }
        } else if let day = number(0), isCompanion(1), let month = month(2) {
            // 15th March 2025; 15 de marzo de 2025
            let skip = isCompanion(3) ? 1 : 0
            date = number(3 + skip).flatMap { made($0, month, day, upTo: 3 + skip) }
        } else if let first = number(0), let second = number(1), let third = number(2) {
            let mark = separator(0)
            guard mark == separator(1), [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ".")].contains(mark) else {
                return nil
            }
            if first > 1900 {
                date = made(first, second, third, upTo: 2)
            } else if mark == UInt8(ascii: ".") || first > 12 {
                date = made(third, second, first, upTo: 2)
            } else if second > 12 {
                date = made(third, first, second, upTo: 2)
            } else {
                // 3/4/2025 may be either; without knowing the writer it is no date.
                date = first == second ? made(third, first, second, upTo: 2) : nil
            }
        } else {
            date = nil
        }
        guard let date else { return nil }
        self = date
    }

    private struct Token {
        var kind: Kind
        var range: Range<Int>

        enum Kind: Equatable {
            case number(Int), month(Int), companion, word
        }
    }

    private static let months: [UInt64: Int] = {
        var table: [UInt64: Int] = [:]
        for (index, names) in monthNames.enumerated() {
            for name in names { table[WordHash.lowercased(name.utf8)] = index + 1 }
        }
        return table
    }()

    private static let companions = Set(
        dateCompanions.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }).map { WordHash.lowercased($0) })

    private static func tokens(of text: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < text.count, tokens.count < 64 {
            let start = index
            if ASCII.isDigit(text[index]) {
                var value = 0
                while index < text.count, ASCII.isDigit(text[index]) {
                    value = min(value * 10 + Int(text[index] - 0x30), 1_000_000)
                    index += 1
                }
                tokens.append(Token(kind: .number(value), range: start..<index))
            } else if ASCII.isLetter(text[index]) || text[index] >= 0xC3 && text[index] != 0xE2 {
                while index < text.count, ASCII.isLetter(text[index]) || text[index] >= 0x80 && text[index] != 0xE2 { index += 1 }
                let hash = WordHash.lowercased(text[start..<index])
                let kind: Token.Kind = months[hash].map { .month($0) } ?? (companions.contains(hash) ? .companion : .word)
                tokens.append(Token(kind: kind, range: start..<index))
            } else {
                index += 1
            }
        }
        return tokens
    }
}
