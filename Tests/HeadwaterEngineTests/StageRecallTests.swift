import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

/// A stage on files that doubles each: `each: pages`, or `each: doubled` of another stage's tree.
private struct Doubled: FolderStage {
    static let declaration = PluginDeclaration(
        name: "doubled", version: "1", summary: "Doubles each file.", inputs: [.init("pages")], rounds: .folder,
        parameters: [ParameterDeclaration("times", .integer(1...9), default: 2, help: "How often the text is said.")], emits: [])

    let times: Int
    var path = ""
    var divided: String? { "pages" }
    var outputs: [String] { [path] }

    init(parameters: Parameters) { times = parameters.integer("times") }

    func part(_ path: String) throws -> any FolderStage {
        var part = self
        part.path = path
        return part
    }

    func work(in folder: WorkFolder, _ context: TaskContext) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/inputs/pages/\(path)"))
        try Data((0..<times).flatMap { _ in bytes }).write(to: URL(fileURLWithPath: "\(folder.path)/\(path)"))
    }
}

/// Recalling a stage tells what looking up each of its tasks would, or nothing.
@Suite struct StageRecallTests {
    private let folder: TemporaryFolder
    private let name = UUID().uuidString
    private static let plugins = PluginRegistry([ScriptedSource.self, Doubled.self])

    init() throws { folder = try TemporaryFolder() }

    /// - Parameter pipeline: another pipeline's runs are not recalled, so that its tasks are looked up one by one.
    private func with<Value>(
        pipeline: String = "doubling", pages: Int = 30, times: Int = 2, _ access: Store.Access = .write,
        _ change: (inout Run.Options) -> Void = { _ in }, _ body: (Run, Store) throws -> Value
    ) throws -> Value {
        Script.register(name, Bench.pages(pages))
        let text = """
            headwater: 1
            name: \(pipeline)
            stages:
              read: {plugin: scripted-source, with: {script: "\(name)"}}
              once: {plugin: doubled, needs: {pages: read}, with: {times: \(times)}}
              twice: {plugin: doubled, needs: {pages: once}}

            """
        let parsed = try Pipeline.parse(
            bytes: Array(text.utf8), path: folder("p.yaml"), workingDirectory: folder.path,
            plugins: StageRecallTests.plugins.declarations)
        let store = try Store.open(at: folder("store"), access)
        defer { try? store.close() }
        var options = Run.Options(jobs: 2)
        change(&options)
        let run = try Run(
            parsed, plugins: StageRecallTests.plugins, store: store, options: options,
            id: RunID(random: UInt64.random(in: .min ... .max)), now: Date(), reporter: Bench.Listener())
        return try body(run, store)
    }

    private func run(
        pipeline: String = "doubling", pages: Int = 30, times: Int = 2, _ change: (inout Run.Options) -> Void = { _ in }
    ) throws -> Run.Summary {
        try with(pipeline: pipeline, pages: pages, times: times, .write, change) { run, _ in
            let summary = try run.perform()
            try #require(summary.state == .done, "\(summary.failures)")
            return summary
        }
    }

    /// What is recalled of the stages `once` and `twice` on what the latest run had.
    private func recalled(times: Int = 2, of summary: Run.Summary) throws -> [StageRecall.Recollection?] {
        try with(times: times) { run, store in
            try [1, 2].map { stage in
                let digest = try #require(summary.stages[stage - 1].artifact)
                let input = try Artifact(json: JSON(parsing: store.blob(digest)))
                return StageRecall(pipeline: "doubling", runner: run.runner).recall(stage, ["pages": input], divided: "pages")
            }
        }
    }

