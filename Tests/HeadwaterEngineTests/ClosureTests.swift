import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

/// What is forged here has right digests, right record ids and right maps: only that things belong together is not true.
@Suite("verify proves that a run's parts belong together") struct ClosureTests {
    @Test("every task key of a run with all kinds of rounds is spelled again, and comes out as it is")
    func holds() throws {
        let forge = try Forge()
        let report = forge.report(forge.run)
        #expect(report.faults == [])
        #expect(report.keys == (try forge.run.stages.reduce(0) { $0 + (try forge.tasks($1.name).count) }))
    }

    @Test("two tasks that have changed places are found")
    func swapped() throws {
        let forge = try Forge()
        try forge.expect("inputs.roles.documents", in: "p/copy, apply") { try forge.changeTasks("copy") { $0.swapAt(0, 1) } }
    }

    @Test("a task with another's result is found, though that is bound to its key")
    func otherResult() throws {
        let forge = try Forge()
        try forge.expect("shard 1 of the artifact is not what the task came to") {
            try forge.changeTasks("copy") { tasks in
                tasks[0].result = tasks[1].result
                try forge.store.bind(Binding(kind: .task, key: tasks[0].key.hex, value: tasks[0].result))
            }
        }
    }

    @Test(
        "a key of other parameters, of another plugin or of another round is found", arguments: ["parameters", "plugin", "phase"])
    func otherKey(member: String) throws {
        let forge = try Forge()
        try forge.expect(member) {
            try forge.changeTasks("copy") { tasks in
                var key = try JSON(parsing: forge.store.blob(tasks[0].key)).object ?? [:]
                key[member] = member == "phase" ? "sketch" : ["name": "somebody-else"]
                tasks[0].key = try forge.store.put(JSON.object(key).canonical)
                try forge.store.bind(Binding(kind: .task, key: tasks[0].key.hex, value: tasks[0].result))
            }
        }
    }

    @Test("a manifest that names another version or other parameters than the tasks' is found", arguments: ["version", "letter"])
    func otherManifest(what: String) throws {
        let forge = try Forge()
        try forge.expect(what) {
            try forge.changeStage("copy") { stage in
                if what == "version" { stage.version = "7" } else { stage.parameters["letter"] = "z" }
            }
        }
    }

    @Test("an artifact with shards in another order, one left out, one twice or one of elsewhere is found", arguments: 0..<4)
    func otherShards(way: Int) throws {
        let forge = try Forge()
        let elsewhere = try forge.dataset("unique").shards
        try forge.expect("artifact", in: "p/copy") {
            try forge.changeArtifact("copy") { shards in
                switch way {
                case 0: shards.swapAt(0, 1)
                case 1: shards.removeLast()
                case 2: shards.append(shards[0])
                default: shards[0] = elsewhere[elsewhere.count - 1]
                }
            }
        }
    }

    @Test("an artifact that gives a shard to other sources is found")
    func otherRange() throws {
        let forge = try Forge()
        try forge.expect("is said to be of page-00000 to z") {
            try forge.changeArtifact("unique") { $0[0].range = KeyRange(first: $0[0].range.first, last: "z") }
        }
    }

    @Test("a stage whose input is not what its tasks worked on is found")
    func otherInput() throws {
        let forge = try Forge()
        try forge.expect("is not that of what it works on") {
            try forge.changeStage("unique") { $0.inputs = [.init(role: "documents", stage: "read")] }
        }
        try forge.expect("of which the run has no artifact") {
            try forge.changeStage("unique") { $0.inputs = [.init(role: "documents", stage: "nowhere")] }
        }
    }

    @Test("a round with a task too few or too many is found", arguments: KeyDocument.Phase.allCases)
    func count(phase: KeyDocument.Phase) throws {
        let forge = try Forge()
        try forge.expect("", in: "p/unique") {
            try forge.changeTasks("unique") { tasks in
                let index = try #require(tasks.lastIndex(where: { $0.phase == phase }))
                tasks.remove(at: index)
            }
        }
        try forge.expect("", in: "p/unique") {
            try forge.changeTasks("unique") { tasks in
                let task = try #require(tasks.first(where: { $0.phase == phase }))
                tasks.append(task)
            }
        }
    }

