import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

@Suite struct RunDifferenceTests {
    /// A sentence of a source, as a stage behind it makes it.
    private static func sentence(
        _ text: String, of source: Record, at offset: Int, fields: [String: JSON] = [:], kind: String = "sentence"
    ) -> Record {
        let bytes = Array(text.utf8)
        return Record(
            kind: kind, text: bytes,
            segments: [Segment(length: bytes.count, source: 0, offset: offset, sourceLength: bytes.count, mode: .verbatim)],
            sources: source.sources, parents: [source.id], fields: fields)
    }

    /// The sentences of a source whose text is these, one a line.
    private static func sentences(_ lines: [String], of source: Record) -> [Record] {
        var offset = 0
        return lines.map { line in
            defer { offset += line.utf8.count + 1 }
            return sentence(line, of: source, at: offset)
        }
    }

    /// Shards whose partitions have names of their own.
    private static func shard(_ records: [Record], _ first: String, drops: [JSON] = [], in ledger: Ledger) throws -> Shard {
        var shard = try ledger.shard(records, drops: drops)
        shard.range = KeyRange(first: first, last: first)
        return shard
    }

    /// A run over these sources, each of them in a partition, and a stage that makes sentences of their lines.
    private static func run(_ sources: [(name: String, lines: [String])], in ledger: Ledger) throws -> RunManifest {
        var (fetched, made): ([Shard], [Shard]) = ([], [])
        for source in sources {
            let record = try ledger.source(source.name, source.lines.joined(separator: "\n"))
            fetched.append(try shard([record], source.name, in: ledger))
            made.append(try shard(sentences(source.lines, of: record), source.name, in: ledger))
        }
        return try ledger.run([("fetch", try ledger.artifact(fetched)), ("split", try ledger.artifact(made))])
    }

    private static func difference(_ a: RunManifest, _ b: RunManifest, in ledger: Ledger) throws -> RunDifference {
        try RunDifference(a, b, history: History(store: ledger.store))
    }

    private static func counts(_ difference: RunDifference, _ stage: String) -> [RecordChange.Kind: Int] {
        let records = difference.stages.first { $0.name == stage }?.records
        return (records?.changes ?? []).reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    }

    @Test("a run equals itself and any run of the same artifacts, and nothing is read to know it")
    func equal() throws {
        let ledger = try Ledger()
        let run = try RunDifferenceTests.run([("a", ["One.", "Two."])], in: ledger)
        var other = run
        other.id = RunID(random: 99)
        let difference = try RunDifferenceTests.difference(run, other, in: ledger)
        #expect(difference.isEqual && difference.stages.allSatisfy { !$0.isDifferent })
        // Artifacts that are nowhere are equal all the same.
        other.stages[0].artifact = Digest(of: [1])
        var third = other
        third.id = RunID(random: 100)
        #expect(try RunDifferenceTests.difference(other, third, in: ledger).isEqual)
    }

    @Test("shards that both have are not read, though everything else of them were gone")
    func skips() throws {
        let ledger = try Ledger()
        let lost = Shard(
            ShardContent(digest: Digest(of: [9, 9]), byteCount: 10, recordCount: 1), range: KeyRange(first: "m", last: "m"))
        let (a, b) = (try ledger.source("a", "one"), try ledger.source("b", "two"))
        let first = try ledger.run([("fetch", try ledger.artifact([try RunDifferenceTests.shard([a], "a", in: ledger), lost]))])
        let second = try ledger.run([("fetch", try ledger.artifact([lost, try RunDifferenceTests.shard([b], "z", in: ledger)]))])
        let found = try #require(try RunDifferenceTests.difference(first, second, in: ledger).stages.first?.records)
        #expect(found.changes.map(\.kind) == [.vanished, .appeared] && found.sharedShards == 1)
    }

