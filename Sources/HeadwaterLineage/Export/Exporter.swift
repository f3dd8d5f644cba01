public import HeadwaterModel
public import HeadwaterStore

/// In whose words lineage is told.
public enum ExportFormat: String, CaseIterable, Sendable {
    /// W3C PROV as JSON (member submission of 24 April 2013).
    case provJSON = "prov-json"
    /// W3C PROV in its notation for people (recommendation of 30 April 2013).
    case provN = "prov-n"
    /// OpenLineage's run events, one JSON object a line (specification 2.0.2).
    case openLineage = "openlineage"
}

/// How much of a run is told.
public enum ExportDetail: String, CaseIterable, Sendable {
    /// The run, its stages, artifacts, sources and published files.
    case stages
    /// Each shard and each task as well.
    case tasks
}

/// What an export is about: a run, or as much of it as led to one artifact or one record.
public struct ExportSubject: Sendable {
    public let run: RunManifest
    /// In the run's order.
    let stages: [RunManifest.Stage]
    /// None where it is about an artifact or a record.
    let publications: [RunManifest.Publication]
    let record: Resolver.RecordPlace?

    public init(_ run: RunManifest) {
        self.run = run
        stages = run.stages
        publications = run.publications
        record = nil
    }

    public init(_ artifact: Resolver.ArtifactPlace) {
        run = artifact.run
        stages = ExportSubject.stages(upTo: artifact.stage.name, of: artifact.run)
        publications = []
        record = nil
    }

    public init(_ place: Resolver.RecordPlace) {
        run = place.artifact.run
        stages = ExportSubject.stages(upTo: place.artifact.stage.name, of: run)
        publications = []
        record = place
    }

    func stage(_ name: String) -> RunManifest.Stage? { stages.first { $0.name.hasSameBytes(as: name) } }

    /// The stage and all that it reads, directly or not.
    private static func stages(upTo name: String, of run: RunManifest) -> [RunManifest.Stage] {
        var wanted: Set<String> = []
        var next = [name]
        while let name = next.popLast() {
            guard wanted.insert(name).inserted else { continue }
            next += run.stage(name)?.inputs.map(\.stage) ?? []
        }
        return run.stages.filter { wanted.contains($0.name) }
    }
}

/// Tells lineage in the words of a standard.
///
/// Reads the store as it writes: what is in memory grows with the number of shards and tasks at most, never with records or
/// sources. The same store gives the same bytes.
public struct Exporter: Sendable {
    private let store: Store

    public init(store: Store) { self.store = store }

    /// - Parameter give: is called with the export, piece by piece.
    public func write(
        _ subject: ExportSubject, as format: ExportFormat, _ detail: ExportDetail, to give: @escaping ([UInt8]) throws -> Void
    ) throws {
        let sink = ExportSink(give)
        try writer(of: subject, format, detail).write(to: sink)
        try sink.flush()
    }

    private func writer(
        of subject: ExportSubject, _ format: ExportFormat, _ detail: ExportDetail
    ) throws -> any ExportWriter {
        switch format {
        case .provJSON: PROVJSONWriter(document: try ProvenanceDocument(subject, detail, store: store))
        case .provN: PROVNWriter(document: try ProvenanceDocument(subject, detail, store: store))
        case .openLineage: try OpenLineageWriter(subject, detail, store: store)
        }
    }
}

/// Writes one subject in one format.
protocol ExportWriter {
    func write(to sink: ExportSink) throws
}

/// Why a subject cannot be told in a format.
public struct ExportError: Error, Equatable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
