public import HeadwaterModel
import HeadwaterStore

/// How a stage of one run differs from the stage of that name in another: in what it was told, and in what it made.
public struct StageDifference: Sendable {
    public let name: String
    /// Nil where only the other run has it.
    public let before: RunManifest.Stage?
    public let after: RunManifest.Stage?
    public private(set) var causes: [StageCause] = []
    public private(set) var content = Content.equal

    public enum Content: Sendable {
        case equal
        case records(DatasetDifference)
        case files(TreeDifference)
        /// They differ, and nobody has looked in what.
        case different
        /// One of both did not come to its end, or is not there; or one makes records and the other files.
        case incomparable
    }

    /// Whether it is told or makes something else.
    public var isDifferent: Bool {
        if !causes.isEmpty { return true }
        if case .equal = content { return false }
        return true
    }

    /// The records that differ, where it makes records.
    public var records: DatasetDifference? { if case .records(let difference) = content { difference } else { nil } }

    /// - Parameters:
    ///   - changed: the stages before it that made something else.
    ///   - looksInside: whether artifacts are read; else only those of stages that read sources are, which hold no text.
    init(
        _ name: String, _ before: RunManifest.Stage?, _ after: RunManifest.Stage?, changed: Set<String>, looksInside: Bool,
        _ history: History, _ succession: inout RecordSuccession
    ) throws {
        (self.name, self.before, self.after) = (name, before, after)
        guard let before, let after else {
            content = .incomparable
            return
        }
        causes = try StageDifference.settings(before, after, history)
        if before.inputs != after.inputs { causes.append(.inputs(before: before.inputs, after: after.inputs)) }
        if looksInside || after.inputs.isEmpty || before.artifact == nil || after.artifact == nil {
            try compare(before.artifact, after.artifact, readsSources: after.inputs.isEmpty, history, &succession)
        } else if before.artifact != after.artifact {
            content = .different
        }
        if case .records(let difference) = content, after.inputs.isEmpty, !difference.sources.isEmpty {
            causes.append(.sources(difference.sources.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }))
        }
        causes += after.inputs.map(\.stage).filter(changed.contains).map { .upstream(stage: $0) }
        // A stage that reads sources may have been given others that came to no record.
        if case .equal = content { return }
        if causes.isEmpty, !after.inputs.isEmpty, before.artifact != nil, after.artifact != nil { causes = [.unknown] }
    }

    private mutating func compare(
        _ before: Digest?, _ after: Digest?, readsSources: Bool, _ history: History, _ succession: inout RecordSuccession
    ) throws {
        if before == after { return }
        let reader = DatasetReader(store: history.store)
        guard let before, let after else {
            content = .incomparable
            return
        }
        switch (try reader.artifact(before), try reader.artifact(after)) {
        case (.dataset(let a), .dataset(let b)):
            content = .records(
                try DatasetDifference(a, b, stage: name, readsSources: readsSources, reader, &succession))
        case (.tree(let a), .tree(let b)): content = .files(TreeDifference(a, b))
        default: content = .incomparable
        }
    }

    /// Two artifacts of whichever stages, with nothing known of what came before them.
    public init(_ before: Resolver.ArtifactPlace, _ after: Resolver.ArtifactPlace, history: History) throws {
        name = after.stage.name
        (self.before, self.after) = (before.stage, after.stage)
        var succession = RecordSuccession()
        try compare(before.digest, after.digest, readsSources: after.stage.inputs.isEmpty, history, &succession)
    }

    // MARK: What it was told

    private static func settings(
        _ before: RunManifest.Stage, _ after: RunManifest.Stage, _ history: History
    ) throws -> [StageCause] {
        var causes: [StageCause] = []
        if before.plugin != after.plugin { causes.append(.plugin(what: "name", before: before.plugin, after: after.plugin)) }
        if before.version != after.version {
            causes.append(.plugin(what: "version", before: before.version, after: after.version))
        }
        for name in Set(before.parameters.keys).union(after.parameters.keys).sorted() {
            let (old, new) = (before.parameters[name], after.parameters[name])
            if old != new { causes.append(.parameter(name: name, before: old, after: new)) }
        }
        // The rest is in the keys alone, and the same in those of all tasks of one phase.
        guard before.tasks != after.tasks, let (old, new) = try keys(before, after, history) else { return causes }
        let digests = [old, new].map { $0["plugin"]?["digest"]?.string }
        if digests[0] != digests[1] { causes.append(.plugin(what: "digest", before: digests[0], after: digests[1])) }
        for member in ["libraries", "environment"] {
            let (a, b) = (old[member]?.object ?? [:], new[member]?.object ?? [:])
            for name in Set(a.keys).union(b.keys).sorted() where a[name] != b[name] {
                causes.append(
                    .setting(name: "\(member == "libraries" ? "library" : member) \(name)", before: a[name], after: b[name]))
            }
        }
        if old["protocol"] != new["protocol"] {
            causes.append(.setting(name: "protocol", before: old["protocol"], after: new["protocol"]))
        }
        return causes
    }

    /// A key document of each for the same phase; nil where there are none, or they cannot be read any more.
    private static func keys(
        _ before: RunManifest.Stage, _ after: RunManifest.Stage, _ history: History
    ) throws -> (JSON, JSON)? {
        let (old, new) = (try history.tasks(of: before), try history.tasks(of: after))
        guard let first = new.first(where: { $0.phase == .apply }) ?? new.first,
            let other = old.first(where: { $0.phase == first.phase })
        else { return nil }
        func document(_ task: TaskEntry) -> JSON? {
            (try? history.store.blob(task.key)).flatMap { try? JSON(parsing: $0) }
        }
        guard let a = document(other), let b = document(first) else { return nil }
        return (a, b)
    }
}
