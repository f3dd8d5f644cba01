import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore

/// Looks a task up by its key, and carries it out if nobody has yet. Called from many queues at once; holds no state
/// but the store's.
struct TaskRunner: Sendable {
    let store: Store
    let reader: ShardReader
    let stages: [StageRuntime]
    /// Where stages that work on files do so.
    let room: ScratchRoom
    /// Of each stage the inputs that come from a stage that reads sources, by role.
    private let sourceRoles: [Set<String>]
    /// Stages whose tasks are carried out even when their result is known.
    let forced: Set<Int>
    /// Only looks up: a miss is not carried out.
    let isDry: Bool
    /// Carries every task out, so that what it came to is stored again.
    var repeats = false
    /// Which known results are put to the test.
    var audit = AuditSample.none

    init(store: Store, stages: [StageRuntime], forced: Set<Int>, isDry: Bool) {
        self.store = store
        reader = ShardReader(store: store)
        self.stages = stages
        // A child has another current folder, from which a relative path would not lead here.
        room = ScratchRoom(in: URL(fileURLWithPath: store.path).standardizedFileURL.path + "/work")
        let reading = Set(stages.filter { $0.declaration.rounds == .read }.map(\.name))
        sourceRoles = stages.map { stage in
            Set(stage.pipelineStage.inputs.filter { reading.contains($0.stage) }.map(\.role))
        }
        self.forced = forced
        self.isDry = isDry
    }

    /// What became of a task.
    struct Outcome: Sendable {
        var entry: TaskEntry
        /// Nil if the task would have to be carried out and this is a dry run.
        var result: TaskResult?
        /// What an earlier result under the same key and this one differ in: the plugin does not give the same bytes twice.
        var contradiction: (earlier: Digest, later: Digest, difference: String)?
        /// Whether a known result was put to the test.
        var isAudited = false
    }

    /// Runs a task on partitions or groups; source tasks come through `run(source:)`.
    ///
    /// - Parameter context: what a stage may know of the task while it carries it out.
    func run(_ spec: TaskSpec, _ context: TaskContext) throws -> Outcome {
        let document = stages[spec.id.stage].form(spec.id.phase).bytes(inputs: keyInputs(of: spec))
        return try run(spec, partition: partitionName(spec), document) {
            try self.execute(spec, self.stages[spec.id.stage].plugin.bound(to: context), context)
        }
    }

    /// Runs the task of one partition of sources.
    func run(source id: TaskID, _ partition: SourcePartition, _ stage: any SourceStage) throws -> Outcome {
        let document = stages[id.stage].form(.apply).bytes(inputs: keyInputs(of: partition))
        return try run(TaskSpec(id: id, input: .sources), partition: partition.first, document) {
            let output = TaskOutput(store: self.store)
            for source in partition.sources {
                guard let digest = source.digest else {
                    try stage.describe(MissedSource(locator: source.locator, facts: source.facts), to: output)
                    continue
                }
                let held = source.bytes
                let retrieved = RetrievedSource(locator: source.locator, digest: digest, facts: source.facts) {
                    if let held { return held }
                    return try self.store.blob(digest)
                }
                try stage.describe(retrieved, to: output)
            }
            return .shard(try output.shard())
        }
    }

    /// The task of a partition of files that are as they were when the hint was kept, and in the store; nil if its result
    /// is not there any more, or if the stage is to be carried out anyway.
    func hit(_ id: TaskID, _ hint: StampHints.Hint, partition: String) throws -> Outcome? {
        guard !forced.contains(id.stage), !audit.selects(hint.key),
            let known = try find(hint.key, TaskSpec(id: id, input: .sources))
        else { return nil }
        let entry = TaskEntry(phase: id.phase, partition: partition, key: hint.key, result: known.digest, isHit: true)
        return Outcome(entry: entry, result: known.result)
    }

    /// The result that the store has under a task key, if it is whole; of several the one with the smallest digest. What
    /// is damaged, lost, condemned or of another shape than the round gives is as good as not there: the binding may have
    /// been written by somebody who could rely on more than we can.
    func find(_ key: Digest, _ spec: TaskSpec) throws -> (digest: Digest, result: TaskResult)? {
        // Who keeps a run keeps the key documents of its tasks, so they have to be there.
        for binding in try store.bindings(.task, key.hex) where store.containsAll([key, binding.value]) {
            do {
                let result = try TaskResult(reading: store.blob(binding.value))
                if misfit(result, spec) == nil, store.containsAll(result.blobs) { return (binding.value, result) }
            } catch  where Damage.isMeant(by: error) {
                continue
            }
        }
        return nil
    }

