import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// Executes a pipeline again, as the process that `headwater rebuild` starts for it: with a hash seed of its own, which no process
/// can change for itself.
struct RebuildWorker: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rebuild-worker", shouldDisplay: false)

    @Argument(help: "The private folder, with the order.")
    var folder: String

    func run() throws {
        let answer: JSON
        do {
            answer = try carryOut()
        } catch let faults as PipelineFaults {
            answer = ["fault": .string(DiagnosticText.render(faults))]
        } catch {
            answer = ["fault": .string(Failure.message(of: error)?.text ?? "\(error)")]
        }
        try Data(answer.canonical).write(to: URL(fileURLWithPath: folder + "/" + RebuildOrder.answerName))
    }

    private func carryOut() throws -> JSON {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + RebuildOrder.name))
        let order = try RebuildOrder(json: JSON(parsing: Array(data)))
        _ = umask(mode_t(order.conditions.umask))
        let catalog = PluginCatalog(
            searchPath: order.pluginFolders, environment: ProcessInfo.processInfo.environment.merging(order.environment) { $1 })
        let registry = catalog.registry
        let store = try order.store.map { try Store.open(at: $0, .read) }
        var options = Run.Options(jobs: order.conditions.jobs)
        options.shuffle = UInt64(order.conditions.seed)
        options.publishing = .into(folder: folder + "/published")
        options.keepsGoing = true
        options.answers = .pinned(in: store)
        let recorded = try order.run.flatMap { digest in
            try store.map { RecordedSources(of: try History(store: $0).manifest(digest), in: $0) }
        }
        if let recorded { options.only = recorded.completeStages }
        let current = FileManager.default.currentDirectoryPath
        let pipeline =
            try recorded?.pipeline(at: order.pipeline, workingDirectory: current, plugins: registry.declarations)
            ?? Pipeline.parse(
                bytes: Array(try Data(contentsOf: URL(fileURLWithPath: order.pipeline))), path: order.pipeline,
                values: order.parameters, workingDirectory: current, plugins: registry.declarations)
        let target = try Store.open(at: folder + "/store", .write)
        var generator = SystemRandomNumberGenerator()
        let summary = try Run(
            pipeline, plugins: registry, store: target, options: options,
            recorded: order.origin == .recorded ? recorded : nil, id: RunID(random: generator.next()), now: Date(),
            reporter: Silence()
        ).perform()
        try target.close()
        return [
            "run": .string(summary.id.description), "state": .string(summary.state.rawValue),
            "failures": .array(
                summary.failures.map { failure in
                    .string(RunManifest.Failure(stage: failure.stage, task: failure.task, message: failure.message).description)
                }),
        ]
    }

    /// What there is to say is said by the process that asked.
    private final class Silence: RunReporter {
        func located(stage: String, sources: Int, partitions: Int) {}
        func finished(task: TaskEntry, stage: String, counts: StageCounts, reason: Reason?) {}
        func completed(stage: String, counts: StageCounts, artifact: Artifact) {}
        func failed(_ failure: RunFailure) {}
        func warned(_ message: String) {}
        func published(name: String, path: String) {}
    }
}
