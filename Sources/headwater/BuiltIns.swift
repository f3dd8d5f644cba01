import HeadwaterClean
import HeadwaterCommand
import HeadwaterDedupe
import HeadwaterEngine
import HeadwaterExtract
import HeadwaterFetch
import HeadwaterLink
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterSummarize

/// The stages that come with Headwater.
enum BuiltIns {
    static let types: [any Stage.Type] = [
        Fetch.self, Clean.self, Dedupe.self, Extract.self, Link.self, Summarize.self, Command.self,
    ]

    /// The plugin behind a stage that reads sources; nil for another stage, and where the plugin refuses its parameters.
    static func sourceStage(_ stage: PipelineStage) -> (any SourceStage)? {
        let type = types.first { $0.declaration.name == stage.plugin } as? any SourceStage.Type
        return try? type?.init(parameters: stage.parameters)
    }
}
