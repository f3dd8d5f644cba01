import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit

/// Which stages share partitions. A record-wise stage keeps its input's; a source stage and a stage applied to groups
/// make their own. Inputs that are joined by partition must share them.
enum PartitionSpace {
    /// - Throws: `RunFailure` naming the first stage whose inputs do not go together.
    static func check(_ stages: [StageRuntime]) throws {
        var owner: [String: String] = [:]
        for stage in stages {
            let rounds = stage.declaration.rounds
            let inputs = stage.pipelineStage.inputs
            if rounds == .folder {
                try checkDivided(stage, stages)
                continue
            }
            if let files = inputs.first(where: { input in
                stages.contains { $0.name == input.stage && $0.declaration.rounds == .folder }
            }) {
                throw RunFailure(
                    stage: stage.name, task: "",
                    message: "its input \(files.stage) makes files, and the plugin \(stage.declaration.name) takes records")
            }
            let owners = inputs.map { owner[$0.stage] ?? "" }
            if let first = owners.first, let other = owners.firstIndex(where: { $0 != first }) {
                throw RunFailure(
                    stage: stage.name, task: "",
                    message:
                        "its inputs \(inputs[0].stage) and \(inputs[other].stage) do not share partitions, so their records cannot be "
                        + "joined; expected inputs that come from the same source stage with no grouping stage between")
            }
            owner[stage.name] = rounds == .read || rounds == .group ? stage.name : owners.first ?? stage.name
        }
    }

    /// Only an input made of files can be taken file by file.
    private static func checkDivided(_ stage: StageRuntime, _ stages: [StageRuntime]) throws {
        guard let role = (stage.plugin as? any FolderStage)?.divided else { return }
        func refuse(_ problem: String) -> RunFailure {
            RunFailure(
                stage: stage.name, task: "", message: problem, position: stage.pipelineStage.position(of: "each", element: nil))
        }
        let inputs = stage.pipelineStage.inputs
        guard let input = inputs.first(where: { $0.role == role }) else {
            let known = inputs.map(\.role).joined(separator: ", ")
            throw refuse(
                "\"each\" names the input \(role), which it does not have; expected \(known.isEmpty ? "an input" : known)")
        }
        let rounds = stages.first { $0.name == input.stage }?.declaration.rounds
        guard rounds == .read || rounds == .folder else {
            throw refuse("\"each\" names the input \(role), which is made of records; expected sources, or files of a command")
        }
    }
}
