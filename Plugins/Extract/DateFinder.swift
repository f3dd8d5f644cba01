import HeadwaterPluginKit

/// Finds expressions of time and says what they mean on the calendar: dates, durations and sets, valued as TIMEX3 does.
///
/// At each token the longest expression that can begin there is taken. Relative ones count from the day of publication;
/// without one they keep what the text itself gives.
struct DateFinder {
    let text: AnnotatedText
    let published: CalendarDate?
    /// Whether the words of the text are English; else only digits and the names of months are read.
    let isEnglish: Bool
    let locale: DateLocale
    /// Whether `3/4/2025` is the fourth of March: as the text's other dates show, else as its language has it.
    let isMonthFirst: Bool
    let numbers: NumberReader

    /// An expression of time as a run of tokens.
    struct Expression {
        var tokens: Range<Int>
        var value: String?
        var type: Kind
        /// The date it counts from, where the text told that before.
        var anchor: CalendarDate?

        enum Kind: String {
            case date, duration, set
            /// `71-year-old`: neither a time nor a quantity; found so that nothing else reads it.
            case age
        }

        init(_ start: Int, _ end: Int, _ value: String?, _ type: Kind = .date) {
            tokens = start..<end
            self.value = value
            self.type = type
        }
    }

    init(_ text: AnnotatedText, published: CalendarDate?, isEnglish: Bool, language: String) {
        self.text = text
        self.published = published
        self.isEnglish = isEnglish
        locale = DateLocale(languageTag: language)
        isMonthFirst = Self.showsMonthFirst(text) ?? locale.isMonthFirst
        numbers = NumberReader(text: text)
    }

    func expressions() -> [Expression] {
        var out: [Expression] = []
        var index = 0
        while index < text.count {
            if let found = expression(at: index) {
                out.append(found)
                index = found.tokens.upperBound
            } else {
                index += 1
            }
        }
        DateReference(text: text, published: published).resolve(&out)
        return out
    }

    /// The expression that begins at token `index`.
    private func expression(at index: Int) -> Expression? {
        if text.tokens[index].kind == .number {
            return isoDate(index) ?? numericDate(index) ?? (isEnglish ? numberFirst(index) : localDate(index))
        }
        guard text.tokens[index].kind == .word else { return nil }
        guard isEnglish else { return localMonth(index) }
        let classes = text.classes[index]
        if classes.contains(.weekday), let found = weekday(index) { return found }
        if classes.contains(.month), let found = monthFirst(index) { return found }
        if classes.contains(.timeModifier), let found = modified(index) { return found }
        if classes.contains(.season), let found = season(index) { return found }
        if classes.contains(.ordinal), let found = part(index) ?? spelledDay(index) { return found }
        if classes.contains(.cardinal), let found = spelledYear(index) { return found }
        if classes.isAny([.cardinal, .scale, .determiner, .pronoun, .adverb]), let found = duration(index) { return found }
        if classes.contains(.timeUnit), let found = bareUnits(index) { return found }
        return the(index) ?? deictic(index) ?? set(index) ?? holiday(index) ?? quarterName(index)
    }

    private func numberFirst(_ index: Int) -> Expression? {
        // A number inside a name or an address is no date: `B-52`, `12.03`, `$2000`.
        dayFirst(index) ?? time(index) ?? ordinalCentury(index) ?? duration(index) ?? year(index)
    }

    /// `the end of August`, `the third quarter`, `the 1990s`, `the 14th of March`: the article belongs to the expression.
    private func the(_ index: Int) -> Expression? {
        guard text.equals(index, "the") else { return nil }
        let next = index + 1
        guard next < text.count else { return nil }
        var found: Expression?
        if text.has(next, .timeModifier) { found = modified(next) }
        if found == nil, text.has(next, .ordinal) { found = part(next) ?? spelledDay(next) }
        if found == nil, text.isNumber(next) { found = dayFirst(next) ?? ordinalCentury(next) ?? decade(next) }
        // `the summer`, and not `the fall of the wall`
        if found == nil, text.has(next, .season), published != nil, !text.equals(next + 1, "of"),
            !text.equals(next, "fall") || text.has(index - 1, .preposition)
        {
            found = seasonOfPublication(next)
        }
        if found == nil, text.equals(next, "weekend"), let published {
            found = Expression(next, next + 1, TimeValue.week(of: published) + "-WE")
        }
        if var found {
            found.tokens = index..<found.tokens.upperBound
            return found
        }
        return nil
    }

    // MARK: Whether the text looks forward

    /// Whether the clause around token `index` speaks of what is to come: the nearest verb before it, or else behind it, says so.
    func looksForward(_ index: Int) -> Bool { tense(around: index) ?? false }

    /// True where the clause speaks of what is to come, false where of what was, nil where no verb tells.
    func tense(around index: Int) -> Bool? {
        let sentence = text.sentence(of: index)
        if text.equalsAny(index - 1, ["next", "until", "by", "till"]) && !text.has(index - 2, .past) {
            return !hasPast(around: index, in: sentence)
        }
        var cursor = index - 1
        while cursor >= sentence.lowerBound, index - cursor <= 25 {
            if let direction = direction(of: cursor) { return direction }
            cursor -= 1
        }
        cursor = index + 1
        while cursor < sentence.upperBound, cursor - index <= 25 {
            if let direction = direction(of: cursor) { return direction }
            cursor += 1
        }
        return nil
    }

    /// True for a word of the future, false for one of the past, nil for any other.
    private func direction(of token: Int) -> Bool? {
        let classes = text.classes[token]
        if text.equals(token, "set") { return text.equals(token + 1, "to") ? true : nil }
        if classes.contains(.pronoun), text.tokens[token].count > 4, text.lowercased(token).hasSuffix("ll") { return true }
        if classes.isAny([.future, .past]) {
            // `was expected`, `had scheduled` speak from the past, and still of what was to come.
            return classes.contains(.future)
        }
        if classes.isAny([.auxiliary]) {
            if text.equalsAny(token, ["may", "can", "must", "should", "would", "could", "might"]) { return nil }
            return text.equalsAny(token, ["has", "have", "been", "being", "is", "are", "be", "am", "do", "does"]) ? nil : false
        }
        if classes.contains(.speech), text.tokens[token].count > 3 { return false }
        // `is to resume Tuesday`
        if text.equals(token, "to"), text.equalsAny(token - 1, ["is", "are"]) { return true }
        let bytes = text.bytes
        let end = text.tokens[token].end
        if text.tokens[token].kind == .word, text.tokens[token].count > 4, bytes[end - 1] == UInt8(ascii: "d"),
            bytes[end - 2] == UInt8(ascii: "e"),
            text.tokens[token].letterCase == .lower
        {
            // `to be announced Friday`, `will be released` were met first, walking back; a bare participle reads as past.
            if text.equals(token - 1, "be") { return true }
            return false
        }
        return nil
    }

    private func hasPast(around index: Int, in sentence: Range<Int>) -> Bool {
        var cursor = index - 1
        while cursor >= sentence.lowerBound, index - cursor <= 12 {
            if let direction = direction(of: cursor) { return !direction }
            cursor -= 1
        }
        for cursor in index..<min(index + 12, sentence.upperBound) {
            if let direction = direction(of: cursor) { return !direction }
        }
        return false
    }
}
