/// What comparing two claims of different documents came to.
struct ClaimComparison: Equatable {
    /// In order of how much each says.
    enum Relation: UInt8, CaseIterable {
        /// The words are the same, so that one is the other's, or both are a third's.
        case copies
        case contradicts
        /// The later one tells more of what the earlier one counted.
        case updates
        case corroborates
        case sameEvent

        /// As fields name it.
        var name: String {
            switch self {
            case .copies: "copies"
            case .contradicts: "contradicts"
            case .updates: "updates"
            case .corroborates: "corroborates"
            case .sameEvent: "same event"
            }
        }
    }

    /// By what the relation was told.
    enum Rule: UInt8, CaseIterable {
        case words, terms, figures, numbers, counts, negation, denial, opposites

        var name: String { "\(self)" }
    }

    var relation: Relation
    var rule: Rule
    /// How alike the two are in what they are about, in per mille.
    var score: Int
    /// The bytes in each sentence that the rule compared.
    var compared: (a: Range<Int>, b: Range<Int>)
    /// Whether the figure of the second is larger than that of the first, where figures were compared.
    var isRising = false
    /// How many names both sentences have.
    var sharedNames: Int

    static func == (x: ClaimComparison, y: ClaimComparison) -> Bool {
        x.relation == y.relation && x.rule == y.rule && x.score == y.score && x.compared == y.compared
            && x.sharedNames == y.sharedNames && x.isRising == y.isRising
    }

    /// Thresholds in per mille of the weighted terms of both (Dice 1945), found on news about the same events; see the README.
    private enum Least {
        static let sameEvent = 450
        static let counts = 350
        static let corroboration = 640
        static let numbers = 600
        /// Where more than one word tells the same of both figures.
        static let numbersOfSame = 500
        static let opposites = 600
        static let negation = 640
        /// Of the terms of what is denied, in the other claim.
        static let denial = 650
        /// Of the shorter one's runs of three words, in the other, for a copy.
        static let copy = 800
        static let copiedWords = 6
        /// No copy has less in common; most pairs are told from copies by that.
        static let copiedTerms = 400
        /// Terms that both have, names among them, and words that are no names.
        static let (sharedTerms, agreeingTerms, sharedWords) = (3, 4, 2)
    }
}

extension ClaimComparison {
    /// Nil where the two are not known to have anything to do with each other.
    init?(_ a: ClaimReading, _ b: ClaimReading) {
        let whole = (a: 0..<a.text.count, b: 0..<b.text.count)
        let overlap = Overlap(a, b)
        func found(_ relation: Relation, _ rule: Rule, _ compared: (a: Range<Int>, b: Range<Int>)? = nil, _ score: Int? = nil)
            -> Self
        {
            Self(
                relation: relation, rule: rule, score: score ?? overlap.score, compared: compared ?? whole,
                sharedNames: overlap.names)
        }
        if overlap.score >= Least.copiedTerms || a.textHash == b.textHash, let copied = Self.copied(a, b),
            Self.saysTheSame(a, b)
        {
            self = found(.copies, .words, nil, copied)
            return
        }
        if overlap.score >= Least.counts, overlap.isOneSided, Self.datesAgree(a, b), Self.areFlat(a, b),
            let (relation, x, y) = Self.counts(a, b)
        {
            self = found(relation, .counts, (x.range, y.range), 1000)
            isRising = (x.least ?? 0) < (y.least ?? 0)
            return
        }
        guard overlap.terms >= Least.sharedTerms, overlap.terms - overlap.names >= Least.sharedWords, Self.datesAgree(a, b) else {
            return nil
        }
        let denial = a.isDenial ? overlap.ofA : overlap.ofB
        if a.isDenial != b.isDenial, denial >= Least.denial, overlap.isOneSided, a.stance != "contested", b.stance != "contested",
            a.negations.isEmpty, b.negations.isEmpty, !a.isConditional, !b.isConditional
        {
            self = found(.contradicts, .denial)
            return
        }
        guard overlap.score >= Least.sameEvent else { return nil }
        let isPlain = overlap.isOneSided && a.isDenial == b.isDenial && !a.isConditional && !b.isConditional
        let areBothSaid = a.stance != "expected" && b.stance != "expected"
        // Without a name in common there are many events that two such sentences may be of.
        if isPlain, areBothSaid, overlap.names > 0 {
            if overlap.score >= Least.numbersOfSame, !a.isPoll, !b.isPoll, let (x, y) = Self.conflict(a, b),
                overlap.score >= Least.numbers || x.sharedRoles(with: y) > 1
            {
                self = found(.contradicts, .numbers, (x.range, y.range))
                return
            }
            if overlap.score >= Least.opposites, let compared = Self.opposites(a, b) {
                self = found(.contradicts, .opposites, compared)
                return
            }
            if overlap.score >= Least.negation, let compared = Self.negation(a, b) {
                self = found(.contradicts, .negation, compared)
                return
            }
        }
        let isSamePolarity = a.isDenial == b.isDenial && a.negations.isEmpty == b.negations.isEmpty
        guard overlap.score >= Least.corroboration, overlap.terms >= Least.agreeingTerms, isSamePolarity,
            areBothSaid || a.stance == b.stance, overlap.isOneSided,
            Self.opposites(a, b) == nil
        else {
            self = found(.sameEvent, .terms)
            return
        }
        switch Self.agreement(a, b) {
        case .none: self = found(.corroborates, .terms)
        case .some((let x, let y)?): self = found(.corroborates, .figures, (x.range, y.range))
        case .some(nil): self = found(.sameEvent, .terms)
        }
    }

