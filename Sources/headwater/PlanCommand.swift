import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what a run would carry out, and why, without running anything.",
        discussion: """
            Tasks behind one that would run cannot be looked up before it has: early cut-off may leave them as they are.

            EXAMPLES:
              headwater plan pipelines/quickstart.yaml
              headwater plan pipelines/quickstart.yaml --check
            """)

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var options: StoreOptions

    @OptionGroup var part: SelectionOptions

    @Flag(name: .long, help: "Exit with status 1 when anything would run.")
    var check = false

    func run() throws {
        let source = try pipeline.load(store: options.store)
        let loaded = source.pipeline
        let selection = try part.selection(of: loaded)
        let path = pipeline.storePath(options.store)
        let store = FileManager.default.fileExists(atPath: path + "/format") ? try Store.open(at: path, .read) : nil
        guard let store else {
            if options.json {
                Console.line(JSON.object(["stages": [], "wouldRun": true, "store": nil]).description)
            } else {
                Console.line("there is no store at \(path) yet: every task would be carried out")
            }
            if check { throw ExitStatus.failed }
            return
        }
        var settings = Run.Options(jobs: ProcessInfo.processInfo.activeProcessorCount)
        settings.isDry = true
        settings.only = selection.wanted
        settings.forced = selection.forced
        let reporter = PlanReporter()
        var generator = SystemRandomNumberGenerator()
        let summary = try Run(
            loaded, plugins: source.plugins, store: store, options: settings, id: RunID(random: generator.next()), now: Date(),
            reporter: reporter
        ).perform()
        let planned = PlannedTask.inOrder(reporter.planned)
        let publications = try PlannedPublication.all(of: loaded, after: summary, in: History(store: store))
        let wouldRun = !planned.isEmpty || publications.contains(where: \.wouldBeWritten)
        if options.json {
            Console.line(json(summary, planned, publications, wouldRun).description)
        } else {
            show(reporter.failures, of: loaded)
            show(summary, planned, publications)
        }
        if reporter.failures.contains(where: \.isDamage) { throw ExitStatus.damaged }
        if !reporter.failures.isEmpty || check && wouldRun { throw ExitStatus.failed }
    }

    private func show(_ failures: [RunFailure], of loaded: Pipeline) {
        for failure in failures {
            let message = "stage \(failure.stage): \(failure.message)"
            if let position = failure.position {
                Console.plain(
                    DiagnosticText.render(loaded.diagnostic(at: position, message), color: Style.standardError.isOn), end: "")
            } else {
                Console.error(message)
            }
        }
    }

    private func show(_ summary: Run.Summary, _ tasks: [PlannedTask], _ publications: [PlannedPublication]) {
        let style = Style.standardOutput
        let width = ConsoleReporter.width(ofNames: summary.stages.map(\.name))
        for stage in summary.stages {
            let planned = tasks.filter { $0.stage == stage.name }
            let name = style.bold(stage.name.padding(toLength: width, withPad: " ", startingAt: 0))
            if !planned.isEmpty {
                Console.line("\(name) \(counted(planned.count, "task")) would be carried out, \(counted(stage.hits, "hit"))")
                for task in planned.prefix(20) { Console.line("               \(task)") }
                if planned.count > 20 { Console.line("               and \(planned.count - 20) more") }
            } else if stage.artifact != nil {
                Console.line("\(name) nothing to do, \(counted(stage.hits, "hit"))")
            } else {
                Console.line("\(name) waits for what comes before it, \(counted(stage.hits, "hit")) so far")
            }
        }
        for publication in publications {
            guard case .written(let reason) = publication.state else { continue }
            let path = ConsoleReporter.relative(publication.publication.path)
            Console.line("\(style.bold("publish")) \(publication.publication.name): \(path) would be written: \(reason)")
        }
    }

    /// `{"wouldRun":…,"stages":[{"name","hits","complete","tasks":[{"phase","partition","reason"}]}],
    /// "publications":[{"name","path","state","reason"}]}`
    private func json(
        _ summary: Run.Summary, _ planned: [PlannedTask], _ publications: [PlannedPublication], _ wouldRun: Bool
    ) -> JSON {
        [
            "wouldRun": .bool(wouldRun),
            "stages": .array(
                summary.stages.map { stage in
                    [
                        "name": .string(stage.name), "hits": .integer(stage.hits), "complete": .bool(stage.artifact != nil),
                        "tasks": .array(planned.filter { $0.stage == stage.name }.map(\.json)),
                    ]
                }),
            "publications": .array(publications.map(\.json)),
        ]
    }
}

/// A task that a run would carry out.
private struct PlannedTask: CustomStringConvertible {
    var stage: String
    var entry: TaskEntry
    var reason: String

    /// By round, then by partition: look-ups end in any order, and a plan is the same each time.
    static func inOrder(_ tasks: [PlannedTask]) -> [PlannedTask] {
        let rounds = Dictionary(uniqueKeysWithValues: KeyDocument.Phase.allCases.enumerated().map { ($1, $0) })
        return tasks.sorted { a, b in
            let (first, second) = (rounds[a.entry.phase] ?? 0, rounds[b.entry.phase] ?? 0)
            return first == second ? a.entry.partition.utf8.lexicographicallyPrecedes(b.entry.partition.utf8) : first < second
        }
    }

    var description: String {
        VisibleText.of("\(entry.phase.rawValue)\(entry.partition.isEmpty ? "" : " of \(entry.partition)"): \(reason)")
    }

    var json: JSON {
        ["phase": .string(entry.phase.rawValue), "partition": .string(entry.partition), "reason": .string(reason)]
    }
}

/// Gathers what a dry run finds missing.
private final class PlanReporter: RunReporter, @unchecked Sendable {  // called from the run's queue only; read after its end
    private(set) var planned: [PlannedTask] = []
    private(set) var failures: [RunFailure] = []

    func located(stage: String, sources: Int, partitions: Int) {}
    func completed(stage: String, counts: StageCounts, artifact: Artifact) {}
    func published(name: String, path: String) {}
    func warned(_ message: String) { Console.warning(message) }
    func failed(_ failure: RunFailure) { failures.append(failure) }

    func finished(task: TaskEntry, stage: String, counts: StageCounts, reason: Reason?) {
        guard !task.isHit else { return }
        planned.append(PlannedTask(stage: stage, entry: task, reason: reason?.description ?? "its result is not known"))
    }
}
