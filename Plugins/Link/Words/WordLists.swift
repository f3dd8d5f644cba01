/// What is known of single English words where claims are compared. All lists are our own.
struct WordLists: Sendable {
    static let shared = WordLists()

    struct Classes: OptionSet, Sendable {
        let rawValue: UInt16

        /// Says nothing of what a sentence is about.
        static let common = Classes(rawValue: 1 << 0)
        /// Turns what follows into its contrary.
        static let negation = Classes(rawValue: 1 << 1)
        /// Right before a figure: that it is an earlier one, or one of several.
        static let aside = Classes(rawValue: 1 << 2)
        /// Asks many people: such figures differ from one asking to the next.
        static let poll = Classes(rawValue: 1 << 3)
        /// A verb of denial.
        static let denial = Classes(rawValue: 1 << 4)
        /// A verb that denies only where what it turns down was alleged.
        static let dismissal = Classes(rawValue: 1 << 5)
        /// What is alleged.
        static let allegation = Classes(rawValue: 1 << 6)
        /// Stands for who was named before.
        static let pronoun = Classes(rawValue: 1 << 7)
        /// Says that something else than the plain statement is meant: a condition, a wish.
        static let condition = Classes(rawValue: 1 << 8)
        /// Behind a figure: that it is an earlier one.
        static let earlier = Classes(rawValue: 1 << 9)
        /// Before a figure: that it is how much something changed; and to what.
        static let change = Classes(rawValue: 1 << 10)
        static let level = Classes(rawValue: 1 << 11)
    }

    /// One side of a pair of opposites.
    struct Opposite: Sendable, Equatable {
        /// The same for both sides.
        var term: UInt64
        var isFirst: Bool
    }

    struct Entry: Sendable {
        var classes: Classes = []
        /// Words of one family count as one.
        var family: UInt64?
        var opposite: Opposite?
    }

    private var entries: [UInt64: Entry] = [:]

    /// - Parameter word: in lower case.
    func entry(_ word: [UInt8]) -> Entry { entries[Word.hash(word)] ?? Entry() }

    private init() {
        for (classes, words) in Self.classes { insert(words) { $0.classes.formUnion(classes) } }
        for words in Self.families {
            let family = Word.hash(("family " + words).utf8)
            insert(words) { $0.family = family }
        }
        for (first, second) in Self.opposites {
            let term = Word.hash("opposites \(first) / \(second)".utf8)
            insert(first) { $0.opposite = Opposite(term: term, isFirst: true) }
            insert(second) { $0.opposite = Opposite(term: term, isFirst: false) }
        }
    }

    private mutating func insert(_ words: String, _ change: (inout Entry) -> Void) {
        for word in words.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A }) {
            change(&entries[Word.hash(word), default: Entry()])
        }
    }
}

