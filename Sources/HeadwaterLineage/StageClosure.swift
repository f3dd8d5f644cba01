import HeadwaterModel
import HeadwaterStore

/// Proves that the tasks of one stage of a run are those that its inputs ask for: each task's key is spelled again from what the run
/// says of the stage and from what the tasks before it came to, and what the stage made is put together again from its tasks.
///
/// What a result holds is another's to prove. One stage is in memory at a time: its tasks, and the manifests of its inputs.
struct StageClosure {
    let run: RunManifest
    let stage: RunManifest.Stage
    let store: Store
    /// Told of everything that does not hold, with the task that it is about; empty for the stage.
    let fault: (_ task: String, _ error: any Error) -> Void
    /// How many keys came out as they are recorded.
    private(set) var keys = 0

    private var tasks: [KeyDocument.Phase: [TaskEntry]] = [:]
    private var inputs: [String: Artifact] = [:]

    init(
        _ stage: RunManifest.Stage, of run: RunManifest, in store: Store,
        fault: @escaping (_ task: String, _ error: any Error) -> Void
    ) {
        (self.stage, self.run, self.store, self.fault) = (stage, run, store, fault)
    }

    /// - Parameter entries: the stage's task list.
    mutating func prove(_ entries: [TaskEntry]) {
        guard let artifact = stage.artifact else { return }
        do {
            for input in stage.inputs {
                guard let digest = run.stage(input.stage)?.artifact else {
                    throw ClosureFault("its input \(input.role) is stage \(input.stage), of which the run has no artifact")
                }
                inputs[input.role] = try Artifact(reading: store.blob(digest))
            }
            tasks = Dictionary(grouping: entries, by: \.phase)
            try prove(try Artifact(reading: store.blob(artifact)))
        } catch {
            fault("", error)
        }
    }

    private mutating func prove(_ artifact: Artifact) throws {
        switch artifact {
        case .tree(let tree): try prove(tree)
        case .dataset(let dataset) where stage.inputs.isEmpty: try proveRead(dataset)
        case .dataset(let dataset): try proveRounds(dataset)
        }
    }

    // MARK: Sources

    private mutating func proveRead(_ dataset: Dataset) throws {
        for task in try all(.apply, dataset.shards.count, "partitions") {
            guarded(task) { closure in
                let key = try closure.document(task.key)
                guard let sources = key["inputs"]?["sources"]?.array else { throw ClosureFault("its key names no sources") }
                try closure.prove(task, key, KeyInputs.sources(sources))
                var known: Set<Digest> = []
                for source in sources {
                    guard let parts = source.array, (2...3).contains(parts.count), parts[0].string != nil else {
                        throw ClosureFault("its key: expected [locator, digest, facts] as a source, found \(source)")
                    }
                    guard let digest = parts[1].string.flatMap({ Digest($0) }) else { continue }
                    guard closure.store.contains(digest) else {
                        throw ClosureFault("its key names \(source), of which the store has no bytes", isDamage: true)
                    }
                    known.insert(digest)
                }
                guard case .shard(let shard) = try closure.result(task) else { return }
                for record in try DatasetReader(store: closure.store).records(of: shard.digest) {
                    guard let stranger = record.sources.first(where: { !known.contains($0) }) else { continue }
                    throw ClosureFault("record \(record.id.short) is made of \(stranger.short), which its key does not name")
                }
            }
        }
        try compare(dataset, ranges: nil)
    }

    // MARK: Rounds on records

