import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterWorkers

/// Where plugins from outside are looked for, besides the folders of a pipeline file.
struct PluginPathOptions: ParsableArguments {
    @Option(
        name: .customLong("plugin-path"),
        help: ArgumentHelp(
            "Look for plugins in this folder, too; may be repeated. $HEADWATER_PLUGIN_PATH holds more, parted by colons.",
            valueName: "dir"))
    var folders: [String] = []

    /// All plugins that a pipeline file may name.
    /// - Parameters:
    ///   - pipeline: the file, whose own `Plugins/` folders are looked through as well; nil for the current folder.
    ///   - values: of environment variables, in the place of those of this process.
    func catalog(beside pipeline: String?, environment values: [String: String] = [:]) -> PluginCatalog {
        let environment = ProcessInfo.processInfo.environment.merging(values) { $1 }
        return PluginCatalog(searchPath: folders(beside: pipeline), environment: environment)
    }

    /// All folders that are looked through, in order.
    func folders(beside pipeline: String?) -> [String] {
        let named = (ProcessInfo.processInfo.environment["HEADWATER_PLUGIN_PATH"] ?? "").split(separator: ":").map(String.init)
        return folders + named + PluginPathOptions.ownFolders(beside: pipeline)
    }

    /// `Plugins/` in the folder of the pipeline file, and beside that folder.
    private static func ownFolders(beside pipeline: String?) -> [String] {
        guard let pipeline else { return ["Plugins"] }
        let slash = pipeline.lastIndex(of: "/")
        let folder = slash.map { String(pipeline[..<$0]) } ?? "."
        return [folder + "/Plugins", folder + "/../Plugins"]
    }
}

/// The plugins there are: those in this program, and those found in folders.
struct PluginCatalog {
    private(set) var found: [Found] = []
    /// Folders that have a manifest which cannot be used.
    private(set) var broken: [Broken] = []

    struct Found {
        /// The folder, as messages name it.
        var path: String
        var manifest: PluginManifest
    }

    struct Broken {
        var path: String
        var faults: PipelineFaults
    }

    init(searchPath: [String], environment: [String: String]) {
        let folder = FileManager.default.currentDirectoryPath
        for entry in PluginFolder.all(in: searchPath, workingDirectory: folder) {
            add(name: entry.name, path: entry.path, from: folder, environment)
        }
    }

    private mutating func add(name: String, path: String, from folder: String, _ environment: [String: String]) {
        if BuiltIns.types.contains(where: { $0.declaration.name == name }) {
            let fault = Diagnostic(
                position: SourcePosition(file: path), message: "a plugin that comes with this program is named \(name)",
                expected: "another name")
            broken.append(Broken(path: path, faults: PipelineFaults([fault])))
            return
        }
        do throws(PipelineFaults) {
            let manifest = try PluginFolder.load(path, workingDirectory: folder, environment: environment)
            found.append(Found(path: path, manifest: manifest))
        } catch {
            broken.append(Broken(path: path, faults: error))
        }
    }

    var registry: PluginRegistry {
        let builtIn = BuiltIns.types.map { PluginRegistry.Plugin($0) }
        return PluginRegistry(builtIn + found.map { PluginCatalog.plugin($0.manifest) })
    }

    private static func plugin(_ manifest: PluginManifest) -> PluginRegistry.Plugin {
        PluginRegistry.Plugin(manifest.declaration) { stage in
            ExternalStage(manifest, parameters: stage.parameters, timeout: stage.policy.timeout, memory: stage.policy.memory)
        }
    }
}
