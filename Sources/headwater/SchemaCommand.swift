import ArgumentParser
import HeadwaterEngine
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of pipeline files, with the parameters of all plugins, for editors.",
        discussion: """
            EXAMPLES:
              headwater schema > pipelines/.schema.json
              headwater schema --plugin-path Plugins/examples
            """)

    @OptionGroup var pluginPath: PluginPathOptions

    func run() throws {
        let catalog = pluginPath.catalog(beside: nil)
        for broken in catalog.broken {
            Console.plain(DiagnosticText.render(broken.faults, color: Style.standardError.isOn), end: "")
        }
        Console.line(PipelineSchema.document(catalog.registry.declarations).description)
        if !catalog.broken.isEmpty { throw ExitStatus.failed }
    }
}