    /// Flips a bit of what a pack has stored of this blob, 36 bytes behind the start of the digest in its header.
    private func damage(_ digest: Digest) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder("store/packs")).sorted() {
            let url = URL(fileURLWithPath: folder("store/packs/" + name))
            var bytes = [UInt8](try Data(contentsOf: url))
            guard let found = bytes.firstRange(of: digest.bytes) else { continue }
            bytes[found.lowerBound + 36] ^= 1
            return try Data(bytes).write(to: url)
        }
        Issue.record("no pack holds it")
    }

    private func entries(_ summary: Run.Summary, _ stage: Int) throws -> [TaskEntry] {
        let store = try Store.open(at: folder("store"), .read)
        return try History(store: store).tasks(of: summary.stages[stage])
    }

    @Test("a run that recalls has the task lists, counts and artifacts of one that looks each task up")
    func same() throws {
        let first = try run()
        #expect(try recalled(of: first).allSatisfy { $0 != nil })
        let recalling = try run()
        let lookingUp = try run(pipeline: "another")
        #expect(recalling.stages == lookingUp.stages)
        #expect(recalling.stages.map(\.executed) == [0, 0, 0])
        #expect(recalling.stages.map(\.artifact) == first.stages.map(\.artifact))
        let planned = try with(.read, { $0.isDry = true }) { run, _ in try run.perform() }
        #expect(planned.stages == recalling.stages)
    }

    @Test("what is recalled are the tasks as the run had them, as hits, in order, with what they work on and made")
    func whole() throws {
        let first = try run()
        let found = try recalled(of: first)
        for stage in [1, 2] {
            let recollection = try #require(found[stage - 1])
            var expected = try entries(first, stage)
            for index in expected.indices { (expected[index].isHit, expected[index].log) = (true, nil) }
            #expect(recollection.tasks?.entries == expected)
            #expect(recollection.tasks?.pieces.map(\.path) == expected.suffix(30).map(\.partition))
            #expect(recollection.tree.json.digest == first.stages[stage].artifact)
        }
    }

    @Test("another parameter, another input or nothing before: nothing is recalled, and what a run comes to is as ever")
    func changed() throws {
        let first = try run()
        #expect(try recalled(times: 3, of: first).map { $0 == nil } == [true, false])
        let more = try run(pages: 31)
        #expect(more.stages.map(\.executed) == [1, 2, 1])
        #expect(try recalled(of: first).allSatisfy { $0 == nil }, "the latest run had another input")
        #expect(try recalled(of: more).allSatisfy { $0 != nil })
        let tripled = try run(pages: 31, times: 3)
        #expect(tripled.stages.map(\.executed) == [0, 32, 31], "`once` also divides the sources")
        #expect(try recalled(times: 2, of: more).map { $0 == nil } == [true, true])
    }

    @Test(
        "a result that is damaged, in a stage of which all else is whole, has its task carried out again and no other",
        arguments: [1, 2])
    func damaged(stage: Int) throws {
        let first = try run()
        let results = try entries(first, stage).map(\.result)
        try damage(results[results.count / 2])
        #expect(try recalled(of: first)[stage - 1] == nil)
        let second = try run()
        #expect(second.stages[stage].executed == 1)
        #expect(second.stages.map(\.artifact) == first.stages.map(\.artifact))
        #expect(try recalled(of: second).allSatisfy { $0 != nil })
    }

    @Test("where a key has two results, or one that was bound later, each task is looked up")
    func ambiguous() throws {
        let first = try run()
        let entry = try #require(try entries(first, 2).last)
        let store = try Store.open(at: folder("store"), .write)
        try store.bind(Binding(kind: .task, key: entry.key.hex, value: try store.put(Array("another result".utf8))))
        try store.commit()
        try store.close()
        #expect(try recalled(of: first).map { $0 == nil } == [false, true])
        let second = try run()
        #expect(second.stages.map(\.artifact) == first.stages.map(\.artifact))
    }

    @Test("a stage that is forced is carried out, and one whose results are put to the test is tested")
    func forced() throws {
        _ = try run()
        let forced = try run { $0.forced = ["once"] }
        #expect(forced.stages.map(\.executed) == [0, 31, 0])
        let audited = try run { $0.audit = 1_000_000 }
        #expect(audited.audited > 60 && audited.contradictions.isEmpty)
    }

    @Test("a key document that is not there any more has its task carried out again")
    func distrusted() throws {
        let first = try run()
        let lost = try #require(try entries(first, 1).last)
        try with { run, store in
            store.distrust([lost.key])
            let input = try Artifact(json: JSON(parsing: store.blob(try #require(first.stages[0].artifact))))
            #expect(StageRecall(pipeline: "doubling", runner: run.runner).recall(1, ["pages": input], divided: "pages") == nil)
            #expect(try run.perform().stages.map(\.executed) == [0, 1, 0])
        }
    }

    // MARK: What is remembered

    /// What is recalled of the stages `once` and `twice` by a run that has the memory.
    private func remembered(times: Int = 2, of summary: Run.Summary) throws -> [StageRecall.Recollection?] {
        try with(times: times) { run, store in
            try [1, 2].map { stage in
                let digest = try #require(summary.stages[stage - 1].artifact)
                let input = try Artifact(reading: store.blob(digest))
                return StageRecall(pipeline: "doubling", runner: run.runner, memory: run.memory)
                    .recall(stage, ["pages": input], divided: "pages")
            }
        }
    }

    private func isRead(_ found: [StageRecall.Recollection?]) -> [Bool?] { found.map { $0.map { $0.tasks != nil } } }

    @Test(
        "a stage of which nothing has changed is remembered without its tasks, and is what it was; whatever might change it ends that"
    )
    func memory() throws {
        let first = try run()
        #expect(isRead(try remembered(of: first)) == [true, true])
        #expect(!FileManager.default.fileExists(atPath: folder("store/hints/doubling.stages")), "its packs are too new")
        // Until the packs' stamps are older than the coarsest clock.
        Thread.sleep(forTimeInterval: 2.2)
        let second = try run()
        let found = try remembered(of: second)
        #expect(isRead(found) == [false, false])
        for stage in [1, 2] {
            let recollection = try #require(found[stage - 1])
            #expect(recollection.count == second.stages[stage].hits)
            #expect(recollection.tree.json.digest == second.stages[stage].artifact)
            #expect(recollection.kept?.tasks == second.stages[stage].tasks)
        }

        // Tasks are read when something has to be mended.
        try with { run, store in
            let third = try run.perform()
            #expect(third.stages == second.stages)
            for stage in [1, 2] {
                var tasks: [(id: TaskID, entry: TaskEntry)] = []
                try run.forEachTask(of: stage) { id, entry in
                    tasks.append((id, entry))
                    return true
                }
                #expect(tasks.map(\.entry) == (try History(store: store).tasks(of: second.stages[stage])))
                #expect(tasks.allSatisfy { run.state.spec(of: $0.id) != nil })
            }
        }
        let planned = try with(.read, { $0.isDry = true }) { run, _ in try run.perform() }
        #expect(planned.stages == second.stages)

        // Runs that bind nothing to tasks change nothing; another parameter or input is another stage.
        _ = try run(pipeline: "another")
        #expect(isRead(try remembered(of: second)) == [false, false])
        #expect(isRead(try remembered(times: 3, of: second)) == [nil, false])

        // A task that was bound since, be it of another stage, has each looked up.
        let entry = try #require(try entries(first, 2).last)
        let store = try Store.open(at: folder("store"), .write)
        try store.bind(Binding(kind: .task, key: entry.key.hex, value: try store.put(Array("another result".utf8))))
        #expect(StageMemory(of: "doubling", in: store).memos.allSatisfy { !store.stillHas($0.holding) }, "not even sealed")
        try store.commit()
        try store.close()
        #expect(isRead(try remembered(of: second)) == [true, nil])
    }

    @Test("a pack that somebody wrote to, or a memory that somebody damaged, is no more relied upon")
    func touched() throws {
        _ = try run()
        Thread.sleep(forTimeInterval: 2.2)
        let second = try run()
        #expect(isRead(try remembered(of: second)) == [false, false])
        let place = URL(fileURLWithPath: folder("store/hints/doubling.stages"))
        let memory = try Data(contentsOf: place)
        var damaged = memory
        damaged[damaged.count / 2] ^= 1
        try damaged.write(to: place)
        #expect(isRead(try remembered(of: second)) == [true, true])
        try memory.write(to: place)
        #expect(isRead(try remembered(of: second)) == [false, false])
        try damage(try #require(try entries(second, 1).last).result)
        #expect(isRead(try remembered(of: second))[0] == .some(nil))
        #expect(try run().stages.map(\.executed) == [0, 1, 0])
    }
}
