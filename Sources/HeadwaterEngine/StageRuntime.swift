import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit

/// One stage of a pipeline, ready to run: its declaration, its parameters and the plugin made with them.
struct StageRuntime: Sendable {
    let pipelineStage: PipelineStage
    let plugin: any StageRounds
    /// Parameters as a task key holds them: without those that only say where sources lie.
    let keyParameters: [String: JSON]

    init(pipelineStage: PipelineStage, plugin: any StageRounds) {
        self.pipelineStage = pipelineStage
        self.plugin = plugin
        let places = Set(pipelineStage.declaration.parameters.filter(\.isPlace).map(\.name))
        keyParameters = pipelineStage.parameters.values.filter { !places.contains($0.key) }
    }

    var name: String { pipelineStage.name }
    var declaration: PluginDeclaration { pipelineStage.declaration }

    func keyDocument(_ phase: KeyDocument.Phase, inputs: [String: JSON]) -> KeyDocument {
        KeyDocument(
            plugin: declaration.name, version: declaration.version, digest: declaration.digest, phase: phase,
            parameters: keyParameters, inputs: inputs, environment: declaration.environment, libraries: declaration.libraries)
    }
}
