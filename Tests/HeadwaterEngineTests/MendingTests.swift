import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterEngine

/// A plain run mends what it meets damaged, and comes to what it would have come to.
@Suite struct MendingTests {
    /// Flips a bit of the stored bytes of this blob, or of the binding that holds these bytes, in whichever pack it is.
    private func damage(_ needle: [UInt8], in store: String, offset: Int) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: store + "/packs").sorted() {
            let path = store + "/packs/" + name
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            guard let found = bytes.firstRange(of: needle) else { continue }
            bytes[found.lowerBound + offset] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return
        }
        Issue.record("no pack holds it")
    }

    /// From the digest in an entry's header to the stored bytes behind the header.
    private static let digestToBytes = 36

    private func expectMended(_ bench: Bench, _ harm: (Store, Run.Summary) throws -> (needle: [UInt8], offset: Int)) throws {
        let first = try bench.run(Bench.pages(150))
        let store = try Store.open(at: bench.folder("store"), .read)
        let (needle, offset) = try harm(store, first)
        try damage(needle, in: bench.folder("store"), offset: offset)
        // Another letter has the copies made again, which reads what they are made of.
        let second = try bench.run(Bench.pages(150), letter: "b")
        #expect(second.state == .done, "\(second.failures)")
        #expect(second.stages.map(\.artifact) == first.stages.map(\.artifact))
        var verifier = Verifier(store: try Store.open(at: bench.folder("store"), .read))
        for artifact in second.stages.compactMap(\.artifact) { verifier.verify(artifact: artifact, place: "artifact") }
        #expect(verifier.report.faults.isEmpty, "\(verifier.report.faults)")
    }

    @Test("a damaged shard is made again")
    func shard() throws {
        let bench = try Bench()
        try expectMended(bench) { store, summary in
            let dataset = try DatasetReader(store: store).dataset(try #require(summary.stages[0].artifact))
            return (try #require(dataset.shards.first).digest.bytes, MendingTests.digestToBytes)
        }
        #expect(bench.reporter.warnings.withLock { $0.contains { $0.contains("It was mended") } })
    }

    @Test("a damaged source is read again where it came from")
    func source() throws {
        let bench = try Bench()
        try expectMended(bench) { _, _ in
            (Digest(of: Array("The text of page 7 says a word or two.".utf8)).bytes, MendingTests.digestToBytes)
        }
    }

    @Test("a damaged task result, and a damaged binding of one, count as a miss")
    func results() throws {
        for isBinding in [false, true] {
            let bench = try Bench()
            try expectMended(bench) { store, summary in
                let task = try #require(try History(store: store).tasks(of: summary.stages[0]).first)
                return isBinding
                    ? (Array("{\"key\":\"\(task.key.hex)".utf8), 12) : (task.result.bytes, MendingTests.digestToBytes)
            }
        }
    }

    @Test("a source that has changed since mends nothing, and the fault says so")
    func changedSource() throws {
        let bench = try Bench()
        _ = try bench.run(Bench.pages(5))
        try damage(
            Digest(of: Array("The text of page 1 says a word or two.".utf8)).bytes, in: bench.folder("store"),
            offset: MendingTests.digestToBytes)
        var changed = Bench.pages(5)
        changed.sources[1].text = "Something else."
        let summary = try bench.run(changed, letter: "b")
        #expect(summary.state == .failed)
        #expect(summary.failures.first?.isDamage == true)
        #expect(summary.failures.first?.stage == "copy")
    }
}
