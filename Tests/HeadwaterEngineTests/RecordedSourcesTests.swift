import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

@Suite("A run on the sources that a past run recorded") struct RecordedSourcesTests {
    @Test("gives the same artifacts in an empty store, whatever the order of the tasks, and asks nobody for a source")
    func emptyStore() throws {
        let bench = try Bench()
        let first = try bench.run(Bench.pages(300))
        var silent = Script()
        silent.onRetrieve = { throw StageErrorForTest("\($0) was asked for") }
        for seed in [nil, 1, 2] as [UInt64?] {
            let again = try bench.rerun(first, script: silent, into: "empty\(seed ?? 0)", changing: { $0.shuffle = seed })
            #expect(again.state == .done, "\(again.failures)")
            #expect(again.stages.map(\.artifact) == first.stages.map(\.artifact))
            #expect(again.stages.allSatisfy { $0.hits == 0 })
        }
    }

    @Test("is all hits in the store of that run")
    func sameStore() throws {
        let bench = try Bench()
        let first = try bench.run(Bench.pages(300))
        let again = try bench.rerun(first, into: "store")
        #expect(again.stages.allSatisfy { $0.executed == 0 && $0.hits > 0 })
        #expect(again.stages.map(\.artifact) == first.stages.map(\.artifact))
        #expect(again.stages.map(\.tasks) != first.stages.map(\.tasks), "hits are recorded as such")
    }

    @Test("without some sources is the run that would have been without them, task key by task key", arguments: 0..<8)
    func leavingOut(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let bench = try Bench()
        let pages = Bench.pages(400)
        let first = try bench.run(pages)
        // From one source to whole partitions.
        let start = Int(random.next() % 400)
        let gone = Set(
            pages.sources.map(\.locator).enumerated().filter {
                seed < 4 ? $0.offset == start : ($0.offset >= start && $0.offset < start + 120 && random.next() % 4 > 0)
            }.map(\.element))
        var fewer = pages
        fewer.sources.removeAll { gone.contains($0.locator) }
        let fresh = try bench.run(fewer, store: "fresh")
        let again = try bench.rerun(first, into: "store", keeping: { locator, _ in !gone.contains(locator) })
        #expect(again.stages.map(\.artifact) == fresh.stages.map(\.artifact), "seed \(seed)")
        #expect(try bench.keys(again, "store") == bench.keys(fresh, "fresh"), "seed \(seed)")
        if seed < 4 { #expect(again.stages[0].executed <= 2, "seed \(seed): at most two partitions are disturbed") }
    }

    @Test("of which a source is gone fails with its name")
    func gone() throws {
        let bench = try Bench()
        let first = try bench.run(Bench.pages(30))
        let other = try Bench()
        _ = try other.run(Bench.pages(1))
        let again = try bench.rerun(
            first, into: "empty", leaving: Digest(of: Array("The text of page 7 says a word or two.".utf8)))
        #expect(again.state == .failed)
        #expect(again.failures.contains { $0.message.hasPrefix("the source 'page-00007' cannot be had any more: ") })
    }

    @Test("has the pipeline file, its includes and parameters as they were, wherever they lie")
    func pipeline() throws {
        let bench = try Bench()
        let folder = bench.folder
        try FileManager.default.createDirectory(atPath: folder("work/shared"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder("work/pipelines/shared"), withIntermediateDirectories: true)
        try write(
            "headwater: 1\nname: p\ninclude: [../shared/read.yaml, shared/read.yaml]\nparameters: {letter: a, n: 3}\n",
            folder("work/pipelines/p.yaml"))
        try write(
            "headwater: 1\nstages:\n  read: {plugin: scripted-source, with: {script: \(bench.name)}}\n",
            folder("work/shared/read.yaml"))
        try write(
            "headwater: 1\nstages:\n  copy: {plugin: scripted-copy, needs: read, with: {script: \(bench.name), letter: \"${letter}-${n}\"}}\n",
            folder("work/pipelines/shared/read.yaml"))
        let pipeline = try Pipeline.load(
            path: "pipelines/p.yaml", overrides: ["letter=z"], workingDirectory: folder("work"),
            plugins: Bench.plugins.declarations)
        Script.register(bench.name, Bench.pages(3))
        let store = try Store.open(at: folder("store"), .write)
        let first = try bench.perform(pipeline, store)
        try FileManager.default.removeItem(atPath: folder("work"))
        let run = try #require(try History(store: store).runs(startingWith: first.id.description).first)
        let recorded = try RecordedSources(of: run, in: store).pipeline(
            at: "/elsewhere/p.yaml", workingDirectory: "/", plugins: Bench.plugins.declarations)
        #expect(recorded.parameters == pipeline.parameters)
        #expect(recorded.stages.map(\.parameters.values) == pipeline.stages.map(\.parameters.values))
        #expect(recorded.included.map(\.file) == pipeline.included.map(\.file))
        #expect(recorded.included.map(\.bytes) == pipeline.included.map(\.bytes))
    }

    private func write(_ text: String, _ path: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
}

struct StageErrorForTest: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}

extension Bench {
    func perform(
        _ pipeline: Pipeline, _ store: Store, _ options: Run.Options = Run.Options(jobs: 2), recorded: RecordedSources? = nil
    ) throws -> Run.Summary {
        try Run(
            pipeline, plugins: Bench.plugins, store: store, options: options, recorded: recorded,
            id: RunID(random: UInt64.random(in: .min ... .max)), now: Date(), reporter: reporter
        ).perform()
    }

    /// Carries a run of the store "store" out again.
    ///
    /// - Parameters:
    ///   - script: what sources would be found, if they were looked for.
    ///   - lost: a blob that is collected before.
    func rerun(
        _ first: Run.Summary, script: Script? = nil, into target: String, keeping: RecordedSources.Filter? = nil,
        leaving lost: Digest? = nil, changing change: (inout Run.Options) -> Void = { _ in }
    ) throws -> Run.Summary {
        if let script { Script.register(name, script) }
        var from = try Store.open(at: folder("store"), target == "store" ? .write : .read)
        let run = try #require(try History(store: from).runs(startingWith: first.id.description).first)
        if let lost {
            let partial = try Store.open(at: folder("partial"), .write)
            for stage in run.stages {
                for digest in [stage.artifact, stage.tasks].compactMap({ $0 }) { try partial.put(try from.blob(digest)) }
                for task in try History(store: from).tasks(of: stage) {
                    let key = try from.blob(task.key)
                    try partial.put(key)
                    for source in try JSON(parsing: key)["inputs"]?["sources"]?.array ?? [] {
                        guard let digest = source.array?[1].string.flatMap({ Digest($0) }), digest != lost else { continue }
                        try partial.put(try from.blob(digest))
                    }
                }
            }
            try partial.close()
            from = try Store.open(at: folder("partial"), .read)
        }
        let store = target == "store" ? from : try Store.open(at: folder(target), .write)
        defer { try? store.close() }
        var options = Run.Options(jobs: 2)
        change(&options)
        return try perform(try pipeline(), store, options, recorded: RecordedSources(of: run, in: from, keeping: keeping))
    }

    /// The keys of a run's tasks, stage by stage.
    func keys(_ run: Run.Summary, _ store: String) throws -> [[Digest]] {
        let store = try Store.open(at: folder(store), .read)
        return try run.stages.map { try History(store: store).tasks(of: $0).map(\.key) }
    }
}
