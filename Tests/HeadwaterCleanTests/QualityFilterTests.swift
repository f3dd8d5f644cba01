import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterClean

@Suite("Quality rules of corpus builders")
struct QualityFilterTests {
    // MARK: Single rules

    /// A text as the rules see it, of lines as they are.
    private static func text(_ lines: String) -> QualityText {
        let bytes = Array(lines.utf8)
        let page = TracedText(decoding: bytes, digest: Digest(of: bytes), charset: .utf8)
        return QualityText(ArticleText(page, LineReader.blocks(of: bytes), isMarkup: false, normalization: .none))
    }

    private static func usual(_ family: String) -> [String: Int] {
        QualityRule.all.filter { $0.family == family && $0.isRule }.reduce(into: [:]) { table, rule in
            switch rule.threshold {
            case nil: break
            case .count(let count): table[rule.name] = count
            case .share(let share): table[rule.name] = share
            }
        }
    }

    private static func failure(_ family: String, _ thresholds: [String: Int], _ text: QualityText) -> QualityFilters.Failure? {
        switch family {
        case "gopher-quality":
            GopherQuality(thresholds, stopWords: GopherQuality.stopWords(for: "en")).failure(of: text)
        case "gopher-repetition": GopherRepetition(thresholds).failure(of: text)
        default: FineWebRules(thresholds, shortLine: 30).failure(of: text)
        }
    }

    /// A sentence of twelve words that nobody has written before, the same for each number.
    private static func sentence(_ number: Int) -> String {
        var random = SplitMix(seed: UInt64(number))
        func word() -> String {
            let syllables = ["ko", "ra", "ten", "mi", "sol", "ba", "lun", "dre", "fi", "gor", "hel", "pau"]
            return (0..<Int.random(in: 2...4, using: &random)).map { _ in syllables.randomElement(using: &random) ?? "" }.joined()
        }
        return "The \(word()) of \(word()) that \(word()) with \(word()) has to \(word()) \(word())."
    }

    private static let prose = (0..<40).map(sentence).joined(separator: "\n\n")

    @Test("prose passes every rule", arguments: ["gopher-quality", "gopher-repetition", "fineweb"])
    func passes(family: String) {
        #expect(Self.failure(family, Self.usual(family), Self.text(Self.prose)) == nil)
    }

    /// A text that one rule alone speaks against, with what is measured.
    private static let offenders: [(rule: String, text: String, measured: Int)] = [
        ("gopher-quality:minimum-words", "The ferry has to be found with luck.", 8),
        ("gopher-quality:minimum-word-length", (0..<60).map { "I be to a \($0 % 10) of it." }.joined(separator: "\n\n"), 0),
        (
            "gopher-quality:maximum-word-length",
            "the of " + (0..<60).map { "incomprehensibilities\($0)" }.joined(separator: " "), 0
        ),
        ("gopher-quality:hashes", prose + "\n\n" + String(repeating: "#the ", count: 120), 0),
        ("gopher-quality:ellipses", prose.replacing(" that", with: "… that").replacing(" has", with: "... has"), 0),
        ("gopher-quality:bullet-lines", (0..<30).map { "* \(sentence($0))" }.joined(separator: "\n"), 1000),
        ("gopher-quality:ellipsis-lines", (0..<40).map { sentence($0) + ($0 < 20 ? ".." : "") }.joined(separator: "\n\n"), 500),
        ("gopher-quality:alphabetic-words", "the of " + (0..<60).map { "\($0) 1234567 word" }.joined(separator: " "), 0),
        ("gopher-quality:stop-words", (0..<60).map { "Fähre \($0) fährt heute wieder" }.joined(separator: "\n\n"), 0),
        ("gopher-repetition:duplicate-lines", prose + String(repeating: "\n\nYes.", count: 30), 0),
        (
            "gopher-repetition:duplicate-line-characters",
            prose + String(repeating: "\n\n" + sentence(99) + sentence(98), count: 8), 0
        ),
        ("gopher-repetition:top-2-gram", String(repeating: "harbourmaster's lighthouse ", count: 6) + prose.prefix(300), 0),
        (
            "gopher-repetition:duplicate-10-grams",
            String(repeating: prose.prefix(1500) + "\n\n", count: 1) + prose.prefix(700).replacing("\n\n", with: " "), 0
        ),
        ("fineweb:line-punctuation", prose.replacing(".", with: ""), 0),
        ("fineweb:duplicate-line-characters", prose + String(repeating: "\n\n" + sentence(99), count: 8), 0),
        (
            "fineweb:short-lines",
            prose + String(repeating: "\n\nA short one.", count: 3) + (0..<90).map { "\n\nIt is \($0)." }.joined(), 0
        ),
    ]

