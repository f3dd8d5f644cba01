import HeadwaterModel
import HeadwaterStore

/// What a subject's provenance comes to in the words of W3C PROV. Not a list of statements but where they come from: each pass
/// reads them out of the store again, so that a corpus need not fit into memory.
///
/// Two relations that Headwater never mixes stay apart: text that derives from text is `wasDerivedFrom`; what only steered a stage
/// is `wasInfluencedBy`.
struct ProvenanceDocument {
    let subject: ExportSubject
    let detail: ExportDetail
    let store: Store
    /// By stage, which of its inputs its text derives from.
    private let derived: [String: Set<Int>]

    /// - Throws: `ExportError` for a record with all tasks of its run; what the store cannot give.
    init(_ subject: ExportSubject, _ detail: ExportDetail, store: Store) throws {
        guard subject.record == nil || detail == .stages else {
            throw ExportError(
                "a record's export names the tasks that made it and what it comes from; "
                    + "all tasks and shards are told of a run or an artifact")
        }
        self.subject = subject
        self.detail = detail
        self.store = store
        let reader = DatasetReader(store: store)
        derived = try Dictionary(
            subject.stages.map { ($0.name, try ProvenanceDocument.derivedInputs(of: $0, in: subject.run, reader)) }
        ) { first, _ in first }
    }

    /// Of what a program did with files only a map of them tells; where it read several inputs, that does not say from which.
    private static func derivedInputs(
        of stage: RunManifest.Stage, in run: RunManifest, _ reader: DatasetReader
    ) throws -> Set<Int> {
        if let artifact = stage.artifact, let tree = try reader.artifact(artifact).tree {
            return stage.inputs.count == 1 && tree.files.contains { $0.file.map != nil } ? [0] : []
        }
        return try UpstreamRecords(of: stage, in: run, reader).derivedInputs()
    }

    /// Calls with the statements of these kinds, always in the same order; no element is told of twice.
    func forEach(_ kinds: Set<ProvenanceStatement.Kind>, _ body: @escaping (ProvenanceStatement) throws -> Void) throws {
        let tell = Telling(kinds: kinds, body: body)
        try tellRun(tell)
        for stage in subject.stages { try self.tell(of: stage, tell) }
        if let record = subject.record {
            try RecordProvenance(record, store: store).tell(tell)
        } else {
            try tellSources(tell)
        }
        if detail == .tasks {
            for stage in subject.stages {
                let tasks = try TaskProvenance(of: stage, derivedFrom: derived[stage.name] ?? [], in: subject, store: store)
                try tasks.tell(tell)
            }
        }
        for publication in subject.publications { try self.tell(of: publication, tell) }
    }

    /// Passes on statements of the kinds that are wanted.
    struct Telling {
        let kinds: Set<ProvenanceStatement.Kind>
        let body: (ProvenanceStatement) throws -> Void

        func callAsFunction(_ statement: ProvenanceStatement) throws {
            if kinds.contains(statement.kind) { try body(statement) }
        }

        /// Whether it is worth while to look for statements of these kinds.
        func wants(_ kinds: ProvenanceStatement.Kind...) -> Bool { kinds.contains(where: self.kinds.contains) }
    }
}

// MARK: Names

extension RunManifest {
    var activity: QualifiedName { QualifiedName(.run, id.description) }
    func activity(of stage: String) -> QualifiedName { QualifiedName(.stage, id.description, stage) }
    /// What a stage made in this run: equal artifacts of two stages are two outputs, each made once.
    func output(of stage: String) -> QualifiedName { QualifiedName(.output, id.description, stage) }
}

extension RunManifest.Stage {
    var agent: QualifiedName { QualifiedName(.plugin, plugin, version) }
}

extension QualifiedName {
    static let headwater = QualifiedName(.program, "headwater")

    static func artifact(_ digest: Digest) -> QualifiedName { QualifiedName(.artifact, digest.hex) }
}

// MARK: The run

extension ProvenanceDocument {
    private func tellRun(_ tell: Telling) throws {
        let run = subject.run
        let plan = QualifiedName(.file, run.file.hex)
        try tell(
            .entity(
                plan,
                [
                    .provType("Plan"), .type("PipelineFile"), .text("digest", run.file.description),
                    .text("pipeline", run.pipeline),
                ]
            ))
        var files: Set<Digest> = [run.file]
        for (path, digest) in run.included.sorted(by: { $0.key < $1.key }) where files.insert(digest).inserted {
            try tell(
                .entity(
                    QualifiedName(.file, digest.hex),
                    [.type("PipelineFile"), .text("digest", digest.description), .text("path", path)]))
        }
        try tell(.agent(.headwater, [.provType("SoftwareAgent"), .type("Program"), .text("name", "headwater")]))
        var plugins: Set<QualifiedName> = []
        for stage in subject.stages where plugins.insert(stage.agent).inserted {
            try tell(
                .agent(
                    stage.agent,
                    [
                        .provType("SoftwareAgent"), .type("Plugin"), .text("name", stage.plugin), .text("version", stage.version),
                    ]))
        }
        try tell(
            .activity(
                run.activity, started: run.started, ended: run.finished,
                [
                    .type("Run"), .text("pipeline", run.pipeline), .text("state", run.state.rawValue),
                    .text("parameters", JSON.object(run.parameters).description),
                ] + run.failures.map { .text("failure", "\($0)") }
                    + run.contradictions.map { .text("contradiction", "\($0)") }))
        try tell(.relation(.wasAssociatedWith, run.activity, .headwater, plan))
        // Equal artifacts of several stages are one content.
        var artifacts: Set<Digest> = []
        for digest in subject.stages.compactMap(\.artifact) where artifacts.insert(digest).inserted {
            guard tell.wants(.entity) else { break }
            try tell(entity(of: digest))
        }
    }

