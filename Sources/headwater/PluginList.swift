import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit

struct PluginList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the plugins that a pipeline file can name.",
        discussion: """
            Those that come with this program, those in Plugins/ here, in the folders of --plugin-path, and in those of \
            $HEADWATER_PLUGIN_PATH. A folder whose manifest cannot be used is listed with its faults, and ends the command with \
            status 1.

            EXAMPLES:
              headwater plugin list
              headwater plugin list --plugin-path Plugins/examples --json
            """)

    @OptionGroup var pluginPath: PluginPathOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let catalog = pluginPath.catalog(beside: nil)
        let builtIn = BuiltIns.types.map { $0.declaration }
        if output.json {
            Console.line(json(builtIn, catalog).description)
        } else {
            let all = builtIn.map { ($0, "") } + catalog.found.map { ($0.manifest.declaration, "  (\($0.path))") }
            let width = all.map(\.0.name.count).max() ?? 0
            for (declaration, place) in all {
                let name = declaration.name.padding(toLength: width, withPad: " ", startingAt: 0)
                Console.line(
                    VisibleText.of(
                        "\(Style.standardOutput.bold(name))  \(declaration.version)  \(declaration.summary)\(place)"))
            }
        }
        for broken in catalog.broken {
            Console.plain(DiagnosticText.render(broken.faults, color: Style.standardError.isOn), end: "")
        }
        if !catalog.broken.isEmpty { throw ExitStatus.failed }
    }

    /// `{"plugins":[{"name","version","summary","path"}],"broken":[{"path","faults"}]}`; a plugin of this program has no path.
    private func json(_ builtIn: [PluginDeclaration], _ catalog: PluginCatalog) -> JSON {
        func entry(_ declaration: PluginDeclaration, _ path: String?) -> JSON {
            [
                "name": .string(declaration.name), "version": .string(declaration.version),
                "summary": .string(declaration.summary), "path": path.map { .string($0) } ?? .null,
            ]
        }
        return [
            "plugins": .array(
                builtIn.map { entry($0, nil) } + catalog.found.map { entry($0.manifest.declaration, $0.path) }),
            "broken": .array(
                catalog.broken.map { broken in
                    [
                        "path": .string(broken.path),
                        "faults": .array(broken.faults.diagnostics.map { .string("\($0.position): \($0.message)") }),
                    ]
                }),
        ]
    }
}
