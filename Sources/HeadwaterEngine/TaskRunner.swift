import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Looks a task up by its key, and carries it out if nobody has yet. Called from many queues at once; holds no state
/// but the store's.
struct TaskRunner: Sendable {
    let store: Store
    let reader: ShardReader
    let stages: [StageRuntime]
    /// Stages whose tasks are carried out even when their result is known.
    let forced: Set<Int>
    /// Only looks up: a miss is not carried out.
    let isDry: Bool

    init(store: Store, stages: [StageRuntime], forced: Set<Int>, isDry: Bool) {
        self.store = store
        reader = ShardReader(store: store)
        self.stages = stages
        self.forced = forced
        self.isDry = isDry
    }

    /// What became of a task.
    struct Outcome: Sendable {
        var entry: TaskEntry
        /// Nil if the task would have to be carried out and this is a dry run.
        var result: TaskResult?
        /// Whether an earlier result under the same key differs: the plugin does not give the same bytes twice.
        var contradicts: Digest?
    }

    /// Runs a task on partitions or groups; source tasks come through `run(source:)`.
    func run(_ spec: TaskSpec) throws -> Outcome {
        let stage = stages[spec.id.stage]
        let document = try keyDocument(of: spec)
        return try run(spec.id, partition: partitionName(spec), document) {
            try self.execute(spec, stage)
        }
    }

    /// Runs the task of one partition of sources.
    func run(source id: TaskID, _ partition: SourcePartition, _ stage: any SourceStage) throws -> Outcome {
        let document = keyDocument(of: partition, stage: id.stage)
        return try run(id, partition: partition.first, document) {
            let output = TaskOutput(store: self.store)
            for source in partition.sources {
                let digest = source.digest
                let held = source.bytes
                let retrieved = RetrievedSource(locator: source.locator, digest: digest, facts: source.facts) {
                    if let held { return held }
                    return try self.store.blob(digest)
                }
                try stage.describe(retrieved, to: output)
            }
            return .shard(try output.store(first: partition.first, last: partition.last))
        }
    }

    /// The stored result of a key, if it is whole. Of several the smallest digest counts.
    func known(_ key: Digest) throws -> (digest: Digest, result: TaskResult)? {
        for binding in try store.bindings(.task, key.hex) where store.contains(binding.value) {
            let result = try TaskResult(json: JSON(parsing: try store.blob(binding.value)))
            if result.blobs.allSatisfy(store.contains) { return (binding.value, result) }
        }
        return nil
    }

    private func run(
        _ id: TaskID, partition: String, _ document: KeyDocument, _ execute: () throws -> TaskResult
    ) throws -> Outcome {
        let key = document.digest
        var entry = TaskEntry(phase: id.phase, partition: partition, key: key, result: key, isHit: true)
        let known = try known(key)
        if let known, !forced.contains(id.stage) {
            entry.result = known.digest
            return Outcome(entry: entry, result: known.result, contradicts: nil)
        }
        entry.isHit = false
        if isDry { return Outcome(entry: entry, result: nil, contradicts: nil) }
        // Carried out again, a task also mends: reading what is damaged makes the store take it when it is put again.
        for blob in known?.result.blobs ?? [] { _ = try? store.blob(blob) }
        let result = try execute()
        try store.put(document.json.canonical)
        entry.result = try store.put(result.json.canonical)
        try store.bind(Binding(kind: .task, key: key.hex, value: entry.result))
        let contradicts = known.flatMap { $0.digest == entry.result ? nil : $0.digest }
        return Outcome(entry: entry, result: result, contradicts: contradicts)
    }

    func keyDocument(of partition: SourcePartition, stage: Int) -> KeyDocument {
        stages[stage].keyDocument(.apply, inputs: ["sources": .array(partition.sources.map(\.keyJSON))])
    }

    func partitionName(_ spec: TaskSpec) -> String {
        switch spec.input {
        case .partition(let shards, _): shards.sorted { $0.key < $1.key }.first?.value.first ?? ""
        case .group(let group, _): group.key
        case .sources, .sketches, .verdicts: ""
        }
    }

