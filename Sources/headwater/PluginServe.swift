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
        try PluginServe.check(type)
        try PluginServer.serve(type)
    }

    /// - Throws: `CommandFault` for a stage whose work the protocol has no words for.
    static func check(_ type: any Stage.Type) throws {
        let name = type.declaration.name
        let work: String
        switch type.declaration.rounds {
        case .read: work = "reads sources"
        case .folder: work = "runs a program on files"
        case .apply, .combine, .examine, .group: return
        }
        throw CommandFault("\(name) \(work), for which version \(PluginServer.version) of the protocol has no round")
    }
}
