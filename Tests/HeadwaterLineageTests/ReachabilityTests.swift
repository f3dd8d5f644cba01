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
        let ledger = try Ledger()
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
}
