import ArgumentParser

/// What there is to do with plugins. Each subcommand has a file of its own.
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "List, describe and check plugins; write a new one.",
        discussion: """
            EXAMPLES:
              headwater plugin new sirens --language python
              headwater plugin list
              headwater plugin describe dedupe
              headwater plugin check Plugins/passages --set word=river
            """,
        subcommands: [PluginNew.self, PluginList.self, PluginDescribe.self, PluginCheck.self, PluginServe.self])
}
