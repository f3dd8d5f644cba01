import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Execute a run again, apart from everything, and compare every artifact and published file.",
        discussion: """
            What the run recorded is executed in an empty store, by a process of its own with another hash seed, time zone, locale, \
            umask and number of jobs, in another order, without network, and able to write nowhere else. Published files of yours \
            stay as they are.

            Lists everything that differs, down to the byte, with the plugin that began it, and exits with status 1 if anything does.

            EXAMPLES:
              headwater rebuild quickstart
              headwater rebuild run:4f2a9c --json
              headwater rebuild pipelines/quickstart.yaml --from-originals
              headwater rebuild pipelines/quickstart.yaml --lock
            """)

    @OptionGroup var options: StoreOptions
    @OptionGroup var pluginPath: PluginPathOptions

    @Argument(
        help: ArgumentHelp(
            "A run, a pipeline whose latest run is meant, or its file; with --lock the pipeline or lock file.",
            valueName: "run|pipeline"))
    var subject: String?

    @Flag(name: .long, help: "Find and read source files again where they lie, and say which changed since the run.")
    var fromOriginals = false

    @Flag(name: .long, help: "Compare with the lock file beside the pipeline file instead of a run: no store is needed.")
    var lock = false

    @Option(name: .long, help: "Tasks at once. (default: one more than there are processors)")
    var jobs: Int?

    @Option(
        name: .long,
        help: ArgumentHelp("Start tasks in the order of this number, to see a difference again.", valueName: "number"))
    var seed: Int?

    @Option(name: .long, help: ArgumentHelp("Keep the private folder here; it must be new or empty.", valueName: "dir"))
    var keep: String?

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs: expected a number from 1 to 1024") }
        if let seed, !(0...Int(UInt32.max)).contains(seed) {
            throw ValidationError("--seed: expected a number from 0 to \(UInt32.max)")
        }
        if lock, fromOriginals {
            throw ValidationError("--lock reads source files where they lie anyway; leave --from-originals out")
        }
        if !lock, subject == nil { throw ValidationError("expected a run or a pipeline") }
    }

    func run() throws {
        if lock { return try LockedRebuild(command: self).run() }
        let (store, run, file) = try recordedRun()
        let path = try file ?? RebuildCommand.file(of: run, in: store)
        let recorded = RecordedSources(of: run, in: store)
        if recorded.completeStages.isEmpty {
            throw RebuildFault("run:\(run.id) completed no stage, so that there is nothing to rebuild")
        }
        let environment = try recorded.environment()
        let catalog = pluginPath.catalog(beside: path, environment: environment)
        try refuse(changes(of: recorded, at: path, catalog))
        let room = try RebuildRoom(keeping: keep)
        let order = RebuildOrder(
            fromOriginals ? .originals : .recorded, store: URL(fileURLWithPath: store.path).standardizedFileURL.path,
            run: Digest(of: run.json.canonical), pipeline: path, pluginFolders: pluginPath.folders(beside: path),
            environment: environment, conditions: RebuildConditions(jobs: jobs, seed: seed))
        let outcome = try room.carryOut(order)
        guard let again = try History(store: outcome.store).runs(startingWith: outcome.run.description).first else {
            throw RebuildFault("the run that rebuilt is not in its store")
        }
        let report = RebuildReport(
            run: run, conditions: outcome.conditions, failures: outcome.failures,
            sources: fromOriginals ? try SourceChanges(from: run, in: store, to: again, in: outcome.store) : nil,
            comparison: try RunComparison(run, in: store, with: again, in: outcome.store))
        options.json ? Console.line(report.json.description) : report.show()
        if !report.isEqual { throw ExitStatus.failed }
    }

    // MARK: What is meant

    private func recordedRun() throws -> (Store, RunManifest, file: String?) {
        let subject = subject ?? ""
        if subject.hasSuffix(".yaml") || subject.hasSuffix(".yml"), FileManager.default.fileExists(atPath: subject) {
            var pipeline = PipelineOptions()
            (pipeline.pipeline, pipeline.overrides, pipeline.pluginPath) = (subject, [], pluginPath)
            let loaded = try pipeline.load(store: options.store).pipeline
            var options = options
            options.store = pipeline.storePath(options.store)
            let store = try options.open()
            guard let run = try History(store: store).latest(loaded.name) else {
                throw CommandFault("\(subject): the pipeline \(loaded.name) was not run yet; run it first")
            }
            if Digest(of: loaded.source.bytes) != run.file {
                Console.plain(
                    Style.standardError.bold("note: ")
                        + "\(subject) has changed since run:\(run.id); what is rebuilt is the file as it was")
            }
            return (store, run, subject)
        }
        let store = try options.open()
        switch try options.resolve(subject, in: store) {
        case .run(let run): return (store, run, nil)
        case .artifact(let place): return (store, place.run, nil)
        default: throw CommandFault("\(subject) is no run and no pipeline; headwater log lists the runs")
        }
    }

    /// The pipeline file of a run: the one beside the store that is the same, or else where one would lie.
    private static func file(of run: RunManifest, in store: Store) throws -> String {
        let root = URL(fileURLWithPath: store.path).standardizedFileURL.deletingLastPathComponent()
        for folder in [root.appendingPathComponent("pipelines"), root] {
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
            where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                let path = folder.appendingPathComponent(name).path
                if let data = FileManager.default.contents(atPath: path), Digest(of: Array(data)) == run.file { return path }
            }
        }
        return root.appendingPathComponent("pipelines/\(run.pipeline).yaml").path
    }

    // MARK: What must be as it was

    private func changes(
        of recorded: RecordedSources, at path: String, _ catalog: PluginCatalog
    ) throws -> [RecordedSources.StageChange] {
        do {
            let pipeline = try recorded.pipeline(
                at: path, workingDirectory: FileManager.default.currentDirectoryPath, plugins: catalog.registry.declarations)
            return try recorded.changes(in: pipeline)
        } catch let faults as PipelineFaults {
            let broken = catalog.broken.flatMap(\.faults.diagnostics)
            Console.plain(
                DiagnosticText.render(PipelineFaults(faults.diagnostics + broken), color: Style.standardError.isOn), end: "")
            throw RebuildFault("the pipeline of run:\(recorded.run.id) cannot be executed with the plugins that are here")
        }
    }

    /// - Throws: `RebuildFault` with all that changed: what another plugin makes says nothing of the one that is recorded.
    private func refuse(_ changes: [RecordedSources.StageChange]) throws {
        if changes.isEmpty { return }
        let lines = changes.flatMap { change in
            change.differences.isEmpty
                ? ["stage \(change.stage): the pipeline has no such stage any more"]
                : change.differences.map { difference in
                    "stage \(change.stage), plugin \(change.plugin): \(difference.path) was \(difference.old?.description ?? "not there"), "
                        + "is \(difference.new?.description ?? "not there")"
                }
        }
        throw RebuildFault(
            VisibleText.lines(
                of: "what the run was made with is not what is here, so that nothing can be proven:\n  "
                    + lines.joined(separator: "\n  ")
                    + "\nget the recorded versions back, or run the pipeline and rebuild that run"))
    }
}
