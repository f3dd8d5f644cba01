import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

/// In which order runs are listed.
@Suite struct HistoryTests {
    /// Runs of up to three pipelines at times that jump about; each follows what its pipeline's name stood for then.
    private static func keep(_ count: Int, seed: UInt64, in ledger: Ledger) throws -> [RunManifest] {
        var random = SplitMix(seed: seed)
        var runs: [RunManifest] = []
        for number in 0..<count {
            let pipeline = ["a", "b", "c"].randomElement(using: &random) ?? "a"
            let heads = try ledger.store.heads(of: pipeline)
            let started = Int.random(in: 0...50, using: &random)
            let run = RunManifest(
                id: RunID(random: UInt64(number)), pipeline: pipeline, file: Digest(of: [1]), parameters: [:], started: started,
                finished: started, state: .done, stages: [], publications: [], failures: [], contradictions: [],
                follows: heads.map(\.value),
                order: RunManifest.order(
                    started: started, after: try heads.map { try History(store: ledger.store).manifest($0.value).order }))
            let digest = try ledger.store.put(run.json.canonical)
            try ledger.store.bind(Binding(kind: .run, key: run.id.description, value: digest))
            // Now and then two runs do not know of each other.
            let known = Bool.random(using: &random) ? heads : Array(heads.dropLast())
            try ledger.store.bind(
                Binding(kind: .name, key: pipeline, value: digest, supersedes: known.map(\.digest)))
            runs.append(run)
        }
        return runs
    }

    @Test("whatever the clock said, no run is listed before one that follows it, and all are listed", arguments: 1...12)
    func order(seed: UInt64) throws {
        let ledger = try Ledger()
        let kept = try HistoryTests.keep(30, seed: seed, in: ledger)
        let listed = try History(store: ledger.store).runs().readable
        #expect(Set(listed.map(\.id)) == Set(kept.map(\.id)) && listed.count == kept.count, "seed \(seed)")
        let places = Dictionary(uniqueKeysWithValues: listed.enumerated().map { (Digest(of: $1.json.canonical), $0) })
        for (place, run) in listed.enumerated() {
            for earlier in run.follows { #expect(try #require(places[earlier]) > place, "seed \(seed)") }
        }
        for pair in zip(listed, listed.dropFirst()) { #expect(pair.0.order >= pair.1.order, "seed \(seed)") }
    }

    @Test("asked for the first runs only, a history gives the same ones and reads no more", arguments: 1...6)
    func first(seed: UInt64) throws {
        let ledger = try Ledger()
        _ = try HistoryTests.keep(30, seed: seed, in: ledger)
        let history = History(store: ledger.store)
        let all = try history.runs().readable
        for count in [1, 7, 29, 30] {
            var some: [RunManifest] = []
            try history.forEachRun { run in
                some.append(run)
                return some.count < count
            }
            #expect(some == Array(all.prefix(count)), "seed \(seed)")
        }
    }

    @Test("where runs are missing in between, the earlier ones are listed all the same, and the missing are named")
    func gap() throws {
        let ledger = try Ledger()
        let first = try ledger.run([])
        let lost = Digest(of: Array("no such manifest".utf8))
        try ledger.store.bind(Binding(kind: .run, key: "00000000000000aa", value: lost))
        var last = first
        last.id = RunID(random: 7)
        last.follows = [lost]
        last.order += 2
        let digest = try ledger.store.put(last.json.canonical)
        try ledger.store.bind(Binding(kind: .run, key: last.id.description, value: digest))
        try ledger.store.bind(
            Binding(kind: .name, key: "p", value: digest, supersedes: try ledger.store.heads(of: "p").map(\.digest)))
        let (readable, unreadable) = try History(store: ledger.store).runs()
        #expect(readable.map(\.id) == [last.id, first.id])
        #expect(unreadable.map(\.id) == ["00000000000000aa"])
    }

    @Test("an order has room after any that can be written")
    func largestOrder() {
        #expect(RunManifest.order(started: 5, after: [7, 3]) == 8)
        #expect(RunManifest.order(started: 9, after: [7, 3]) == 9)
        #expect(RunManifest.order(started: 9, after: []) == 9)
        #expect(RunManifest.order(started: 0, after: [JSON.largestInteger, 1]) == JSON.largestInteger)
        #expect(RunManifest.order(started: 0, after: [Int.max]) == JSON.largestInteger)
    }
}
