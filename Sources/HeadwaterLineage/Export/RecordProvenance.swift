import HeadwaterModel
import HeadwaterStore

/// Where one record came from: the source bytes of its text and of its fields, the records on the way, and what steered the tasks
/// that made them.
struct RecordProvenance {
    private let place: Resolver.RecordPlace
    private let run: RunManifest
    private let store: Store
    private let steps: [Trace.Step]
    /// What was read, by digest.
    private let sources: [Digest: StageSources.Source]

    init(_ place: Resolver.RecordPlace, store: Store) throws {
        self.place = place
        self.store = store
        run = place.artifact.run
        steps = try Tracer(store: store).steps(from: place)
        let locators = try SourceLocators(of: Set(place.record.sources), in: run.stages, store: store)
        let indexed = try IndexedRun(run, in: store)
        sources = try Dictionary(
            place.record.sources.map { digest in
                let locator = locators[digest]
                return (
                    digest,
                    StageSources.Source(
                        locator: locator ?? "", digest: digest,
                        container: try locator.flatMap { try indexed.container(of: $0, with: digest) })
                )
            }
        ) { first, _ in first }
    }

    func tell(_ tell: ProvenanceDocument.Telling) throws {
        for digest in Set(place.record.sources).sorted() {
            if let source = sources[digest] { try tell(.source(source)) }
        }
        try tellSteps(tell)
        try tellBytes(tell)
        try tellSlices(tell)
    }

    private static func name(_ id: RecordID) -> QualifiedName { QualifiedName(.record, id.description) }

    // MARK: The way

    private func tellSteps(_ tell: ProvenanceDocument.Telling) throws {
        // A record that stages only passed on was made by the one farthest upstream.
        var makers: [RecordID: Trace.Step] = [:]
        var order: [RecordID] = []
        for step in steps {
            if makers.updateValue(step, forKey: step.record) == nil { order.append(step.record) }
        }
        for id in order {
            guard let maker = makers[id] else { continue }
            var attributes: [ProvenanceStatement.Attribute] = [.type("Record"), .text("kind", maker.kind)]
            if id == place.record.id {
                attributes += [.number("number", place.number + 1), .text("text", place.record.string)]
                attributes.append(.text("fields", JSON.object(place.record.fields).description))
            }
            try tell(.entity(RecordProvenance.name(id), attributes))
            try tell(
                .relation(
                    .wasGeneratedBy, RecordProvenance.name(id), run.activity(of: maker.stage.name),
                    with: maker.task.map { [.text("task", $0.description)] } ?? []))
            for parent in try parents(of: id, maker) where makers[parent] != nil && parent != id {
                try tell(
                    .relation(
                        .wasDerivedFrom, RecordProvenance.name(id), RecordProvenance.name(parent),
                        run.activity(of: maker.stage.name)))
            }
        }
        for step in steps {
            try tell(.relation(.hadMember, run.output(of: step.stage.name), RecordProvenance.name(step.record)))
        }
    }

    private func parents(of id: RecordID, _ maker: Trace.Step) throws -> [RecordID] {
        if id == place.record.id { return place.record.parents }
        return try DatasetReader(store: store).records([id], of: maker.shard).first?.parents ?? []
    }

    // MARK: Bytes

    private func tellBytes(_ tell: ProvenanceDocument.Telling) throws {
        let record = place.record
        var start = 0
        for segment in record.segments {
            let text = start..<start + segment.length
            start = text.upperBound
            guard let citation = segment.citation else { continue }
            try self.tell(
                citation, [.text("text", "\(text.lowerBound)-\(text.upperBound)"), .text("mode", segment.mode.description)], tell)
        }
        for (field, citations) in record.cites.sorted(by: { $0.key < $1.key }) {
            for citation in citations { try self.tell(citation, [.text("field", field)], tell) }
        }
        for citation in record.evidence { try self.tell(citation, [.type("Evidence")], tell) }
    }

    private func tell(
        _ citation: Citation, _ attributes: [ProvenanceStatement.Attribute], _ tell: ProvenanceDocument.Telling
    ) throws {
        let record = place.record
        guard record.sources.indices.contains(citation.source), let source = sources[record.sources[citation.source]] else {
            throw RecordProof.Fault(record: record.id, problem: "it cites a source that it does not name")
        }
        let end = citation.range.start + citation.range.length
        try tell(
            .relation(
                .wasDerivedFrom, RecordProvenance.name(record.id), source.name,
                with: [.text("bytes", "\(citation.range.start)-\(end)")] + attributes))
    }

    // MARK: Influence

    private func tellSlices(_ tell: ProvenanceDocument.Telling) throws {
        guard tell.wants(.entity, .wasInfluencedBy) else { return }
        var told: Set<Digest> = []
        for step in steps {
            guard let key = step.task, let slice = try self.slice(of: key) else { continue }
            let name = QualifiedName(.slice, slice.hex)
            if told.insert(slice).inserted {
                try tell(.entity(name, [.type("Slice"), .text("stage", step.stage.name), .text("digest", slice.description)]))
            }
            try tell(
                .relation(
                    .wasInfluencedBy, RecordProvenance.name(step.record), name, with: [.text("stage", step.stage.name)]))
        }
    }

    private func slice(of key: Digest) throws -> Digest? {
        try JSON(parsing: try store.blob(key))["inputs"]?["slice"]?.string.flatMap { Digest($0) }
    }
}
