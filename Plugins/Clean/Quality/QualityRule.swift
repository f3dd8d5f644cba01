import HeadwaterModel

/// One rule by which corpus builders leave a document or a line out: its name is the reason that is given.
struct QualityRule {
    /// The set of rules it belongs to, and what it looks at: `fineweb:short-lines`.
    var name: String
    /// What is measured against, if anything is.
    var threshold: Threshold?
    /// What the rule says.
    var help: String

    enum Threshold {
        case count(Int)
        /// In thousandths.
        case share(Int)
    }

    static let all = gopherQuality + gopherRepetition + c4 + fineWeb

    /// The names of the sets, in the order in which they are documented.
    static let families = ["gopher-quality", "gopher-repetition", "c4", "fineweb"]

    /// Rae et al., "Scaling Language Models: Methods, Analysis & Insights from Training Gopher" (2021, arXiv 2112.11446),
    /// section A.1.1.
    private static let gopherQuality = [
        QualityRule("gopher-quality:minimum-words", .count(50), "fewest words"),
        QualityRule("gopher-quality:maximum-words", .count(100_000), "most words"),
        QualityRule("gopher-quality:minimum-word-length", .share(3_000), "least mean length of words, in characters"),
        QualityRule("gopher-quality:maximum-word-length", .share(10_000), "greatest mean length of words, in characters"),
        QualityRule("gopher-quality:hashes", .share(100), "most # for each word"),
        QualityRule("gopher-quality:ellipses", .share(100), "most ellipses for each word"),
        QualityRule("gopher-quality:bullet-lines", .share(900), "greatest share of lines that are entries of lists"),
        QualityRule("gopher-quality:ellipsis-lines", .share(300), "greatest share of lines that end with an ellipsis"),
        QualityRule("gopher-quality:alphabetic-words", .share(800), "least share of words with a letter"),
        QualityRule("gopher-quality:stop-words", .count(2), "fewest of the stop words that occur"),
    ]

    /// The same, table A1.
    private static let gopherRepetition =
        [
            QualityRule("gopher-repetition:duplicate-lines", .share(300), "greatest share of lines that stood before"),
            QualityRule("gopher-repetition:duplicate-paragraphs", .share(300), "greatest share of paragraphs that stood before"),
            QualityRule(
                "gopher-repetition:duplicate-line-characters", .share(200),
                "greatest share of characters in lines that stood before"),
            QualityRule(
                "gopher-repetition:duplicate-paragraph-characters", .share(200),
                "greatest share of characters in paragraphs that stood before"),
        ]
        + zip(2...4, [200, 180, 160]).map {
            QualityRule(
                "gopher-repetition:top-\($0)-gram", .share($1),
                "greatest share of characters in the most frequent run of \($0) words")
        }
        + zip(5...10, [150, 140, 130, 120, 110, 100]).map {
            QualityRule(
                "gopher-repetition:duplicate-\($0)-grams", .share($1),
                "greatest share of characters in runs of \($0) words that stood before")
        }

    /// Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer" (JMLR 21, 2020),
    /// section 2.2; the length of words and the policy phrases are those of its published code.
    private static let c4 = [
        QualityRule("c4:lorem-ipsum", nil, "the text holds \"lorem ipsum\""),
        QualityRule("c4:curly-bracket", nil, "the text holds a curly bracket"),
        QualityRule("c4:terminal-punctuation", nil, "a line ends with no punctuation mark"),
        QualityRule("c4:line-words", .count(3), "fewest words of a line"),
        QualityRule("c4:word-length", .count(1_000), "most characters of a word of a line"),
        QualityRule("c4:javascript", nil, "a line holds \"javascript\""),
        QualityRule("c4:policy", nil, "a line holds a phrase of policies and cookie notices"),
        QualityRule("c4:sentences", .count(5), "fewest sentences in the lines that stay"),
    ]

    /// Penedo et al., "The FineWeb Datasets" (2024, arXiv 2406.17557), section 3.6.
    private static let fineWeb = [
        QualityRule(
            "fineweb:line-punctuation", .share(120), "share of lines that end with punctuation, which has to be exceeded"),
        QualityRule(
            "fineweb:duplicate-line-characters", .share(100), "share of characters in lines that stood before, not to be reached"),
        QualityRule("fineweb:short-lines", .share(670), "share of short lines, not to be reached"),
        QualityRule("fineweb:short-line-length", .count(30), "characters below which a line is short"),
    ]

    private init(_ name: String, _ threshold: Threshold?, _ help: String) {
        (self.name, self.threshold, self.help) = (name, threshold, help)
    }

    /// The set that the rule belongs to.
    var family: Substring { name.prefix { $0 != ":" } }
}

extension QualityRule {
    /// The thresholds as a parameter: numbers under the names of their rules.
    static let thresholds = JSONSchema.numbers(
        all.compactMap { rule in
            switch rule.threshold {
            case nil: nil
            // A text has no more of anything than so many.
            case .count(let count): (rule.name, rule.help, .integer(count), 1_000_000_000)
            case .share(let share): (rule.name, rule.help, .decimal(Double(share) / 1000), 1_000)
            }
        })

    /// Whether it can be asked for by itself; if not, it only says what another rule measures.
    var isRule: Bool { name != "fineweb:short-line-length" }
}
