import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// Finds the tasks of a stage that is carried out file by file all at once, where the latest run that completed the stage had
/// them: there may be very many, and most runs change none.
///
/// It shortens the looking up and decides nothing of its own. What it finds is what looking up each task would; where that is
/// in doubt it finds nothing, and each is looked up.
struct StageRecall: Sendable {
    let runner: TaskRunner
    let history: History
    let pipeline: String
    /// Where all of it can be had without reading the tasks; nil for who has to see them.
    let memory: StageMemory?

    /// A stage as it was.
    struct Recollection: Equatable, Sendable {
        /// How many tasks it had, all of them hits.
        var count: Int
        /// What they made.
        var tree: FileTree
        /// Nil where they were not read.
        var tasks: Tasks?
        /// What the run's record is to say; nil where it is to be worked out.
        var kept: Kept?
        /// What it rests on that all of it is in the store, and what it can be remembered by; nil if it will not last.
        var basis: Basis?
    }

    struct Tasks: Equatable, Sendable {
        /// In the order of their ids, all of them hits.
        var entries: [TaskEntry]
        /// What the tasks work on, in order.
        var pieces: [Piece]
    }

    /// The digests of the tree's manifest and of the list of tasks.
    struct Kept: Equatable, Sendable {
        var artifact: Digest
        var tasks: Digest
    }

    struct Basis: Equatable, Sendable {
        var key: Digest
        var holding: Holding
    }

    init(pipeline: String, runner: TaskRunner, memory: StageMemory? = nil) {
        self.runner = runner
        self.pipeline = pipeline
        self.memory = memory
        history = History(store: runner.store)
    }

    /// - Parameters:
    ///   - stage: index of the stage.
    ///   - inputs: whole artifacts by role.
    ///   - divided: the role of the input that the stage is carried out for file by file.
    /// - Returns: nil where a task would have to be looked up on its own. What cannot be read is met again by who does that.
    func recall(_ stage: Int, _ inputs: [String: Artifact], divided: String) -> Recollection? {
        let digests = inputs.mapValues { Digest(of: $0.canonical) }
        let key = StageMemory.key(runner.stages[stage], digests, divided: divided)
        if let found = remembered(key) { return found }
        guard let run = try? history.latest("\(pipeline)/\(runner.stages[stage].name)"),
            let earlier = run.stage(runner.stages[stage].name), let artifact = earlier.artifact,
            hasTheSame(digests, earlier, run), let tasks = tasks(stage, inputs, divided: divided, earlier.tasks),
            isOfTheSameForm(stage, inputs, divided, tasks), let tree = tree(artifact)
        else { return nil }
        let holding = memory == nil || runner.isDry ? nil : holding(tasks, tree)
        guard runner.store.containsAll(tree.blobs), runner.isWhole(tasks.entries) else { return nil }
        return Recollection(
            count: tasks.entries.count, tree: tree, tasks: tasks, basis: holding.map { Basis(key: key, holding: $0) })
    }

    /// Without a look at the tasks, which are what they were as long as that is what it rests on.
    private func remembered(_ key: Digest) -> Recollection? {
        guard let memo = memory?[key], runner.store.stillHas(memo.holding), let tree = tree(memo.artifact),
            (try? runner.store.blob(memo.tasks)) != nil
        else { return nil }
        return Recollection(count: memo.count, tree: tree, kept: Kept(artifact: memo.artifact, tasks: memo.tasks))
    }

    private func holding(_ tasks: Tasks, _ tree: FileTree) -> Holding? {
        runner.store.holding(tasks.entries.flatMap { [$0.key, $0.result] } + tree.blobs, boundTo: tasks.entries.map(\.key))
    }

    private func tree(_ artifact: Digest) -> FileTree? { (try? Artifact(reading: runner.store.blob(artifact)))?.tree }

    private func hasTheSame(_ inputs: [String: Digest], _ stage: RunManifest.Stage, _ run: RunManifest) -> Bool {
        stage.inputs.count == inputs.count
            && stage.inputs.allSatisfy { input in inputs[input.role].map { $0 == run.stage(input.stage)?.artifact } ?? false }
    }

    /// The tasks of a list, as hits, and what they work on; nothing of it is made sure of.
    func tasks(_ stage: Int, _ inputs: [String: Artifact], divided: String, _ list: Digest) -> Tasks? {
        guard let bytes = try? runner.store.blob(list), var entries = try? TaskEntry.list(reading: bytes),
            let pieces = pieces(stage, inputs, divided, entries.first)
        else { return nil }
        for index in entries.indices {
            entries[index].isHit = true
            entries[index].log = nil
        }
        return Tasks(entries: entries, pieces: pieces)
    }

    /// The files of the input that is divided. Which sources an input has is what `combine` came to, the stage's first task.
    private func pieces(_ stage: Int, _ inputs: [String: Artifact], _ role: String, _ first: TaskEntry?) -> [Piece]? {
        guard let input = inputs[role] else { return nil }
        if case .tree(let tree) = input { return Piece.pieces(of: tree, role: role) }
        let spec = TaskSpec(id: TaskID(stage: stage, phase: .combine, index: 0), input: .artifacts(SharedInputs([role: input])))
        guard let first, first.phase == .combine, runner.keyDocument(of: spec).digest == first.key,
            case .groups(let groups, _)? = try? runner.find(first.key, spec)?.result
        else { return nil }
        return Piece.pieces(of: groups, role: role)
    }

    /// Whether looking the tasks up would be done with the keys that they had. Keys of one stage of a run differ in nothing but
    /// the piece, and the pieces are those of an input that is the same: so either all keys are what they were, or none is.
    private func isOfTheSameForm(_ stage: Int, _ inputs: [String: Artifact], _ role: String, _ tasks: Tasks) -> Bool {
        let applied = tasks.entries.drop { $0.phase == .combine }
        let shared = SharedInputs(inputs.filter { $0.key != role })
        guard let piece = tasks.pieces.first, let entry = applied.first, applied.count == tasks.pieces.count,
            zip(applied, tasks.pieces).allSatisfy({ $0.phase == .apply && $0.partition.hasSameBytes(as: $1.path) })
        else { return false }
        let spec = TaskSpec(id: TaskID(stage: stage, phase: .apply, index: 0), input: .piece(piece, shared))
        return runner.keyDocument(of: spec).digest == entry.key
    }
}
