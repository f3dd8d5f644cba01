import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// A run as a person reads it, and as JSON.
struct RunText {
    let store: Store

    func show(_ run: RunManifest, asJSON: Bool) throws {
        let history = History(store: store)
        let remarks = try RunRemarks(history)
        if asJSON { return Console.line(try json(run, remarks, history).description) }
        let style = Style.standardOutput
        Console.line(VisibleText.of("\(style.bold("run:\(run.id)"))  \(run.pipeline)  \(run.state.rawValue)"))
        Console.line("started   \(Log.time(run.started))")
        Console.line("finished  \(Log.time(run.finished))")
        let tags = try remarks.tags(of: run)
        if !tags.isEmpty { Console.line(VisibleText.of("tags      \(tags.joined(separator: ", "))")) }
        for note in try remarks.notes(on: run) { NoteText.show(note) }
        for failure in run.failures { Console.line("failure   \(VisibleText.lines(of: "\(failure)"))") }
        for contradiction in run.contradictions { Console.line("conflict  \(VisibleText.of("\(contradiction)"))") }
        Console.line("file      \(run.file)")
        for (path, file) in run.included.sorted(by: { $0.key < $1.key }) {
            Console.line(VisibleText.of("included  \(path), \(file)"))
        }
        if !run.parameters.isEmpty { Console.line(VisibleText.of("parameters  \(JSON.object(run.parameters))")) }
        try showChanges(of: run, history)
        for stage in run.stages { show(stage, remarks) }
        for publication in run.publications {
            Console.line("")
            Console.line(
                style.bold("published") + VisibleText.of(" \(publication.name) as \(publication.path), \(publication.file)"))
            Console.line(VisibleText.of("  from \(publication.stage), as \(publication.format)"))
        }
    }

    private func show(_ stage: RunManifest.Stage, _ remarks: RunRemarks) {
        Console.line("")
        Console.line(
            Style.standardOutput.bold(VisibleText.of(stage.name))
                + VisibleText.of("  plugin \(stage.plugin) \(stage.version)  \(JSON.object(stage.parameters))"))
        for input in stage.inputs { Console.line(VisibleText.of("  reads     \(input.stage) as \(input.role)")) }
        Console.line("  artifact  \(stage.artifact?.description ?? "none: the stage did not come to its end")")
        Console.line("  tasks     \(stage.executed) carried out, \(counted(stage.hits, "hit"))")
        if let sandbox = stage.confinement { Console.line(VisibleText.of("  sandbox   \(sandbox)")) }
        for (name, value) in stage.metrics.sorted(by: { $0.key < $1.key }) {
            Console.line(VisibleText.of("  counted   \(name): \(value)"))
        }
        for note in stage.artifact.map(remarks.notes) ?? [] { NoteText.show(note, indent: "  ") }
    }

    /// What differs from the run that this one follows, in a line for each stage.
    private func showChanges(of run: RunManifest, _ history: History) throws {
        guard let (before, stages) = try changes(of: run, history) else {
            if run.follows.contains(where: { !store.contains($0) }) {
                Console.line("follows   a run that a collection has forgotten")
            }
            return
        }
        Console.line("follows   run:\(before.id)" + (stages.isEmpty ? ", and differs from it in nothing" : ""))
        for stage in stages {
            let causes = stage.causes.isEmpty ? "" : ": " + stage.causes.map(\.description).joined(separator: "; ")
            Console.line(VisibleText.of("  \(stage.name) \(DiffReport.counts(stage, inside: false))\(causes)"))
        }
    }

    /// The stages that differ; nil where the run follows none that is kept.
    private func changes(of run: RunManifest, _ history: History) throws -> (before: RunManifest, stages: [StageDifference])? {
        do {
            guard let before = try history.predecessor(of: run) else { return nil }
            let difference = try RunDifference(before, run, looksInside: false, history: history)
            return (before, difference.stages.filter(\.isDifferent))
        } catch  where Damage.isMeant(by: error) {
            // The run itself can be shown all the same.
            Console.warning(VisibleText.of("what changed since the run before cannot be told: \(error)"))
            return nil
        }
    }

    /// The manifest, `tags` and `notes` where there are any, and `changes`, the stages that differ from the run it follows.
    private func json(_ run: RunManifest, _ remarks: RunRemarks, _ history: History) throws -> JSON {
        var members = try remarks.json(of: run).object ?? [:]
        if let (before, stages) = try changes(of: run, history) {
            members["changes"] = [
                "since": .string(before.id.description),
                "stages": .array(
                    stages.map { ["stage": .string($0.name), "causes": .array($0.causes.map(\.json))] }),
            ]
        }
        return .object(members)
    }
}
