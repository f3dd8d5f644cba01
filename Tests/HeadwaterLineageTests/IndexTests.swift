import Foundation
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterLineage

@Suite struct IndexTests {
    private static let words = [
        "river", "Gate", "Ältere", "straße", "\u{442}\u{435}\u{43A}\u{441}\u{442}", "mill", "42", "\"quoted\"", "a\\b",
        "line\nbreak",
    ]

    /// Runs of two stages over pages that come, change and go.
    private static func ledger(_ random: inout SplitMix) throws -> (Ledger, [Record]) {
        let ledger = try Ledger()
        var all: [Record] = []
        var pages = try (0..<12).map { try ledger.source("page\($0).html", "text \($0)") }
        for _ in 0..<4 {
            for number in pages.indices where Bool.random(using: &random) && Bool.random(using: &random) {
                pages[number] = try ledger.source("page\(number).html", "text \(UInt8.random(in: 0...255, using: &random))")
            }
            let made = pages.map { page -> Record in
                let text = (0..<3).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
                return Record(
                    kind: Bool.random(using: &random) ? "claim" : "date", sources: page.sources, parents: [page.id],
                    fields: [
                        "speaker": .string(text), "value": .integer(Int.random(in: 0..<5, using: &random)),
                        "names": .array([.string(words.randomElement(using: &random) ?? "")]),
                    ])
            }
            all += pages + made
            let parts = stride(from: 0, to: pages.count, by: 4).map { $0..<$0 + 4 }
            try ledger.run([
                ("fetch", try ledger.artifact(parts.map { try ledger.shard(Array(pages[$0])) })),
                ("extract", try ledger.artifact(parts.map { try ledger.shard(Array(made[$0])) })),
            ])
        }
        return (ledger, all)
    }

    private static func found(_ kind: Find.Kind, _ conditions: [String], in index: LineageIndex) throws -> [JSON] {
        var out: [JSON] = []
        let find = try Find(kind, try conditions.map { try FindCondition($0) }, in: RunRange(), index: index)
        try find.forEach {
            out.append($0); return true
        }
        return out
    }

    @Test("an index that took up run after run answers as one that is made anew from all of them", arguments: [1, 7, 40_961])
    func rebuilt(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let ledger = try Ledger()
        var answers: [[JSON]] = []
        for round in 0..<3 {
            let pages = try (0..<8).map { try ledger.source("page\($0).html", "\($0) \(Int.random(in: 0..<3, using: &random))") }
            try ledger.run([("fetch", try ledger.artifact([try ledger.shard(pages)]))], pipeline: round == 1 ? "q" : "p")
            let index = try LineageIndex.open(of: ledger.store)
            answers = try Find.Kind.allCases.map { try IndexTests.found($0, [], in: index) }
        }
        try FileManager.default.removeItem(atPath: ledger.folder("store") + "/" + LineageIndex.fileName)
        let index = try LineageIndex.open(of: ledger.store)
        #expect(try Find.Kind.allCases.map { try IndexTests.found($0, [], in: index) } == answers, "seed \(seed)")
        #expect(answers.first?.count == 3)
    }

    @Test("a record is found by its id, its kind, its source, its fields' values and their words", arguments: [3, 99, 123_456])
    func complete(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let (ledger, records) = try IndexTests.ledger(&random)
        let index = try LineageIndex.open(of: ledger.store)
        for record in records {
            var questions = [
                ["record=\(record.id)"], ["record=\(record.id.description.prefix(6))"], ["kind=\(record.kind)"],
                ["sources=\(record.sources[0])"],
            ]
            if let speaker = record.fields["speaker"]?.string, let value = record.fields["value"]?.integer,
                let name = record.fields["names"]?.array?.first?.string
            {
                questions += [
                    ["fields.speaker=\(speaker)"], ["fields.value=\(value)"], ["fields.names=\(name)"],
                    ["fields.speaker~\(speaker.uppercased())"], ["fields.value>=\(value)", "fields.speaker=\(speaker)"],
                ]
            }
            for question in questions {
                let ids = try IndexTests.found(.record, question, in: index).map { $0["record"]?.string }
                #expect(ids.contains(record.id.description), "seed \(seed): \(question) does not find \(record.id)")
            }
        }
    }

