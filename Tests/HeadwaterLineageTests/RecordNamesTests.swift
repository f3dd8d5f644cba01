import HeadwaterLineage
import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite struct RecordNamesTests {
    @Test("a record is called by its locator where it has one, looked up in the first stage that has it, else by its id")
    func names() throws {
        let ledger = try Ledger()
        let fetched = try ledger.source("a.html", "one")
        let made = Record(kind: "x", fields: ["n": 1])
        // Another record whose field looks like the id that is asked for.
        let decoy = Record(kind: "x", fields: ["id": .string(fetched.id.description), "locator": "decoy"])
        let run = try ledger.run([
            ("fetch", try ledger.artifact([try ledger.shard([decoy]), try ledger.shard([fetched])])),
            ("clean", try ledger.artifact([try ledger.shard([made])])),
        ])
        let unknown = RecordID(Digest(of: [1]))
        let names = try RecordNames(of: [fetched.id, made.id, unknown], in: run.stages.reversed(), store: ledger.store)
        #expect(names[fetched.id] == "a.html")
        #expect(names[made.id] == made.id.short)
        #expect(names[unknown] == unknown.short)
        #expect(names[decoy.id] == decoy.id.short)
    }

    @Test("many names are looked up in one pass over the records", .timeLimit(.minutes(1)))
    func manyNames() throws {
        let ledger = try Ledger()
        let records = (0..<6_000).map { Record(kind: "x", fields: ["locator": .string("page-\($0)")]) }
        let shards = try stride(from: 0, to: records.count, by: 100).map { try ledger.shard(Array(records[$0..<$0 + 100])) }
        let run = try ledger.run([("fetch", try ledger.artifact(shards))])
        let names = try RecordNames(of: Set(records.map(\.id)), in: run.stages, store: ledger.store)
        #expect(records.indices.allSatisfy { names[records[$0].id] == "page-\($0)" })
    }

    @Test("records by number are the same in any order, across shards and empty ones")
    func cursor() throws {
        let ledger = try Ledger()
        let records = (0..<20).map { Record(kind: "x", fields: ["n": .integer($0)]) }
        let shards = try [[], Array(records[..<7]), [], [], Array(records[7..<8]), Array(records[8...]), []].map {
            try ledger.shard($0)
        }
        let dataset = Dataset(shards: shards)
        var cursor = RecordCursor(dataset, DatasetReader(store: ledger.store))
        var generator = SplitMix(seed: 3)
        for _ in 0..<100 {
            let number = Int.random(in: 0..<20, using: &generator)
            #expect(try cursor.record(number)?.record == records[number])
        }
        for number in [-1, 20, .max, .min] { #expect(try cursor.record(number) == nil) }
    }

    @Test("a shard with fewer records than its manifest says is an error, not an answer that there is no such record")
    func shortShard() throws {
        let ledger = try Ledger()
        var shard = try ledger.shard([Record(kind: "x")])
        shard.content.recordCount = 5
        #expect(throws: DocumentError.self) { try DatasetReader(store: ledger.store).record(3, of: Dataset(shards: [shard])) }
    }
}
