import Dispatch
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterEngine

@Suite struct RunTests {
    @Test("a record-wise stage works on the first partition while its input still reads the last")
    func overlap() throws {
        let bench = try Bench()
        var script = Bench.pages(400)
        let copied = DispatchSemaphore(value: 0)
        script.onApply = { _ in copied.signal() }
        let last = try #require(script.sources.last?.locator)
        script.onRetrieve = { locator in
            // The last source is given only once the next stage has worked; without overlap it never would.
            if locator == last, copied.wait(timeout: .now() + 30) == .timedOut {
                throw StageError("nothing was copied meanwhile")
            }
        }
        let summary = try bench.run(script)
        #expect(summary.state == .done, "\(summary.failures)")
    }

    @Test("jobs change nothing: every artifact has the same digest", arguments: [1, 2, 8])
    func jobs(jobs: Int) throws {
        let bench = try Bench()
        let one = try bench.run(Bench.pages(300), store: "one") { $0.jobs = 1 }
        let many = try bench.run(Bench.pages(300), store: "many") { $0.jobs = jobs }
        #expect(one.stages.map(\.artifact) == many.stages.map(\.artifact))
        #expect(one.stages.allSatisfy { $0.artifact != nil })
    }

    @Test("a second run is all hits, recorded as such, with the same artifacts")
    func hits() throws {
        let bench = try Bench()
        let first = try bench.run(Bench.pages(100))
        let second = try bench.run(Bench.pages(100))
        #expect(second.stages.allSatisfy { $0.executed == 0 && $0.hits > 0 })
        #expect(first.stages.map(\.artifact) == second.stages.map(\.artifact))
        let store = try Store.open(at: bench.folder("store"), .read)
        let tasks = try History(store: store).tasks(of: second.stages[1])
        #expect(tasks.count == second.stages[1].hits)
        #expect(tasks.allSatisfy { $0.isHit })
    }

    @Test("a failure names stage and partition, stops what depends on it, and what is done stays done")
    func failure() throws {
        let bench = try Bench()
        var script = Bench.pages(300)
        script.onApply = { if $0 == "page-00250" { throw StageError("this page is cursed") } }
        let failed = try bench.run(script) { $0.keepsGoing = true }
        #expect(failed.state == .failed)
        let failure = try #require(failed.failures.first)
        #expect(failure.stage == "copy")
        #expect(failure.message == "this page is cursed")
        #expect(failure.task.hasPrefix("apply of page-00"))
        #expect(failed.stages[0].artifact != nil)
        #expect(failed.stages[1].artifact == nil)
        let partitions = failed.stages[0].executed
        let mended = try bench.run(Bench.pages(300))
        #expect(mended.state == .done)
        #expect(mended.stages[1].executed == 1, "only the partition that failed")
        #expect(mended.stages[1].hits == partitions - 1)
    }