    /// How much of the shorter one's runs of words the other has, in per mille, if that makes it a copy.
    private static func copied(_ a: ClaimReading, _ b: ClaimReading) -> Int? {
        if a.textHash == b.textHash { return 1000 }
        let fewer = min(a.shingles.count, b.shingles.count)
        guard min(a.wordCount, b.wordCount) >= Least.copiedWords, fewer > 0 else { return nil }
        let share = shared(a.shingles, b.shingles) * 1000 / fewer
        return share >= Least.copy ? share : nil
    }

    /// Whether texts of the same words differ in nothing that turns what they say: a number, a denial, one word.
    private static func saysTheSame(_ a: ClaimReading, _ b: ClaimReading) -> Bool {
        a.negations.count == b.negations.count && a.isDenial == b.isDenial && conflict(a, b) == nil && opposites(a, b) == nil
    }

    /// How many values two sorted lists have in common.
    private static func shared(_ a: [UInt64], _ b: [UInt64]) -> Int {
        var (i, j, count) = (0, 0, 0)
        while i < a.count, j < b.count {
            if a[i] == b[j] { count += 1 }
            if a[i] <= b[j] { i += 1 } else { j += 1 }
        }
        return count
    }

    /// A digit that a date does not tell: `XXXX-05-03`.
    private static let unknown = UInt8(ascii: "X")

    /// Whether the dates in the two can be of one day: one is the beginning of the other, or one of them has none.
    private static func datesAgree(_ a: ClaimReading, _ b: ClaimReading) -> Bool {
        a.dates.isEmpty || b.dates.isEmpty
            || a.dates.contains { x in
                b.dates.contains { y in zip(x.utf8, y.utf8).allSatisfy { $0 == $1 || $0 == unknown || $1 == unknown } }
            }
    }

    /// Whether both say plainly that something is so.
    private static func areFlat(_ a: ClaimReading, _ b: ClaimReading) -> Bool {
        [a, b].allSatisfy {
            !$0.isConditional && !$0.isPoll && $0.negations.isEmpty && ["asserted", "contested"].contains($0.stance)
        }
    }

    // MARK: Figures

    /// Figures of those whom one fate befell, one in each claim, and whether they agree. Of what event is left to the documents:
    /// `Three people died` names none.
    private static func counts(_ a: ClaimReading, _ b: ClaimReading) -> (Relation, ClaimFigure, ClaimFigure)? {
        for x in a.figures where x.fate != nil && !x.isAside && !x.isChange {
            for y in b.figures where !y.isAside && !y.isChange && x.isOfSameFate(as: y) {
                // Of several of one fate none is known to be all of them.
                let isAlone = a.figures.count { $0.isOfSameFate(as: x) } == 1 && b.figures.count { $0.isOfSameFate(as: y) } == 1
                if isAlone { return (x.excludes(y) ? .contradicts : .corroborates, x, y) }
            }
        }
        return nil
    }

    /// Two figures of the same that cannot both be right, where neither claim has one that would suit the other's.
    private static func conflict(_ a: ClaimReading, _ b: ClaimReading) -> (ClaimFigure, ClaimFigure)? {
        for x in a.figures where !x.isAside {
            for y in b.figures where !y.isAside && x.isOfSame(as: y) && x.excludes(y) {
                let isAlone =
                    !a.figures.contains { $0.unit == y.unit && !$0.excludes(y) }
                    && !b.figures.contains { $0.unit == x.unit && !$0.excludes(x) }
                if isAlone { return (x, y) }
            }
        }
        return nil
    }

