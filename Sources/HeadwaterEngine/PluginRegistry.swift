public import HeadwaterModel
import HeadwaterPipelines
public import HeadwaterPluginKit

/// The plugins that can stand behind a stage, by name.
public struct PluginRegistry: Sendable {
    private let types: [any Stage.Type]

    public init(_ types: [any Stage.Type]) { self.types = types }

    public var declarations: [PluginDeclaration] { types.map { $0.declaration } }

    /// The plugin behind a stage, made with the stage's parameters.
    func make(_ stage: PipelineStage) throws -> any Stage {
        guard let type = types.first(where: { $0.declaration.name == stage.declaration.name }) else {
            throw RunFailure(stage: stage.name, task: "", message: "there is no plugin \(stage.declaration.name)")
        }
        do {
            return try type.init(parameters: stage.parameters)
        } catch let error as StageError {
            let position = error.parameter.map { stage.position(of: $0, element: error.element) }
            throw RunFailure(stage: stage.name, task: "", message: error.description, position: position ?? stage.position)
        }
    }
}
