import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

/// Runs of a store from which somebody else removes what nobody needs.
@Suite struct CollectedRunTests {
    private func results(_ summary: Run.Summary, _ path: String) throws -> Set<Digest> {
        let history = History(store: try Store.open(at: path, .read))
        return Set(try summary.stages.flatMap { try history.tasks(of: $0).map(\.result) })
    }

    @Test("A result that is condemned is made anew, though neither its binding nor what it names is")
    func condemnedResult() throws {
        let bench = try Bench()
        let path = bench.folder("store")
        let results = try results(try bench.run(Bench.pages(20)), path)
        // So much that goes with them that the pack is worth writing anew.
        let filler = try Store.open(at: path, .write)
        let other = try filler.put((0..<60_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) })
        try filler.close()
        #expect(try Store.compact(at: path, from: 2) == 1)
        // A task that came to an earlier one's result may be bound to it by who could still rely on that; who opens the store
        // later finds the new binding and the old result.
        func collect() throws -> CollectionReport {
            try Store.collect(at: path) { _ in
                LiveSet(keepsBlob: { !results.contains($0) && $0 != other }, keepsBinding: { _ in true })
            }
        }
        let earlier = try Store.open(at: path, .write)
        #expect(try collect().waiting.blobs == results.count + 1)
        try earlier.close()

        let store = try Store.open(at: path, .write)
        let second = try Run(
            try bench.pipeline(), plugins: Bench.plugins, store: store, options: .init(jobs: 2), id: RunID(random: 2),
            now: Date(),
            reporter: bench.reporter
        ).perform()
        #expect(second.state == .done)
        // Nobody can see yet that the run relies on anything.
        #expect(try collect().removed.blobs == results.count + 1)
        try store.close()
        var verifier = Verifier(store: try Store.open(at: path, .read))
        verifier.verifyAll()
        #expect(verifier.report.faults.isEmpty, "\(verifier.report.faults)")
    }

    @Test("A binding that outlived what it leads to is not needed, and keeps no collection from its work")
    func danglingBindings() throws {
        let bench = try Bench()
        let path = bench.folder("store")
        let summary = try bench.run(Bench.pages(20))
        let store = try Store.open(at: path, .write)
        let history = History(store: store)
        let task = try #require(try history.tasks(of: summary.stages[0]).first)
        let gone = Digest(of: Array("gone".utf8))
        let dangling = [
            Binding(kind: .task, key: task.key.hex, value: gone), Binding(kind: .pin, key: "https://example.org/", value: gone),
        ]
        for binding in dangling { try store.bind(binding) }
        try store.close()

        var needed = Reachability(history: History(store: try Store.open(at: path, .read)))
        try needed.add(run: try #require(try store.bindings(.run).first).value)
        try needed.addBindings()
        for binding in dangling { #expect(!needed.bindings.contains(binding.digest)) }
        let known = Binding(kind: .task, key: task.key.hex, value: task.result)
        #expect(needed.bindings.contains(known.digest))
    }
}
