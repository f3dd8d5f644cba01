import HeadwaterModel
import HeadwaterStore

/// The tasks of one stage: what each read, what it made, and what only steered it.
struct TaskProvenance {
    private let stage: RunManifest.Stage
    private let run: RunManifest
    private let store: Store
    private let tasks: [TaskEntry]
    /// The stage's own shards; one for each task that applied, in their order.
    private let shards: [Shard]
    /// By role.
    private let inputs: [String: Input]

    /// A stage that is read.
    private struct Input {
        var stage: String
        var shards: [Shard]
        /// Where its shards lie, by digest.
        var places: [Digest: [Int]]
        /// Whether text derives from it.
        var isDerived: Bool
    }

    /// - Parameter derived: which of its inputs the stage's text derives from.
    init(of stage: RunManifest.Stage, derivedFrom derived: Set<Int>, in subject: ExportSubject, store: Store) throws {
        self.stage = stage
        self.store = store
        run = subject.run
        tasks = try History(store: store).tasks(of: stage)
        let reader = DatasetReader(store: store)
        shards = try stage.artifact.map { try reader.shards(of: $0) } ?? []
        var inputs: [String: Input] = [:]
        for (index, input) in stage.inputs.enumerated() {
            guard let artifact = subject.stage(input.stage)?.artifact else { continue }
            let shards = try reader.shards(of: artifact)
            inputs[input.role] = Input(
                stage: input.stage, shards: shards, places: Dictionary(grouping: shards.indices) { shards[$0].digest },
                isDerived: derived.contains(index))
        }
        self.inputs = inputs
    }

    // MARK: Names

    private func activity(_ index: Int) -> QualifiedName {
        QualifiedName(.task, run.id.description, stage.name, String(index + 1))
    }

    private func result(_ index: Int) -> QualifiedName {
        QualifiedName(.result, run.id.description, stage.name, String(index + 1))
    }

    private func shard(_ number: Int, of stage: String) -> QualifiedName {
        QualifiedName(.shard, run.id.description, stage, String(number + 1))
    }

    // MARK: Statements

    func tell(_ tell: ProvenanceDocument.Telling) throws {
        var applied = 0
        // What the rounds before hand on: to `combine` all sketches, to `decide` all verdicts, to `apply` the slices.
        var indexes: [KeyDocument.Phase: [Int]] = [:]
        for (index, task) in tasks.enumerated() { indexes[task.phase, default: []].append(index) }
        let dealer = (indexes[.decide] ?? indexes[.combine])?.last
        for (index, task) in tasks.enumerated() {
            try tellTask(index, task, tell)
            switch task.phase {
            case .sketch: try tellRead(index, task, makes: result(index), steeredBy: nil, tell)
            case .combine: for sketch in indexes[.sketch] ?? [] { try tell(.relation(.used, activity(index), result(sketch))) }
            case .examine:
                for combined in indexes[.combine] ?? [] { try tell(.relation(.used, activity(index), result(combined))) }
            case .decide:
                for verdict in (indexes[.combine] ?? []) + (indexes[.examine] ?? []) {
                    try tell(.relation(.used, activity(index), result(verdict)))
                }
            case .apply:
                let hasShard = shards.indices.contains(applied)
                try tellRead(index, task, makes: hasShard ? shard(applied, of: stage.name) : nil, steeredBy: dealer, tell)
                if hasShard { try tellShard(applied, index, tell) }
                applied += 1
                continue
            }
            try tell(
                .entity(
                    result(index),
                    [.type("Result"), .text("phase", task.phase.rawValue), .text("digest", task.result.description)]))
            try tell(.relation(.wasGeneratedBy, result(index), activity(index)))
        }
    }

    private func tellTask(_ index: Int, _ task: TaskEntry, _ tell: ProvenanceDocument.Telling) throws {
        try tell(
            .activity(
                activity(index),
                [
                    .type("Task"), .text("phase", task.phase.rawValue), .text("partition", task.partition),
                    .text("key", task.key.description), .text("result", task.result.description),
                    .text("cache", task.isHit ? "hit" : "miss"),
                ]))
        try tell(.relation(.wasStartedBy, activity(index), nil, run.activity(of: stage.name)))
        try tell(.relation(.wasAssociatedWith, activity(index), stage.agent))
    }

    private func tellShard(_ number: Int, _ index: Int, _ tell: ProvenanceDocument.Telling) throws {
        let content = shards[number]
        let name = shard(number, of: stage.name)
        try tell(
            .entity(
                name,
                [
                    .type("Shard"), .text("digest", content.digest.description), .number("records", content.recordCount),
                    .number("bytes", content.byteCount), .text("first", content.range.first), .text("last", content.range.last),
                ]))
        try tell(.relation(.wasGeneratedBy, name, activity(index)))
        try tell(.relation(.hadMember, run.output(of: stage.name), name))
    }

    /// What a task read of the stage's inputs, by its key, and what that makes of what it made.
    private func tellRead(
        _ index: Int, _ task: TaskEntry, makes made: QualifiedName?, steeredBy dealer: Int?,
        _ tell: ProvenanceDocument.Telling
    ) throws {
        guard tell.wants(.used, .wasDerivedFrom, .wasInfluencedBy) else { return }
        let activity = activity(index)
        if stage.inputs.isEmpty {
            for source in try StageSources.sources(of: task, store) {
                try tell(.relation(.used, activity, source.name, with: [.role("source")]))
                if let made { try tell(.relation(.wasDerivedFrom, made, source.name, activity)) }
            }
            return
        }
        let key = try JSON(parsing: try store.blob(task.key))["inputs"]
        for (role, value) in (key?["roles"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let input = inputs[role] else { continue }
            // A task on a partition names one shard; one on a group names records, one on files a whole artifact.
            let digest = value.string.flatMap { Digest($0) }
            let places = digest.flatMap { input.places[$0] } ?? []
            let place = places.first { input.shards[$0].range.first.hasSameBytes(as: task.partition) } ?? places.first
            let read = place.map { shard($0, of: input.stage) } ?? run.output(of: input.stage)
            try tell(.relation(.used, activity, read, with: [.role(role)]))
            guard let made, task.phase == .apply, place != nil else { continue }
            if input.isDerived {
                try tell(.relation(.wasDerivedFrom, made, read, activity))
            } else {
                try tell(.relation(.wasInfluencedBy, made, read, with: [.role(role)]))
            }
        }
        guard let made, let dealer, let slice = key?["slice"]?.string else { return }
        try tell(.relation(.used, activity, result(dealer), with: [.role("slice"), .text("slice", slice)]))
        try tell(.relation(.wasInfluencedBy, made, result(dealer), with: [.text("slice", slice)]))
    }
}
