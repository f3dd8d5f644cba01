import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines

/// What an erasure asks of the machine: where pipeline files lie and which plugins there are, looked for beside the store.
final class ErasingConsole: ErasureHost {
    let jobs: Int
    private let pluginPath: PluginPathOptions
    /// Pipeline files that may be those of runs, with their digests and, where they can be read, their names.
    private let files: [(path: String, digest: Digest, name: String?)]
    /// For pipeline files of which nobody knows where they lie.
    private let elsewhere: String

    init(store: String, pipelines: [String], pluginPath: PluginPathOptions, jobs: Int) {
        self.jobs = jobs
        self.pluginPath = pluginPath
        let folder = URL(fileURLWithPath: store).deletingLastPathComponent().path
        elsewhere = folder + "/pipelines/pipeline.yaml"
        let given = pipelines.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        let found = [folder + "/pipelines", folder].flatMap(ErasingConsole.files)
        files = (given + found.filter { !given.contains($0) }).compactMap { path in
            guard let bytes = FileManager.default.contents(atPath: path).map(Array.init) else { return nil }
            let plugins = pluginPath.catalog(beside: path).registry.declarations
            let pipeline = try? Pipeline.load(
                path: path, workingDirectory: FileManager.default.currentDirectoryPath, plugins: plugins)
            return (path, Digest(of: bytes), pipeline?.name)
        }
    }

    private static func files(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.map { folder + "/" + $0 }
    }

    /// The file with the bytes that the run had, or else the one file of this name.
    func place(of run: RunManifest) -> String? {
        if let same = files.first(where: { $0.digest == run.file }) { return same.path }
        let named = files.filter { $0.name == run.pipeline }
        return named.count == 1 ? named[0].path : nil
    }

    func plugins(for run: RunManifest) -> PluginRegistry { pluginPath.catalog(beside: place(of: run) ?? elsewhere).registry }

    /// Where the files lie that the runs of these pipelines have published, as far as that is known.
    func publishedFiles(_ history: History) throws -> [String] {
        var paths: Set<String> = []
        for run in try history.runs().readable {
            guard let file = place(of: run) else { continue }
            let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
            for publication in run.publications {
                let path = URL(fileURLWithPath: publication.path, relativeTo: folder).standardizedFileURL.path
                if !publication.isFolder { paths.insert(path) }
                let below = publication.isFolder ? FileManager.default.enumerator(atPath: path) : nil
                while let name = below?.nextObject() as? String {
                    var isFolder: ObjCBool = false
                    if FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder), !isFolder.boolValue {
                        paths.insert(path + "/" + name)
                    }
                }
            }
        }
        return paths.sorted()
    }

    func reporter(for pipeline: Pipeline) -> any RunReporter { ConsoleReporter(pipeline: pipeline, level: .quiet) }
    func said(_ message: String) { Console.plain(VisibleText.of(message)) }
    func warned(_ message: String) { Console.warning(VisibleText.lines(of: message)) }
}
