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

    /// A stage as it was.
    struct Recollection: Equatable, Sendable {
        /// In the order of their ids, all of them hits.
        var entries: [TaskEntry]
        /// What the tasks work on, in order.
        var pieces: [Piece]
        /// What they made.
        var tree: FileTree
    }

    init(pipeline: String, runner: TaskRunner) {
        self.runner = runner
        self.pipeline = pipeline
        history = History(store: runner.store)
    }

    /// - Parameters:
    ///   - stage: index of the stage.
    ///   - inputs: whole artifacts by role.
    ///   - divided: the role of the input that the stage is carried out for file by file.
    /// - Returns: nil where a task would have to be looked up on its own. What cannot be read is met again by who does that.
    func recall(_ stage: Int, _ inputs: [String: Artifact], divided: String) -> Recollection? {
        guard let run = try? history.latest("\(pipeline)/\(runner.stages[stage].name)"),
            let earlier = run.stage(runner.stages[stage].name), let artifact = earlier.artifact, hasTheSame(inputs, earlier, run),
            var entries = try? history.tasks(of: earlier),
            let pieces = pieces(stage, inputs, divided, entries.first), isOfTheSameForm(stage, inputs, divided, pieces, entries),
            let tree = (try? Artifact(json: JSON(parsing: runner.store.blob(artifact))))?.tree,
            runner.store.containsAll(tree.blobs), runner.isWhole(entries)
        else { return nil }
        for index in entries.indices {
            entries[index].isHit = true
            entries[index].log = nil
        }
        return Recollection(entries: entries, pieces: pieces, tree: tree)
    }

    private func hasTheSame(_ inputs: [String: Artifact], _ stage: RunManifest.Stage, _ run: RunManifest) -> Bool {
        stage.inputs.count == inputs.count
            && stage.inputs.allSatisfy { input in
                guard let artifact = inputs[input.role], let earlier = run.stage(input.stage)?.artifact else { return false }
                return artifact.json.digest == earlier
            }
    }

    /// The files of the input that is divided. Which sources an input has is what `combine` came to, the stage's first task.
    private func pieces(_ stage: Int, _ inputs: [String: Artifact], _ role: String, _ first: TaskEntry?) -> [Piece]? {
        guard let input = inputs[role] else { return nil }
        if case .tree(let tree) = input { return Piece.pieces(of: tree, role: role) }
        let spec = TaskSpec(id: TaskID(stage: stage, phase: .combine, index: 0), input: .artifacts(SharedInputs([role: input])))
        guard let first, first.phase == .combine, let document = try? runner.keyDocument(of: spec), document.digest == first.key,
            case .groups(let groups, _)? = try? runner.find(first.key, spec)?.result
        else { return nil }
        return Piece.pieces(of: groups, role: role)
    }

    /// Whether looking the tasks up would be done with the keys that they had. Keys of one stage of a run differ in nothing but
    /// the piece, and the pieces are those of an input that is the same: so either all keys are what they were, or none is.
    private func isOfTheSameForm(
        _ stage: Int, _ inputs: [String: Artifact], _ role: String, _ pieces: [Piece], _ entries: [TaskEntry]
    ) -> Bool {
        let applied = entries.drop { $0.phase == .combine }
        let shared = SharedInputs(inputs.filter { $0.key != role })
        guard let piece = pieces.first, let entry = applied.first, applied.count == pieces.count,
            zip(applied, pieces).allSatisfy({ $0.phase == .apply && $0.partition.hasSameBytes(as: $1.path) })
        else { return false }
        let spec = TaskSpec(id: TaskID(stage: stage, phase: .apply, index: 0), input: .piece(piece, shared))
        return (try? runner.keyDocument(of: spec))?.digest == entry.key
    }
}
