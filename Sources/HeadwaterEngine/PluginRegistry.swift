public import HeadwaterModel
public import HeadwaterPipelines
public import HeadwaterPluginKit

/// The plugins that can stand behind a stage, by name.
public struct PluginRegistry: Sendable {
    private let types: [any Stage.Type]

    public init(_ types: [any Stage.Type]) { self.types = types }

    public var declarations: [PluginDeclaration] { types.map { $0.declaration } }

    /// The first stage whose plugin refuses its parameters though each is valid by itself; nil if none does.
    public func refusal(of pipeline: Pipeline) -> RunFailure? {
        for stage in pipeline.stages {
            do {
                _ = try make(stage)
            } catch {
                return error
            }
        }
        return nil
    }

    /// The plugin behind a stage, made with the stage's parameters.
    func make(_ stage: PipelineStage) throws(RunFailure) -> any Stage {
        guard let type = types.first(where: { $0.declaration.name == stage.declaration.name }) else {
            throw RunFailure(stage: stage.name, task: "", message: "there is no plugin \(stage.declaration.name)")
        }
        do {
            return try type.init(parameters: stage.parameters)
        } catch {
            let fault = error as? StageError
            let position = fault?.parameter.map { stage.position(of: $0, element: fault?.element) }
            throw RunFailure(stage: stage.name, task: "", message: "\(error)", position: position ?? stage.position)
        }
    }
}
