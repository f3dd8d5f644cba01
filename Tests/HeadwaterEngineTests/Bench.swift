import Foundation
import HeadwaterEngine
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore
import HeadwaterTesting
import Synchronization

/// A pipeline of scripted stages with a store of its own.
final class Bench {
    let folder: TemporaryFolder
    let name = UUID().uuidString
    let reporter = Listener()

    init() throws { folder = try TemporaryFolder() }

    /// Keeps what a run reports.
    final class Listener: RunReporter {
        let failures = Mutex<[RunFailure]>([])
        let reasons = Mutex<[String: Reason]>([:])
        let warnings = Mutex<[String]>([])
        func located(stage: String, sources: Int, partitions: Int) {}
        func finished(task: TaskEntry, stage: String, counts: StageCounts, reason: Reason?) {
            if let reason { reasons.withLock { $0["\(stage) \(task.phase.rawValue) \(task.partition)"] = reason } }
        }
        func completed(stage: String, counts: StageCounts, artifact: Artifact) {}
        func failed(_ failure: RunFailure) { failures.withLock { $0.append(failure) } }
        func warned(_ message: String) { warnings.withLock { $0.append(message) } }
        func published(name: String, path: String) {}
    }

    /// - Parameter libraries: the versions of libraries that `copy` says it is linked with.
    func pipeline(letter: String = "a", libraries: [String: String] = [:], defaults: String = "{}") throws -> Pipeline {
        let text = """
            headwater: 1
            name: scripted
            defaults: \(defaults)
            stages:
              read: {plugin: scripted-source, with: {script: "\(name)"}}
              copy: {plugin: scripted-copy, needs: read, with: {script: "\(name)", letter: "\(letter)"}}
              unique: {plugin: scripted-unique, needs: copy}

            """
        let declarations = Bench.plugins.declarations.map { declaration in
            var declaration = declaration
            if declaration.name == "scripted-copy" { declaration.libraries = libraries }
            return declaration
        }
        return try Pipeline.parse(
            bytes: Array(text.utf8), path: folder("scripted.yaml"), workingDirectory: folder.path, plugins: declarations)
    }

    static let plugins = PluginRegistry([ScriptedSource.self, ScriptedCopy.self, ScriptedUnique.self])

    func run(
        _ script: Script, store: String = "store", letter: String = "a", libraries: [String: String] = [:], now: Date = Date(),
        defaults: String = "{}",
        _ change: (inout Run.Options) -> Void = { _ in }
    ) throws -> Run.Summary {
        Script.register(name, script)
        var options = Run.Options(jobs: 2)
        options.explains = true
        change(&options)
        let store = try Store.open(at: folder(store), .write)
        defer { try? store.close() }
        return try Run(
            try pipeline(letter: letter, libraries: libraries, defaults: defaults), plugins: Bench.plugins, store: store,
            options: options,
            id: RunID(random: UInt64.random(in: .min ... .max)), now: now, reporter: reporter
        ).perform()
    }

    static func pages(_ count: Int) -> Script {
        var script = Script()
        script.sources = (0..<count).map { (String(format: "page-%05d", $0), "The text of page \($0 % 50) says a word or two.") }
        return script
    }
}