    private func entity(of digest: Digest) throws -> ProvenanceStatement {
        let shape: [ProvenanceStatement.Attribute] =
            switch try DatasetReader(store: store).artifact(digest) {
            case .dataset(let dataset):
                [
                    .type("Dataset"), .number("records", dataset.recordCount), .number("bytes", dataset.byteCount),
                    .number("shards", dataset.shards.count),
                ]
            case .tree(let tree): [.type("Tree"), .number("files", tree.files.count), .number("bytes", tree.byteCount)]
            }
        return .entity(.artifact(digest), [.provType("Collection"), .text("digest", digest.description)] + shape)
    }

    private func tell(of stage: RunManifest.Stage, _ tell: Telling) throws {
        let run = subject.run
        let activity = run.activity(of: stage.name)
        try tell(
            .activity(
                activity,
                [
                    .type("Stage"), .text("stage", stage.name), .text("parameters", JSON.object(stage.parameters).description),
                    .number("executed", stage.executed), .number("hits", stage.hits),
                ] + (stage.confinement.map { [.text("sandbox", $0)] } ?? [])
                    + run.failures.filter { $0.stage.hasSameBytes(as: stage.name) }.map { .text("failure", "\($0)") }))
        try tell(.relation(.wasStartedBy, activity, nil, run.activity))
        try tell(.relation(.wasAssociatedWith, activity, stage.agent))
        let inputs = stage.inputs.filter { subject.stage($0.stage)?.artifact != nil }
        for input in inputs { try tell(.relation(.used, activity, run.output(of: input.stage), with: [.role(input.role)])) }
        guard let artifact = stage.artifact else { return }
        let output = run.output(of: stage.name)
        try tell(
            .entity(
                output,
                [.provType("Collection"), .type("Artifact"), .text("stage", stage.name), .text("digest", artifact.description)]))
        try tell(.relation(.specializationOf, output, .artifact(artifact)))
        try tell(.relation(.wasGeneratedBy, output, activity))
        guard tell.wants(.wasDerivedFrom, .wasInfluencedBy) else { return }
        let isSteered = try History(store: store).tasks(of: stage).contains { $0.phase != .apply }
        for (index, input) in stage.inputs.enumerated() where subject.stage(input.stage)?.artifact != nil {
            let isDerived = derived[stage.name]?.contains(index) ?? false
            if isDerived { try tell(.relation(.wasDerivedFrom, output, run.output(of: input.stage), activity)) }
            if isSteered || !isDerived {
                try tell(.relation(.wasInfluencedBy, output, run.output(of: input.stage), with: [.role(input.role)]))
            }
        }
    }
}

// MARK: Both ends

extension ProvenanceDocument {
    private func tellSources(_ tell: Telling) throws {
        if tell.wants(.entity) {
            try StageSources(of: subject.stages, store: store).forEach { try tell(.source($0)) }
        }
        guard tell.wants(.used, .wasDerivedFrom) else { return }
        for stage in subject.stages {
            let activity = subject.run.activity(of: stage.name)
            let output = subject.run.output(of: stage.name)
            try StageSources(of: [stage], store: store).forEach { source in
                // Where tasks are told of, it is theirs.
                if detail == .stages { try tell(.relation(.used, activity, source.name, with: [.role("source")])) }
                if stage.artifact != nil { try tell(.relation(.wasDerivedFrom, output, source.name, activity)) }
            }
        }
    }

    private func tell(of publication: RunManifest.Publication, _ tell: Telling) throws {
        let run = subject.run
        let activity = QualifiedName(.publishing, run.id.description, publication.name)
        let published = QualifiedName(.published, run.id.description, publication.name)
        let output = run.output(of: publication.stage)
        try tell(
            .activity(
                activity, [.type("Publishing"), .text("publication", publication.name), .text("format", publication.format)]))
        try tell(.relation(.wasStartedBy, activity, nil, run.activity))
        try tell(.relation(.wasAssociatedWith, activity, .headwater))
        try tell(.relation(.used, activity, output))
        try tell(
            .entity(
                published,
                (publication.isFolder ? [.provType("Collection"), .type("PublishedFolder")] : [.type("PublishedFile")]) + [
                    .text("path", publication.path), .text("digest", publication.file.description),
                ]))
        try tell(.relation(.wasGeneratedBy, published, activity))
        try tell(.relation(.wasDerivedFrom, published, output, activity))
        guard detail == .tasks, publication.isFolder, tell.wants(.entity, .hadMember) else { return }
        try PublishedContent(publication, store: store).forEachFile { file, _, _ in
            let name = QualifiedName(.published, run.id.description, publication.name, file.path)
            try tell(.entity(name, [.type("PublishedFile"), .text("path", file.path), .text("digest", file.digest.description)]))
            try tell(.relation(.hadMember, published, name))
        }
    }
}

extension ProvenanceStatement {
    static func source(_ source: StageSources.Source) -> ProvenanceStatement {
        var attributes: [Attribute] = [
            .type("Source"), .text("locator", source.locator), .text("digest", source.digest.description),
        ]
        if let container = source.container {
            attributes += [
                .text("file", container.file), .text("fileDigest", container.digest.description),
                .number("member", container.number), .text("place", container.way),
            ]
        }
        return .entity(source.name, attributes)
    }
}