    /// The document whose digest is the task's key.
    func keyDocument(of spec: TaskSpec) throws -> KeyDocument {
        let stage = stages[spec.id.stage]
        func list(_ digests: [Digest]) -> JSON { .array(digests.map { .string($0.description) }) }
        var inputs: [String: JSON] = [:]
        switch spec.input {
        case .sources: break
        case .partition(let shards, let slice):
            for (role, shard) in shards { inputs[role] = .string(shard.digest.description) }
            if let slice { inputs["slice"] = .string(slice.description) }
        case .sketches(let sketches): inputs["sketches"] = list(sketches)
        case .group(let group, _):
            for role in Set(group.members.map(\.role)).sorted() {
                inputs[role] = .array(group.members.filter { $0.role == role }.map { .string($0.record.description) })
            }
            inputs["slice"] = .string(group.slice.description)
        case .verdicts(let count, let carry, let groups):
            // Slices are dealt out to partitions, so here it does count where a record lies.
            inputs["partitions"] = .integer(count)
            inputs["carry"] = .string(carry.description)
            inputs["groups"] = .array(
                groups.map { group, verdict in
                    [
                        .array(group.members.map { [.string($0.role), .integer($0.partition), .string($0.record.description)] }),
                        .string(verdict.description),
                    ]
                })
        }
        return stage.keyDocument(spec.id.phase, inputs: inputs)
    }

    private func execute(_ spec: TaskSpec, _ stage: StageRuntime) throws -> TaskResult {
        let plugin = stage.plugin
        switch (spec.id.phase, spec.input) {
        case (.sketch, .partition(let shards, _)):
            return .blob(try store.put(try plugin.sketch(try reader.partition(shards))))
        case (.combine, .sketches(let sketches)):
            let store = store
            return try keep(
                try plugin.combine(Sketches(count: sketches.count) { try store.blob(sketches[$0]) }), count: sketches.count, stage
            )
        case (.examine, .group(let group, let shards)):
            return .blob(try store.put(try plugin.examine(try reader.members(of: group, in: shards))))
        case (.decide, .verdicts(let count, let carry, let groups)):
            let verdicts = Verdicts(
                partitionCount: count, carry: try store.blob(carry),
                groups: try groups.map { (try group($0), try store.blob($1)) })
            return try keep(.slices(try plugin.decide(verdicts)), count: count, stage)
        case (.apply, .partition(let shards, let slice)):
            let output = TaskOutput(store: store)
            try plugin.apply(try reader.partition(shards), slice: try slice.map { try store.blob($0) } ?? [], to: output)
            let range = shards.sorted { $0.key < $1.key }.first?.value
            return .shard(try output.store(first: range?.first ?? "", last: range?.last ?? ""))
        case (.apply, .group(let group, let shards)):
            let output = TaskOutput(store: store)
            try plugin.apply(try reader.members(of: group, in: shards), slice: try store.blob(group.slice), to: output)
            return .shard(try output.store(first: group.key, last: group.key))
        default:
            throw TaskFault("the round \(spec.id.phase) was given what it does not work on")
        }
    }

    private func group(_ reference: GroupReference) throws -> Group {
        Group(
            key: reference.key,
            members: reference.members,
            slice: try store.blob(reference.slice))
    }

    private func keep(_ combination: Combination, count: Int, _ stage: StageRuntime) throws -> TaskResult {
        switch combination {
        case .slices(let slices):
            guard slices.count == count else {
                throw TaskFault("the plugin \(stage.declaration.name) gave \(slices.count) slices for \(count) partitions")
            }
            return .slices(try slices.map { try store.put($0) })
        case .groups(let groups, let carry):
            guard stage.declaration.rounds == .group || stage.declaration.rounds == .examine else {
                throw TaskFault("the plugin \(stage.declaration.name) formed groups, but declares no round that takes them")
            }
            let references = try groups.map { group in
                GroupReference(
                    key: group.key,
                    members: group.members,
                    slice: try store.put(group.slice))
            }
            return .groups(references, carry: try store.put(carry))
        }
    }
}
