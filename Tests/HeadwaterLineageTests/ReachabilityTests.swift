import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

/// What a collection keeps of the runs that it keeps.
@Suite struct ReachabilityTests {
    private func needed(by ledger: Ledger) throws -> Set<Digest> {
        var reachability = Reachability(history: History(store: ledger.store))
        for binding in try ledger.store.bindings(.run) { try reachability.add(run: binding.value) }
        return reachability.blobs
    }

    @Test("Of published files with equal maps each is needed, as they may differ in what no record says")
    func equalMaps() throws {
        let ledger = try Ledger(hasTasks: true)
        let artifact = try ledger.artifact([try ledger.shard([try ledger.source("a.txt", "text")])])
        let map = try ledger.store.put(PublishedMap(artifact: artifact, stage: "fetch", runs: [.init(length: 5)]).json.canonical)
        let files = try ["a.txt", "b.txt"].map { try ledger.store.put(Array($0.utf8)) }
        for file in files {
            try ledger.run(
                [("fetch", artifact)],
                publications: [.init(name: "all", stage: "fetch", format: "markdown", path: "all.md", file: file, map: map)])
        }
        #expect(ledger.report().faults.isEmpty)
        #expect(try needed(by: ledger).isSuperset(of: files + [map, artifact]))
        // And told of as what they are.
        try ledger.store.close()
        let usage = try Usage(of: History(store: try Store.open(at: ledger.folder("store"), .read)))
        #expect(usage.lines.first { $0.what == "published files" }?.blobs == 2)
    }

    @Test("What an artifact leads to is needed though its very bytes are known as something else")
    func equalBytes() throws {
        let ledger = try Ledger()
        let shard = try ledger.shard([try ledger.source("a.txt", "text")])
        let artifact = try ledger.artifact([shard])
        try ledger.run(
            [("fetch", artifact)],
            publications: [
                .init(
                    name: "odd", stage: "fetch", format: "markdown", path: "odd.md", file: artifact,
                    map: try ledger.store.put(
                        PublishedMap(artifact: artifact, stage: "fetch", runs: [.init(length: 1)]).json.canonical))
            ])
        #expect(try needed(by: ledger).isSuperset(of: [artifact, shard.digest]))
    }

    @Test("What is left of a forgotten run whose manifest is gone keeps no later collection from its work, and is not asked for")
    func remainsOfForgottenRuns() throws {
        // The manifest, as it will be, comes into a pack of its own; all else into one that is not worth writing anew.
        let draft = try Ledger(hasTasks: true)
        let manifest = try draft.run([("fetch", try draft.artifact([]))]).json.canonical
        let ledger = try Ledger(hasTasks: true)
        let path = ledger.folder("store")
        let early = try Store.open(at: path, .write)
        try early.put(manifest)
        try early.close()
        #expect(ledger.store.contains(Digest(of: manifest)))
        let old = try ledger.run([("fetch", try ledger.artifact([]))])
        #expect(old.json.canonical == manifest)
        var random = SplitMix(seed: 1)
        let text = String((0..<40_000).map { _ in Character(Unicode.Scalar(UInt8.random(in: 33...126, using: &random))) })
        let drop: JSON = ["record": .string(RecordID(Digest(of: [])).description), "reason": "long", "text": .string(text)]
        let new = try ledger.run([("fetch", try ledger.artifact([try ledger.shard([], drops: [drop])]))])
        try ledger.store.close()

        func collect(newest: Int) throws -> CollectionReport {
            try Store.collect(at: path) { store in
                let history = History(store: store)
                var reachability = Reachability(history: history)
                for run in try Retention(newest: newest, since: nil).runs(of: history).kept.sorted() {
                    try reachability.add(run: run)
                }
                try reachability.addBindings()
                return reachability.liveSet
            }
        }
        let first = try collect(newest: 1)
        #expect(first.removed.blobs == 1 && first.spared.bindings > 0)
        // More are asked for than there are: what was forgotten is not among them.
        for newest in [1, 5] {
            let report = try collect(newest: newest)
            #expect(report.removed.bytes == 0 && report.spared == first.spared)
            let history = History(store: try Store.open(at: path, .read))
            let runs = try history.runs()
            #expect(runs.readable.map(\.id) == [new.id] && runs.unreadable.isEmpty)
            #expect(try history.latest("p")?.id == new.id)
            var verifier = Verifier(store: history.store)
            verifier.verifyAll()
            #expect(verifier.report.faults.isEmpty, "\(verifier.report.faults)")
        }
    }

    @Test("A run that was tagged by one who was there when it was forgotten is needed again, with its bindings")
    func taggedMeanwhile() throws {
        let ledger = try Ledger()
        let path = ledger.folder("store")
        let old = try ledger.run([("fetch", try ledger.artifact([]))])
        try ledger.run([("fetch", try ledger.artifact([]))])
        try ledger.store.close()
        func collect() throws {
            _ = try Store.collect(at: path) { store in
                let history = History(store: store)
                var reachability = Reachability(history: history)
                for run in try Retention(newest: 1, since: nil).runs(of: history).kept.sorted() {
                    try reachability.add(run: run)
                }
                try reachability.addBindings()
                return reachability.liveSet
            }
        }
        let tagger = try Store.open(at: path, .write)
        try collect()
        #expect(try History(store: Store.open(at: path, .read)).runs().readable.count == 1)
        try History(store: tagger).tag(old, as: "good")
        try tagger.close()
        for _ in 0..<2 {
            try collect()
            let history = History(store: try Store.open(at: path, .read))
            #expect(try history.run(tagged: "good")?.id == old.id)
            #expect(try history.runs(startingWith: old.id.description).count == 1)
        }
    }
}
