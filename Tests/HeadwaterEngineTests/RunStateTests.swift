import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

/// Drives the machine with no thread, store or plugin: whatever it starts is answered in an order that a seed decides.
private struct Driver {
    var state: RunState
    var running: [TaskSpec] = []
    var locating: [Int] = []
    var completed: [Int: [Shard]] = [:]
    var trees: [Int: FileTree] = [:]
    var faults: [Int: TaskFault] = [:]
    var recalls: [(stage: Int, inputs: [String: Artifact], divided: String)] = []
    var started: [TaskSpec] = []
    var hasEnded = false
    var mostRunning = 0

    init(_ shapes: [RunState.StageShape], jobs: Int = 4, keepsGoing: Bool = false) {
        state = RunState(stages: shapes, limits: .init(jobs: jobs, reads: jobs, keepsGoing: keepsGoing))
        handle(.started)
    }

    mutating func handle(_ event: RunState.Event) {
        for effect in state.handle(event) {
            #expect(!hasEnded, "nothing comes after the end")
            switch effect {
            case .locate(let stage): locating.append(stage)
            case .recall(let stage, let inputs, let divided):
                recalls.append((stage, inputs, divided))
            case .start(let batch):
                running += batch
                started += batch
            case .complete(let stage, .tree(let tree)): trees[stage] = tree
            case .complete(let stage, let artifact): completed[stage] = artifact.shards
            case .fail(let stage, let fault): faults[stage] = fault
            case .end: hasEnded = true
            }
        }
        mostRunning = max(mostRunning, running.count)
    }

    mutating func locate(_ stage: Int, partitions: Int) {
        locating.removeAll { $0 == stage }
        handle(.located(stage: stage, partitions: (0..<partitions).map { KeyRange(first: "\($0)", last: "\($0)") }))
    }

    mutating func finish(at index: Int, groups: Int = 2) {
        let spec = running.remove(at: index)
        handle(.finished(spec.id, Driver.result(of: spec, groups: groups)))
    }

    /// Ends a task of a stage on files, as if it had made these.
    mutating func finish(at index: Int, making files: [String]) throws {
        let spec = running.remove(at: index)
        let digest = Digest(of: Array("\(spec.id)".utf8))
        let entries = files.map { FileTree.Entry($0, .file(.init(digest: digest, byteCount: 1, isExecutable: false))) }
        handle(.finished(spec.id, .tree(try FileTree(entries: [.init("made", .folder)] + entries))))
    }

    mutating func fail(at index: Int) {
        handle(.failed(running.remove(at: index).id))
    }

    /// A result of the shape that the phase has; its content names the task.
    static func result(of spec: TaskSpec, groups: Int) -> TaskResult {
        let digest = Digest(of: Array("\(spec.id)".utf8))
        switch (spec.id.phase, spec.input) {
        case (.sketch, _), (.examine, _): return .blob(digest)
        case (.apply, _):
            return .shard(ShardContent(digest: digest, byteCount: 1, recordCount: 1))
        case (.decide, .verdicts(let count, _, _)): return .slices(Array(repeating: digest, count: count))
        case (.combine, .artifacts):
            return .groups((0..<groups).map { GroupReference(key: "g\($0)", members: [], slice: digest) }, carry: digest)
        case (_, .sketches(let sketches)):
            if groups < 0 { return .slices(Array(repeating: digest, count: sketches.count)) }
            return .groups((0..<groups).map { GroupReference(key: "g\($0)", members: [], slice: digest) }, carry: digest)
        default: return .blob(digest)
        }
    }
}

private func shape(_ rounds: PluginDeclaration.Rounds, _ inputs: Int...) -> RunState.StageShape {
    .init(rounds: rounds, inputs: inputs.enumerated().map { (role: "r\($0.offset)", stage: $0.element) })
}

@Suite struct RunStateTests {
    @Test("tasks never take more slots than there are jobs, and all come to run", arguments: 0..<100)
    func slots(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let jobs = Int.random(in: 1...6, using: &random)
        var shapes = [shape(.read), shape(.apply, 0), shape(.apply, 1), shape(.examine, 2)]
        for index in shapes.indices { shapes[index].slots = Int.random(in: 1...9, using: &random) }
        var driver = Driver(shapes, jobs: jobs)
        driver.locate(0, partitions: Int.random(in: 1...12, using: &random))
        while !driver.running.isEmpty {
            for reads in [true, false] {
                let taken = driver.running.filter { ($0.id.stage == 0) == reads }
                    .reduce(0) { $0 + min(shapes[$1.id.stage].slots, jobs) }
                #expect(taken <= jobs, "seed \(seed)")
            }
            driver.finish(at: Int.random(in: 0..<driver.running.count, using: &random))
        }
        #expect(driver.completed.count == shapes.count, "seed \(seed)")
    }

