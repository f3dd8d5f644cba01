import HeadwaterPluginKit

/// A number in a sentence, with the words around it that may say what it counts.
struct Figure: Equatable {
    /// The hash of the number in digits, without thousands' commas; of hours and minutes for a clock time.
    var value: UInt32
    /// The terms of the nearest words on both sides, as far as the next number; none where it is not known what is counted.
    var nouns: [UInt32]

    /// How many tokens away a word may be: what is counted mostly stands behind its number.
    private static let reach = (before: 3, behind: 4)

    /// The figures of a sentence. Numbers that belong to a name or date (`Gate 3`, `10 March`), years, and parts of a
    /// code are none.
    static func figures(_ bytes: [UInt8], _ tokens: ArraySlice<Token>) -> [Figure] {
        var out: [Figure] = []
        var index = tokens.startIndex
        while index < tokens.endIndex {
            guard tokens[index].kind == .number, tokens[index].count <= 15 else {
                index += 1
                continue
            }
            let end = isClockTime(bytes, tokens, index) ? index + 3 : index + 1
            defer { index = end }
            if end == index + 1, isYear(bytes, tokens[index]) || isTied(bytes, tokens, index) || isName(tokens, index) {
                continue
            }
            // A name before the number says where or who, not what is counted.
            let before = tokens[..<index].suffix(reach.before).filter { $0.kind != .word || !$0.isCapitalized }
            let nouns = nearby(bytes, tokens[end...].prefix(reach.behind)) + nearby(bytes, before.reversed())
            let number = Token(start: tokens[index].start, end: tokens[end - 1].end, kind: .number)
            // A time is compared with times alone: its words are told from those of amounts.
            let isTime = end > index + 1
            out.append(Figure(value: Terms.hash(bytes, number), nouns: isTime ? nouns.map { ~$0 } : nouns))
        }
        return out
    }

    /// Whether the two count the same thing, as far as the words around them tell.
    func isOfSame(as other: Figure) -> Bool { nouns.contains { other.nouns.contains($0) } }

    /// The words up to the next number, a few: of more than three letters, since shorter ones count nothing, and no
    /// units, which say how much and not of what.
    private static func nearby(_ bytes: [UInt8], _ tokens: some Sequence<Token>) -> [UInt32] {
        var out: [UInt32] = []
        for token in tokens {
            if token.kind == .number { break }
            guard token.kind == .word, token.count > 3, bytes[token.end - 1] != UInt8(ascii: ".") else { continue }
            if !units.contains(bytes, token) { out.append(Terms.hash(bytes, token)) }
        }
        return out
    }

    /// `4:12`: hours, a colon, minutes.
    private static func isClockTime(_ bytes: [UInt8], _ tokens: ArraySlice<Token>, _ index: Int) -> Bool {
        guard index + 2 < tokens.endIndex else { return false }
        let (hours, colon, minutes) = (tokens[index], tokens[index + 1], tokens[index + 2])
        return hours.count <= 2 && colon.start == hours.end && colon.count == 1 && bytes[colon.start] == UInt8(ascii: ":")
            && minutes.start == colon.end && minutes.kind == .number && minutes.count == 2
    }

    private static func isYear(_ bytes: [UInt8], _ token: Token) -> Bool {
        token.count == 4 && (bytes[token.start] == UInt8(ascii: "1") || bytes[token.start] == UInt8(ascii: "2"))
    }

    /// Whether a colon, slash, dash or hash without white space ties the number to what is before or behind it.
    private static func isTied(_ bytes: [UInt8], _ tokens: ArraySlice<Token>, _ index: Int) -> Bool {
        func ties(_ token: Token) -> Bool { token.kind == .mark && [0x23, 0x2D, 0x2F, 0x3A].contains(bytes[token.start]) }
        let token = tokens[index]
        let isBefore = index > tokens.startIndex && tokens[index - 1].end == token.start && ties(tokens[index - 1])
        return isBefore
            || index + 2 < tokens.endIndex && tokens[index + 1].start == token.end && ties(tokens[index + 1])
                && tokens[index + 2].start == tokens[index + 1].end
    }

    /// Whether a capitalised word right beside a number of one or two digits makes them one name.
    private static func isName(_ tokens: ArraySlice<Token>, _ index: Int) -> Bool {
        guard tokens[index].count <= 2 else { return false }
        let isBefore = index - 1 > tokens.startIndex && tokens[index - 1].kind == .word && tokens[index - 1].isCapitalized
        let isFirst = index - 1 == tokens.startIndex && tokens[index - 1].kind == .word
        return isBefore || isFirst
            || index + 1 < tokens.endIndex && tokens[index + 1].kind == .word && tokens[index + 1].isCapitalized
    }

    private static let units: WordSet = [
        "hundred", "thousand", "million", "billion", "trillion", "percent", "cent", "about", "around", "nearly", "almost", "over",
        "more", "than", "least", "some", "euro", "euros", "dollar", "dollars", "pound", "pounds", "year", "years", "month",
        "months",
        "week", "weeks", "days", "hour", "hours", "minute", "minutes", "second", "seconds", "metre", "metres", "meter", "meters",
        "kilometre", "kilometres", "kilometer", "kilometers", "miles", "feet", "tonnes", "tons", "monday", "tuesday", "wednesday",
        "thursday", "friday", "saturday", "sunday", "morning", "afternoon", "evening", "from", "with", "that", "said", "which",
        "were", "have", "been", "into", "their", "they", "only", "also",
        "тысяч", "тысячи", "миллионов", "миллиона", "миллиардов", "процентов", "рублей", "евро", "долларов", "лет", "года",
        "году",
        "дней", "часов", "минут", "метров", "более", "около", "почти", "января", "февраля", "марта", "апреля", "июня", "июля",
        "августа", "сентября", "октября", "ноября", "декабря",
        "millionen", "milliarden", "tausend", "prozent", "jahre", "jahren", "stunden", "minuten", "meter", "etwa", "mehr",
        "millions", "milliards", "mille", "pour", "environ", "plus", "heures", "mètres", "millones", "miles", "unos", "años",
    ]
}