    @Test("whatever is found fulfils the conditions, though hashes may agree by chance")
    func exact() throws {
        var random = SplitMix(seed: 5)
        let (ledger, records) = try IndexTests.ledger(&random)
        let index = try LineageIndex.open(of: ledger.store)
        for record in try IndexTests.found(.record, ["fields.speaker~gate", "kind=claim"], in: index) {
            #expect(record["fields"]?["speaker"]?.string?.lowercased().contains("gate") ?? false)
            #expect(record["kind"]?.string == "claim")
        }
        #expect(
            try IndexTests.found(.record, ["fields.speaker=gate"], in: index).isEmpty == !records.contains {
                $0.fields["speaker"]?.string == "gate"
            })
        #expect(
            try IndexTests.found(.record, ["fields.speaker!=x", "kind=date"], in: index).count
                == Set(records.filter { $0.kind == "date" }.map(\.id)).count)
    }

    @Test("a shard that cannot be read is met by whoever asks, and never passed over")
    func unreadable() throws {
        let ledger = try Ledger()
        let page = try ledger.source("page.html", "text")
        var shard = try ledger.shard([page])
        shard.content.digest = Digest(of: Array("lost".utf8))
        try ledger.run([("fetch", try ledger.artifact([shard]))])
        let index = try LineageIndex.open(of: ledger.store)
        #expect(throws: StoreError.self) { try IndexTests.found(.source, ["locator=page.html"], in: index) }
    }

    @Test("an index file that is damaged, or of another make, is made anew, and one that cannot be kept is done without")
    func damaged() throws {
        let ledger = try Ledger()
        try ledger.run([("fetch", try ledger.artifact([try ledger.shard([try ledger.source("page.html", "text")])]))])
        let path = ledger.folder("store") + "/" + LineageIndex.fileName
        var notes: [String] = []
        func sources() throws -> Int {
            try IndexTests.found(.source, [], in: try LineageIndex.open(of: ledger.store) { notes.append($0) }).count
        }
        #expect(try sources() == 1)
        try Data(repeating: 0x61, count: 8192).write(to: URL(fileURLWithPath: path))
        #expect(try sources() == 1)
        #expect(notes.contains { $0.contains("made anew") }, "\(notes)")
        let other = try Database(path: path, .write)
        try other.execute("PRAGMA user_version = 77")
        #expect(try sources() == 1)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(try sources() == 1)
        #expect(notes.contains { $0.contains("for this question alone") }, "\(notes)")
    }

    @Test("a bit that flips in the index file is noticed where it matters: no answer is ever another", arguments: [21, 22, 23])
    func flipped(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let (ledger, _) = try IndexTests.ledger(&random)
        func answers() throws -> [[JSON]] {
            let index = try LineageIndex.open(of: ledger.store)
            return try [Find.Kind.run, .artifact, .source, .record].map { try IndexTests.found($0, [], in: index) }
        }
        let right = try answers()
        let path = ledger.folder("store") + "/" + LineageIndex.fileName
        let sound = try Data(contentsOf: URL(fileURLWithPath: path))
        var noticed = 0
        for _ in 0..<60 {
            var bytes = sound
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try bytes.write(to: URL(fileURLWithPath: path))
            do {
                #expect(try answers() == right, "seed \(seed)")
                noticed += try Data(contentsOf: URL(fileURLWithPath: path)) == bytes ? 0 : 1
            } catch let error as DatabaseError {
                #expect(error.isDamage, "seed \(seed): \(error)")
                noticed += 1
            }
        }
        #expect(noticed > 0, "seed \(seed): every page was as good as another")
    }

    @Test("a signature misses no term, and few shards are taken for one that have none", arguments: [11, 12])
    func signature(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for count in [1, 5, 128] {
            let shards = (0..<count).map { _ in (0..<Int.random(in: 50...400, using: &random)).map { _ in random.next() } }
            let (blocks, number) = Signature.build(shards)
            func mayHave(_ term: Term) -> [Bool] {
                var all = [Bool](repeating: true, count: count)
                let (first, second) = Signature.blocks(of: term.hash, among: number)
                for place in [first, second] {
                    blocks[place.block].withUnsafeBytes { Signature.probe($0, place.word, &all) }
                }
                return all
            }
            for (shard, hashes) in shards.enumerated() {
                #expect(hashes.allSatisfy { mayHave(Term(hash: $0))[shard] }, "seed \(seed)")
            }
            let mistakes = (0..<2000).reduce(0) { sum, _ in sum + mayHave(Term(hash: random.next())).count { $0 } }
            #expect(mistakes <= 2000 * count / 500, "seed \(seed): \(mistakes) of \(2000 * count)")
        }
    }

    @Test(
        "a query reads and cannot do anything else",
        arguments: [
            "DELETE FROM run", "DROP TABLE run", "ATTACH 'x' AS y", "PRAGMA user_version = 3", "SELECT 1; SELECT 2", "",
            "CREATE TABLE t(a)",
        ])
    func readOnly(sql: String) throws {
        let ledger = try Ledger()
        try ledger.run([("fetch", try ledger.artifact([try ledger.shard([try ledger.source("page.html", "text")])]))])
        let index = try LineageIndex.open(of: ledger.store)
        #expect(throws: ReferenceError.self) { try SQLQuery(sql, index: index).forEachRow { _ in true } }
        let again = try LineageIndex.open(of: ledger.store)
        #expect(try IndexTests.found(.run, [], in: again).count == 1)
    }

    @Test("each view can be asked, and says what the store holds")
    func views() throws {
        var random = SplitMix(seed: 8)
        let (ledger, _) = try IndexTests.ledger(&random)
        for (view, rows) in [("runs", 4), ("stages", 8)] {
            let query = try SQLQuery("SELECT count(*) FROM \(view)", index: try LineageIndex.open(of: ledger.store))
            try query.forEachRow { row in
                #expect(row == [.integer(rows)], "\(view)")
                return true
            }
        }
        for view in ["artifacts", "shards", "tasks", "sources", "records", "derivations", "publications"] {
            let query = try SQLQuery("SELECT * FROM \(view)", index: try LineageIndex.open(of: ledger.store))
            var rows = 0
            try query.forEachRow { _ in
                rows += 1; return true
            }
            #expect((rows > 0) == ["artifacts", "shards", "sources", "records"].contains(view), "\(view) has \(rows)")
        }
    }

    @Test("what came of some bytes of a source are the records that cite them, in every run, and none that cite others")
    func impact() throws {
        let ledger = try Ledger()
        let page = try ledger.source("page.html", "one two three")
        func part(_ start: Int, _ length: Int) -> Record {
            let text = Array("one two three".utf8)[start..<start + length]
            return Record(
                kind: "claim", text: Array(text),
                segments: [Segment(length: length, source: 0, offset: start, sourceLength: length, mode: .verbatim)],
                sources: page.sources, parents: [page.id])
        }
        let (one, two) = (part(0, 3), part(4, 3))
        for records in [[one], [one, two]] {
            try ledger.run([
                ("fetch", try ledger.artifact([try ledger.shard([page])])),
                ("extract", try ledger.artifact([try ledger.shard(records)])),
            ])
        }
        let search = try ImpactSearch(index: try LineageIndex.open(of: ledger.store))
        let whole = try search.impact(of: .source(page.sources[0], nil))
        #expect(whole.records.map(\.record) == [page.id, one.id, two.id])
        #expect(whole.runs.count == 2)
        #expect(Set(whole.artifacts.map(\.stage)) == ["fetch", "extract"])
        let cut = try search.impact(of: .source(page.sources[0], 5..<6))
        #expect(cut.records.map(\.record) == [page.id, two.id])
        #expect(cut.artifacts.filter { $0.stage == "extract" }.map(\.runs) == [1])
        let child = try search.impact(of: .record(page, nil))
        #expect(child.records.map(\.record) == [one.id, two.id])
    }
}
