import HeadwaterModel
import HeadwaterPluginKit

/// A figure of a claim: how much, of what, and what is told of it.
struct ClaimFigure {
    /// From the smallest to the largest value it allows, in thousandths; nil where it has no bound.
    let least: Int?
    let most: Int?
    /// The stem of what is counted or measured; nil where the sentence does not say.
    let unit: UInt64?
    /// The stems of the words around it that say what is told of what is counted, up to the next figure; no names.
    let roles: [UInt64]
    /// What befell those that are counted, where the sentence tells: deaths, injuries, arrests.
    let fate: UInt64?
    /// Whether it is an earlier figure, a part of one, or one beside another: `from 12`, `another 12`.
    let isAside: Bool
    /// Whether it says how much something changed, and not to what.
    let isChange: Bool
    /// Where it stands.
    let place: Place
    /// Its bytes in the sentence.
    let range: Range<Int>

    /// How many words away one may be that says what is told of a figure.
    private static let reach = 5
    /// How many words behind a figure may say that it is an earlier one.
    private static let reachOfAside = 3

    /// - Parameters:
    ///   - field: as `extract` writes it.
    ///   - all: all words of the sentence.
    ///   - counted: the tokens of all figures.
    init?(
        _ field: JSON, _ range: Range<Int>, at place: Place, in claim: ClaimReading, _ all: [Word], _ counted: Marks,
        _ tokens: [Token]
    ) {
        self.place = place
        self.range = range
        let value = field["value"].flatMap(Self.thousandths)
        let (minimum, maximum) = (field["min"].flatMap(Self.thousandths), field["max"].flatMap(Self.thousandths))
        guard value != nil || minimum != nil || maximum != nil else { return nil }
        if let value, minimum == nil, maximum == nil {
            let slack = Self.slack(value, isApproximate: field["approximate"]?.bool == true)
            (least, most) = (value - slack, value + slack)
        } else {
            (least, most) = (minimum, maximum)
        }
        var roles: [UInt64] = []
        let first = all.firstIndex { $0.range.upperBound > range.lowerBound } ?? all.count
        let end = all[first...].firstIndex { $0.range.lowerBound >= range.upperBound } ?? all.count
        let unitWord = field["unit"]?.string.map { Array($0.utf8) }.flatMap { name in
            Tokenizer.tokens(name).last { $0.kind == .word }.map { Word(name, $0, at: 0) }
        }
        // `12 dead`, `12 deaths`: people, of whom that is told.
        if let unitWord, Self.tellingUnits.contains(unitWord.stem) {
            unit = Self.people
            roles.append(unitWord.stem)
        } else {
            unit = unitWord.map { Self.peopleWords.contains($0.stem) ? Self.people : $0.stem }
        }
        let telling = Dictionary(zip(claim.words, claim.isName).map { ($0.token, $1) }, uniquingKeysWith: { first, _ in first })
        func add(_ word: Word) -> Bool {
            if counted[word.token] || Self.endsClause(tokens, between: word, and: range, claim.text) { return false }
            if telling[word.token] == false, word.stem != unitWord?.stem, !roles.contains(word.stem) { roles.append(word.stem) }
            return true
        }
        for word in all[end...].prefix(Self.reach) where !add(word) { break }
        for word in all[..<first].reversed().prefix(Self.reach) where !add(word) { break }
        self.roles = roles.sorted()
        fate =
            unitWord.map(\.stem).flatMap { Self.fates.contains($0) ? $0 : nil }
            ?? Self.fate(beside: range, first, end, all, counted, tokens, claim.text)
        let behind = all[end...].prefix(Self.reachOfAside).prefix { !counted[$0.token] }
        isAside =
            (all[..<first].suffix(1) + all[first..<end].prefix(1)).contains { $0.classes.contains(.aside) }
            || behind.contains { $0.classes.contains(.earlier) }
        // `by 36`, and the 36 of `fell 36 to 748`
        isChange =
            all[..<first].last?.classes.contains(.change) ?? false
            || end + 1 < all.count && all[end].classes.contains(.level) && counted[all[end + 1].token]
    }

