import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import Testing

@Suite struct VerifierTests {
    @Test("of a store without runs nothing is said to be proven")
    func empty() throws {
        #expect(try Ledger(hasTasks: true).report().isEmpty)
    }

    @Test("what holds is counted, each thing once however many runs share it")
    func holds() throws {
        let ledger = try Ledger(hasTasks: true)
        let shard = try ledger.shard([try ledger.source("a", "one"), try ledger.source("b", "two")])
        for _ in 0..<3 { try ledger.run([("fetch", try ledger.artifact([shard]))]) }
        let report = ledger.report()
        #expect(report.faults == [])
        #expect((report.records, report.shards, report.sources) == (2, 1, 2))
    }

    @Test("a record without text is proven by the source that it stands for")
    func missingSource() throws {
        let ledger = try Ledger(hasTasks: true)
        let record = try ledger.source("a", "one", isKept: false)
        try ledger.run([("fetch", try ledger.artifact([try ledger.shard([record])]))])
        let report = ledger.report()
        // The task's key names it, too.
        #expect(report.faults.map(\.isDamage) == [true, true])
        #expect(report.records == 0)
    }

    @Test("two shards of equal records are both proven, with what is kept beside each")
    func sideBlobs() throws {
        let ledger = try Ledger(hasTasks: true)
        let source = try ledger.source("a", "one")
        let sound = try ledger.shard([source])
        // What is missing is told once, and what is wrong of the task and of the artifact.
        for (change, faults) in [
            ({ $0.notesDigest = Digest(of: [1]) }, 1), ({ $0.dropsDigest = Digest(of: [1]) }, 1),
            ({ $0.dropCounts = ["near-duplicate": 1] }, 2), ({ $0.recordCount += 1 }, 2), ({ $0.byteCount -= 1 }, 2),
        ] as [((inout ShardContent) -> Void, Int)] {
            let ledger = try Ledger(hasTasks: true)
            _ = try ledger.shard([try ledger.source("a", "one")])
            var other = sound
            change(&other.content)
            try ledger.run([("fetch", try ledger.artifact([sound])), ("clean", try ledger.artifact([other]))])
            #expect(ledger.report().faultCount == faults, "\(other)")
        }
    }

    @Test("drops and notes are read: counts, reasons, and that cited bytes are there")
    func dropsAndNotes() throws {
        let ledger = try Ledger(hasTasks: true)
        let source = try ledger.source("a", "one")
        let id = JSON.string(source.id.description)
        func note(_ start: JSON, _ length: JSON) -> JSON {
            ["record": id, "kind": "block", "reason": "x", "cites": [[.string(source.sources[0].description), start, length]]]
        }
        let drop: JSON = ["record": id, "reason": "near-duplicate"]
        let sound = try ledger.shard([source], drops: [drop], notes: [note(0, 3)])
        try ledger.run([("fetch", try ledger.artifact([sound]))])
        #expect(ledger.report().faults == [])
        var uncounted = sound
        uncounted.content.dropCounts = ["near-duplicate": 2]
        var unsound = try ledger.shard([source], drops: [["record": "x", "reason": "y"]])
        unsound.content.dropCounts = ["y": 1]
        for shard in [
            uncounted, unsound, try ledger.shard([source], notes: [note(1, 3)]), try ledger.shard([source], notes: [note(-1, 1)]),
            try ledger.shard([source], notes: [note(.integer(.max), .integer(.max))]),
            try ledger.shard([source], notes: [note(0, "x")]),
        ] {
            var verifier = Verifier(store: ledger.store)
            verifier.verify(artifact: try ledger.artifact([shard]), place: "x")
            #expect(verifier.report.faultCount == 1, "\(shard)")
        }
    }

    @Test("totals that the shards do not give are a fault, and sums beyond all bounds are no trap")
    func totals() throws {
        let ledger = try Ledger(hasTasks: true)
        let shard = try ledger.shard([try ledger.source("a", "one")])
        let json = Dataset(shards: [shard]).json
        for (member, value) in [("totals", ["bytes": 1, "records": 1]), ("dropCounts", ["x": 1])] as [(String, JSON)] {
            var members = json.object ?? [:]
            members[member] = value
            try ledger.run([("fetch", try ledger.store.put(JSON.object(members).canonical))])
        }
        #expect(ledger.report().faultCount == 2)

        var huge = shard
        huge.content.recordCount = JSON.largestInteger
        let shards = JSON.array(Array(repeating: huge.json, count: 1_100))
        var members = json.object ?? [:]
        members["shards"] = shards
        let artifact = try ledger.store.put(JSON.object(members).canonical)
        #expect(throws: DocumentError.self) { try DatasetReader(store: ledger.store).dataset(artifact) }
        try ledger.run([("fetch", artifact)])
        #expect(ledger.report().faultCount == 3)
    }

