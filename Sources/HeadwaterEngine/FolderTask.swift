import Foundation
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore

/// One task of a stage that works on files: inputs are laid out, the stage works, outputs are taken up.
struct FolderTask {
    let store: Store
    let stage: StageRuntime
    let plugin: any FolderStage
    let inputs: [String: Artifact]
    /// Inputs of stages that read sources.
    let sourceRoles: Set<String>
    let context: TaskContext

    func carryOut() throws -> TaskResult {
        // A child has another current folder, from which a relative path would not lead here.
        let folder = try ScratchFolder(in: URL(fileURLWithPath: store.path).standardizedFileURL.path + "/work")
        var laid = InputFiles(store: store, root: folder.path)
        try laid.lay(inputs, sourceRoles: sourceRoles)
        let policy = stage.pipelineStage.policy
        try plugin.work(in: WorkFolder(path: folder.path, timeout: policy.timeout, memory: policy.memory), context)
        var outputs = OutputFiles(store: store, root: folder.path)
        try outputs.take(plugin.outputs)
        var entries = outputs.entries
        if outputs.status(WorkFolder.lineage) != nil {
            var claims = LineageClaims(store: store, inputs: laid)
            try claims.apply(try outputs.read(WorkFolder.lineage), to: &entries)
        }
        let others = try outputs.others(than: plugin.outputs)
        if !others.isEmpty {
            let named = others.prefix(FolderTask.mostNamed).joined(separator: ", ")
            let more = others.count > FolderTask.mostNamed ? " and \(others.count - FolderTask.mostNamed) more" : ""
            context.journal.warn("it left files that are not among its outputs, and they are gone: \(named)\(more)")
        }
        do {
            return .tree(try FileTree(entries: entries))
        } catch {
            throw TaskFault("its outputs cannot be kept: \(error)")
        }
    }

    private static let mostNamed = 5
}
