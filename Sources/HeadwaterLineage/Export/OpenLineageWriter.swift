import HeadwaterModel
import HeadwaterStore

/// Writes OpenLineage's run events (https://openlineage.io/spec/2-0-2/OpenLineage.json), one JSON object a line: of the run, of each
/// of its stages and of each publication a START, and then a COMPLETE, FAIL or ABORT.
struct OpenLineageWriter: ExportWriter {
    let subject: ExportSubject
    let store: Store

    /// - Throws: `ExportError` for what OpenLineage has no words for.
    init(_ subject: ExportSubject, _ detail: ExportDetail, store: Store) throws {
        guard subject.record == nil else {
            throw ExportError(
                "OpenLineage tells of datasets and their columns, not of single records; "
                    + "name the stage or the run, or take the format prov-json or prov-n")
        }
        guard detail == .stages else {
            throw ExportError(
                "OpenLineage tells of jobs and datasets; tasks and shards are told in the formats prov-json and prov-n")
        }
        self.subject = subject
        self.store = store
    }

    private static let schema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"

    enum EventType: String {
        case start = "START"
        case complete = "COMPLETE"
        case fail = "FAIL"
        case abort = "ABORT"
    }

    func write(to sink: ExportSink) throws {
        let run = OpenLineageJob(pipeline: subject.run)
        try sink.write(event(.start, run, inputs: [], outputs: []))
        for stage in subject.stages { try write(stage, to: sink) }
        for publication in subject.publications {
            let job = OpenLineageJob(publication: publication, of: subject.run)
            let inputs: [JSON] = subject.stage(publication.stage).map { [dataset(of: $0)] } ?? []
            try sink.write(event(.start, job, inputs: inputs, outputs: []))
            try sink.write(event(.complete, job, inputs: inputs, outputs: [try dataset(of: publication)]))
        }
        let sources = subject.stages.filter(\.inputs.isEmpty).map(dataset(ofSourcesOf:))
        let ends = try subject.publications.map(dataset(of:))
        try sink.write(event(end(of: subject.run.state), run, inputs: sources, outputs: ends))
    }

    private func write(_ stage: RunManifest.Stage, to sink: ExportSink) throws {
        let job = OpenLineageJob(stage: stage, of: subject.run)
        let inputs =
            stage.inputs.isEmpty
            ? [try countedSources(of: stage)]
            : Set(stage.inputs.map(\.stage)).sorted().compactMap { subject.stage($0).map(dataset(of:)) }
        try sink.write(event(.start, job, inputs: inputs, outputs: []))
        if stage.artifact != nil {
            try sink.write(event(.complete, job, inputs: inputs, outputs: [try output(of: stage)]))
        } else {
            // A stage whose inputs never came about did not fail itself.
            try sink.write(event(job.failures.isEmpty ? .abort : .fail, job, inputs: inputs, outputs: []))
        }
    }

    private func end(of state: RunManifest.State) -> EventType {
        switch state {
        case .done: .complete
        case .failed: .fail
        case .interrupted: .abort
        }
    }

    /// When stages began and ended is not recorded: an artifact has no times, and a stage that is all hits took none. The run's
    /// own times stand for them.
    private func event(_ type: EventType, _ job: OpenLineageJob, inputs: [JSON], outputs: [JSON]) -> String {
        let event: JSON = [
            "eventType": .string(type.rawValue),
            "eventTime": .string(UTCTime.text(type == .start ? subject.run.started : subject.run.finished)),
            "producer": .string(OpenLineageFacet.producer), "schemaURL": .string(OpenLineageWriter.schema),
            "run": ["runId": .string(job.runID), "facets": .object(job.runFacets(failed: type == .fail))],
            "job": [
                "namespace": .string(OpenLineageJob.namespace), "name": .string(job.name), "facets": .object(job.facets),
            ],
            "inputs": .array(inputs), "outputs": .array(outputs),
        ]
        return event.description + "\n"
    }
}

// MARK: Datasets

extension OpenLineageWriter {
    private func dataset(_ name: String, _ facets: [String: JSON]) -> [String: JSON] {
        ["namespace": .string(OpenLineageJob.namespace), "name": .string(name), "facets": .object(facets)]
    }

    /// `quickstart/clean`, as a reference names a stage's latest artifact; its version is the artifact.
    private func name(of stage: String) -> String { "\(subject.run.pipeline)/\(stage)" }

    /// All that a stage without inputs read; too many to be a dataset each.
    private func nameOfSources(of stage: String) -> String { name(of: stage) + "/sources" }

