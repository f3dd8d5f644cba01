import HeadwaterLineage
public import HeadwaterModel
public import HeadwaterPipelines
import HeadwaterStore

extension RecordedSources {
    /// A stage that would not be the same task any more, whatever it works on.
    public struct StageChange: Sendable {
        public var stage: String
        public var plugin: String
        /// Of its key documents but for inputs: versions, digests of files, parameters, environment, libraries.
        public var differences: [KeyDocument.Difference]
    }

    /// The stages whose plugins or parameters are not what the run recorded, in order.
    ///
    /// - Parameter pipeline: with the plugins of today.
    /// - Throws: what keeps a recorded key from being read.
    public func changes(in pipeline: Pipeline) throws -> [StageChange] {
        try run.stages.filter { $0.artifact != nil }.compactMap { recorded in
            guard let stage = pipeline.stage(named: recorded.name) else {
                return StageChange(stage: recorded.name, plugin: recorded.plugin, differences: [])
            }
            guard let first = try firstKey(of: recorded) else {
                let (old, new) = (recorded.version, stage.declaration.version)
                if old == new { return nil }
                let difference = KeyDocument.Difference(path: "plugin.version", old: .string(old), new: .string(new))
                return StageChange(stage: recorded.name, plugin: recorded.plugin, differences: [difference])
            }
            let now = stage.keyForm(first.phase).document(inputs: first.document.json["inputs"] ?? .null)
            let differences = now.differences(from: first.document)
            if differences.isEmpty { return nil }
            return StageChange(stage: recorded.name, plugin: recorded.plugin, differences: differences)
        }
    }

    /// The environment variables that plugins declared, as they were.
    public func environment() throws -> [String: String] {
        var out: [String: String] = [:]
        for stage in run.stages {
            guard let members = try firstKey(of: stage)?.document.json["environment"]?.object else { continue }
            out.merge(members.compactMapValues(\.string)) { $1 }
        }
        return out
    }

    private func firstKey(of stage: RunManifest.Stage) throws -> (phase: KeyDocument.Phase, document: KeyDocument)? {
        guard let first = try History(store: store).tasks(of: stage).first else { return nil }
        return (first.phase, KeyDocument(json: try JSON(parsing: store.blob(first.key))))
    }
}