    @Test("all faults are found, not the first one only")
    func allFaults() throws {
        let ledger = try Ledger(hasTasks: true)
        let text = Array("four".utf8)
        let source = try ledger.store.put(text)
        func record(_ offset: Int) -> Record {
            Record(
                kind: "x", text: text,
                segments: [Segment(length: 4, source: 0, offset: offset, sourceLength: 4, mode: .verbatim)],
                sources: [source])
        }
        let shards = try [0, 1, 2].map { try ledger.shard([record($0), record($0 + 5)]) }
        let run = try ledger.run([("a", try ledger.artifact(shards)), ("b", Digest(of: [7]))])
        try ledger.store.bind(Binding(kind: .run, key: "00000000000000ff", value: Digest(of: [8])))
        try ledger.store.bind(Binding(kind: .task, key: Digest(of: [9]).hex, value: Digest(of: [10])))
        try ledger.store.bind(Binding(kind: .run, key: "00000000000000fe", value: try ledger.store.put(run.json.canonical)))
        let report = ledger.report()
        // Five records, artifact b, a manifest, another run's manifest, a task's key and its result.
        #expect(report.faultCount == 10, "\(report.faults)")
        #expect(report.records == 1)
    }

    @Test("a task of a run whose result is not bound to its key is a fault")
    func unboundTask() throws {
        let ledger = try Ledger(hasTasks: true)
        let shard = try ledger.shard([try ledger.source("a", "one")])
        let form = KeyDocument.Form(plugin: "fetch", version: "1", phase: .apply, parameters: [:])
        let sources = try DatasetReader(store: ledger.store).records(of: shard.digest).flatMap(\.sources)
        // Not the key that the run's own task has.
        let key = try ledger.store.put(
            form.bytes(inputs: KeyInputs.sources(sources.map { ["b", .string($0.description)] })))
        let result = try ledger.store.put(TaskResult.shard(shard.content).json.canonical)
        let entry = TaskEntry(phase: .apply, partition: "a", key: key, result: result, isHit: false)
        var run = try ledger.run([("fetch", try ledger.artifact([shard]))])
        run.stages[0].tasks = try ledger.store.put(JSONLines.encode([entry.json]))
        func faults() -> Int {
            var verifier = Verifier(store: ledger.store)
            verifier.verify(run: run)
            return verifier.report.faultCount
        }
        #expect(faults() == 1)
        try ledger.store.bind(Binding(kind: .task, key: key.hex, value: result))
        #expect(faults() == 0)
    }

    @Test("a published file that shows what its records do not say, or more, is a fault")
    func publications() throws {
        let ledger = try Ledger(hasTasks: true)
        let text = Array("four".utf8)
        let record = Record(
            kind: "x", text: text, segments: [Segment(length: 4, source: 0, offset: 0, sourceLength: 4, mode: .verbatim)],
            sources: [try ledger.store.put(text)])
        let artifact = try ledger.artifact([try ledger.shard([record])])
        let whole = PublishedMap.Run(length: 4, record: 0)
        for (file, runs, faults) in [
            ("- four", [.init(length: 2), whole], 0), ("- four!", [.init(length: 2), whole], 1),
            ("- fou", [.init(length: 2), whole], 1),
            ("four", [.init(length: 4, record: 0, offset: 1)], 1), ("four", [.init(length: 4, record: 1)], 1),
            ("four", [.init(length: 4, record: JSON.largestInteger)], 1), ("fuor", [whole], 1),
        ] as [(String, [PublishedMap.Run], Int)] {
            let map = PublishedMap(artifact: artifact, stage: "a", runs: runs)
            let run = try ledger.run(
                [("a", artifact)],
                publications: [
                    .init(
                        name: "x", stage: "a", format: "markdown", path: "x.md", file: try ledger.store.put(Array(file.utf8)),
                        map: try ledger.store.put(map.json.canonical))
                ])
            var verifier = Verifier(store: ledger.store)
            verifier.verify(run: run)
            #expect(verifier.report.faultCount == faults, "\(file) \(runs)")
        }
    }
}
