import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines

struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw the stages of a pipeline, or the lineage of a result, as text, DOT, Mermaid or SVG.",
        discussion: """
            The stages are those that the pipeline file declares. A lineage leads from what a reference names up to the \
            sources: of an artifact, a run or a published file by artifacts, of a record or a line of a published file by \
            records.

            EXAMPLES:
              headwater graph pipelines/quickstart.yaml
              headwater graph pipelines/quickstart.yaml --format mermaid
              headwater graph --lineage 'summarize#1'
              headwater graph --lineage out/brief.md:5 --format svg > brief.svg
              headwater graph --lineage quickstart --format dot | dot -Tpdf > run.pdf
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, dot, mermaid, svg }

    @OptionGroup var options: StoreOptions
    @OptionGroup var pluginPath: PluginPathOptions

    @Argument(help: "The pipeline file.")
    var pipeline: String?

    @Option(name: .long, help: ArgumentHelp("Draw where this came from instead.", valueName: "reference"))
    var lineage: String?

    @Option(name: .long, help: "How to draw it: text, dot, mermaid or svg.")
    var format: Format = .text

    @Option(name: .long, help: ArgumentHelp("At most this many boxes; what is left out is counted.", valueName: "count"))
    var limit = 200

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Give a pipeline parameter another value; may be repeated.", valueName: "name=value"))
    var overrides: [String] = []

    /// More boxes than anybody reads; drawing takes the square of them.
    private static let most = 2000

    func validate() throws {
        if (pipeline == nil) == (lineage == nil) {
            throw ValidationError("expected a pipeline file, or a reference with --lineage")
        }
        if !(2...GraphCommand.most).contains(limit) { throw ValidationError("--limit: expected 2 to \(GraphCommand.most)") }
        if lineage != nil && !overrides.isEmpty { throw ValidationError("--set is for the pipeline file") }
    }

    func run() throws {
        let graph: Graph
        if let lineage {
            let store = try options.open()
            graph = try LineageGraph.of(try options.resolve(lineage, in: store), lineage, store: store, limit: limit)
        } else {
            graph = PipelineGraph.of(try load(), limit: limit)
        }
        if options.json {
            Console.line(GraphJSON.of(graph).description)
        } else {
            switch format {
            case .text: Console.bytes(Array(GraphText.render(graph).utf8))
            case .dot: Console.bytes(Array(GraphDOT.render(graph).utf8))
            case .mermaid: Console.bytes(Array(GraphMermaid.render(graph).utf8))
            case .svg: Console.bytes(Array(GraphSVG.render(graph).utf8))
            }
        }
        if let remark = graph.remark { Console.warning("\(remark); --limit draws more") }
    }

    private func load() throws -> Pipeline {
        let file = pipeline ?? ""
        let catalog = pluginPath.catalog(beside: file)
        do throws(PipelineFaults) {
            return try Pipeline.load(
                path: file, overrides: overrides, workingDirectory: FileManager.default.currentDirectoryPath,
                plugins: catalog.registry.declarations)
        } catch {
            Console.plain(DiagnosticText.render(error, color: Style.standardError.isOn), end: "")
            throw ExitStatus.usage
        }
    }
}
