import HeadwaterLineage
import HeadwaterModel

/// What an execution that was repeated came to, for a person and for programs.
struct RebuildReport {
    var run: RunManifest
    var conditions: RebuildConditions
    /// Stages that could not be executed again.
    var failures: [String]
    /// Nil where sources were not looked for.
    var sources: SourceChanges?
    var comparison: RunComparison

    var isEqual: Bool { comparison.isEqual && failures.isEmpty && sources?.isEmpty ?? true }

    /// Differing tasks of a stage that a person is shown; with `--json` there are all.
    private static let mostShown = 20

    func show() {
        Console.line("run:\(run.id) of \(VisibleText.of(run.pipeline)), rebuilt: \(conditions)")
        for failure in failures { Console.line("\(Style.standardOutput.bold("failed")) \(VisibleText.of(failure))") }
        if let sources { RebuildReport.show(sources) }
        for stage in comparison.stages where !stage.isEqual { RebuildReport.show(stage) }
        for publication in comparison.publications where !publication.isEqual { RebuildReport.show(publication) }
        let (stages, files) = (comparison.stages, comparison.publications)
        let tasks = counted(comparison.taskCount, "task")
        let equal = "\(stages.count(where: \.isEqual)) of \(counted(stages.count, "artifact")) equal in \(tasks)"
        let published = files.isEmpty ? "" : ", \(files.count(where: \.isEqual)) of \(counted(files.count, "publication")) equal"
        Console.line(equal + published)
        if isEqual { Console.line("everything is the same, to the byte") }
    }

    private static func show(_ changes: SourceChanges) {
        for (word, list) in [("changed", changes.changed), ("added", changes.added), ("removed", changes.removed)] {
            for locator in list.prefix(mostShown) {
                Console.line("\(Style.standardOutput.bold("source \(word)")) \(VisibleText.of(locator))")
            }
            if list.count > mostShown { Console.line("… and \(counted(list.count - mostShown, "source")) more \(word)") }
        }
        if changes.isEmpty { Console.line("\(counted(changes.unchanged, "source")) as the run found them") }
    }

    private static func show(_ stage: RunComparison.Stage) {
        let head = "\(Style.standardOutput.bold("differs")) stage \(stage.name)"
        if !stage.causes.isEmpty {
            Console.line(
                "\(head): its plugin \(stage.plugin) \(stage.version) is to blame: "
                    + "\(stage.causes.count) of \(counted(stage.tasks, "task")) gave other bytes for the same key")
            list(stage.causes)
            if !stage.consequences.isEmpty {
                Console.line("  and \(counted(stage.consequences.count, "task")) that follow from them")
            }
        } else if !stage.upstream.isEmpty {
            Console.line("\(head), which follows from \(stage.upstream.joined(separator: " and "))")
            list(stage.consequences)
        } else if stage.found == nil {
            Console.line("\(head), which was not completed")
        } else {
            Console.line("\(head), whose sources are not the same")
            list(stage.consequences)
        }
    }

    private static func list(_ tasks: [RunComparison.Task]) { for line in lines(tasks) { Console.line(line) } }

    /// Tasks with where they differ, a line each.
    static func lines(_ tasks: [RunComparison.Task]) -> [String] {
        let lines = tasks.prefix(mostShown).map { task in
            let place = "  \(task.phase.rawValue)" + (task.partition.isEmpty ? "" : " of \(task.partition)")
            let what =
                switch task.presence {
                case .both: task.difference?.description ?? "they differ"
                case .missing: "the rebuilt run has no such task"
                case .added: "the run had no such task"
                }
            return VisibleText.of("\(place): \(what)")
        }
        return lines + (tasks.count > mostShown ? ["  … and \(counted(tasks.count - mostShown, "task")) more"] : [])
    }

    private static func show(_ publication: RunComparison.Publication) {
        var text = "published \(publication.name) (\(publication.path))"
        if publication.found == nil { text += " was not written again" }
        if let file = publication.file { text += ", file \(file)" }
        if let record = publication.record { text += ", record \(record)" }
        if let difference = publication.difference { text += ": \(difference)" }
        text +=
            publication.hasEqualArtifact
            ? "; what it is written from is the same, so that the writing is to blame" : "; it follows from \(publication.stage)"
        Console.line("\(Style.standardOutput.bold("differs")) \(VisibleText.of(text))")
    }

    /// `{"run","equal","conditions":{…},"failures":[…],"sources":{"unchanged","changed":[…],"added":[…],"removed":[…]},
    /// "tasks","stages":[{"name","plugin","version","equal","expected","found","blamed","follows":[…],"tasks","differences":[…]}],
    /// "publications":[{"name","path","stage","equal","expected","found",…}]}`
    var json: JSON {
        var members: [String: JSON] = [
            "run": .string(run.id.description), "pipeline": .string(run.pipeline), "equal": .bool(isEqual),
            "conditions": conditions.json, "failures": .array(failures.map { .string($0) }),
            "tasks": .integer(comparison.taskCount), "stages": .array(comparison.stages.map(RebuildReport.json)),
            "publications": .array(comparison.publications.map(RebuildReport.json)),
        ]
        if let sources { members["sources"] = RebuildReport.json(sources) }
        return .object(members)
    }

    static func json(_ changes: SourceChanges) -> JSON {
        func list(_ locators: [String]) -> JSON { .array(locators.map { .string($0) }) }
        return [
            "unchanged": .integer(changes.unchanged), "changed": list(changes.changed), "added": list(changes.added),
            "removed": list(changes.removed),
        ]
    }

    static func json(_ stage: RunComparison.Stage) -> JSON {
        [
            "name": .string(stage.name), "plugin": .string(stage.plugin), "version": .string(stage.version),
            "equal": .bool(stage.isEqual), "expected": stage.expected.map { .string($0.description) } ?? .null,
            "found": stage.found.map { .string($0.description) } ?? .null, "tasks": .integer(stage.tasks),
            "blamed": .bool(!stage.causes.isEmpty), "follows": .array(stage.upstream.map { .string($0) }),
            "differences": .array(
                stage.causes.map { json($0, isCause: true) } + stage.consequences.map { json($0, isCause: false) }),
        ]
    }

    private static func json(_ task: RunComparison.Task, isCause: Bool) -> JSON {
        var members: [String: JSON] = [
            "phase": .string(task.phase.rawValue), "partition": .string(task.partition), "cause": .bool(isCause),
            "presence": .string(task.presence.rawValue),
        ]
        if let difference = task.difference { members["difference"] = difference.json }
        return .object(members)
    }

    private static func json(_ publication: RunComparison.Publication) -> JSON {
        var members: [String: JSON] = [
            "name": .string(publication.name), "path": .string(publication.path), "stage": .string(publication.stage),
            "equal": .bool(publication.isEqual), "expected": .string(publication.expected.description),
            "found": publication.found.map { .string($0.description) } ?? .null,
            "sameArtifact": .bool(publication.hasEqualArtifact),
        ]
        if let file = publication.file { members["file"] = .string(file) }
        if let record = publication.record { members["record"] = .integer(record) }
        if let difference = publication.difference { members["difference"] = difference.json }
        return .object(members)
    }
}