    private func dataset(of stage: RunManifest.Stage) -> JSON {
        var facets = ["datasetType": OpenLineageFacet.datasetType(stage.plugin)]
        if let artifact = stage.artifact { facets["version"] = OpenLineageFacet.version(artifact) }
        facets["dataSource"] = OpenLineageFacet.dataSource("headwater", stage.artifact.map { QualifiedName.artifact($0) })
        return .object(dataset(name(of: stage.name), facets))
    }

    private func dataset(ofSourcesOf stage: RunManifest.Stage) -> JSON {
        .object(dataset(nameOfSources(of: stage.name), sourceFacets(of: stage)))
    }

    private func sourceFacets(of stage: RunManifest.Stage) -> [String: JSON] {
        [
            "datasetType": OpenLineageFacet.datasetType("source"),
            "dataSource": OpenLineageFacet.dataSource("sources of \(stage.name)", nil),
            "schema": OpenLineageFacet.schema([("locator", "string"), ("bytes", "binary")]),
        ]
    }

    private func countedSources(of stage: RunManifest.Stage) throws -> JSON {
        var count = 0
        try StageSources(of: [stage], store: store).forEach { _ in count += 1 }
        var dataset = dataset(nameOfSources(of: stage.name), sourceFacets(of: stage))
        dataset["inputFacets"] = ["inputStatistics": OpenLineageFacet.inputStatistics(files: count)]
        return .object(dataset)
    }

    private func output(of stage: RunManifest.Stage) throws -> JSON {
        guard let digest = stage.artifact else { return dataset(of: stage) }
        var facets = dataset(of: stage)["facets"]?.object ?? [:]
        let statistics: JSON
        switch try DatasetReader(store: store).artifact(digest) {
        case .tree(let tree):
            statistics = OpenLineageFacet.outputStatistics(rows: nil, size: tree.byteCount, files: tree.files.count)
        case .dataset(let content):
            statistics = OpenLineageFacet.outputStatistics(
                rows: content.recordCount, size: content.byteCount, files: content.shards.count)
            let columns = try Columns(of: stage, in: subject.run, store: store)
            facets["schema"] = OpenLineageFacet.schema(
                columns.names.map { ($0, (columns.types[$0] ?? []).sorted().joined(separator: "|")) })
            if let lineage = try lineage(of: columns, stage) { facets["columnLineage"] = lineage }
        }
        var dataset = dataset(name(of: stage.name), facets)
        dataset["outputFacets"] = ["outputStatistics": statistics]
        return .object(dataset)
    }

    /// What derives is DIRECT; what a stage is steered by as a whole, through slices, is INDIRECT.
    private func lineage(of columns: Columns, _ stage: RunManifest.Stage) throws -> JSON? {
        let inputs = stage.inputs.isEmpty ? [nameOfSources(of: stage.name)] : stage.inputs.map { name(of: $0.stage) }
        var fields: [String: JSON] = [:]
        for (column, origins) in columns.origins {
            // Passed on here and derived there: made from it.
            let made = Set(origins.filter { !$0.isSame }.map { [String($0.input), $0.column] })
            let kept = origins.filter { !$0.isSame || !made.contains([String($0.input), $0.column]) }
                .sorted { ($0.input, $0.column) < ($1.input, $1.column) }
            fields[column] = OpenLineageFacet.columns(kept.map { (inputs[$0.input], $0.column, $0.isSame) })
        }
        let isSteered = try History(store: store).tasks(of: stage).contains { $0.phase != .apply }
        guard !fields.isEmpty || isSteered else { return nil }
        return OpenLineageFacet.columnLineage(fields, influencedBy: isSteered ? inputs.map { ($0, "text") } : [])
    }

    private func dataset(of publication: RunManifest.Publication) throws -> JSON {
        let isFile = !publication.isFolder
        var size = 0
        var files = isFile ? 1 : 0
        try PublishedContent(publication, store: store).forEachPart { part in
            size += part.length
            files += part.files.count
        }
        let facets: [String: JSON] = [
            "datasetType": OpenLineageFacet.datasetType(publication.format),
            "dataSource": OpenLineageFacet.dataSource(publication.path, nil),
            "version": OpenLineageFacet.version(publication.file),
        ]
        var dataset = dataset("\(subject.run.pipeline)/publish/\(publication.name)", facets)
        dataset["outputFacets"] = [
            "outputStatistics": OpenLineageFacet.outputStatistics(rows: nil, size: size, files: files)
        ]
        return .object(dataset)
    }
}
