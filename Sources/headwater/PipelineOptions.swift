import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterPipelines

/// Options of the commands that read a pipeline file.
struct PipelineOptions: ParsableArguments {
    @Argument(help: "The pipeline file.")
    var pipeline: String

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Give a pipeline parameter another value; may be repeated.", valueName: "name=value"))
    var overrides: [String] = []

    @OptionGroup var pluginPath: PluginPathOptions

    /// A pipeline with the plugins that its stages name.
    struct Loaded {
        var pipeline: Pipeline
        var plugins: PluginRegistry
    }

    /// Reads the file; its faults are shown as they stand, and end the command with status 2.
    ///
    /// - Parameter store: the store's folder where the command line names one.
    func load(store: String? = nil) throws -> Loaded {
        do throws(PipelineFaults) {
            return try read(store: store)
        } catch {
            Console.plain(DiagnosticText.render(error, color: Style.standardError.isOn), end: "")
            throw ExitStatus.usage
        }
    }

    /// Reads the file, has every plugin look at its parameters, and sees that no publication is written over what is read.
    func read(store: String? = nil) throws(PipelineFaults) -> Loaded {
        let catalog = pluginPath.catalog(beside: pipeline)
        let plugins = catalog.registry
        let loaded = try load(catalog, plugins)
        if let refused = plugins.refusal(of: loaded) {
            let position = refused.position ?? SourcePosition(file: pipeline)
            throw PipelineFaults([loaded.diagnostic(at: position, "stage \(refused.stage): \(refused.message)")])
        }
        let misplaced = MisplacedPublication.all(of: loaded, store: storePath(store))
        if !misplaced.isEmpty { throw PipelineFaults(misplaced) }
        return Loaded(pipeline: loaded, plugins: plugins)
    }

    /// A plugin whose manifest cannot be read is as good as not there; why it cannot is told with the faults of the file.
    private func load(_ catalog: PluginCatalog, _ plugins: PluginRegistry) throws(PipelineFaults) -> Pipeline {
        do throws(PipelineFaults) {
            return try Pipeline.load(
                path: pipeline, overrides: overrides, workingDirectory: FileManager.default.currentDirectoryPath,
                plugins: plugins.declarations)
        } catch {
            throw PipelineFaults(
                error.diagnostics + catalog.broken.flatMap(\.faults.diagnostics), omittedCount: error.omittedCount)
        }
    }

    /// The store that belongs to the pipeline file: `artifacts/` beside the nearest `pipelines/`, or beside the file.
    func storePath(_ given: String?) -> String {
        if let given { return given }
        let folder = URL(fileURLWithPath: pipeline).standardizedFileURL.deletingLastPathComponent()
        return StoreOptions.nearest(from: folder.path) ?? folder.appendingPathComponent("artifacts").path
    }
}
