import Foundation
import HeadwaterClean
import HeadwaterDedupe
import HeadwaterEngine
import HeadwaterExtract
import HeadwaterFetch
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore
import HeadwaterSummarize
import HeadwaterTesting
import Testing

/// The store of a real run of all built-in stages over a few pages, its packs damaged one bit at a time.
@Suite struct FlippedBitTests {
    static let plugins = PluginRegistry([Fetch.self, Clean.self, Dedupe.self, Extract.self, Summarize.self])

    private final class Quiet: RunReporter {
        func located(stage: String, sources: Int, partitions: Int) {}
        func finished(task: TaskEntry, stage: String, counts: StageCounts, reason: Reason?) {}
        func completed(stage: String, counts: StageCounts, artifact: Artifact) {}
        func failed(_ failure: RunFailure) { Issue.record("\(failure)") }
        func warned(_ message: String) {}
        func published(name: String, path: String) {}
    }

    static func makeStore(in folder: TemporaryFolder) throws {
        let story =
            "The ferry to the island ran aground on Monday, the harbour office said. All 41 passengers were brought ashore by noon.\n\n"
            + "“We heard a long scraping sound and then nothing,” said Tomas Verrin, who was on board with his two sons.\n"
        let pages = [
            "ferry.txt": story, "copy.txt": story,
            "crane.html":
                "<!doctype html><title>Crane</title><nav><a href=/>Home</a> <a href=/x>More</a></nav><article><h1>A crane &amp; a quay</h1>"
                + "<p>A crane fell onto the quay on Tuesday and broke a wall of the old customs house, the harbour office said.</p>"
                + "<p>Nobody was hurt. “It came down slowly,” said Ilse Maren, who keeps the kiosk there.</p></article>",
        ]
        try FileManager.default.createDirectory(atPath: folder("pages"), withIntermediateDirectories: false)
        for (name, text) in pages { try Data(text.utf8).write(to: URL(fileURLWithPath: folder("pages/" + name))) }
        let text = """
            headwater: 1
            name: small
            stages:
              fetch: {with: {from: [pages]}}
              clean: {needs: fetch}
              dedupe: {needs: clean}
              extract: {needs: dedupe}
              summarize: {needs: [dedupe, extract]}
            publish:
              brief: {from: summarize, format: markdown, to: brief.md}

            """
        let pipeline = try Pipeline.parse(
            bytes: Array(text.utf8), path: folder("small.yaml"), workingDirectory: folder.path, plugins: plugins.declarations)
        let store = try Store.open(at: folder("store"), .write)
        let summary = try Run(
            pipeline, plugins: plugins, store: store, options: Run.Options(jobs: 1), id: RunID(random: 7), now: Date(),
            reporter: Quiet()
        ).perform()
        #expect(summary.state == .done, "\(summary.failures)")
        try store.close()
    }

    /// Faults, or what kept the store from being opened.
    static func faults(_ folder: TemporaryFolder) -> [String] {
        do {
            var verifier = Verifier(store: try Store.open(at: folder("store"), .read))
            verifier.verifyAll()
            return verifier.report.faults.map { "\($0.place): \($0.problem)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test("a bit flipped anywhere in the packs of a store is found by verifying everything")
    func flips() throws {
        let folder = try TemporaryFolder(inMemory: true)
        try FlippedBitTests.makeStore(in: folder)
        try #require(FlippedBitTests.faults(folder) == [])
        let seed = UInt64.random(in: .min ... .max)
        print("flipped bits: seed \(seed)")
        var generator = SplitMix(seed: seed)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder("store/packs")) {
            let url = URL(fileURLWithPath: folder("store/packs/" + name))
            let whole = Array(try Data(contentsOf: url))
            for _ in 0..<100 {
                let offset = Int.random(in: whole.indices, using: &generator)
                let bit = Int.random(in: 0..<8, using: &generator)
                var damaged = whole
                damaged[offset] ^= 1 << bit
                try Data(damaged).write(to: url)
                #expect(!FlippedBitTests.faults(folder).isEmpty, "bit \(bit) of byte \(offset) of \(whole.count)")
            }
            try Data(whole).write(to: url)
        }
        #expect(FlippedBitTests.faults(folder) == [], "the store is whole again")
    }
}
