import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterLink

@Suite("Laws of link") struct LinkLawTests {
    private static let places = ["Cape Torren", "Little Hadding"]
    private static let ships = ["Alder Star", "Maren Vik"]

    /// Pages of few ships and places, so that they repeat and contradict each other.
    private func pages(_ stand: Newsstand, seed: UInt64, count: Int) throws -> [Newsstand.Page] {
        var random = SplitMix(seed: seed)
        return try (0..<count).map { number in
            var sentences: [String] = []
            let ship = Self.ships.randomElement(using: &random) ?? ""
            let place = Self.places.randomElement(using: &random) ?? ""
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let figure = [12, 14, 30].randomElement(using: &random) ?? 0
                sentences += [
                    [
                        "The ferry \(ship) ran aground off \(place) with \(figure) passengers on board.",
                        "Harbour pilots said that \(figure) people were injured when the \(ship) ran aground off \(place).",
                        "Captain Ilse Marrow denied that the \(ship) had been sailing too fast off \(place).",
                        "Peter Marrow said the \(ship) had been sailing too fast off \(place) in the fog.",
                        "The Northern Ferry Authority (NFA) closed the strait off \(place) to the \(ship).",
                        "The NFA did not close the strait off \(place) to the \(ship), pilots said.",
                    ].randomElement(using: &random) ?? ""
                ]
            }
            let day = Int.random(in: 8...10, using: &random)
            return try stand.page(
                sentences.joined(separator: " "), "site\(number).example/\(seed)",
                published: "2031-04-\(day < 10 ? "0" : "")\(day)")
        }
    }

    private func kept(_ records: [Record]) -> [String] {
        records.map { "\($0.kind) \($0.id)" }.sorted()
    }

    @Test("neither the order of the documents nor their partitions change anything", arguments: [1, 2, 3] as [UInt64])
    func orderAndPartitions(seed: UInt64) throws {
        let stand = Newsstand()
        let pages = try pages(stand, seed: seed, count: 20)
        let expected = kept(try stand.records([pages]))
        #expect(expected.contains { $0.hasPrefix("statement") })
        var random = SplitMix(seed: seed)
        for _ in 0..<3 {
            var partitions: [[Newsstand.Page]] = [[]]
            for page in pages.shuffled(using: &random) {
                if Int.random(in: 0..<4, using: &random) == 0 { partitions.append([]) }
                partitions[partitions.count - 1].append(page)
            }
            #expect(kept(try stand.records(partitions)) == expected, "seed \(seed)")
        }
    }

    @Test("a document that has nothing to do with the others changes nothing of what they give", arguments: [4, 5] as [UInt64])
    func unrelated(seed: UInt64) throws {
        let stand = Newsstand()
        let pages = try pages(stand, seed: seed, count: 10)
        let before = kept(try stand.records([pages]))
        let stranger = try stand.page(
            "The quarry at Vennholt sold 3,000 tonnes of slate in the winter, manager Tova Brandel said.", "slate.example")
        let after = kept(try stand.records([pages, [stranger]]))
        let own = kept(try stand.records([[stranger]]))
        #expect(!own.isEmpty)
        #expect(after == (before + own).sorted(), "seed \(seed)")
    }

    @Test(
        "a copy adds no source, whether it says whose text it carries, is of the same site, or only has the same words",
        arguments: [["syndicatedFrom": "First Site"], ["site": "First Site"], [:]] as [[String: JSON]])
    func copies(_ fields: [String: JSON]) throws {
        let stand = Newsstand()
        let text =
            "The ferry Alder Star ran aground off Cape Torren on Tuesday with 212 passengers on board, pilots in Sandry said."
        var pages = [
            try stand.page(text, "one.example", fields: ["site": "First Site"]),
            try stand.page(
                "With 212 passengers on board, the Alder Star ran aground off Cape Torren, Norlin Lines said.", "two.example",
                fields: ["site": "Second Site"]),
            try stand.page(
                "The Alder Star had 187 passengers on board as it ran aground off Cape Torren, the Torren harbour office said.",
                "three.example", fields: ["site": "Third Site"]),
        ]
        func counts() throws -> [[Int]] {
            try stand.records([pages]).filter { $0.kind == "statement" }.map { [$0.number("support"), $0.number("opposition")] }
                .sorted {
                    $0.lexicographicallyPrecedes($1)
                }
        }
        let expected = try counts()
        #expect(expected == [[1, 2], [2, 1]])
        let words = fields.isEmpty ? text : text.replacing("pilots in Sandry", with: "two pilots")
        for number in 0..<3 { pages.append(try stand.page(words, "copy\(number).example", fields: fields)) }
        #expect(try counts() == expected)
    }

    @Test("every range that a record names holds what it says it does", arguments: [6, 7] as [UInt64])
    func ranges(seed: UInt64) throws {
        let stand = Newsstand()
        let pages = try pages(stand, seed: seed, count: 16)
        var texts: [Digest: [UInt8]] = [:]
        for page in pages { texts[page.document.record.sources[0]] = page.document.record.text }
        func cited(_ record: Record, _ field: String) -> [String] {
            (record.cites[field] ?? []).map { cite in
                let text = texts[record.sources[cite.source]] ?? []
                return String(decoding: text[cite.range.start..<cite.range.start + cite.range.length], as: UTF8.self)
            }
        }
        var compared = 0
        for record in try stand.records([pages]) {
            switch record.kind {
            case "link":
                #expect(cited(record, "compared") == record.texts("compared"))
                #expect(cited(record, "other") == [record.text("other")])
                #expect((0...1000).contains(record.number("score")))
                compared += 1
            case "statement":
                #expect(record.cites["for"]?.count == record.number("support"))
                #expect(record.texts("against").count == max(0, record.number("opposition")))
                #expect(cited(record, "for").contains(record.string))
                for (why, bytes) in zip(record.texts("why"), cited(record, "why")) { #expect(why.hasSuffix(", but " + bytes)) }
            case "name": #expect(Set(cited(record, "variants")) == Set(record.texts("variants")))
            default: #expect(cited(record, "canonical") == [record.text("canonical")])
            }
        }
        #expect(compared > 0)
    }

    @Test("claims of the very same words, or all of one story, are never compared each with each")
    func hostile() throws {
        for isSame in [true, false] {
            var search = CandidateSearch()
            let count = isSame ? 100_000 : 20_000
            for number in 0..<count {
                let claim = ClaimSketch(
                    id: RecordID(Digest(of: Array("\(number)".utf8))), textHash: isSame ? 1 : UInt64(number), keys: [1, 2])
                try search.add(claim, document: number)
            }
            let found = try search.found()
            #expect(found.pairs.count <= (isSame ? 0 : count * 6))
            #expect(found.repeated.values.allSatisfy { $0.some.count <= CandidateSearch.mostRepetitions })
            if !isSame { #expect(found.pairs.count >= count - 1, "each is still brought together with others") }
        }
    }

    @Test("damaged bytes between the rounds are an error, and never read outside themselves")
    func damage() throws {
        let stand = Newsstand()
        let pages = try pages(stand, seed: 8, count: 8)
        let stage = try Newsstand.stage()
        let partition = Partition(["documents": pages.map(\.document), "annotations": pages.flatMap(\.annotations)])
        let sketch = try stage.sketch(partition)
        guard case .groups(let groups, let carry) = try stage.combine(Sketches(count: 1) { _ in sketch }) else {
            Issue.record("combine forms groups")
            return
        }
        let verdict = try stage.examine(Partition(["annotations": pages.flatMap(\.annotations)]))
        let slices = try stage.decide(Verdicts(partitionCount: 1, carry: carry, groups: groups.map { ($0, verdict) }))
        var random = SplitMix(seed: 8)
        func damaged(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 1...bytes.count, using: &random)) }
            if !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            }
            return bytes
        }
        for _ in 0..<200 {
            let (badSketch, badCarry, badVerdict, badSlice) = (
                damaged(sketch), damaged(carry), damaged(verdict), damaged(slices[0])
            )
            _ = try? stage.combine(Sketches(count: 1) { _ in badSketch })
            _ = try? stage.decide(Verdicts(partitionCount: 1, carry: badCarry, groups: groups.map { ($0, verdict) }))
            _ = try? stage.decide(Verdicts(partitionCount: 1, carry: carry, groups: groups.map { ($0, badVerdict) }))
            _ = try? LinkSlice(badSlice)
        }
        let cut = Array(sketch.dropLast())
        #expect(throws: StageError.self) { try stage.combine(Sketches(count: 1) { _ in cut }) }
    }

    @Test("`kinds` leaves out the other kinds and changes nothing else", arguments: ["entity", "name", "statement", "link"])
    func kinds(_ kind: String) throws {
        let stand = Newsstand()
        let pages = try pages(stand, seed: 9, count: 20)
        let all = try stand.records([pages])
        let some = try stand.records([pages], ["kinds": .array([.string(kind)])])
        #expect(some.map(\.id) == all.filter { $0.kind == kind }.map(\.id))
        #expect(!some.isEmpty)
    }
}