    /// Whether `find` would find these results, of tasks whose results had the right shape and whose blobs are there.
    func isWhole(_ entries: [TaskEntry]) -> Bool {
        store.containsAll(entries.flatMap { [$0.key, $0.result] })
            && store.holdsOnly(entries.map { Binding(kind: .task, key: $0.key.hex, value: $0.result) })
    }

    private func run(
        _ spec: TaskSpec, partition: String, _ document: [UInt8], _ execute: () throws -> TaskResult
    ) throws -> Outcome {
        let key = Digest(of: document)
        let found = try find(key, spec)
        let isForced = forced.contains(spec.id.stage) || repeats
        let isAudited = !isForced && found != nil && audit.selects(key)
        var entry = TaskEntry(phase: spec.id.phase, partition: partition, key: key, result: key, isHit: true)
        if let known = found, !isForced && !isAudited {
            entry.result = known.digest
            return Outcome(entry: entry, result: known.result)
        }
        entry.isHit = false
        if isDry { return Outcome(entry: entry, result: nil) }
        let result = try execute()
        if let misfit = misfit(result, spec) {
            throw TaskFault("the plugin \(stages[spec.id.stage].declaration.name) \(misfit)")
        }
        try store.put(document)
        entry.result = try store.put(result.canonical)
        try store.bind(Binding(kind: .task, key: key.hex, value: entry.result))
        var outcome = Outcome(entry: entry, result: result, isAudited: isAudited)
        if let known = found, known.digest != entry.result {
            outcome.contradiction = (known.digest, entry.result, difference(known.digest, entry.result))
        }
        // A test changes nothing: the run goes on with what was known.
        if isAudited, let known = found {
            (outcome.entry.result, outcome.result) = known
            outcome.entry.isHit = true
        }
        return outcome
    }

    private func difference(_ a: Digest, _ b: Digest) -> String {
        do {
            return try ResultDifference(between: a, and: b, in: store)?.description ?? ""
        } catch {
            return "where they differ cannot be told: \(error)"
        }
    }

    /// In what way a result is not what its round comes to, as the end of a sentence on the plugin; nil if it is.
    private func misfit(_ result: TaskResult, _ spec: TaskSpec) -> String? {
        let rounds = stages[spec.id.stage].declaration.rounds
        switch (spec.input, spec.id.phase, result) {
        case (.partition, .sketch, .blob), (.group, .examine, .blob), (.sources, .apply, .shard), (.partition, .apply, .shard),
            (.group, .apply, .shard), (.artifacts, .apply, .tree), (.piece, .apply, .tree), (.artifacts, .combine, .groups):
            return nil
        case (.sketches(let sketches), .combine, .slices(let slices)) where rounds == .combine:
            return slices.count == sketches.count ? nil : "gave \(slices.count) slices for \(sketches.count) partitions"
        case (.sketches(let sketches), .combine, .groups(let groups, _)) where rounds == .examine || rounds == .group:
            let roles = Set(stages[spec.id.stage].pipelineStage.inputs.map(\.role))
            for group in groups {
                if let stranger = group.members.first(where: { !roles.contains($0.role) }) {
                    return "formed the group \(group.key) of an input \(stranger.role) that the stage does not have"
                }
                if let stranger = group.members.first(where: { !sketches.indices.contains($0.partition) }) {
                    return "formed the group \(group.key) of a partition \(stranger.partition), where there are \(sketches.count)"
                }
            }
            return nil
        case (.sketches, .combine, .slices): return "gave slices, but declares a round that takes groups"
        case (.sketches, .combine, .groups): return "formed groups, but declares no round that takes them"
        case (.verdicts(let count, _, _), .decide, .slices(let slices)):
            return slices.count == count ? nil : "gave \(slices.count) slices for \(count) partitions"
        default: return "gave a result that the round \(spec.id.phase.rawValue) does not have"
        }
    }

    func keyDocument(of partition: SourcePartition, stage: Int) -> KeyDocument {
        stages[stage].form(.apply).document(inputs: keyInputs(of: partition))
    }

    private func keyInputs(of partition: SourcePartition) -> JSON { KeyInputs.sources(partition.sources.map(\.keyJSON)) }

