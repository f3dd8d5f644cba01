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

    /// Reads the file; its faults are shown as they stand, and end the command with status 2.
    ///
    /// - Parameter store: the store's folder where the command line names one.
    func load(store: String? = nil) throws -> Pipeline {
        do throws(PipelineFaults) {
            return try read(store: store)
        } catch {
            Console.plain(DiagnosticText.render(error, color: Style.standardError.isOn), end: "")
            throw ExitStatus.usage
        }
    }

    /// Reads the file, has every plugin look at its parameters, and sees that no publication is written over what is read.
    func read(store: String? = nil) throws(PipelineFaults) -> Pipeline {
        let loaded = try Pipeline.load(
            path: pipeline, overrides: overrides, workingDirectory: FileManager.default.currentDirectoryPath,
            plugins: BuiltIns.registry.declarations, formats: Run.publicationFormats)
        if let refused = BuiltIns.registry.refusal(of: loaded) {
            let position = refused.position ?? SourcePosition(file: pipeline)
            throw PipelineFaults([loaded.diagnostic(at: position, "stage \(refused.stage): \(refused.message)")])
        }
        let misplaced = MisplacedPublication.all(of: loaded, store: storePath(store))
        if !misplaced.isEmpty { throw PipelineFaults(misplaced) }
        return loaded
    }

    /// - Throws: `CommandFault` for a name that is no stage of the pipeline.
    func check(stages names: [String], of pipeline: Pipeline) throws {
        for name in names where pipeline.stage(named: name) == nil {
            throw CommandFault(
                "there is no stage \(name) in \(self.pipeline); it has \(pipeline.stages.map(\.name).joined(separator: ", "))")
        }
    }

    /// The store that belongs to the pipeline file: `artifacts/` beside the nearest `pipelines/`, or beside the file.
    func storePath(_ given: String?) -> String {
        if let given { return given }
        let folder = URL(fileURLWithPath: pipeline).standardizedFileURL.deletingLastPathComponent()
        return StoreOptions.nearest(from: folder.path) ?? folder.appendingPathComponent("artifacts").path
    }
}
