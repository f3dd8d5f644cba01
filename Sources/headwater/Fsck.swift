import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

struct Fsck: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read every byte of the store, name what is damaged and whom it harms, and mend it.",
        discussion: """
            With --repair, pipelines are run once more, so that what is damaged is read again from the original files or carried
            out again; damaged packs are then written anew. With --from, whatever another store has whole is taken from there first.
            What cannot be mended is listed.

            EXAMPLES:
              headwater fsck
              headwater fsck --repair                             with the pipelines that lie beside the store
              headwater fsck --repair border.yaml --store /data/store
              headwater fsck --repair --from /backup/artifacts    with a copy of the store, or one that holds the same results
            """)

    @OptionGroup var options: StoreOptions
    @OptionGroup var pluginPath: PluginPathOptions

    @Flag(name: .long, help: "Mend what is damaged.")
    var repair = false

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("Another store to take from what is damaged; may be given several times.", valueName: "store"))
    var copies: [String] = []

    @Argument(help: "Pipeline files to mend with. (default: all in pipelines/ beside the store)")
    var pipelines: [String] = []

    func validate() throws {
        if !repair && !pipelines.isEmpty { throw ValidationError("pipeline files are for --repair") }
        if !repair && !copies.isEmpty { throw ValidationError("--from is for --repair") }
    }

    func run() throws {
        let path = try options.path()
        let sources = try copies.map { (name: $0, store: try Store.open(at: $0, .read)) }
        var findings = try Findings(path)
        if repair && !findings.harmful.isEmpty {
            if !options.json { findings.show(heading: "found") }
            for (name, store) in sources where !findings.harmful.isEmpty {
                Fsck.say("taking what is whole from \(name)")
                try Fsck.rewritePacks(findings, path, with: store)
                findings = try Findings(path)
            }
            if !findings.harmful.isEmpty {
                try mend(findings, path)
                findings = try Findings(path)
            }
        }
        if options.json {
            Console.line(findings.json.description)
        } else {
            findings.show(heading: repair ? "left" : "found")
        }
        if !findings.harmful.isEmpty { throw ExitStatus.damaged }
        if !findings.contradictions.isEmpty { throw ExitStatus.failed }
    }

    /// Has the pipelines' tasks made again what is damaged, then packs written anew.
    private func mend(_ findings: Findings, _ path: String) throws {
        for file in pipelines.isEmpty ? Fsck.pipelines(beside: path) : pipelines {
            var source = PipelineOptions()
            source.pipeline = file
            source.overrides = []
            source.pluginPath = pluginPath
            let store = try Store.open(at: path, .write)
            let history = History(store: store)
            do throws(PipelineFaults) {
                let plain = try source.read(store: path).pipeline
                guard let earlier = (try? history.latest(plain.name)) ?? nil else {
                    if !pipelines.isEmpty { Console.warning("\(file): no run of \(plain.name) is in this store") }
                    try? store.close()
                    continue
                }
                // As it ran the last time. What stands in the file itself need not be given: paths count from there then.
                source.overrides = earlier.parameters.filter { plain.parameters[$0.key] != $0.value }
                    .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.string ?? $0.value.description)" }
                let loaded = try source.read(store: path)
                Fsck.say("mending with \(file)")
                store.distrust(findings.damagedBlobs)
                let result = Result { try Fsck.carryOut(loaded, store) }
                let closed = Result { try store.close() }
                if case .failure(let error) = result { Console.warning("\(file): \(error)") }
                try? closed.get()
            } catch {
                Console.warning("\(file) is no pipeline that can be run; 'headwater lint \(file)' says why")
                try? store.close()
            }
        }
        try Fsck.rewritePacks(findings, path, with: try Store.open(at: path, .read))
    }

    private static func carryOut(_ loaded: PipelineOptions.Loaded, _ store: Store) throws {
        var generator = SystemRandomNumberGenerator()
        var settings = Run.Options(jobs: ProcessInfo.processInfo.activeProcessorCount)
        settings.keepsGoing = true
        _ = try Run(
            loaded.pipeline, plugins: loaded.plugins, store: store, options: settings, id: RunID(random: generator.next()),
            now: Date(), reporter: ConsoleReporter(pipeline: loaded.pipeline, level: .quiet)
        ).perform()
    }

    /// Bytes of restored blobs in memory at once.
    private static let batchBytes = 64 << 20

    /// Stores what is damaged again, as `source` has it, and has the packs written anew without what was damaged.
    private static func rewritePacks(_ findings: Findings, _ path: String, with source: Store) throws {
        var batch: [[UInt8]] = []
        var size = 0
        for digest in findings.damagedBlobs.sorted() {
            guard let bytes = try? source.blob(digest) else { continue }
            batch.append(bytes)
            size += bytes.count
            if size > batchBytes {
                _ = try Store.restore(batch, at: path)
                (batch, size) = ([], 0)
            }
        }
        // What they lead to comes before them.
        _ = try Store.restore(batch, at: path)
        var bindings: [Binding] = []
        for kind in Binding.Kind.allCases where !findings.damagedBindings.isEmpty {
            bindings += try source.bindings(kind).filter { findings.damagedBindings.contains($0.digest) }
        }
        _ = try Store.restore([], bindings, at: path)
    }

    /// Those that can be run: what is there to be included runs as part of others.
    private static func pipelines(beside store: String) -> [String] {
        let folder = URL(fileURLWithPath: store).standardizedFileURL.deletingLastPathComponent().appendingPathComponent(
            "pipelines")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.map { folder.path + "/" + $0 }
            .filter { !Pipeline.isFragment(path: $0, workingDirectory: folder.path) }
    }

    private static func say(_ text: String) { Console.plain(text) }
}
