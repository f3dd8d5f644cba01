import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterSummarize
import HeadwaterTesting
import Testing

@Suite("Forms and groups of summaries") struct SummaryFormTests {
    private let newsroom = Newsroom()

    private func summary(_ documents: [InputRecord], _ parameters: [String: JSON], _ annotations: [Record] = []) throws
        -> [Record]
    {
        let given = Parameters(parameters, declared: Summarize.declaration.parameters)
        var partition = ["documents": documents]
        if !annotations.isEmpty { partition["annotations"] = newsroom.bench.inputs(annotations) }
        return try newsroom.bench.run(try Summarize(parameters: given), [partition]).flatMap(\.records)
    }

    private func corpus(_ seed: UInt64) -> [InputRecord] {
        var random = SplitMix(seed: seed)
        return (0..<8).map { newsroom.randomPage(&random, "page\($0)") }
    }

    /// What an earlier stage found in a document: the first place of a text in it.
    private func found(_ kind: String, _ text: String, in document: InputRecord, _ fields: [String: JSON]) throws -> Record {
        let traced = try document.text()
        let start = try #require(
            (0...(traced.count - text.utf8.count)).first { traced.bytes[$0...].starts(with: text.utf8) })
        var draft = RecordDraft(
            kind: kind, text: traced[start..<start + text.utf8.count], parents: [document.id])
        for (name, value) in fields { draft.set(name, value) }
        return draft.sealedByBench(newsroom.bench)
    }

    @Test(
        "no summary is longer than its limits, whatever the method and the form",
        arguments: ["lexrank", "textrank", "centroid", "coverage"])
    func limits(method: String) throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            for (words, bytes) in [(30, 0), (0, 150), (25, 120)] {
                let records = try summary(
                    corpus(seed), ["sentences": 0, "words": .integer(words), "bytes": .integer(bytes), "method": .string(method)])
                let counted = records.reduce(0) { $0 + $1.string.split(separator: " ").count }
                #expect(words == 0 || counted <= words, "seed \(seed)")
                #expect(bytes == 0 || records.reduce(0) { $0 + $1.text.count } <= bytes, "seed \(seed)")
            }
        }
    }

    @Test("a summary without any limit is refused when the pipeline is read")
    func unlimited() {
        #expect(throws: StageError.self) {
            try Summarize(parameters: Parameters(["sentences": 0], declared: Summarize.declaration.parameters))
        }
    }

    @Test("each document alone is summed up from itself, under its title", arguments: 1...6 as ClosedRange<UInt64>)
    func document(seed: UInt64) throws {
        let documents = corpus(seed)
        let records = try summary(documents, ["group": "document", "sentences": 2])
        for (group, members) in Dictionary(grouping: records, by: { $0.fields["group"] }) {
            #expect(members.count <= 2 && Set(members.map { $0.fields["locator"] }) == [group], "seed \(seed)")
        }
        for document in documents {
            let alone = try summary([document], ["sentences": 2])
            let among = records.filter { $0.parents == [document.id] }
            #expect(among.map(\.string) == alone.map(\.string), "seed \(seed)")
        }
    }

    @Test("documents about one event are one cluster, and those about another one are not in it")
    func clusters() throws {
        let bridge = [
            "The harbour bridge at Tolvane closed to lorries after inspectors counted 212 cracks in its northern pillar.",
            "Inspectors counted 212 cracks in the northern pillar of the harbour bridge, so Tolvane closed it to lorries.",
        ]
        let seals = [
            "Volunteers counted forty grey seals asleep on the sands of Pell, the largest herd since records began.",
            "The largest herd of grey seals since records began, forty asleep on the sands of Pell, delighted volunteers.",
        ]
        let pages = (bridge + seals).enumerated().map { newsroom.page($1, "p\($0)") }
        let records = try summary(pages, ["group": "cluster", "sentences": 5, "redundancy": 1])
        let groups = Dictionary(grouping: records, by: { $0.fields["group"] }).values.map {
            Set($0.map { $0.fields["locator"]?.string })
        }
        #expect(Set(groups) == [["p0", "p1"], ["p2", "p3"]])
        let topics = try summary(pages, ["group": "topic", "sentences": 1])
        #expect(topics.allSatisfy { $0.fields["group"]?.string?.isEmpty == false })
    }

    @Test("what was published on one day, in one month or year is one group, in order of time")
    func dates() throws {
        let pages = [("2025-03-09", "a"), ("2025-02-11", "b"), ("2025-03-01", "c")].map { published, name in
            newsroom.page("The council of Ombrey sold ferry \(name) to a museum for one crown.", name, published: published)
        }
        func groups(_ period: String) throws -> [String?] {
            try summary(pages, ["group": "date", "period": .string(period), "sentences": 1]).map { $0.fields["group"]?.string }
        }
        #expect(try groups("day") == ["2025-02-11", "2025-03-01", "2025-03-09"])
        #expect(try groups("month") == ["2025-02", "2025-03"])
        #expect(try groups("year") == ["2025"])
    }

    @Test("a group by entity says only what names the entity, and the largest groups come first")
    func entities() throws {
        let pages = [
            newsroom.page(
                "Mayor Ode Varn opened the market hall at Ombrey on Sunday. Gulls watched the baker of Tolvane work.", "a"),
            newsroom.page(
                "Critics of Varn stayed away from the market hall all of Sunday. The rain fell on the lower town.", "b"),
        ]
        let annotations = [
            try found("entity", "Ode Varn", in: pages[0], ["canonical": "Ode Varn", "type": "person"]),
            try found("entity", "Tolvane", in: pages[0], ["canonical": "Tolvane", "type": "place"]),
            try found("entity", "Varn", in: pages[1], ["canonical": "Ode Varn", "type": "person"]),
        ]
        let records = try summary(pages, ["group": "entity", "sentences": 5, "redundancy": 1], annotations)
        #expect(records.map { $0.fields["group"] } == ["Ode Varn", "Ode Varn", "Tolvane"])
        #expect(records.prefix(2).allSatisfy { $0.string.contains("Varn") } && records[2].string.contains("Tolvane"))
        #expect(
            try summary(pages, ["group": "entity", "groups": 1], annotations).allSatisfy { $0.fields["group"] == "Ode Varn" })
    }

    @Test("a timeline is dated sentences in the order of what they tell, each date cited")
    func timeline() throws {
        let pages = [
            newsroom.page("The dam at Ombrey was raised by two metres in 1974. Nobody asked the fishermen about it.", "a"),
            newsroom.page("Water came over the dam at Ombrey on 3 May 2025. The dam was built in 1931 by hand.", "b"),
        ]
        let annotations = [
            try found("date", "1974", in: pages[0], ["value": "1974", "type": "date"]),
            try found("date", "3 May 2025", in: pages[1], ["value": "2025-05-03", "type": "date"]),
            try found("date", "1931", in: pages[1], ["value": "1931", "type": "date"]),
        ]
        let records = try summary(pages, ["form": "timeline"], annotations)
        #expect(records.map { $0.fields["date"] } == ["1931", "1974", "2025-05-03"])
        for record in records {
            let cite = try #require(record.cites["date"]?.first)
            let value = try #require(record.fields["date"]?.string)
            let parent = try #require(pages.first { $0.id == record.parents.first })
            let bytes = try parent.text().bytes[cite.range.start..<cite.range.start + cite.range.length]
            #expect(String(decoding: bytes, as: UTF8.self).contains(value.prefix(4)))
        }
    }

    @Test("a timeline or groups of entities without what extract finds are an error that says what to connect")
    func unconnected() {
        for parameters in [["form": "timeline"], ["group": "entity"]] as [[String: JSON]] {
            #expect { try summary(corpus(1), parameters) } throws: { "\($0)".contains("annotations: extract") }
        }
    }

    @Test("a report begins with one headline, and what is long past is background")
    func report() throws {
        let pages = [
            newsroom.page(
                "The old harbour bridge at Tolvane closed to lorries after 212 cracks were found. The bridge at Tolvane was last repaired in 1998 after a storm.",
                "a", published: "2025-03-10"),
            newsroom.page(
                "Inspectors closed the harbour bridge at Tolvane after they found 212 cracks in it.", "b", published: "2025-03-11"
            ),
        ]
        let annotations = [try found("date", "1998", in: pages[0], ["value": "1998", "type": "date"])]
        let records = try summary(pages, ["form": "report", "redundancy": 1], annotations)
        let sections = records.compactMap { $0.fields["section"]?.string }
        #expect(sections == ["headline", "news", "background"])
        #expect(records.last?.string.contains("1998") == true)
    }

    @Test("positions are what sources agree on, what they dispute, and what one alone says; each sentence is in one of them")
    func positions() throws {
        let records = try summary(
            [
                newsroom.page(
                    "The storm over Ombrey injured 14 fishermen on Sunday. The lifeboat of Pell was launched 7 times that night.",
                    "a"),
                newsroom.page(
                    "The storm over Ombrey injured 23 fishermen on Sunday. That night the lifeboat of Pell was launched 7 times.",
                    "b"),
                newsroom.page("A baker in the upper town lost the roof of her oven house to the wind.", "c"),
            ], ["form": "positions", "redundancy": .decimal(0.9)])
        let sections = Dictionary(grouping: records, by: { $0.fields["section"]?.string ?? "" })
        #expect(sections["agreed"]?.allSatisfy { $0.string.contains("7 times") } == true)
        #expect(sections["disputed"]?.count == 2 && sections["disputed"]?.allSatisfy { $0.fields["disputed"] == true } == true)
        #expect(Set(sections["disputed"]?.compactMap { $0.fields["disputedBy"] } ?? []) == [["a"], ["b"]])
        #expect(sections["one source"]?.contains { $0.string.contains("baker") } == true)
        #expect(Set(records.map(\.string)).count == records.count)
    }

    @Test("a brief tells both sides of a dispute, where there is one, though other sentences are worth more")
    func dispute() throws {
        let leads = [
            "The storm over Ombrey tore the roof off the market hall on Sunday night.",
            "The storm tore down the mast of the ferry at Tolvane.",
            "The storm over Ombrey drowned nine sheep in the lower meadows of Pell.",
            "The storm flooded the cellar of the school at Grust.",
        ]
        let pages = leads.enumerated().map { index, lead in
            let tail =
                index < 2
                ? " A baker fed the helpers until dawn came. The harbour office counted \([14, 23][index]) injured fishermen."
                : ""
            return newsroom.page(lead + tail, "p\(index)")
        }
        let records = try summary(pages, ["sentences": 4])
        #expect(records.count == 4 && records.filter { $0.fields["disputed"] == true }.map(\.string).count == 2)
    }

    @Test("sentences come as their documents were published, as their sources are called, or the best first")
    func order() throws {
        let pages = [
            newsroom.page(
                "Workers began to paint the lighthouse at Tolvane in red and white stripes.", "b", published: "2025-05-01"),
            newsroom.page("The island council chose red paint for the tall lighthouse at Tolvane.", "a", published: "2025-05-02"),
        ]
        func locators(_ order: String) throws -> [String?] {
            try summary(pages, ["order": .string(order)]).map { $0.fields["locator"]?.string }
        }
        #expect(try locators("time") == ["b", "a"])
        #expect(try locators("source") == ["a", "b"])
        #expect(try summary(pages, ["order": "rank"]).map { $0.fields["rank"]?.integer } == [1, 2])
    }

    @Test("of each sentence it is told what its worth is made of")
    func explained() throws {
        let documents = corpus(3)
        let stage = try Summarize(parameters: Parameters([:], declared: Summarize.declaration.parameters))
        for result in try newsroom.bench.run(stage, [["documents": documents]]) {
            #expect(result.notes.map(\.record) == result.records.map(\.id) && result.notes.allSatisfy { $0.reason == "lexrank" })
            for (record, note) in zip(result.records, result.notes) {
                let factors = ["centrality", "fitness", "position", "title", "corroboration"].compactMap {
                    note.details[$0]?.integer
                }
                #expect(factors.count == 5 && note.details["worth"] == record.fields["score"])
                let others =
                    Set((record.fields["supportedBy"]?.array ?? []) + (record.fields["disputedBy"]?.array ?? [])).count - 1
                #expect(factors.last == 1000 + 400 * min(others, 5))
            }
        }
    }

    @Test("groups and forms depend neither on the order of documents nor on partitions", arguments: 1...4 as ClosedRange<UInt64>)
    func placement(seed: UInt64) throws {
        let documents = corpus(seed)
        var random = SplitMix(seed: seed &+ 11)
        for parameters in [["group": "cluster"], ["group": "topic"], ["group": "date"], ["form": "positions"]] as [[String: JSON]]
        {
            let given = Parameters(parameters, declared: Summarize.declaration.parameters)
            let together = try summary(documents, parameters)
            var partitions: [[InputRecord]] = [[]]
            for document in documents.shuffled(using: &random) {
                if Bool.random(using: &random) { partitions.append([]) }
                partitions[partitions.count - 1].append(document)
            }
            let apart = try newsroom.bench.run(try Summarize(parameters: given), partitions.map { ["documents": $0] })
            #expect(apart.flatMap(\.records) == together, "seed \(seed)")
        }
    }
}