    @Test("a text that breaks one rule fails for it, and passes when the threshold lets it", arguments: offenders.map(\.rule))
    func single(rule: String) throws {
        let (_, lines, measured) = try #require(Self.offenders.first { $0.rule == rule })
        let family = String(rule.prefix { $0 != ":" })
        let text = Self.text(lines)
        let threshold = try #require(Self.usual(family)[rule])
        let failure = try #require(Self.failure(family, [rule: threshold], text), "\(rule) does not fail")
        #expect(failure.rule == rule && failure.threshold == threshold)
        if measured > 0 { #expect(failure.measured == measured) }
        // One more than was measured: shares are rounded down.
        let isMinimum = failure.measured < threshold || rule == "fineweb:line-punctuation"
        let loosened = isMinimum ? max(failure.measured - 1, 0) : failure.measured + 1
        if !(rule == "fineweb:line-punctuation" && failure.measured == 0) {
            #expect(Self.failure(family, [rule: loosened], text) == nil)
        }
        #expect(Self.failure(family, [:], text) == nil)
    }

    @Test("a looser threshold never fails what a stricter one lets pass")
    func monotonic() {
        var random = SplitMix(seed: 51)
        for _ in 0..<6 {
            let lines = (0..<Int.random(in: 1...30, using: &random)).map { _ -> String in
                let number = Int.random(in: 0..<12, using: &random)
                return ["* ", "", ""][number % 3] + Self.sentence(number) + ["", "..", " #a #b", " …"][number % 4]
            }
            let text = Self.text(lines.joined(separator: Bool.random(using: &random) ? "\n" : "\n\n"))
            for family in ["gopher-quality", "gopher-repetition", "fineweb"] {
                for (rule, _) in Self.usual(family).sorted(by: { $0.key < $1.key }) {
                    let outcomes = [0, 5, 100, 400, 2_000, 20_000].map {
                        Self.failure(family, [rule: $0], text) == nil
                    }
                    // Passing flips at most once on the way from strict to loose, or from loose to strict.
                    let flips = zip(outcomes, outcomes.dropFirst()).count { $0 != $1 }
                    #expect(flips <= 1, "seed 51: \(rule) \(outcomes)")
                }
            }
        }
    }

    @Test("stop words are asked of English, or of any language when they are given")
    func stopWords() throws {
        #expect(GopherQuality.stopWords(for: "en-GB") != nil && GopherQuality.stopWords(for: nil) != nil)
        #expect(GopherQuality.stopWords(for: "de") == nil)
        let german = (0..<12).map {
            "<p>Die Fähre Nummer \($0) fuhr am Morgen aus dem Hafen, und niemand auf der Mole hat sie gesehen.</p>"
        }
        let page = Array("<html lang=de><body><article>\(german.joined())</article></body></html>".utf8)
        #expect(try PageFixtures.clean(page, ["filters": ["gopher-quality"]]).records.count == 1)
        let strict: [String: JSON] = ["filters": ["gopher-quality"], "stopWords": ["xyzzy", "plugh"]]
        #expect(try PageFixtures.clean(page, as: "page.html", strict).drops.map(\.reason) == ["gopher-quality:stop-words"])
        let lenient: [String: JSON] = ["filters": ["gopher-quality"], "stopWords": ["und", "die"]]
        #expect(try PageFixtures.clean(page, as: "page.html", lenient).records.count == 1)
    }

    // MARK: The stage

    private static func page(_ lines: [String]) -> [UInt8] {
        Array("<html lang=en><body><article>\(lines.map { "<p>\($0)</p>" }.joined())</article></body></html>".utf8)
    }

    private static let lines = (0..<12).map(sentence)

    @Test("a document that is left out names the rule, what was measured and the threshold")
    func drops() throws {
        let parameters: [String: JSON] = [
            "filters": ["fineweb", "gopher-quality"], "thresholds": ["gopher-quality:minimum-words": 5000],
        ]
        let drop = try #require(try PageFixtures.clean(Self.page(Self.lines), as: "page.html", parameters).drops.first)
        #expect(drop.reason == "gopher-quality:minimum-words")
        #expect(drop.details == ["measured": .integer(144), "threshold": 5000])
        let only: [String: JSON] = ["filters": ["gopher-quality:hashes"], "thresholds": ["gopher-quality:minimum-words": 5000]]
        #expect(try PageFixtures.clean(Self.page(Self.lines), as: "page.html", only).records.count == 1)
        let none: [String: JSON] = ["thresholds": ["gopher-quality:minimum-words": 5000]]
        #expect(try PageFixtures.clean(Self.page(Self.lines), as: "page.html", none).records.count == 1)
    }

    @Test("filters count in the order in which they are asked for")
    func order() throws {
        let both: [String: JSON] = ["fineweb:short-lines": 0, "gopher-quality:minimum-words": 5000]
        for (filters, reason) in [
            (["fineweb", "gopher-quality"] as JSON, "fineweb:short-lines"),
            (["gopher-quality", "fineweb"], "gopher-quality:minimum-words"),
        ] {
            let result = try PageFixtures.clean(
                Self.page(Self.lines), as: "page.html", ["filters": filters, "thresholds": .object(both)])
            #expect(result.drops.map(\.reason) == [reason])
        }
    }

    private static let odd: [(line: String, reason: String)] = [
        ("This line of the ferry goes on and on without an end", "c4:terminal-punctuation"),
        ("And nobody on the pier knew what to make of that...", "c4:terminal-punctuation"),
        ("Nobody knew.", "c4:line-words"),
        ("The ferry's timetable can be read only where JavaScript is switched on, says the captain.", "c4:javascript"),
        ("The captain says that the harbour office makes use of cookies at every meeting.", "c4:policy"),
        ("The mouse wrote \(String(repeating: "a", count: 1001)) on the wall of the chapel, in chalk.", "c4:word-length"),
    ]

    @Test("C4's rules leave lines out with a note each, and what stays passes them all again")
    func lines() throws {
        var random = SplitMix(seed: 52)
        for _ in 0..<20 {
            let odd = Self.odd.filter { _ in Bool.random(using: &random) }
            var lines = Self.lines.map { (line: $0, reason: nil as String?) }
            for (line, reason) in odd { lines.insert((line, reason), at: Int.random(in: 1..<lines.count, using: &random)) }
            let source = Self.page(lines.map(\.line))
            let whole = try #require(try PageFixtures.clean(source).records.first)
            let result = try PageFixtures.clean(source, ["filters": ["c4"]])
            let record = try #require(result.records.first)
            #expect(String(decoding: record.text, as: UTF8.self) == Self.lines.joined(separator: "\n\n"))
            let notes = result.notes.filter { $0.reason.hasPrefix("c4:") }
            // Clean may have left an odd line out for a reason of its own.
            let text = String(decoding: whole.text, as: UTF8.self)
            let expected = lines.filter { $0.reason != nil && text.contains($0.line) }
            let cited = notes.map { note in
                note.cites.map { String(decoding: source[$0.range.start..<$0.range.start + $0.range.length], as: UTF8.self) }
                    .joined()
            }
            for (line, reason) in expected {
                let place = try #require(cited.firstIndex { $0.contains(line) }, "seed 52: \(line)")
                #expect(notes[place].reason == reason && notes[place].kind == "block" && notes[place].record == record.id)
            }
            let again = try PageFixtures.clean(Self.page(Self.lines), ["filters": ["c4"]])
            #expect(again.records.first?.text == record.text && !again.notes.contains { $0.reason.hasPrefix("c4:") })
        }
    }

    @Test(
        "documents that C4 leaves out",
        arguments: [
            (["Lorem Ipsum is what the printer set on the first page of the book."], "c4:lorem-ipsum", 1),
            (["The captain wrote { and } on the wall, and nobody knew why he did."], "c4:curly-bracket", 2),
            ([], "c4:sentences", 4),
        ])
    func documents(lines: [String], reason: String, measured: Int) throws {
        let kept = lines.isEmpty ? Array(Self.lines.prefix(4)) : Self.lines
        let result = try PageFixtures.clean(Self.page(kept + lines), as: "page.html", ["filters": ["c4"]])
        #expect(result.drops.map(\.reason) == [reason])
        #expect(result.drops.first?.details["measured"] == .integer(measured))
        #expect(result.records.isEmpty && result.notes.isEmpty)
    }

    @Test(
        "names and thresholds that are none are refused",
        arguments: [
            (["filters": ["c5"]], "filters"), (["filters": ["fineweb:short-line-length"]], "filters"),
            (["normalize": ["nfd"]], "normalize"), (["normalize": ["nfc", "nfkc"]], "normalize"), (["mask": ["name"]], "mask"),
        ] as [([String: JSON], String)])
    func refused(parameters: [String: JSON], at parameter: String) {
        let error = #expect(throws: StageError.self) {
            try Clean(parameters: Parameters(parameters, declared: Clean.declaration.parameters))
        }
        #expect(error?.parameter == parameter)
    }

    @Test("the parameter of thresholds takes the names of rules and numbers within their limits")
    func schema() throws {
        let parameter = try #require(Clean.declaration.parameters.first { $0.name == "thresholds" })
        #expect(parameter.expectation(for: ["fineweb:short-lines": .decimal(0.8), "c4:sentences": 3]) == nil)
        #expect(parameter.expectation(for: ["fineweb:short-lines": "much"]) != nil)
        #expect(parameter.expectation(for: ["fineweb:long-lines": 1]) != nil)
        #expect(parameter.expectation(for: ["c4:sentences": .decimal(2.5)]) != nil)
        #expect(parameter.expectation(for: ["c4:sentences": -1]) != nil)
        #expect(parameter.expectation(for: ["c4:curly-bracket": 1]) != nil)
    }
}