    @Test("an edited line is one changed record; its neighbours say the same from another place")
    func edited() throws {
        let ledger = try Ledger()
        let before = try RunDifferenceTests.run(
            [("a", ["First.", "The mill was closed.", "Last."]), ("b", ["Other."])], in: ledger)
        let after = try RunDifferenceTests.run(
            [("a", ["First.", "The mill is closed.", "Last."]), ("b", ["Other."])], in: ledger)
        let difference = try RunDifferenceTests.difference(before, after, in: ledger)
        #expect(RunDifferenceTests.counts(difference, "split") == [.changed: 1, .moved: 2])
        #expect(difference.stages[0].causes == [.sources([.changed: 1])])
        #expect(difference.stages[1].causes == [.upstream(stage: "fetch")])
        let records = try #require(difference.stages[1].records)
        let change = try #require(records.changes.first { $0.kind == .changed })
        var reader = RecordChangeReader(records, store: ledger.store)
        let pair = try reader.records(of: change)
        let detail = RecordDifference(try #require(pair.before), try #require(pair.after))
        // "The mill " is the same; so is the "s" that both words end with.
        #expect(detail.firstByte == 9)
        let hunk = try #require(detail.text.hunks.first)
        #expect(String(decoding: detail.before.text[hunk.before], as: UTF8.self) == "wa")
        #expect(String(decoding: detail.after.text[hunk.after], as: UTF8.self) == "i")
        #expect(detail.origins.contains("sources") && detail.fields.isEmpty)
    }

    @Test("a source that was added or removed is named as the reason of every record that came or went with it")
    func sources() throws {
        let ledger = try Ledger()
        let before = try RunDifferenceTests.run([("a", ["One."]), ("b", ["Two.", "Three."])], in: ledger)
        let after = try RunDifferenceTests.run([("a", ["One."]), ("c", ["Four."])], in: ledger)
        let difference = try RunDifferenceTests.difference(before, after, in: ledger)
        #expect(RunDifferenceTests.counts(difference, "split") == [.vanished: 2, .appeared: 1])
        let fates = try #require(difference.stages[1].records).changes.map(\.fate)
        #expect(
            fates == ["b", "b", "c"].map { RecordFate(stage: "fetch", cause: .source(locator: $0)) })
        #expect(difference.stages[0].causes == [.sources([.added: 1, .removed: 1])])
    }

    @Test("a source under another name is renamed, and what was made of it says the same from another place")
    func renamed() throws {
        let ledger = try Ledger()
        let before = try RunDifferenceTests.run([("a", ["One."]), ("b", ["Two.", "Three."])], in: ledger)
        let after = try RunDifferenceTests.run([("a", ["One."]), ("y", ["Two.", "Three."])], in: ledger)
        let difference = try RunDifferenceTests.difference(before, after, in: ledger)
        #expect(difference.stages[0].causes == [.sources([.renamed: 1])])
        #expect(RunDifferenceTests.counts(difference, "split") == [.moved: 2])
    }

    @Test("a record that a later stage leaves out names the drop and its survivor, and what was made of it does too")
    func dropped() throws {
        let ledger = try Ledger()
        let (a, b) = (try ledger.source("a", "Same."), try ledger.source("b", "Same. ."))
        let fetched = try ledger.artifact([try ledger.shard([a, b])])
        let sentences = [a, b].map { RunDifferenceTests.sentence("Same.", of: $0, at: 0) }
        let words = sentences.map {
            Record(kind: "word", text: $0.text, segments: $0.segments, sources: $0.sources, parents: [$0.id])
        }
        let drop: JSON = [
            "record": .string(sentences[1].id.description), "reason": "duplicate",
            "survivor": .string(sentences[0].id.description),
            "details": [:],
        ]
        func run(_ kept: Int) throws -> RunManifest {
            try ledger.run([
                ("fetch", fetched), ("split", try ledger.artifact([try ledger.shard(sentences)])),
                (
                    "dedupe",
                    try ledger.artifact([try ledger.shard(Array(sentences.prefix(kept)), drops: kept == 1 ? [drop] : [])])
                ),
                ("words", try ledger.artifact([try ledger.shard(Array(words.prefix(kept)))])),
            ])
        }
        let (all, one) = (try run(2), try run(1))
        let fate = RecordFate(stage: "dedupe", cause: .drop(StoredDrop(json: drop)))
        for (difference, kind) in [
            (try RunDifferenceTests.difference(all, one, in: ledger), RecordChange.Kind.vanished),
            (try RunDifferenceTests.difference(one, all, in: ledger), .appeared),
        ] {
            for stage in difference.stages where ["dedupe", "words"].contains(stage.name) {
                let changes = try #require(stage.records).changes
                #expect(changes.map(\.kind) == [kind] && changes.map(\.fate) == [fate], "\(stage.name)")
            }
            let drops = try #require(difference.stages[2].records).drops
            #expect((kind == .vanished ? drops.appeared : drops.vanished) == [drop])
        }
    }