    private mutating func proveRounds(_ dataset: Dataset) throws {
        guard let leading = stage.inputs.min(by: { $0.role < $1.role }).flatMap({ inputs[$0.role]?.shards }) else { return }
        for (role, input) in inputs.sorted(by: { $0.key < $1.key }) where input.shards.count != leading.count {
            throw ClosureFault("its input \(role) has \(input.shards.count) partitions, another one \(leading.count)")
        }
        let partitions = leading.indices.map { index in inputs.mapValues { $0.shards[index].digest } }
        var slices: [Digest]?
        if tasks[.combine] != nil || tasks[.sketch] != nil {
            let sketches = try proveEach(.sketch, partitions.map { KeyInputs.partition($0, slice: nil) }, "partitions").map {
                guard case .blob(let digest)? = $0 else { throw ClosureFault("not every sketch is there") }
                return digest
            }
            let combined = try proveEach(.combine, [KeyInputs.sketches(sketches)], "stage").first ?? nil
            switch combined {
            case .slices(let digests)?: slices = digests
            case .groups(let groups, let carry)?:
                if tasks[.decide] == nil {
                    _ = try proveEach(.apply, groups.map { KeyInputs.group($0, .apply) }, "groups")
                    return try compare(dataset, ranges: groups.map { KeyRange(group: $0.key) })
                }
                let verdicts = try proveEach(.examine, groups.map { KeyInputs.group($0, .examine) }, "groups").map {
                    guard case .blob(let digest)? = $0 else { throw ClosureFault("not every verdict is there") }
                    return digest
                }
                let inputs = KeyInputs.verdicts(
                    partitions: partitions.count, carry: carry, groups: Array(zip(groups, verdicts).map { ($0, $1) }))
                guard case .slices(let digests)? = try proveEach(.decide, [inputs], "stage").first ?? nil else { return }
                slices = digests
            default: return
            }
            guard slices?.count == partitions.count else {
                throw ClosureFault("it has \(slices?.count ?? 0) slices for \(partitions.count) partitions")
            }
        }
        _ = try proveEach(
            .apply, partitions.indices.map { KeyInputs.partition(partitions[$0], slice: slices?[$0]) }, "partitions")
        try compare(dataset, ranges: leading.map(\.range))
    }

    /// What the dataset says of each partition, against what the partition's task came to.
    private mutating func compare(_ dataset: Dataset, ranges: [KeyRange]?) throws {
        let applied = tasks[.apply] ?? []
        guard applied.count == dataset.shards.count else {
            throw ClosureFault("its artifact has \(dataset.shards.count) shards, and \(applied.count) tasks were applied")
        }
        for (index, (task, shard)) in zip(applied, dataset.shards).enumerated() {
            guarded(task) { closure in
                guard case .shard(let content) = try closure.result(task), content == shard.content else {
                    throw ClosureFault("shard \(index + 1) of the artifact is not what the task came to")
                }
                guard let range = ranges?[index], range != shard.range else { return }
                throw ClosureFault(
                    "shard \(index + 1) of the artifact is said to be of \(shard.range.first) to \(shard.range.last), and its input of "
                        + "\(range.first) to \(range.last)")
            }
        }
    }

    // MARK: Files

    private mutating func prove(_ tree: FileTree) throws {
        let whole = inputs.mapValues(KeyInputs.artifact)
        let applied = tasks[.apply] ?? []
        var pieces: [(role: String, json: JSON)]?
        if let combine = tasks[.combine]?.first {
            // Which of its inputs is divided only the task itself says.
            let roles = try document(combine.key)["inputs"]?["roles"]?.object ?? [:]
            guard let role = roles.keys.first, roles.count == 1, let input = whole[role] else {
                throw ClosureFault("the key of its task to divide an input names no one input of it")
            }
            guard case .groups(let groups, _)? = try proveEach(.combine, [KeyInputs.whole([role: input])], "stage").first ?? nil
            else { return }
            pieces = groups.map { (role, KeyInputs.piece($0.key, source: $0.slice)) }
        } else if let first = applied.first, let role = try dividedRole(first), let files = inputs[role]?.tree?.files {
            pieces = files.map { (role, KeyInputs.piece($0.path, file: $0.file)) }
        }
        let expected = pieces.map { pieces in
            pieces.map { piece in KeyInputs.whole(whole.filter { $0.key != piece.role }, piece: piece) }
        }
        if applied.isEmpty, tree.entries.isEmpty, inputs.values.contains(where: { $0.tree?.files.isEmpty ?? false }) { return }
        let results = try proveEach(.apply, expected ?? [KeyInputs.whole(whole)], pieces == nil ? "stage" : "files")
        var made: [String: FileTree.Entry] = [:]
        for case .tree(let part)? in results {
            for entry in part.entries {
                guard let other = made.updateValue(entry, forKey: entry.path), other != entry else { continue }
                throw ClosureFault("two of its tasks make \(entry.path)")
            }
        }
        guard try FileTree(entries: Array(made.values)) == tree else {
            throw ClosureFault("its artifact does not hold what its tasks came to")
        }
    }

