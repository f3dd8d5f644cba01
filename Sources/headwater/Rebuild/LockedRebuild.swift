import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// `rebuild --lock`: executes a pipeline file on the source files that are here, and compares with what its lock file says.
struct LockedRebuild {
    let command: RebuildCommand

    func run() throws {
        let (lockPath, path) = try files()
        let lock = try LockedRebuild.read(lockPath)
        let room = try RebuildRoom(keeping: command.keep)
        let (again, store, outcome) = try carryOut(path, lock, in: room, number: 0)
        let comparison = LockComparison(lock, try LockFile(of: again, in: store), of: again)
        // What the lock file's machine had is not here. A plugin that does not agree with itself shows by executing it twice.
        var second: RunComparison?
        if comparison.stages.contains(where: { $0.cause == .plugin }) {
            let other = try RebuildRoom(keeping: nil)
            let (run, otherStore, _) = try carryOut(path, lock, in: other, number: 1)
            second = try RunComparison(again, in: store, with: run, in: otherStore)
        }
        let report = LockReport(
            lockPath: lockPath, conditions: outcome.conditions, failures: outcome.failures, comparison: comparison, second: second
        )
        command.options.json ? Console.line(report.json.description) : report.show()
        if !report.isEqual { throw ExitStatus.failed }
    }

    private func carryOut(
        _ path: String, _ lock: LockFile, in room: RebuildRoom, number: Int
    ) throws -> (RunManifest, Store, RebuildRoom.Outcome) {
        var pipeline = PipelineOptions()
        (pipeline.pipeline, pipeline.overrides, pipeline.pluginPath) = (path, [], command.pluginPath)
        let store = pipeline.storePath(command.options.store)
        let hasStore = FileManager.default.fileExists(atPath: store + "/format")
        var order = RebuildOrder(
            .locked, store: hasStore ? URL(fileURLWithPath: store).standardizedFileURL.path : nil, run: nil, pipeline: path,
            pluginFolders: command.pluginPath.folders(beside: path), environment: lock.environment,
            conditions: RebuildConditions(jobs: command.jobs, seed: command.seed, number: number))
        order.parameters = lock.parameters
        let outcome = try room.carryOut(order)
        guard let run = try History(store: outcome.store).runs(startingWith: outcome.run.description).first else {
            throw RebuildFault("the run that rebuilt is not in its store")
        }
        return (run, outcome.store, outcome)
    }

    static func read(_ path: String) throws -> LockFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFault("there is no lock file \(path); headwater run --lock writes one")
        }
        do {
            return try LockFile(bytes: Array(data))
        } catch {
            throw CommandFault(VisibleText.of("\(path), \(error)"))
        }
    }

    /// Where the lock file of a pipeline file lies.
    static func lockPath(of pipeline: String) -> String {
        for ending in [".yaml", ".yml"] where pipeline.hasSuffix(ending) { return pipeline.dropLast(ending.count) + ".lock" }
        return pipeline + ".lock"
    }

    /// The lock file, and the pipeline file that it is of.
    private func files() throws -> (lock: String, pipeline: String) {
        let subject = try command.subject ?? onlyLock()
        guard subject.hasSuffix(".lock") else { return (LockedRebuild.lockPath(of: subject), subject) }
        let stem = String(subject.dropLast(5))
        let found = [".yaml", ".yml", ""].map { stem + $0 }.first { FileManager.default.fileExists(atPath: $0) }
        guard let found else { throw CommandFault("\(subject): there is no pipeline file \(stem).yaml beside it") }
        return (subject, found)
    }

    private func onlyLock() throws -> String {
        let names = ["pipelines", "."].flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter { $0.hasSuffix(".lock") }
                .map { folder == "." ? $0 : "\(folder)/\($0)" }
        }
        guard let only = names.first, names.count == 1 else {
            throw CommandFault(
                names.isEmpty
                    ? "there is no lock file in pipelines/ or here; headwater run --lock writes one"
                    : "there are several lock files; name one of \(names.joined(separator: ", "))")
        }
        return only
    }
}

/// What an execution came to beside a lock file, for a person and for programs.
struct LockReport {
    var lockPath: String
    var conditions: RebuildConditions
    var failures: [String]
    var comparison: LockComparison
    /// How two executions here compare; nil where no plugin is to blame.
    var second: RunComparison?

    var isEqual: Bool { comparison.isEqual && failures.isEmpty }