    /// The nearest word of a fate, on the figure's side of commas: `killed three people, injured 14`.
    private static func fate(
        beside range: Range<Int>, _ first: Int, _ end: Int, _ all: [Word], _ counted: Marks, _ tokens: [Token], _ text: [UInt8]
    ) -> UInt64? {
        func distance(_ words: some Collection<Word>, _ step: Int) -> (distance: Int, stem: UInt64)? {
            for (distance, word) in words.prefix(reach).enumerated() {
                let beside = word.token - step
                if counted[word.token] { return nil }
                if tokens.indices.contains(beside), tokens[beside].kind == .mark { return nil }
                if fates.contains(word.stem) { return (distance, word.stem) }
            }
            return nil
        }
        let behind = distance(all[end...], 1)
        let before = distance(all[..<first].reversed(), -1)
        switch (before, behind) {
        case (let before?, let behind?): return before.distance < behind.distance ? before.stem : behind.stem
        case (let found?, nil), (nil, let found?): return found.stem
        case (nil, nil): return nil
        }
    }

    /// Whether the two count those of one fate.
    func isOfSameFate(as other: ClaimFigure) -> Bool { fate != nil && fate == other.fate && unit == other.unit }

    /// Whether the two cannot both be right of the same thing.
    func excludes(_ other: ClaimFigure) -> Bool {
        if let most, let least = other.least, most < least { return true }
        if let least, let most = other.most, most < least { return true }
        return false
    }

    /// Whether the two count the same, and the same is told of it, as far as the words around them say.
    func isOfSame(as other: ClaimFigure) -> Bool {
        guard let unit, unit == other.unit, isChange == other.isChange, !roles.isEmpty, !other.roles.isEmpty else { return false }
        let shared = sharedRoles(with: other)
        return shared > 0 && shared * 2 >= min(roles.count, other.roles.count)
    }

    /// How many of the words that say what is told of a figure both have.
    func sharedRoles(with other: ClaimFigure) -> Int { roles.count { other.roles.contains($0) } }

    /// A semicolon, a dash or a colon between the figure and a word ends what is told of it.
    private static func endsClause(_ tokens: [Token], between word: Word, and range: Range<Int>, _ text: [UInt8]) -> Bool {
        let index = word.token
        let beside = word.range.lowerBound >= range.upperBound ? index - 1 : index + 1
        guard tokens.indices.contains(beside), tokens[beside].kind == .mark else { return false }
        return tokens[beside].count > 1 || ";:".utf8.contains(text[tokens[beside].start])
    }

    /// How far from a figure another may be that only rounds it: half of its last place, a tenth where it is said to be rough.
    private static func slack(_ thousandths: Int, isApproximate: Bool) -> Int {
        if isApproximate { return thousandths.magnitude > 0 ? Int(thousandths.magnitude / 10) : 0 }
        var unit = 1
        var rest = Int(thousandths.magnitude)
        while rest > 0, rest % 10 == 0 {
            rest /= 10
            unit *= 10
        }
        // 20 people are 20, and no rounded 24; 20,000 may be.
        return unit >= 1_000_000 ? unit / 2 : 0
    }

    /// An integer, or a decimal written as a text; nil where it does not fit.
    private static func thousandths(_ value: JSON) -> Int? {
        if let integer = value.integer {
            let (product, overflow) = integer.multipliedReportingOverflow(by: 1000)
            return overflow || product.magnitude > 1 << 60 ? nil : product
        }
        guard let text = value.string else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, let number = Int(whole), number.magnitude < 1 << 50 else { return nil }
        guard parts.count == 2 else { return number * 1000 }
        guard let fraction = Int((parts[1] + "000").prefix(3)), fraction >= 0 else { return nil }
        return number * 1000 + (text.hasPrefix("-") ? -fraction : fraction)
    }

    private static let people = Word.hash("people who are counted".utf8)
    private static let peopleWords = stems("people persons person men women residents victims civilians inhabitants passengers")
    private static let fates = stems("dead injured missing evacuated arrested rescued infected homeless")
    private static let tellingUnits = stems("dead deaths fatalities injured injuries wounded missing killed arrests")

    private static func stems(_ words: String) -> Set<UInt64> {
        let bytes = Array(words.utf8)
        return Set(Tokenizer.tokens(bytes).map { Word(bytes, $0, at: 0).stem })
    }
}
