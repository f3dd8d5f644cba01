import Glibc
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterPluginKit
import HeadwaterStore

/// One task of a stage that works on files: inputs are laid out, the stage works, outputs are taken up.
struct FolderTask {
    let store: Store
    let room: ScratchRoom
    let policy: TaskPolicy
    var plugin: any FolderStage
    let inputs: [String: Artifact]
    /// Inputs of stages that read sources.
    let sourceRoles: Set<String>
    let context: TaskContext
    /// The one file of a further input, where the stage is carried out for each file of it.
    var piece: Piece?

    func carryOut() throws -> TaskResult {
        let folder = try room.folder()
        var laid = InputFiles(store: store, root: folder.path)
        try laid.lay(inputs, piece, sourceRoles: sourceRoles)
        try makeFolders(for: plugin.outputs, in: folder.path)
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

    /// The folders that outputs lie in, as build tools make them.
    private func makeFolders(for outputs: [String], in folder: String) throws {
        for output in outputs {
            for (index, byte) in output.utf8.enumerated() where byte == UInt8(ascii: "/") {
                let path = "\(folder)/\(Substring(output.utf8.prefix(index)))"
                guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
                    throw TaskFault("cannot make the folder of \(output): \(String(cString: strerror(errno)))")
                }
            }
        }
    }

    private static let mostNamed = 5
}
