import HeadwaterModel

/// What OpenLineage calls a job, with the run of it that is told of: a pipeline, a stage or a publication.
struct OpenLineageJob {
    static let namespace = "headwater"

    let name: String
    let run: RunManifest
    private let type: String
    private let stage: RunManifest.Stage?
    /// What went wrong with it.
    let failures: [RunManifest.Failure]

    init(pipeline run: RunManifest) {
        (name, self.run, type, stage, failures) = (run.pipeline, run, "PIPELINE", nil, run.failures)
    }

    init(stage: RunManifest.Stage, of run: RunManifest) {
        (name, self.run, type, self.stage) = ("\(run.pipeline).\(stage.name)", run, "STAGE", stage)
        failures = run.failures.filter { $0.stage.hasSameBytes(as: stage.name) }
    }

    init(publication: RunManifest.Publication, of run: RunManifest) {
        (name, self.run, type, stage) = ("\(run.pipeline).publish.\(publication.name)", run, "PUBLICATION", nil)
        failures = []
    }

    /// From the run's id and the job's name, so that an export is the same each time.
    var runID: String { NamedUUID.text(QualifiedName(.run, run.id.description, name).iri, in: NamedUUID.urls) }

    /// What holds of the job whenever it runs.
    var facets: [String: JSON] {
        [
            "jobType": OpenLineageFacet.facet(
                "2-0-4/JobTypeJobFacet",
                ["processingType": "BATCH", "integration": "HEADWATER", "jobType": .string(type)])
        ]
    }

    func runFacets(failed: Bool) -> [String: JSON] {
        var facets = [
            "processing_engine": OpenLineageFacet.facet(
                "1-1-1/ProcessingEngineRunFacet",
                stage.map { ["name": .string($0.plugin), "version": .string($0.version)] }
                    ?? ["name": "headwater", "version": .string(ProgramVersion.text)]),
            "executionParameters": OpenLineageFacet.facet(
                "1-0-0/ExecutionParametersRunFacet", ["parameters": .array(parameters)]),
        ]
        let pipeline = OpenLineageJob(pipeline: run)
        if pipeline.name != name {
            let parent: JSON = [
                "run": ["runId": .string(pipeline.runID)],
                "job": ["namespace": .string(OpenLineageJob.namespace), "name": .string(pipeline.name)],
            ]
            facets["parent"] = OpenLineageFacet.facet(
                "1-2-0/ParentRunFacet", ["run": parent["run"] ?? .null, "job": parent["job"] ?? .null, "root": parent])
        }
        if failed {
            facets["errorMessage"] = OpenLineageFacet.facet(
                "1-0-1/ErrorMessageRunFacet",
                [
                    "message": .string(failures.map(\.description).joined(separator: "\n")),
                    "programmingLanguage": "Swift",
                ])
        }
        return facets
    }

    /// Its own, or the pipeline's; and what a UUID does not tell, the run's id.
    private var parameters: [JSON] {
        let own = stage?.parameters ?? run.parameters
        let named = own.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
        return ([("headwater.run", JSON.string(run.id.description))] + named).map { key, value in
            ["key": .string(key), "value": .string(value.string ?? value.description)]
        }
    }
}
