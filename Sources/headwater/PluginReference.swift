import ArgumentParser
import Foundation
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit

/// A plugin that the command line names, by name or by folder.
struct PluginReference: ParsableArguments {
    @Argument(help: "The plugin's name, or the folder it lies in.")
    var plugin: String

    @OptionGroup var pluginPath: PluginPathOptions

    enum Found {
        case builtIn(any Stage.Type)
        case external(PluginManifest)
    }

    /// - Throws: `CommandFault` if there is no such plugin; the faults of its manifest are shown, and end the command.
    func find() throws -> Found {
        if let type = BuiltIns.types.first(where: { $0.declaration.name == plugin }) { return .builtIn(type) }
        if plugin.contains("/") || FileManager.default.fileExists(atPath: plugin + "/" + PluginFolder.manifestName) {
            let manifest = try load(plugin)
            return .external(manifest)
        }
        let catalog = pluginPath.catalog(beside: nil)
        var names = BuiltIns.types.map { $0.declaration.name }
        for entry in catalog.found {
            if entry.manifest.declaration.name == plugin { return .external(entry.manifest) }
            names.append(entry.manifest.declaration.name)
        }
        for entry in catalog.broken where entry.path.hasSuffix("/" + plugin) {
            let manifest = try load(entry.path)
            return .external(manifest)
        }
        let nearest = NearestName.of(plugin, among: names).map { "; did you mean \($0)?" } ?? ""
        throw CommandFault("no plugin is named \(plugin)\(nearest) 'headwater plugin list' lists them all")
    }

    private func load(_ path: String) throws -> PluginManifest {
        do throws(PipelineFaults) {
            return try PluginFolder.load(
                path, workingDirectory: FileManager.default.currentDirectoryPath,
                environment: ProcessInfo.processInfo.environment)
        } catch {
            Console.plain(DiagnosticText.render(error, color: Style.standardError.isOn), end: "")
            throw ExitStatus.usage
        }
    }
}