    @Test("a plugin that makes text without a source says so in its records; it cannot claim one")
    func synthetic() throws {
        let bench = try Bench()
        var script = Bench.pages(3)
        script.transform = { .synthetic("Made up. ") + $0 }
        let summary = try bench.run(script)
        let store = try Store.open(at: bench.folder("store"), .read)
        let reader = DatasetReader(store: store)
        try reader.forEachRecord(of: try reader.dataset(try #require(summary.stages[1].artifact))) { _, record in
            #expect(record.segments.first?.mode == .synthetic)
            #expect(record.segments.last?.mode == .verbatim)
        }
        var verifier = Verifier(store: store)
        verifier.verifyAll()
        #expect(verifier.report.faults.isEmpty)
    }

    @Test("a cut inside a character is refused, with the record named")
    func halfCharacter() throws {
        let bench = try Bench()
        var script = Script()
        script.sources = [("page", "é is two bytes")]
        script.transform = { $0[1..<$0.count] }
        let summary = try bench.run(script)
        #expect(summary.state == .failed)
        #expect(summary.failures.first?.message.contains("not valid UTF-8 at byte 0") == true, "\(summary.failures)")
    }

    @Test("every shard has the key range of its own partition, also where shards are equal")
    func ranges() throws {
        let bench = try Bench()
        let summary = try bench.run(Bench.pages(400))
        let store = try Store.open(at: bench.folder("store"), .read)
        let datasets = try summary.stages.map { try DatasetReader(store: store).dataset(try #require($0.artifact)) }
        #expect(datasets[0].shards.count > 3)
        #expect(Set(datasets[2].shards.map(\.digest)).count < datasets[2].shards.count, "some shards are empty and so equal")
        for dataset in datasets { #expect(dataset.shards.map(\.range) == datasets[0].shards.map(\.range)) }
    }

    @Test("a verdict's key knows no slice, a decision's knows every group's key and slice")
    func groupKeys() throws {
        let bench = try Bench()
        let summary = try bench.run(Bench.pages(100))
        let store = try Store.open(at: bench.folder("store"), .read)
        func inputs(_ phase: KeyDocument.Phase) throws -> [String: JSON] {
            let entry = try #require(try History(store: store).tasks(of: summary.stages[2]).first { $0.phase == phase })
            return try #require(try JSON(parsing: try store.blob(entry.key))["inputs"]?.object)
        }
        #expect(try inputs(.examine).keys.sorted() == ["roles"])
        let group = try #require(try inputs(.decide)["groups"]?.array?.first?["group"])
        #expect(group.object?.keys.sorted() == ["key", "members", "slice"])
    }

    @Test("equal documents are one, however they are spread over partitions")
    func rounds() throws {
        let bench = try Bench()
        let summary = try bench.run(Bench.pages(400))
        let store = try Store.open(at: bench.folder("store"), .read)
        let dataset = try DatasetReader(store: store).dataset(try #require(summary.stages[2].artifact))
        #expect(dataset.recordCount == 50)
        #expect(dataset.dropCounts == ["equal": 350])
    }

    @Test("each part of a key that changes is named as the reason")
    func reasons() throws {
        let bench = try Bench()
        var script = Bench.pages(10)
        _ = try bench.run(script)
        #expect(bench.reporter.reasons.withLock { $0["copy apply page-00000"] } == .new)
        _ = try bench.run(script, letter: "b")
        #expect(
            bench.reporter.reasons.withLock { $0["copy apply page-00000"] }
                == .changed([.init(path: "parameters.letter", old: "a", new: "b")]))
        _ = try bench.run(script, letter: "b") { $0.forced = ["copy"] }
        #expect(bench.reporter.reasons.withLock { $0["copy apply page-00000"] } == .forced)
        script.sources[3].text = "Another text altogether."
        _ = try bench.run(script, letter: "b") { $0.refreshes = true }
        let reason = try #require(bench.reporter.reasons.withLock { $0["read apply page-00000"] })
        #expect(reason.description == "source page-00003 changed")
    }

    @Test("what the network answered stays pinned until a refresh is asked for")
    func pinned() throws {
        let bench = try Bench()
        var script = Bench.pages(5)
        let first = try bench.run(script)
        script.sources[0].text = "The server says something else now."
        let pinned = try bench.run(script)
        #expect(pinned.stages.map(\.artifact) == first.stages.map(\.artifact))
        let refreshed = try bench.run(script) { $0.refreshes = true }
        #expect(refreshed.stages[0].artifact != first.stages[0].artifact)
        let after = try bench.run(script)
        #expect(after.stages.map(\.artifact) == refreshed.stages.map(\.artifact))
    }

    @Test("two results under one key are kept and reported, with the first record and byte that differ")
    func nonDeterminism() throws {
        let bench = try Bench()
        var script = Bench.pages(3)
        _ = try bench.run(script)
        script.transform = { $0.bytes.contains(UInt8(ascii: "1")) ? $0[0..<$0.count - 1] : $0 }
        let forced = try bench.run(script) { $0.forced = ["copy"] }
        let warnings = bench.reporter.warnings.withLock { $0 }
        #expect(warnings.count == 1)
        let warning = try #require(warnings.first)
        #expect(warning.hasPrefix("stage copy, apply of page-00000: two results under one key, sha256:"))
        #expect(warning.contains("the plugin scripted-copy does not give the same bytes twice: they differ in record 2 (record "))
        #expect(forced.contradictions.map(\.stage) == ["copy"])
        let store = try Store.open(at: bench.folder("store"), .read)
        let contradiction = try #require(forced.contradictions.first)
        #expect(try store.bindings(.task, contradiction.key.hex).count == 2)
    }

    @Test("an audit carries a share of the known tasks out again, and changes nothing")
    func audit() throws {
        let bench = try Bench()
        var script = Bench.pages(400)
        let first = try bench.run(script)
        let calm = try bench.run(script) { $0.audit = AuditSample.whole }
        #expect(calm.audited == first.stages.reduce(0) { $0 + $1.executed })
        #expect(calm.contradictions.isEmpty)
        script.transform = { $0[0..<$0.count - 1] }
        let partly = try bench.run(script) { $0.audit = AuditSample.whole / 2 }
        #expect((1..<calm.audited).contains(partly.audited))
        #expect(!partly.contradictions.isEmpty && partly.contradictions.allSatisfy { $0.stage == "copy" })
        #expect(partly.stages.map(\.artifact) == first.stages.map(\.artifact))
    }
}
