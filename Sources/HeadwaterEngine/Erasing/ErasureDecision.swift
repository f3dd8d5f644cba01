public import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// What becomes of a run that read what is erased.
public struct ErasureDecision: Sendable {
    /// Why it cannot be redone and is forgotten; nil if it is redone.
    public var reason: String?

    /// - Parameters:
    ///   - plugins: those that its pipeline file may name today.
    ///   - place: where that file lies; nil if it is not known.
    public init(on affected: AffectedRun, history: History, plugins: PluginRegistry, place: String?) {
        let run = affected.run
        let complete = run.stages.filter { $0.artifact != nil }
        guard !complete.isEmpty else {
            reason = "it completed no stage"
            return
        }
        for stage in complete {
            guard let plugin = plugins.declarations.first(where: { $0.name == stage.plugin }) else {
                reason = "the plugin \(stage.plugin) of stage \(stage.name) is not there any more"
                return
            }
            guard plugin.version == stage.version else {
                reason =
                    "stage \(stage.name) ran with version \(stage.version) of \(stage.plugin); there is \(plugin.version) now"
                return
            }
            guard ErasureDecision.recordedDigest(of: stage, history) == plugin.digest?.description else {
                reason = "the files of the plugin \(stage.plugin) of stage \(stage.name) are others now"
                return
            }
        }
        do {
            let recorded = RecordedSources(of: run, in: history.store)
            let pipeline = try recorded.pipeline(
                at: place ?? ErasureDecision.nowhere(run, store: history.store.path), workingDirectory: "/",
                plugins: plugins.declarations)
            reason = plugins.refusal(of: pipeline).map { "stage \($0.stage): \($0.message)" }
        } catch {
            reason =
                "its pipeline file cannot be read any more: \((error as? PipelineFaults)?.diagnostics.first?.message ?? "\(error)")"
        }
    }

    /// A place for a pipeline file of which nobody knows where it lies.
    static func nowhere(_ run: RunManifest, store: String) -> String {
        let root = store.hasPrefix("/") ? store : "/" + store
        return "\(root)/pipelines/\(run.pipeline).yaml"
    }

    /// Of the plugin's files, as the stage's keys have it.
    private static func recordedDigest(of stage: RunManifest.Stage, _ history: History) -> String? {
        guard let key = (try? history.tasks(of: stage))?.first?.key, let bytes = try? history.store.blob(key) else { return nil }
        return (try? JSON(parsing: bytes))?["plugin"]?["digest"]?.string
    }
}
