import ArgumentParser
import Foundation
import HeadwaterEngine
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

    @Option(name: .long, help: ArgumentHelp("Only this stage and what it needs; may be repeated.", valueName: "stage"))
    var stage: [String] = []

    @Option(name: .long, help: ArgumentHelp("As if this stage were forced; may be repeated.", valueName: "stage"))
    var force: [String] = []

    @Flag(name: .long, help: "Exit with status 1 when anything would run.")
    var check = false

    func run() throws {
        let loaded = try pipeline.load()
        try pipeline.check(stages: stage + force, of: loaded)
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
        settings.only = Set(stage)
        settings.forced = Set(force)
        let reporter = PlanReporter()
        var generator = SystemRandomNumberGenerator()
        let summary = try Run(
            loaded, plugins: BuiltIns.registry, store: store, options: settings, id: RunID(random: generator.next()), now: Date(),
            reporter: reporter
        ).perform()
        let wouldRun = !reporter.planned.isEmpty
        if options.json {
            Console.line(json(summary, reporter, wouldRun).description)
        } else {
            show(summary, reporter, loaded)
        }
        if !reporter.failures.isEmpty { throw ExitStatus.failed }
        if check && wouldRun { throw ExitStatus.failed }
    }

    private func show(_ summary: Run.Summary, _ reporter: PlanReporter, _ loaded: Pipeline) {
        for failure in reporter.failures {
            let message = "stage \(failure.stage): \(failure.message)"
            if let position = failure.position {
                Console.plain(
                    DiagnosticText.render(loaded.diagnostic(at: position, message), color: Style.standardError.isOn), end: "")
            } else {
                Console.error(message)
            }
        }
        let style = Style.standardOutput
        for stage in summary.stages {
            let planned = reporter.planned.filter { $0.stage == stage.name }
            let name = style.bold(stage.name.padding(toLength: max(12, stage.name.count), withPad: " ", startingAt: 0))
            if !planned.isEmpty {
                Console.line("\(name) \(counted(planned.count, "task")) would be carried out, \(counted(stage.hits, "hit"))")
                for task in planned.prefix(20) {
                    Console.line(
                        "               \(task.entry.phase.rawValue)\(task.entry.partition.isEmpty ? "" : " of \(task.entry.partition)"): \(task.reason)"
                    )
                }
                if planned.count > 20 { Console.line("               and \(planned.count - 20) more") }
            } else if stage.artifact != nil {
                Console.line("\(name) nothing to do, \(counted(stage.hits, "hit"))")
            } else {
                Console.line("\(name) waits for what comes before it, \(counted(stage.hits, "hit")) so far")
            }
        }
    }

    /// `{"wouldRun":…,"stages":[{"name","hits","complete","tasks":[{"phase","partition","reason"}]}]}`
    private func json(_ summary: Run.Summary, _ reporter: PlanReporter, _ wouldRun: Bool) -> JSON {
        [
            "wouldRun": .bool(wouldRun),
            "stages": .array(
                summary.stages.map { stage in
                    [
                        "name": .string(stage.name), "hits": .integer(stage.hits), "complete": .bool(stage.artifact != nil),
                        "tasks": .array(
                            reporter.planned.filter { $0.stage == stage.name }.map {
                                [
                                    "phase": .string($0.entry.phase.rawValue), "partition": .string($0.entry.partition),
                                    "reason": .string($0.reason),
                                ]
                            }),
                    ]
                }),
        ]
    }
}

/// Gathers what a dry run finds missing.
private final class PlanReporter: RunReporter, @unchecked Sendable {  // called from the run's queue only; read after its end
    private(set) var planned: [(stage: String, entry: TaskEntry, reason: String)] = []
    private(set) var failures: [RunFailure] = []

    func located(stage: String, sources: Int, partitions: Int) {}
    func completed(stage: String, counts: StageCounts, records: Int) {}
    func published(name: String, path: String) {}
    func warned(_ message: String) { Console.warning(message) }
    func failed(_ failure: RunFailure) { failures.append(failure) }

    func finished(task: TaskEntry, stage: String, counts: StageCounts, reason: Reason?) {
        guard !task.isHit else { return }
        planned.append((stage, task, reason?.description ?? "its result is not known"))
    }
}
