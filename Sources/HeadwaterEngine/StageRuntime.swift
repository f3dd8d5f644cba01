import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit

/// One stage of a pipeline, ready to run: its declaration, its parameters and the plugin made with them.
struct StageRuntime: Sendable {
    let pipelineStage: PipelineStage
    let plugin: any StageRounds
    /// Parameters as a task key holds them: without those that only say where sources lie.
    let keyParameters: [String: JSON]
    /// All of the key documents of its tasks but what these work on.
    private let forms: [KeyDocument.Phase: KeyDocument.Form]
    /// Of the key document of a partition without sources: tells apart whatever may change what the stage makes of files.
    let formDigest: Digest

    init(pipelineStage: PipelineStage, plugin: any StageRounds) {
        self.pipelineStage = pipelineStage
        self.plugin = plugin
        keyParameters = pipelineStage.keyParameters
        forms = Dictionary(
            KeyDocument.Phase.allCases.map { ($0, pipelineStage.keyForm($0)) }, uniquingKeysWith: { first, _ in first })
        formDigest = Digest(of: forms[.apply]?.bytes(inputs: ["sources": []]) ?? [])
    }

    var name: String { pipelineStage.name }
    var declaration: PluginDeclaration { pipelineStage.declaration }

    func form(_ phase: KeyDocument.Phase) -> KeyDocument.Form { forms[phase] ?? pipelineStage.keyForm(phase) }
}

extension PipelineStage {
    /// Parameters as a task key holds them: without those that only say where sources lie.
    var keyParameters: [String: JSON] {
        let places = Set(declaration.parameters.filter(\.isPlace).map(\.name))
        return parameters.values.filter { !places.contains($0.key) }
    }

    /// All of the key documents of its tasks but what these work on.
    func keyForm(_ phase: KeyDocument.Phase) -> KeyDocument.Form {
        KeyDocument.Form(
            plugin: declaration.name, version: declaration.version, digest: declaration.digest, phase: phase,
            parameters: keyParameters, environment: declaration.environment, libraries: declaration.libraries)
    }
}
