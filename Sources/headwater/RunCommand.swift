import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline: only what changed is carried out.",
        discussion: """
            EXAMPLES:
              headwater run pipelines/quickstart.yaml
              headwater run pipelines/quickstart.yaml --set corpus=saved-pages --jobs 4
              headwater run pipelines/quickstart.yaml --verbose
              headwater run pipelines/quickstart.yaml --stage clean
              headwater run pipelines/quickstart.yaml --from dedupe --until extract
              headwater run pipelines/quickstart.yaml --force extract
              headwater run pipelines/quickstart.yaml --audit 5%
              headwater run pipelines/quickstart.yaml --lock

            Ctrl-C, SIGTERM and SIGHUP let what is running come to its end, keep what was done, and exit with status 130.
            """)

    @OptionGroup var pipeline: PipelineOptions
    @OptionGroup var options: StoreOptions

    @Option(name: .long, help: "Tasks at once. (default: one for each processor)")
    var jobs: Int?

    @OptionGroup var part: SelectionOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Carry this share of the known tasks out again, another one in each run, and see whether they come to the same.",
            valueName: "percent"))
    var audit: Percentage?

    @Flag(name: .long, help: "Ask the network again instead of using what it answered before.")
    var refresh = false

    @Flag(
        name: .long,
        help: "Write what the run was made of and what it made to a lock file beside the pipeline file, for `rebuild --lock`.")
    var lock = false

    @Flag(name: .long, help: "Say nothing but errors.")
    var quiet = false

    @Flag(name: .long, help: "Say of each task that is carried out why it is.")
    var verbose = false

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs: expected a number from 1 to 1024") }
    }

    func run() throws {
        let source = try pipeline.load(store: options.store)
        let loaded = source.pipeline
        let selection = try part.selection(of: loaded)
        if lock, !selection.wanted.isEmpty { throw CommandFault("--lock: a lock file is of all stages; run them all") }
        let store = try Store.open(at: pipeline.storePath(options.store), .write)
        for warning in store.warnings { Console.warning("\(warning)") }
        var settings = Run.Options(jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        settings.only = selection.wanted
        settings.forced = selection.forced
        settings.refreshes = refresh
        settings.keepsGoing = part.keepGoing
        settings.audit = audit?.millionths ?? 0
        settings.explains = verbose
        let reporter = ConsoleReporter(pipeline: loaded, level: quiet ? .quiet : verbose ? .verbose : .normal)
        var generator = SystemRandomNumberGenerator()
        let run = try Run(
            loaded, plugins: source.plugins, store: store, options: settings, id: RunID(random: generator.next()), now: Date(),
            reporter: reporter)
        let signals = Interruption.watch {
            Console.plain("interrupted: letting what is running come to its end; once more to stop at once")
            run.interrupt()
        }
        let summary = try RunCommand.carryOut(run, closing: store)
        signals.cancel()
        if lock, summary.state == .done { try writeLock(of: summary, store) }
        if options.json {
            Console.line(RunCommand.json(summary).description)
        } else if !quiet {
            sayWhatWasLeftOut(summary, store)
            reporter.end(summary)
        }
        switch summary.state {
        case .done: if audit != nil, !summary.contradictions.isEmpty { throw ExitStatus.failed }
        case .failed: throw summary.failures.contains(where: \.isDamage) ? ExitStatus.damaged : ExitStatus.failed
        case .interrupted: throw ExitStatus.interrupted
        }
    }

    /// Carries the run out, and lets others read what came of it before a word is said about it. The store is closed too
    /// where the run could not be written down: what its tasks made is whole, and the first fault is the one to tell.
    private static func carryOut(_ run: Run, closing store: Store) throws -> Run.Summary {
        let summary = Result { try run.perform() }
        let closed = Result { try store.close() }
        let done = try summary.get()
        try closed.get()
        do {
            try Store.compact(at: store.path)
        } catch {
            Console.warning("the run is kept, but the store's many packs could not be put together: \(error)")
        }
        do {
            // Taken up now, so that nobody who asks has to wait for it.
            _ = try LineageIndex.open(of: try Store.open(at: store.path, .read)) { _ in }
        } catch {
            Console.warning("the run is kept, but it could not be taken into the index: \(error)")
        }
        return done
    }

    private func writeLock(of summary: Run.Summary, _ store: Store) throws {
        guard let run = try History(store: store).runs(startingWith: summary.id.description).first else { return }
        let path = LockedRebuild.lockPath(of: pipeline.pipeline)
        do {
            try Data(try LockFile(of: run, in: store).bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch let error as CocoaError {
            throw SystemRefusal("the run is kept, but its lock file \(path) cannot be written", error)
        }
    }

    /// Names what was left out where that is little, and counts it where it is much. The run is over and kept, so that
    /// what cannot be told is no failure of it.
    private func sayWhatWasLeftOut(_ summary: Run.Summary, _ store: Store) {
        do {
            try showWhatWasLeftOut(summary, store)
        } catch {
            Console.warning("the run is kept, but what it left out cannot be told: \(error)")
        }
    }

    private func showWhatWasLeftOut(_ summary: Run.Summary, _ store: Store) throws {
        guard let run = try History(store: store).runs(startingWith: summary.id.description).first else { return }
        let reader = DatasetReader(store: store)
        for stage in summary.stages {
            guard let artifact = stage.artifact else { continue }
            let content = try reader.artifact(artifact)
            let place = Resolver.ArtifactPlace(run: run, stage: stage, digest: artifact, content: content)
            guard let line = try DroppedText(place: place, reader: reader, asJSON: false).summary() else { continue }
            Console.plain("left out by \(stage.name): \(line)")
        }
    }

    /// `{"run":…,"state":…,"stages":[{"name","artifact","executed","hits"}],"published":[…],"failures":[…],"suppressed":…,"audited":…,"contradictions":[…]}`
    static func json(_ summary: Run.Summary) -> JSON {
        [
            "run": .string(summary.id.description),
            "state": .string(summary.state.rawValue),
            "stages": .array(
                summary.stages.map { stage in
                    [
                        "name": .string(stage.name), "artifact": stage.artifact.map { .string($0.description) } ?? .null,
                        "executed": .integer(stage.executed), "hits": .integer(stage.hits),
                        "sandbox": stage.confinement.map { .string($0) } ?? .null,
                    ]
                }),
            "published": .array(
                summary.publications.map {
                    ["name": .string($0.name), "path": .string($0.path), "file": .string($0.file.description)]
                }),
            "failures": .array(
                summary.failures.map { ["stage": .string($0.stage), "task": .string($0.task), "message": .string($0.message)] }),
            "suppressed": .integer(summary.suppressed),
            "audited": .integer(summary.audited), "contradictions": .array(summary.contradictions.map(\.json)),
        ]
    }
}