    func partitionName(_ spec: TaskSpec) -> String {
        switch spec.input {
        case .partition(let shards, _): shards.min { $0.key < $1.key }?.value.range.first ?? ""
        case .group(let group, _): group.key
        case .piece(let piece, _): piece.path
        case .sources, .sketches, .verdicts, .artifacts: ""
        }
    }

    /// The document whose digest is the task's key.
    func keyDocument(of spec: TaskSpec) -> KeyDocument {
        stages[spec.id.stage].form(spec.id.phase).document(inputs: keyInputs(of: spec))
    }

    private func keyInputs(of spec: TaskSpec) -> JSON {
        switch spec.input {
        case .sources: [:]
        case .partition(let shards, let slice): KeyInputs.partition(shards.mapValues(\.digest), slice: slice)
        case .sketches(let sketches): KeyInputs.sketches(sketches)
        case .group(let group, _): KeyInputs.group(group, spec.id.phase)
        case .verdicts(let count, let carry, let groups): KeyInputs.verdicts(partitions: count, carry: carry, groups: groups)
        case .artifacts(let artifacts): KeyInputs.whole(artifacts.keyJSON)
        case .piece(let piece, let others): KeyInputs.whole(others.keyJSON, piece: (piece.role, piece.keyJSON))
        }
    }

    private func execute(_ spec: TaskSpec, _ plugin: any StageRounds, _ context: TaskContext) throws -> TaskResult {
        switch (spec.id.phase, spec.input) {
        case (.sketch, .partition(let shards, _)):
            return .blob(try store.put(try plugin.sketch(try reader.partition(shards))))
        case (.combine, .sketches(let sketches)):
            let store = store
            return try keep(plugin.combine(Sketches(count: sketches.count) { try store.blob(sketches[$0]) }))
        case (.examine, .group(let group, let shards)):
            return .blob(try store.put(try plugin.examine(try reader.members(of: group, in: shards))))
        case (.decide, .verdicts(let count, let carry, let groups)):
            let store = store
            let verdicts = Verdicts(partitionCount: count, carry: try store.blob(carry), count: groups.count) {
                let (group, verdict) = groups[$0]
                let slice = try store.blob(group.slice)
                return (Group(key: group.key, members: group.members, slice: slice), try store.blob(verdict))
            }
            return .slices(try plugin.decide(verdicts).map { try store.put($0) })
        case (.apply, .partition(let shards, let slice)):
            let output = TaskOutput(store: store)
            try plugin.apply(try reader.partition(shards), slice: try slice.map { try store.blob($0) } ?? [], to: output)
            return .shard(try output.shard())
        case (.apply, .group(let group, let shards)):
            let output = TaskOutput(store: store)
            try plugin.apply(try reader.members(of: group, in: shards), slice: try store.blob(group.slice), to: output)
            return .shard(try output.shard())
        case (.combine, .artifacts(let inputs)):
            return try SourceDivision(store: store).divide(inputs)
        case (.apply, .artifacts(let inputs)): return try folderTask(spec, plugin, context, inputs).carryOut()
        case (.apply, .piece(let piece, let others)):
            var task = try folderTask(spec, plugin, context, others)
            task.plugin = try task.plugin.part(piece.path)
            task.piece = piece
            return try task.carryOut()
        default:
            throw TaskFault("the round \(spec.id.phase) was given what it does not work on")
        }
    }

    private func folderTask(
        _ spec: TaskSpec, _ plugin: any StageRounds, _ context: TaskContext, _ inputs: SharedInputs
    ) throws -> FolderTask {
        guard let plugin = plugin as? any FolderStage else {
            throw TaskFault("the plugin \(stages[spec.id.stage].declaration.name) does not work on files, but says so")
        }
        return FolderTask(
            store: store, room: room, policy: stages[spec.id.stage].pipelineStage.policy, plugin: plugin,
            inputs: inputs.artifacts,
            sourceRoles: sourceRoles[spec.id.stage], context: context)
    }

    private func keep(_ combination: Combination) throws -> TaskResult {
        switch combination {
        case .slices(let slices): .slices(try slices.map { try store.put($0) })
        case .groups(let groups, let carry):
            .groups(
                try groups.map { GroupReference(key: $0.key, members: $0.members, slice: try store.put($0.slice)) },
                carry: try store.put(carry))
        }
    }
}