    /// The input that a task has one file of: its key then has the file's path there, and not a digest.
    private func dividedRole(_ task: TaskEntry) throws -> String? {
        if task.partition.isEmpty { return nil }
        let roles = try document(task.key)["inputs"]?["roles"]?.object ?? [:]
        return roles.first { $0.value.array?.first?.string?.utf8.elementsEqual(task.partition.utf8) ?? false }?.key
    }

    // MARK: Tasks

    /// The tasks of a round, of which there must be so many.
    private func all(_ phase: KeyDocument.Phase, _ count: Int, _ what: String) throws -> [TaskEntry] {
        let found = tasks[phase] ?? []
        guard found.count == count else {
            throw ClosureFault(
                "it has \(found.count) tasks of the round \(phase.rawValue), and \(what == "stage" ? "the stage" : "\(count) \(what)") "
                    + "to carry it out for")
        }
        return found
    }

    /// Proves the key of each task of a round.
    /// - Returns: what they came to; nil for one that cannot be read, which was told.
    private mutating func proveEach(_ phase: KeyDocument.Phase, _ inputs: [JSON], _ what: String) throws -> [TaskResult?] {
        var out: [TaskResult?] = []
        for (task, inputs) in zip(try all(phase, inputs.count, what), inputs) {
            out.append(nil)
            guarded(task) { closure in
                let index = out.count - 1
                out[index] = try closure.result(task)
                try closure.prove(task, try closure.document(task.key), inputs)
            }
        }
        return out
    }

    private mutating func prove(_ task: TaskEntry, _ recorded: JSON, _ inputs: JSON) throws {
        func texts(_ name: String) -> [String: String] { (recorded[name]?.object ?? [:]).compactMapValues(\.string) }
        // Which files a plugin from outside had, and what it was linked with, only the key says.
        let form = KeyDocument.Form(
            plugin: stage.plugin, version: stage.version, digest: recorded["plugin"]?["digest"]?.string.flatMap { Digest($0) },
            phase: task.phase, parameters: stage.parameters, environment: texts("environment"), libraries: texts("libraries"))
        if Digest(of: form.bytes(inputs: inputs)) == task.key {
            keys += 1
            return
        }
        let differences = form.document(inputs: inputs).differences(from: KeyDocument(json: recorded))
        let named = differences.prefix(3).map { difference in
            "\(difference.path) is \(difference.old.map { "\($0)" } ?? "not there"), and would be "
                + "\(difference.new.map { "\($0)" } ?? "not there")"
        }
        throw ClosureFault("its key \(task.key.short) is not that of what it works on: \(named.joined(separator: "; "))")
    }

    private func document(_ key: Digest) throws -> JSON { try JSON(parsing: store.blob(key)) }
    private func result(_ task: TaskEntry) throws -> TaskResult { try TaskResult(reading: store.blob(task.result)) }

    private mutating func guarded(_ task: TaskEntry, _ body: (inout StageClosure) throws -> Void) {
        do {
            try body(&self)
        } catch {
            fault(", \(task.phase.rawValue)" + (task.partition.isEmpty ? "" : " of \(task.partition)"), error)
        }
    }
}

/// A task or artifact that is not what its inputs ask for.
struct ClosureFault: Error, CustomStringConvertible {
    var description: String
    /// Whether what the store should hold is missing.
    var isDamage: Bool

    init(_ description: String, isDamage: Bool = false) { (self.description, self.isDamage) = (description, isDamage) }
}
