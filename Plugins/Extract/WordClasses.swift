/// What a word can be. A word may belong to several classes; context decides.
struct WordClasses: OptionSet, Hashable, Sendable {
    let rawValue: UInt64

    // Names
    static let maleName = WordClasses(1 << 0)
    static let femaleName = WordClasses(1 << 1)
    /// Stands before a person's name: `President`, `Dr`.
    static let title = WordClasses(1 << 2)
    /// Says what a person is or does: `spokeswoman`, `mayor`.
    static let role = WordClasses(1 << 3)
    static let place = WordClasses(1 << 4)
    /// The adjective or people of a place: `Ukrainian`.
    static let demonym = WordClasses(1 << 5)
    static let organization = WordClasses(1 << 6)
    /// The last word of place names: `River`, `County`.
    static let placeNoun = WordClasses(1 << 7)
    /// A word of organizations' names: `University`, `Ltd`.
    static let organizationNoun = WordClasses(1 << 8)
    /// The last word of events' names: `War`, `Olympics`.
    static let eventNoun = WordClasses(1 << 9)
    /// A group that speaks as one: `police`, `officials`.
    static let collective = WordClasses(1 << 10)
    /// Joins parts of a personal name: `van`, `bin`.
    static let nameParticle = WordClasses(1 << 11)

    // Grammar
    /// Closed-class words: articles, prepositions, conjunctions, auxiliaries, pronouns.
    static let function = WordClasses(1 << 12)
    static let preposition = WordClasses(1 << 13)
    static let auxiliary = WordClasses(1 << 14)
    static let pronoun = WordClasses(1 << 15)
    static let determiner = WordClasses(1 << 16)
    static let adverb = WordClasses(1 << 17)
    /// Frequent words that are no names, though a sentence may begin with them.
    static let common = WordClasses(1 << 18)
    /// A verb's past form that does not end in -ed.
    static let past = WordClasses(1 << 19)

    // Speech
    static let speech = WordClasses(1 << 20)
    /// A verb of speech in a form that follows its subject's main verb: `adding`.
    static let speechParticiple = WordClasses(1 << 21)
    /// Verbs that attribute words without reporting speech as such: `called`, `sees`, `urged`.
    static let stanceVerb = WordClasses(1 << 22)
    static let denial = WordClasses(1 << 23)
    static let accusation = WordClasses(1 << 24)
    static let expectation = WordClasses(1 << 25)
    static let contest = WordClasses(1 << 26)
    /// Nouns of speech: `statement`, `tweet`.
    static let speechNoun = WordClasses(1 << 27)

    // Time
    static let month = WordClasses(1 << 28)
    static let weekday = WordClasses(1 << 29)
    static let timeUnit = WordClasses(1 << 30)
    static let season = WordClasses(1 << 31)
    static let dayPart = WordClasses(1 << 32)
    /// Begins expressions of time: `last`, `next`, `early`.
    static let timeModifier = WordClasses(1 << 33)
    static let future = WordClasses(1 << 34)

    // Quantity
    static let cardinal = WordClasses(1 << 35)
    static let scale = WordClasses(1 << 36)
    static let ordinal = WordClasses(1 << 37)
    static let currency = WordClasses(1 << 38)
    static let measure = WordClasses(1 << 39)
    /// Counts without an -s: `people`, `dead`.
    static let countNoun = WordClasses(1 << 40)
    /// A number behind it names, and does not count: `Gate 3`.
    static let label = WordClasses(1 << 41)

    /// The first word of a name of several words.
    static let startsPhrase = WordClasses(1 << 42)

    init(rawValue: UInt64) { self.rawValue = rawValue }
    private init(_ rawValue: UInt64) { self.rawValue = rawValue }

    static let givenName: WordClasses = [.maleName, .femaleName]

    /// Whether the word belongs to one of these classes.
    func isAny(_ classes: WordClasses) -> Bool { !isDisjoint(with: classes) }
}

/// All word lists with the classes they stand for.
enum WordLists {
    static let all: [(WordClasses, String)] = [
        (.maleName, GivenNames.male), (.femaleName, GivenNames.female), ([.title, .role], Titles.words), (.role, Titles.roles),
        (.collective, Titles.collectives), (.nameParticle, GivenNames.particles),
        (.place, Places.countries), (.place, Places.cities), (.place, Places.regions), (.demonym, Places.demonyms),
        (.placeNoun, Places.nouns), (.organization, Organizations.names), (.organizationNoun, Organizations.nouns),
        (.eventNoun, Organizations.eventNouns),
        (.function, Grammar.function), ([.function, .preposition], Grammar.prepositions),
        ([.function, .auxiliary], Grammar.auxiliaries),
        ([.function, .pronoun], Grammar.pronouns), ([.function, .determiner], Grammar.determiners),
        ([.adverb, .common], Grammar.adverbs),
        (.common, Grammar.common), (.past, Grammar.past),
        ([.speech, .common], SpeechVerbs.speech), ([.speechParticiple, .common], SpeechVerbs.participles),
        ([.stanceVerb, .common], SpeechVerbs.stance), ([.denial, .stanceVerb, .common], SpeechVerbs.denial),
        ([.accusation, .stanceVerb, .common], SpeechVerbs.accusation),
        ([.expectation, .stanceVerb, .common], SpeechVerbs.expectation),
        ([.contest, .common], SpeechVerbs.contest), ([.speechNoun, .common], SpeechVerbs.nouns),
        (.month, TimeWords.months), (.weekday, TimeWords.weekdays), ([.timeUnit, .common], TimeWords.units),
        ([.season, .common], TimeWords.seasons), ([.dayPart, .common], TimeWords.dayParts),
        ([.timeModifier, .common], TimeWords.modifiers), (.future, TimeWords.future),
        ([.cardinal, .common], NumberWords.cardinals), ([.scale, .common], NumberWords.scales),
        ([.ordinal, .common], NumberWords.ordinals),
        ([.currency, .common], NumberWords.currencies), ([.measure, .common], NumberWords.measures),
        ([.countNoun, .common], NumberWords.countNouns), (.label, NumberWords.labels),
        (.startsPhrase, PhraseTable.firstWords.sorted().joined(separator: " ")),
    ]
}
