import ArgumentParser
import HeadwaterModel
import HeadwaterPluginKit

struct PluginServe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a plugin of this program to another, over standard input and output.",
        discussion: """
            Speaks the plugin protocol as any plugin in a process of its own does. Shows what the protocol looks like, and lets \
            another program use the stages.

            EXAMPLES:
              echo '{"type":"hello","protocols":[1]}' | headwater plugin serve clean
            """)

    @Argument(help: "The name of a plugin that comes with this program.")
    var name: String

    func run() throws {
        guard let type = BuiltIns.types.first(where: { $0.declaration.name == name }) else {
            let names = BuiltIns.types.map { $0.declaration.name }.joined(separator: ", ")
            throw CommandFault("no plugin of this program is named \(name); it has \(names)")
        }
        guard type.declaration.rounds != .read else {
            throw CommandFault("\(name) reads sources, for which version \(PluginServer.version) of the protocol has no round")
        }
        try PluginServer.serve(type)
    }
}
