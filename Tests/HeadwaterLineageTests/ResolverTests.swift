import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Synchronization
import Testing

@Suite struct ResolverTests {
    /// What was remarked on while something was looked for.
    private final class Notes: Sendable {
        let said = Mutex<[String]>([])
    }

    private static func resolve(_ text: String, in ledger: Ledger, _ notes: Notes = Notes()) throws -> Resolver.Resolved {
        let resolver = Resolver(store: ledger.store) { note in notes.said.withLock { $0.append(note) } }
        return try resolver.resolve(try Reference(text) { _ in false }) { _ in [] }
    }

    private static func source(_ text: String, in ledger: Ledger) throws -> String {
        guard case .source(let place, _) = try resolve(text, in: ledger) else { return "no source" }
        return String(decoding: try ledger.store.blob(place.digest), as: UTF8.self)
    }

    /// Why nothing was found.
    private static func fault(_ text: String, in ledger: Ledger) -> String {
        do {
            return "found \(try resolve(text, in: ledger))"
        } catch {
            return error is ReferenceError ? "\(error)" : "another error: \(error)"
        }
    }

    @Test("locators that differ in their bytes are different sources, though Swift takes them for equal text")
    func normalisation() throws {
        let (composed, decomposed) = ("caf\u{E9}.txt", "cafe\u{301}.txt")
        #expect(composed == decomposed)
        let ledger = try Ledger()
        let records = [try ledger.source(composed, "composed"), try ledger.source(decomposed, "decomposed")]
        try ledger.run([("fetch", try ledger.artifact([try ledger.shard(records)]))])
        #expect(try ResolverTests.source("source:\(composed)", in: ledger) == "composed")
        #expect(try ResolverTests.source("source:\(decomposed)", in: ledger) == "decomposed")
        #expect(ResolverTests.fault("source:caf", in: ledger).contains("\(composed) or \(decomposed)"))
    }

    @Test("the start of a digest that several things share is refused, and they are named")
    func ambiguous() throws {
        let ledger = try Ledger()
        // Two short texts whose digests share their first six digits, found by looking for such.
        var seen: [String: Int] = [:]
        var pair: (Int, Int)?
        for number in 0..<50_000 where pair == nil {
            let start = String(Digest(of: Array("\(number)".utf8)).hex.prefix(6))
            if let first = seen.updateValue(number, forKey: start) { pair = (first, number) }
        }
        let (one, two) = try #require(pair)
        let records = [try ledger.source("one", "\(one)"), try ledger.source("two", "\(two)")]
        try ledger.run([("fetch", try ledger.artifact([try ledger.shard(records)]))])
        let digests = [one, two].map { Digest(of: Array("\($0)".utf8)).hex }
        let said = ResolverTests.fault("source:sha256:\(digests[0].prefix(6))", in: ledger)
        #expect(said.contains("ambiguous") && digests.allSatisfy(said.contains), "\(said)")
        for (digest, text) in zip(digests, [one, two]) {
            #expect(try ResolverTests.source("source:sha256:\(digest)", in: ledger) == "\(text)")
            let long = digest.prefix(20)
            #expect(try ResolverTests.source("source:sha256:\(long)", in: ledger) == "\(text)")
        }
    }

    @Test(
        "digits that are too few, or none, are refused before anything is looked for",
        arguments: [
            "sha256:", "sha256:1a2b3", "sha256:xyz123", "source:sha256:", "source:sha256:12345", "source:", "", "run:", "run:x",
            "#1",
        ]
    )
    func tooFew(text: String) {
        #expect(throws: ReferenceError.self) { try Reference(text) { _ in false } }
    }

    @Test("digits after a colon are no range: an address with a port and the digits of a digest stay whole")
    func colons() throws {
        #expect(try Reference("source:sha256:123456") { _ in false }.subject == .sourceDigest("123456"))
        #expect(try Reference("source:http://a.example:8080") { _ in false }.subject == .source("http://a.example:8080"))
        let reference = try Reference("source:a.html:3-5") { _ in false }
        #expect(reference.subject == .source("a.html") && reference.bytes == 3..<5)
    }

    @Test("an artifact is found by the start of its digest, in the latest run that has it")
    func artifact() throws {
        let ledger = try Ledger()
        let artifact = try ledger.artifact([try ledger.shard([try ledger.source("a", "one")])])
        try ledger.run([("fetch", artifact)])
        let latest = try ledger.run([("fetch", artifact)])
        let found = try ResolverTests.resolve("sha256:\(artifact.hex.prefix(8))", in: ledger)
        #expect(found.artifact?.run.id == latest.id)
        #expect(ResolverTests.fault("sha256:000000", in: ledger).contains("no artifact"))
    }

    @Test("a run that cannot be read is told of, and the others answer")
    func damagedRun() throws {
        let ledger = try Ledger()
        let run = try ledger.run([("fetch", try ledger.artifact([try ledger.shard([try ledger.source("a", "one")])]))])
        try ledger.store.bind(Binding(kind: .run, key: "00000000000000aa", value: Digest(of: [1])))
        try ledger.store.bind(Binding(kind: .run, key: "00000000000000bb", value: try ledger.store.put(Array("{}".utf8))))
        let runs = try History(store: ledger.store).runs()
        #expect(runs.readable == [run])
        #expect(runs.unreadable.map(\.id) == ["00000000000000aa", "00000000000000bb"])
        let notes = Notes()
        guard case .source(let place, _) = try ResolverTests.resolve("source:a", in: ledger, notes) else {
            Issue.record("expected a source")
            return
        }
        #expect(place.locator == "a")
        #expect(notes.said.withLock { $0 } == [], "the latest run answers; no others were looked at")
        #expect(throws: ReferenceError.self) { try ResolverTests.resolve("source:b", in: ledger, notes) }
        #expect(notes.said.withLock { $0 }.count == 2, "any of them may have read it")
    }

    @Test("what the latest run of a pipeline does not have is answered from an earlier one, and that is said")
    func earlierRun() throws {
        let ledger = try Ledger()
        let artifact = try ledger.artifact([try ledger.shard([try ledger.source("a", "one")])])
        let notes = Notes()
        let first = try ledger.run([("fetch", artifact), ("clean", artifact), ("dedupe", artifact)])
        _ = try ResolverTests.resolve("clean", in: ledger, notes)
        #expect(notes.said.withLock { $0 } == [])
        let second = try ledger.run([("fetch", artifact), ("clean", nil)])
        #expect(try ResolverTests.resolve("dedupe", in: ledger, notes).artifact?.run.id == first.id)
        #expect(try ResolverTests.resolve("p/clean", in: ledger, notes).artifact?.run.id == first.id)
        let said = notes.said.withLock { $0 }
        #expect(said.count == 2 && said.allSatisfy { $0.contains("run:\(second.id)") && $0.contains("run:\(first.id)") })
        #expect(said.first?.contains("has no stage dedupe") == true && said.last?.contains("did not complete clean") == true)
    }

    @Test("bytes past the end of a source or a record are refused with what there is")
    func pastTheEnd() throws {
        let ledger = try Ledger()
        try ledger.run([("fetch", try ledger.artifact([try ledger.shard([try ledger.source("a", "one")])]))])
        #expect(ResolverTests.fault("source:a:0-4", in: ledger).contains("only 3 bytes"))
        #expect(ResolverTests.fault("fetch#1:0-1", in: ledger).contains("only 0 bytes"))
        #expect(ResolverTests.fault("fetch#2", in: ledger).contains("has 1 record"))
    }
}