    @Test("a stage that was told the same and given the same and made something else is said to be at fault")
    func unknown() throws {
        let ledger = try Ledger()
        let source = try ledger.source("a", "One. Two.")
        let fetched = try ledger.artifact([try ledger.shard([source])])
        func run(_ text: String) throws -> RunManifest {
            let made = RunDifferenceTests.sentence(text, of: source, at: 0)
            return try ledger.run([("fetch", fetched), ("split", try ledger.artifact([try ledger.shard([made])]))])
        }
        var (a, b) = (try run("One."), try run("One"))
        #expect(try RunDifferenceTests.difference(a, b, in: ledger).stages[1].causes == [.unknown])
        b.stages[1].parameters = ["stop": false]
        #expect(
            try RunDifferenceTests.difference(a, b, in: ledger).stages[1].causes == [
                .parameter(name: "stop", before: nil, after: false)
            ])
        a.stages[1].version = "0"
        #expect(
            try RunDifferenceTests.difference(a, b, in: ledger).stages[1].causes == [
                .plugin(what: "version", before: "0", after: "1"), .parameter(name: "stop", before: nil, after: false),
            ])
    }

    @Test("records of both runs are told apart completely, whatever was edited, and in the same way each time", arguments: 1...60)
    func complete(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let ledger = try Ledger()
        func corpus() -> [(name: String, lines: [String])] {
            (0..<5).filter { _ in Int.random(in: 0..<5, using: &random) > 0 }.map { number in
                (
                    "source-\(number)",
                    (0..<Int.random(in: 1...4, using: &random)).map { _ in "Line \(Int.random(in: 0..<6, using: &random))." }
                )
            }
        }
        let (a, b) = (try RunDifferenceTests.run(corpus(), in: ledger), try RunDifferenceTests.run(corpus(), in: ledger))
        let difference = try RunDifferenceTests.difference(a, b, in: ledger)
        let reader = DatasetReader(store: ledger.store)
        for stage in difference.stages {
            func records(_ run: RunManifest) throws -> [RecordID] {
                try reader.shards(of: try #require(run.stage(stage.name)?.artifact)).flatMap { shard in
                    try reader.records(of: shard.digest).map(\.id)
                }
            }
            let changes = stage.records?.changes ?? []
            // Taking away what went and adding what came, records before become those after.
            var left = try records(a).reduce(into: [RecordID: Int]()) { $0[$1, default: 0] += 1 }
            for change in changes {
                if let before = change.before?.id { left[before, default: 0] -= 1 }
                if let after = change.after?.id { left[after, default: 0] += 1 }
            }
            let now = try records(b).reduce(into: [RecordID: Int]()) { $0[$1, default: 0] += 1 }
            #expect(left.filter { $0.value != 0 } == now, "seed \(seed), \(stage.name)")
            for change in changes { #expect(change.before?.id != change.after?.id, "seed \(seed)") }
        }
        let again = try RunDifferenceTests.difference(a, b, in: ledger)
        let pairs = [difference, again].map { difference in
            difference.stages.map { ($0.records?.changes ?? []).map { [$0.before?.id, $0.after?.id] } }
        }
        #expect(pairs[0] == pairs[1], "seed \(seed)")
    }
}