    /// What the figures say to corroboration: nil where there is none to compare, a pair that agrees, or no pair of those
    /// that should.
    private static func agreement(_ a: ClaimReading, _ b: ClaimReading) -> (ClaimFigure, ClaimFigure)?? {
        guard !a.figures.isEmpty, !b.figures.isEmpty else { return .none }
        for x in a.figures {
            for y in b.figures where x.unit == y.unit && !x.excludes(y) { return .some((x, y)) }
        }
        return .some(nil)
    }

    // MARK: Words of the contrary

    /// Two words of one pair of opposites that are told of the same: the word of meaning before each is the same.
    private static func opposites(_ a: ClaimReading, _ b: ClaimReading) -> (a: Range<Int>, b: Range<Int>)? {
        for (i, x) in a.words.enumerated() {
            guard let one = x.opposite else { continue }
            for (j, y) in b.words.enumerated() {
                guard let other = y.opposite, other.term == one.term, other.isFirst != one.isFirst, i > 0, j > 0,
                    a.words[i - 1].stem == b.words[j - 1].stem, isOnly(one, in: a), isOnly(other, in: b),
                    isNegated(x, in: a) == isNegated(y, in: b)
                else { continue }
                return (x.range, y.range)
            }
        }
        return nil
    }

    /// Whether the claim has no word of the pair's other side.
    private static func isOnly(_ side: WordLists.Opposite, in claim: ClaimReading) -> Bool {
        !claim.words.contains { $0.opposite?.term == side.term && $0.opposite?.isFirst != side.isFirst }
    }

    /// How many tokens before a word one may stand that turns it into its contrary: `was not, the board said, closed`.
    private static let reachOfNegation = 3

    private static func isNegated(_ word: Word, in claim: ClaimReading) -> Bool {
        claim.negations.contains { $0.token < word.token && word.token - $0.token <= reachOfNegation }
    }

    /// A word that one claim turns into its contrary and the other does not, where neither turns any other.
    private static func negation(_ a: ClaimReading, _ b: ClaimReading) -> (a: Range<Int>, b: Range<Int>)? {
        guard a.negations.count + b.negations.count == 1 else { return nil }
        let (negated, plain, isSwapped) = a.negations.isEmpty ? (b, a, true) : (a, b, false)
        guard let negation = negated.negations.first,
            let word = zip(negated.words, negated.isName).first(where: { $0.0.token > negation.token && !$0.1 })?.0,
            isNegated(word, in: negated),
            let other = zip(plain.words, plain.isName).first(where: { $0.0.stem == word.stem && !$0.1 })?.0,
            other.opposite == word.opposite
        else { return nil }
        let compared = (negation.range.lowerBound..<word.range.upperBound, other.range)
        return isSwapped ? (compared.1, compared.0) : compared
    }
}

/// What two claims have in common.
private struct Overlap {
    /// Dice's coefficient of the weighted terms, in per mille.
    private(set) var score = 0
    /// The shared share of each one's terms, in per mille.
    private(set) var ofA = 0
    private(set) var ofB = 0
    private(set) var terms = 0
    private(set) var names = 0
    /// Whether at least one of the two has no name that the other lacks: else they may well be of different events.
    private(set) var isOneSided = false

    init(_ a: ClaimReading, _ b: ClaimReading) {
        var (i, j) = (0, 0)
        var (shared, weightOfA, weightOfB) = (0, 0, 0)
        var (ownNamesOfA, ownNamesOfB) = (0, 0)
        while i < a.terms.count || j < b.terms.count {
            if j == b.terms.count || i < a.terms.count && a.terms[i].stem < b.terms[j].stem {
                weightOfA += a.terms[i].weight
                if a.terms[i].isName { ownNamesOfA += 1 }
                i += 1
            } else if i == a.terms.count || b.terms[j].stem < a.terms[i].stem {
                weightOfB += b.terms[j].weight
                if b.terms[j].isName { ownNamesOfB += 1 }
                j += 1
            } else {
                let weight = max(a.terms[i].weight, b.terms[j].weight)
                weightOfA += weight
                weightOfB += weight
                shared += weight
                terms += 1
                if a.terms[i].isName || b.terms[j].isName { names += 1 }
                i += 1
                j += 1
            }
        }
        score = weightOfA + weightOfB == 0 ? 0 : 2 * shared * 1000 / (weightOfA + weightOfB)
        ofA = weightOfA == 0 ? 0 : shared * 1000 / weightOfA
        ofB = weightOfB == 0 ? 0 : shared * 1000 / weightOfB
        isOneSided = ownNamesOfA == 0 || ownNamesOfB == 0
    }
}
