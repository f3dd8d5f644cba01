public import HeadwaterModel
public import HeadwaterPipelines
public import HeadwaterPluginKit

/// The plugins that can stand behind a stage, by name.
public struct PluginRegistry: Sendable {
    private let plugins: [Plugin]

    /// One plugin: what it says of itself, and how a stage is made of it.
    public struct Plugin: Sendable {
        public let declaration: PluginDeclaration
        let make: @Sendable (PipelineStage) throws -> any StageRounds

        /// A plugin whose stages are made by whoever gives it.
        public init(_ declaration: PluginDeclaration, make: @escaping @Sendable (PipelineStage) throws -> any StageRounds) {
            self.declaration = declaration
            self.make = make
        }

        /// A plugin in this process.
        public init(_ type: any Stage.Type) {
            self.init(type.declaration) { try type.init(parameters: $0.parameters) }
        }
    }

    public init(_ plugins: [Plugin]) { self.plugins = plugins }

    /// Plugins in this process.
    public init(_ types: [any Stage.Type]) { self.init(types.map { Plugin($0) }) }

    public var declarations: [PluginDeclaration] { plugins.map(\.declaration) }

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
    func make(_ stage: PipelineStage) throws(RunFailure) -> any StageRounds {
        guard let plugin = plugins.first(where: { $0.declaration.name == stage.declaration.name }) else {
            throw RunFailure(stage: stage.name, task: "", message: "there is no plugin \(stage.declaration.name)")
        }
        do {
            return try plugin.make(stage)
        } catch {
            let fault = error as? StageError
            let position = fault?.parameter.map { stage.position(of: $0, element: fault?.element) }
            throw RunFailure(stage: stage.name, task: "", message: "\(error)", position: position ?? stage.position)
        }
    }
}