    private static let mostShown = 20

    func show() {
        let style = Style.standardOutput
        Console.line("\(VisibleText.of(lockPath)), rebuilt: \(conditions)")
        for failure in failures { Console.line("\(style.bold("failed")) \(VisibleText.of(failure))") }
        for difference in comparison.inputs.prefix(LockReport.mostShown) {
            let (old, new) = (difference.expected ?? "not there", difference.found ?? "not there")
            Console.line(
                "\(style.bold("differs")) "
                    + VisibleText.of("\(difference.kind.rawValue) \(difference.subject): was \(old), is \(new)"))
        }
        if comparison.inputs.count > LockReport.mostShown {
            Console.line("… and \(comparison.inputs.count - LockReport.mostShown) more that differ in what went in")
        }
        for stage in comparison.stages { show(stage) }
        for difference in comparison.outputs where difference.kind == .published {
            Console.line(
                "\(style.bold("differs")) "
                    + VisibleText.of(
                        "published \(difference.subject): was \(difference.expected ?? "not there"), is \(difference.found ?? "not there")"
                    ))
        }
        Console.line("\(counted(comparison.equalCount, "line")) of the lock file unchanged")
        if isEqual { Console.line("everything is the same as where the file was written") }
    }

    private func show(_ stage: LockComparison.Stage) {
        let head = "\(Style.standardOutput.bold("differs")) stage \(stage.name)"
        switch stage.cause {
        case .plugin: Console.line("\(head): its plugin \(stage.plugin) is to blame, which gave other bytes for the same inputs")
        case .otherPlugin: Console.line("\(head): its plugin \(stage.plugin) is not the one that was locked")
        case .pipeline: Console.line("\(head): the pipeline or its parameters are not those that were locked")
        case .sources: Console.line("\(head): its sources are not those that were locked")
        case .follows(let stages): Console.line("\(head), which follows from \(stages.joined(separator: " and "))")
        }
        for part in stage.parts.prefix(LockReport.mostShown) { Console.line("  partition " + VisibleText.of(part)) }
        if stage.parts.count > LockReport.mostShown {
            Console.line("  … and \(counted(stage.parts.count - LockReport.mostShown, "partition")) more")
        }
        guard stage.cause == .plugin, let second else { return }
        let own = second.stages.first { $0.name == stage.name }?.causes ?? []
        if own.isEmpty {
            Console.line("  two executions here agree, so that it depends on something that the two machines do not share")
        } else {
            Console.line("  two executions here do not agree either:")
            for line in RebuildReport.lines(own) { Console.line(line) }
        }
    }

    /// `{"lock","equal","conditions":{…},"failures":[…],"equalLines","inputs":[{"kind","subject","expected","found"}],
    /// "outputs":[…],"stages":[{"name","plugin","cause","follows":[…],"parts":[…],"again":{…}}]}`
    var json: JSON {
        [
            "lock": .string(lockPath), "equal": .bool(isEqual), "conditions": conditions.json,
            "failures": .array(failures.map { .string($0) }), "equalLines": .integer(comparison.equalCount),
            "inputs": .array(comparison.inputs.map(LockReport.json)), "outputs": .array(comparison.outputs.map(LockReport.json)),
            "stages": .array(comparison.stages.map(json)),
        ]
    }

    private static func json(_ difference: LockComparison.Difference) -> JSON {
        [
            "kind": .string(difference.kind.rawValue), "subject": .string(difference.subject),
            "expected": difference.expected.map { .string($0) } ?? .null,
            "found": difference.found.map { .string($0) } ?? .null,
        ]
    }

    private func json(_ stage: LockComparison.Stage) -> JSON {
        let (cause, follows): (String, [String]) =
            switch stage.cause {
            case .plugin: ("plugin", [])
            case .otherPlugin: ("other-plugin", [])
            case .pipeline: ("pipeline", [])
            case .sources: ("sources", [])
            case .follows(let stages): ("follows", stages)
            }
        var members: [String: JSON] = [
            "name": .string(stage.name), "plugin": .string(stage.plugin), "cause": .string(cause),
            "follows": .array(follows.map { .string($0) }), "parts": .array(stage.parts.map { .string($0) }),
        ]
        if stage.cause == .plugin, let again = second?.stages.first(where: { $0.name == stage.name }) {
            members["again"] = RebuildReport.json(again)
        }
        return .object(members)
    }
}