extension WordLists {
    private static let classes: [(Classes, String)] = [
        (
            .common,
            """
            a an the this that these those my your his her its our their some any each every all both few many much more most several such
            another other what which who whom whose when where why how and or but nor so yet if because although though while than whether
            as of in on at by for with from to into onto upon about above across after against along amid among around before behind
            below between beyond despite down during except inside like near off out outside over past per since through throughout till
            toward towards under until up via within without am is are was were be been being have has had having do does did doing will
            would shall should can could may might must ought i you he she it we they me him us them himself herself itself themselves
            there here also too either neither only even just again already always now then still very well quite rather really later soon
            once ever today yesterday tomorrow tonight said says say saying tell told tells according added adding stated announced
            announcing reported reportedly allegedly apparently told one two three four five six seven eight nine ten eleven twelve
            thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
            hundreds thousand thousands million millions billion billions trillion dozen dozens half percent cent nearly almost roughly
            approximately least mr mrs ms dr sir new make made makes making take took taken get got go went gone come came put give gave
            given use used way time times year years month months week weeks day days hour hours minute minutes people person thing
            things part number lot first last next same own due including told statement monday tuesday wednesday thursday friday
            saturday sunday january february march april june july august september october november december
            """
        ),
        (
            .common,
            """
            think thinks thinking want wants wanted know knows knew known like likes get gets getting see sees saw seen look looks looking feel
            feels good great big lot going want need needs needed try tries tried keep keeps kept let lets call calls called ask asks asked
            talk talks talking work works show shows showed shown help helps bring come turn turned leave seem seems appear appears believe
            believes say anything something everything nothing no none nobody yes sure right long new old little high low
            """
        ),
        (
            .negation,
            "not never cannot can't won't didn't doesn't don't isn't aren't wasn't weren't hasn't haven't hadn't wouldn't couldn't shouldn't"
        ),
        (
            .aside,
            "from another additional other previous previously earlier former initially originally original first further vs versus against compared"
        ),
        (.earlier, "previous previously earlier ago last prior before formerly originally"),
        (.change, "by"), (.level, "to"),
        (
            .poll,
            "poll polls polling survey surveys surveyed pollster pollsters odds likelihood probability rating forecast projected"
        ),
        (.denial, "denied denies deny denying refuted refutes refuting rebutted"),
        (
            .dismissal,
            "rejected rejects reject rejecting dismissed dismisses dismiss dismissing disputed disputes dispute disputing"
        ),
        (
            .allegation,
            """
            claim claims allegation allegations accusation accusations report reports suggestion suggestions rumour rumours rumor rumors
            charge charges assertion assertions insinuation insinuations
            """
        ),
        (.pronoun, "i we he she"),
        (.condition, "if unless would whether should until may might could"),
    ]

    private static let families = [
        "dead dies died die dying death deaths killed kill kills killing fatalities fatality fatal perished",
        "injured injures injure injuries injury hurt wounded wound wounds",
        "resigned resigns resign resigning resignation",
        "bought buys buy buying purchase purchased purchases acquired acquires acquire acquisition",
        "sold sells sell selling sale",
        "began begins begin beginning begun started starts start starting",
        "found finds find finding discovered discovers discover discovery",
        "built builds build building construction constructed",
        "paid pays pay paying payment",
        "missing disappeared disappearance vanished",
        "voted votes vote voting",
        "met meets meet meeting",
        "investigation investigations investigate investigated investigates investigating probe inquiry",
        "police officers officer",
        "homes home houses house",
        "evacuated evacuate evacuation evacuations emptied",
        "infected infections infection",
        "rescued rescues rescue",
        "homeless displaced",
        "collapsed collapse collapses collapsing",
        "planned plans plan planning",
        "attacked attacks attack attacking",
    ]

    /// Words of which no event is rightly told with both. Where one event has both (it began, and it ended) they are not listed.
    private static let opposites: [(String, String)] = [
        (
            "rose rise rises risen rising increased increases increase increasing grew grow grows grown climbed climbs gained jumped soared surged",
            "fell fall falls fallen falling decreased decreases decrease decreasing declined declines dropped drops shrank shrunk sank plunged slumped"
        ),
        ("approved approves approve accepted accepts adopted passed ratified", "rejected rejects reject refused refuses vetoed"),
        ("won wins win winning", "lost loses lose losing"),
        ("opened opens open reopened reopens reopen", "closed closes close shut shuts closure"),
        ("guilty convicted", "innocent acquitted"),
        ("arrested detained jailed imprisoned", "released freed"),
        ("true", "false untrue"),
        ("legal lawful", "illegal unlawful"),
        ("succeeded succeeds succeed successful", "failed fails fail unsuccessful"),
        ("allowed allows allow permitted permits permit", "banned bans ban forbidden prohibited prohibits barred"),
        ("supports supported support supporting", "opposes opposed oppose opposing"),
        ("improved improves improve", "worsened worsens worsen deteriorated"),
        ("agreed agrees agree", "disagreed disagrees disagree"),
        ("safe", "unsafe dangerous"),
        ("strengthened strengthens", "weakened weakens"),
    ]
}
