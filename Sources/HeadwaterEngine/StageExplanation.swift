public import HeadwaterLineage
public import HeadwaterModel
import HeadwaterStore

/// Why the tasks of one stage of a recorded run were carried out, and which earlier run the others' results came from.
public struct StageExplanation: Sendable {
    public var run: RunManifest
    public var stage: RunManifest.Stage
    /// The run that reasons compare with.
    public var predecessor: RunManifest?
    public var tasks: [Task]

    public struct Task: Sendable {
        public var entry: TaskEntry
        public var answer: Answer
    }

    public enum Answer: Sendable {
        /// Carried out, and why.
        case executed(Reason)
        /// A hit: its result was there since that run; nil if no run that is left carried it out.
        case hit(from: RunManifest?)
    }

    /// - Parameter isAsked: which of the stage's tasks the question is about.
    public init(
        of stage: RunManifest.Stage, in run: RunManifest, history: History, where isAsked: (TaskEntry) -> Bool = { _ in true }
    ) throws {
        self.run = run
        self.stage = stage
        predecessor = try history.predecessor(of: run, completing: stage.name)
        let entries = try history.tasks(of: stage).filter(isAsked)
        let earlier = EarlierKeys([predecessor?.stage(stage.name)].compactMap { $0 }, history: history)
        let own = EarlierKeys([stage], history: history)
        let origins = try Origins(of: Set(entries.filter(\.isHit).map(\.key)), before: run, history: history)
        // Tasks on groups or files are named by them; only those on partitions of sources have neighbours.
        let isGrouping =
            entries.contains { $0.phase == .apply } && !stage.inputs.isEmpty && StageExplanation.hasNoPartitions(stage, history)
        tasks = entries.map { entry in
            if entry.isHit { return Task(entry: entry, answer: .hit(from: origins[entry.key])) }
            let document = (try? history.store.blob(entry.key)).flatMap { try? KeyDocument(json: JSON(parsing: $0)) }
            let hasNeighbours = entry.phase != .examine && !(entry.phase == .apply && isGrouping)
            let reason = earlier.reason(
                entry, stage: stage.name, document: document, hasNeighbours: hasNeighbours,
                isFound: { own.has($0, stage: stage.name) })
            return Task(entry: entry, answer: .executed(reason))
        }
    }

    /// Whether the stage was applied to groups that `combine` formed, or to files.
    private static func hasNoPartitions(_ stage: RunManifest.Stage, _ history: History) -> Bool {
        guard let tasks = try? history.tasks(of: stage), !tasks.contains(where: { $0.phase == .decide }) else { return false }
        func result(_ phase: KeyDocument.Phase) -> TaskResult? {
            guard let task = tasks.first(where: { $0.phase == phase }), let bytes = try? history.store.blob(task.result) else {
                return nil
            }
            return (try? JSON(parsing: bytes)).flatMap { try? TaskResult(json: $0) }
        }
        if case .groups? = result(.combine) { return true }
        if case .tree? = result(.apply) { return true }
        return false
    }
}

/// Which run carried a task out, by its key.
private struct Origins {
    private var runs: [Digest: RunManifest] = [:]

    /// Looks through the runs, the latest before `run` first, until all are found.
    init(of keys: Set<Digest>, before run: RunManifest, history: History) throws {
        var missing = keys
        if missing.isEmpty { return }
        let all = try history.runs().readable
        let own = all.firstIndex { $0.id == run.id } ?? 0
        // A clock that went backwards may have put an earlier run among the later ones.
        for candidate in all[(own..<all.count)].dropFirst() + all[..<own] where !missing.isEmpty {
            for stage in candidate.stages where stage.executed > 0 {
                guard let tasks = try? history.tasks(of: stage) else { continue }
                for task in tasks where !task.isHit && missing.remove(task.key) != nil { runs[task.key] = candidate }
            }
        }
    }

    subscript(_ key: Digest) -> RunManifest? { runs[key] }
}