    @Test("other slices than the tasks before gave are found, and so are other sketches and verdicts")
    func otherSlices() throws {
        for phase in [KeyDocument.Phase.sketch, .combine, .examine, .decide] {
            let forge = try Forge()
            try forge.expect("its key", in: "p/unique") {
                try forge.changeTasks("unique") { tasks in
                    let index = try #require(tasks.firstIndex(where: { $0.phase == phase }))
                    let forged = try forge.store.put(Array("[\"forged\"]".utf8))
                    var result = try TaskResult(reading: forge.store.blob(tasks[index].result))
                    switch result {
                    case .blob: result = .blob(forged)
                    case .slices(let slices): result = .slices([forged] + slices.dropFirst())
                    case .groups(let groups, _): result = .groups(groups, carry: forged)
                    case .shard, .tree: break
                    }
                    tasks[index].result = try forge.store.put(result.canonical)
                    try forge.store.bind(Binding(kind: .task, key: tasks[index].key.hex, value: tasks[index].result))
                }
            }
        }
    }

    @Test("a source that a key names and the store has not is found; so is a record of a source that no key names")
    func sources() throws {
        let forge = try Forge()
        func change(_ digest: String) throws -> RunManifest {
            try forge.changeTasks("read") { tasks in
                var key = try JSON(parsing: forge.store.blob(tasks[0].key)).object ?? [:]
                var sources = key["inputs"]?["sources"]?.array ?? []
                sources[0] = [sources[0].array?[0] ?? "", .string(digest)]
                key["inputs"] = ["sources": .array(sources)]
                tasks[0].key = try forge.store.put(JSON.object(key).canonical)
                try forge.store.bind(Binding(kind: .task, key: tasks[0].key.hex, value: tasks[0].result))
            }
        }
        try forge.expect("of which the store has no bytes") { try change(Digest(of: [9]).description) }
        let other = try forge.store.put(Array("somebody else's text".utf8))
        try forge.expect("which its key does not name") { try change(other.description) }
    }

    @Test("a result that no binding ties to its key is found")
    func unbound() throws {
        let forge = try Forge()
        try forge.expect("no binding ties its key") { try forge.changeTasks("copy") { $0[0].result = $0[1].result } }
    }

    @Test("all faults are listed, and a stage that is named is proven with all before it and nothing behind it")
    func upstream() throws {
        let forge = try Forge()
        forge.run = try forge.changeTasks("read") { $0.swapAt(0, 1) }
        forge.run = try forge.changeTasks("unique") { $0.swapAt(0, 1) }
        func places(_ stage: String) -> Set<String> {
            var verifier = Verifier(store: forge.store)
            verifier.verify(stage: stage, of: forge.run)
            return Set(verifier.report.faults.map { $0.place.split(separator: ",").first.map(String.init) ?? "" })
        }
        #expect(places("copy") == ["p/read"])
        #expect(places("unique") == ["p/read", "p/unique"])
    }
}

/// A real run, and others that pretend to be one.
private final class Forge {
    let bench: Bench
    let store: Store
    var run: RunManifest

    init() throws {
        bench = try Bench()
        let summary = try bench.run(Bench.pages(200))
        store = try Store.open(at: bench.folder("store"), .write)
        var run = try #require(try History(store: store).runs(startingWith: summary.id.description).first)
        run.pipeline = "p"
        self.run = run
    }

    func tasks(_ stage: String) throws -> [TaskEntry] { try History(store: store).tasks(of: try #require(run.stage(stage))) }

    func dataset(_ stage: String) throws -> Dataset {
        try DatasetReader(store: store).dataset(try #require(run.stage(stage)?.artifact))
    }

    func changeStage(_ name: String, _ change: (inout RunManifest.Stage) throws -> Void) throws -> RunManifest {
        var run = run
        let index = try #require(run.stages.firstIndex { $0.name == name })
        try change(&run.stages[index])
        return run
    }

    func changeTasks(_ name: String, _ change: (inout [TaskEntry]) throws -> Void) throws -> RunManifest {
        var tasks = try tasks(name)
        try change(&tasks)
        let list = try store.put(JSONLines.encode(tasks.map(\.json)))
        return try changeStage(name) { $0.tasks = list }
    }

    func changeArtifact(_ name: String, _ change: (inout [Shard]) -> Void) throws -> RunManifest {
        var shards = try dataset(name).shards
        change(&shards)
        let artifact = try store.put(Dataset(shards: shards).canonical)
        return try changeStage(name) { $0.artifact = artifact }
    }

    func report(_ run: RunManifest) -> Verifier.Report {
        var verifier = Verifier(store: store)
        verifier.verify(run: run)
        return verifier.report
    }

    /// The forged run has a fault that says so.
    func expect(_ problem: String, in place: String = "p/", _ forged: () throws -> RunManifest) throws {
        let report = report(try forged())
        #expect(
            report.faults.contains { $0.place.hasPrefix(place) && (problem.isEmpty || $0.problem.contains(problem)) },
            "\(report.faults)")
    }
}