    @Test("every stage completes with all its shards in order, whatever order tasks end in", arguments: 0..<200)
    func completes(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let partitions = Int.random(in: 0...9, using: &random)
        // fetch, clean, dedupe with all rounds, extract, summarize on groups of dedupe and extract
        var driver = Driver([shape(.read), shape(.apply, 0), shape(.examine, 1), shape(.apply, 2), shape(.group, 2, 3)], jobs: 3)
        driver.locate(0, partitions: partitions)
        while !driver.running.isEmpty { driver.finish(at: Int.random(in: 0..<driver.running.count, using: &random)) }
        #expect(driver.hasEnded, "seed \(seed)")
        for stage in 0..<4 {
            #expect(
                driver.completed[stage]?.map(\.range.first) == (0..<partitions).map(String.init), "seed \(seed), stage \(stage)")
        }
        #expect(driver.completed[4]?.count == 2, "seed \(seed)")
        #expect(Set(driver.started.map(\.id)).count == driver.started.count, "no task starts twice, seed \(seed)")
    }

    @Test(
        "a stage carried out file by file has a task for each, and what they make is one tree in whatever order they end",
        arguments: 0..<50)
    func fileByFile(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        var shapes = [shape(.read), shape(.folder, 0), shape(.folder, 1)]
        for index in 1...2 { shapes[index].divided = "r0" }
        let files = Int.random(in: 0...7, using: &random)
        let clashes = files > 1 && seed % 5 == 0
        var driver = Driver(shapes, jobs: 3)
        driver.locate(0, partitions: 2)
        while !driver.running.isEmpty {
            let index = Int.random(in: 0..<driver.running.count, using: &random)
            switch driver.running[index].input {
            case .piece(let piece, let others):
                #expect(others.artifacts.isEmpty)
                let name = clashes ? "same" : piece.path.split(separator: "/").joined(separator: "-")
                try driver.finish(at: index, making: ["made/\(name)"])
            case .artifacts: driver.finish(at: index, groups: files)
            default: driver.finish(at: index)
            }
        }
        #expect(driver.hasEnded, "seed \(seed)")
        #expect(Set(driver.started.map(\.id)).count == driver.started.count, "no task starts twice, seed \(seed)")
        if clashes {
            #expect(driver.faults[1]?.description == "its tasks for g0 and g1 both make made/same", "seed \(seed)")
            #expect(driver.trees.isEmpty, "seed \(seed)")
        } else {
            #expect(driver.faults.isEmpty && driver.trees[1]?.files.count == files, "seed \(seed)")
            #expect(driver.trees[1]?.files.map(\.path) == (0..<files).map { "made/g\($0)" }, "seed \(seed)")
            #expect(driver.trees[2]?.files.map(\.path) == (0..<files).map { "made/made-g\($0)" }, "seed \(seed)")
        }
    }

    /// Runs a stage on sources and one on its files to the end, in an order that the seed decides.
    private func divided(seed: Int, files: Int, remembering memory: [Int: StageRecall.Recollection]) throws -> Driver {
        var random = SplitMix(seed: UInt64(seed))
        var shapes = [shape(.read), shape(.folder, 0), shape(.folder, 1)]
        for index in 1...2 { (shapes[index].divided, shapes[index].isRecalled) = ("r0", true) }
        var driver = Driver(shapes, jobs: 3)
        driver.locate(0, partitions: 2)
        while !driver.running.isEmpty || !driver.recalls.isEmpty {
            if let asked = driver.recalls.popLast() {
                #expect(!driver.hasEnded && asked.divided == "r0" && asked.inputs.count == 1, "seed \(seed)")
                driver.handle(.recalled(stage: asked.stage, memory[asked.stage]))
                continue
            }
            let index = Int.random(in: 0..<driver.running.count, using: &random)
            switch driver.running[index].input {
            case .piece(let piece, _):
                try driver.finish(at: index, making: ["made/\(piece.path.split(separator: "/").joined(separator: "-"))"])
            case .artifacts: driver.finish(at: index, groups: files)
            default: driver.finish(at: index)
            }
        }
        #expect(driver.hasEnded, "seed \(seed)")
        return driver
    }

    @Test("a stage that is recalled is as if its tasks had been carried out, and each can be again", arguments: 0..<60)
    func recalled(seed: Int) throws {
        let files = seed % 7 + 1
        let plain = try divided(seed: seed, files: files, remembering: [:])
        var memory: [Int: StageRecall.Recollection] = [:]
        var pieces: [Int: [Piece]] = [:]
        for stage in [1, 2] where seed & stage == 0 {
            let specs = plain.started.filter { $0.id.stage == stage }.sorted { $0.id < $1.id }
            let entries = specs.map { spec in
                let digest = Digest(of: Array("\(spec.id)".utf8))
                return TaskEntry(phase: spec.id.phase, partition: "", key: digest, result: digest, isHit: true)
            }
            pieces[stage] = specs.compactMap { spec in if case .piece(let piece, _) = spec.input { piece } else { nil } }
            memory[stage] = .init(
                count: entries.count, tree: try #require(plain.trees[stage]),
                tasks: seed % 8 < 4 ? .init(entries: entries, pieces: pieces[stage] ?? []) : nil)
        }
        var driver = try divided(seed: seed, files: files, remembering: memory)
        for (stage, pieces) in pieces where memory[stage]?.tasks == nil { driver.state.take(pieces, of: stage) }
        #expect(driver.trees == plain.trees, "seed \(seed)")
        #expect(driver.started.allSatisfy { memory[$0.id.stage] == nil }, "seed \(seed)")
        for spec in plain.started where spec.id.phase == .apply {
            #expect(driver.state.spec(of: spec.id) == plain.state.spec(of: spec.id), "seed \(seed)")
        }
        for stage in 0...2 { #expect(driver.state.known(of: stage) == plain.state.known(of: stage), "seed \(seed)") }
    }

    @Test("no more tasks run at once than there are jobs for them", arguments: [1, 2, 5])
    func limits(jobs: Int) {
        var driver = Driver([shape(.read), shape(.apply, 0)], jobs: jobs)
        driver.locate(0, partitions: 40)
        while !driver.running.isEmpty {
            #expect(driver.running.count { $0.id.stage == 0 } <= jobs)
            #expect(driver.running.count { $0.id.stage == 1 } <= jobs)
            driver.finish(at: 0)
        }
        #expect(driver.completed[1]?.count == 40)
    }

    @Test(
        "short tasks that start together are of one stage, take one slot, leave some to every thread, and all come to run",
        arguments: 0..<100)
    func batches(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let jobs = Int.random(in: 1...4, using: &random)
        var state = RunState(
            stages: [shape(.read), shape(.apply, 0), shape(.examine, 1)],
            limits: .init(jobs: jobs, reads: jobs, keepsGoing: false))
        for stage in 0..<3 { state.start(together: Int.random(in: 1...20, using: &random), of: stage) }
        var running: [[TaskSpec]] = []
        var started: Set<TaskID> = []
        var completed = 0
        func take(_ effects: [RunState.Effect]) {
            for effect in effects {
                if case .start(let batch) = effect {
                    running.append(batch)
                    #expect(Set(batch.map(\.id.stage)).count == 1, "seed \(seed)")
                    for spec in batch { #expect(started.insert(spec.id).inserted, "no task starts twice, seed \(seed)") }
                }
                if case .complete = effect { completed += 1 }
            }
            for reads in [true, false] {
                #expect(running.count { ($0.first?.id.stage == 0) == reads } <= jobs, "seed \(seed)")
            }
        }
        take(state.handle(.started))
        let partitions = Int.random(in: 1...200, using: &random)
        take(state.handle(.located(stage: 0, partitions: (0..<partitions).map { KeyRange(first: "\($0)", last: "\($0)") })))
        #expect((running.first?.count ?? 0) * 2 <= partitions + 2, "seed \(seed)")
        while !running.isEmpty {
            let batch = running.remove(at: Int.random(in: 0..<running.count, using: &random))
            take(state.handle(batch.map { .finished($0.id, Driver.result(of: $0, groups: 30)) }))
        }
        #expect(completed == 3, "seed \(seed)")
        #expect(started.count == 2 * partitions + 2 * partitions + 1 + 30 + 1, "seed \(seed)")
    }

    @Test("who stops before the run has begun has nothing begun")
    func stoppedBeforeTheStart() {
        var state = RunState(stages: [shape(.read), shape(.apply, 0)], limits: .init(jobs: 1, reads: 1, keepsGoing: false))
        #expect(state.handle(.interrupted) == [.end])
        #expect(state.handle(.started) == [])
    }

    @Test("a task that has ended can be had again with the very input it had", arguments: 0..<20)
    func repeats(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var driver = Driver([shape(.read), shape(.apply, 0), shape(.examine, 1), shape(.combine, 2), shape(.group, 3)], jobs: 3)
        driver.locate(0, partitions: 5)
        while !driver.running.isEmpty {
            let index = Int.random(in: 0..<driver.running.count, using: &random)
            driver.finish(at: index, groups: driver.running[index].id.stage == 3 ? -1 : 2)
        }
        for spec in driver.started { #expect(driver.state.spec(of: spec.id) == spec, "seed \(seed)") }
    }

    @Test("a record-wise stage works on the first shard while its input still reads the last")
    func overlaps() {
        var driver = Driver([shape(.read), shape(.apply, 0)], jobs: 1)
        driver.locate(0, partitions: 3)
        driver.finish(at: 0)
        #expect(driver.running.contains { $0.id == TaskID(stage: 1, phase: .apply, index: 0) })
        #expect(driver.running.contains { $0.id == TaskID(stage: 0, phase: .apply, index: 1) })
    }

    @Test("combine waits for the sketch of every partition, decide for the verdict on every group")
    func rounds() {
        var driver = Driver([shape(.read), shape(.examine, 0)], jobs: 8)
        driver.locate(0, partitions: 3)
        for _ in 0..<3 { driver.finish(at: driver.running.firstIndex { $0.id.stage == 0 } ?? 0) }
        #expect(driver.running.map(\.id.phase) == [.sketch, .sketch, .sketch])
        driver.finish(at: 0)
        driver.finish(at: 0)
        #expect(driver.running.map(\.id.phase) == [.sketch])
        driver.finish(at: 0)
        #expect(driver.running.map(\.id.phase) == [.combine])
        driver.finish(at: 0)
        #expect(driver.running.map(\.id.phase) == [.examine, .examine])
        driver.finish(at: 1)
        #expect(driver.running.map(\.id.phase) == [.examine])
        driver.finish(at: 0)
        #expect(driver.running.map(\.id.phase) == [.decide])
        driver.finish(at: 0)
        #expect(driver.running.map(\.id.phase) == [.apply, .apply, .apply])
    }

    @Test("an empty source is an empty artifact of every stage, not a wait without end")
    func empty() {
        var driver = Driver([shape(.read), shape(.examine, 0), shape(.combine, 1), shape(.group, 2)])
        driver.locate(0, partitions: 0)
        while !driver.running.isEmpty { driver.finish(at: 0, groups: driver.running[0].id.stage == 2 ? -1 : 0) }
        #expect(driver.hasEnded)
        #expect(driver.completed.keys.sorted() == [0, 1, 2, 3])
    }

    @Test("after a failure nothing new starts, and what runs comes to its end")
    func stops() {
        var driver = Driver([shape(.read), shape(.apply, 0)], jobs: 2)
        driver.locate(0, partitions: 10)
        driver.fail(at: 0)
        let started = driver.started.count
        #expect(!driver.hasEnded)
        while !driver.running.isEmpty { driver.finish(at: 0) }
        #expect(driver.started.count == started)
        #expect(driver.hasEnded)
        #expect(driver.completed.isEmpty)
    }

    @Test("told to keep going, everything that does not depend on the failure is done")
    func keepsGoing() {
        var driver = Driver([shape(.read), shape(.read), shape(.apply, 0), shape(.apply, 1)], jobs: 1, keepsGoing: true)
        driver.handle(.locatingFailed(stage: 0))
        driver.locate(1, partitions: 2)
        while !driver.running.isEmpty { driver.finish(at: 0) }
        #expect(driver.hasEnded)
        #expect(driver.completed.keys.sorted() == [1, 3])
    }

    @Test("an interrupted run ends once what is running has ended, and starts nothing more")
    func interrupted() {
        var driver = Driver([shape(.read), shape(.apply, 0)], jobs: 2)
        driver.locate(0, partitions: 5)
        driver.handle(.interrupted)
        let started = driver.started.count
        while !driver.running.isEmpty { driver.finish(at: 0) }
        #expect(driver.hasEnded)
        #expect(driver.started.count == started)
    }
}
