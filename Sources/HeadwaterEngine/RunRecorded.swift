import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Source tasks of a run on the sources of a past one.
extension Run {
    func read(_ id: TaskID, _ recorded: RecordedPartitions) throws -> Finished {
        let (stage, source) = try sourceStage(id.stage)
        let partition = try retrying(id.stage, "\(id.phase.rawValue) of \(recorded.ranges[id.index].first)") {
            try recorded.partition(id.index)
        }
        if !options.isDry { for source in partition.sources { try take(source, recorded) } }
        var outcome = try mending { runner in try runner.run(source: id, partition, source) }
        if !partition.containers.isEmpty, !options.isDry { outcome.entry.containers = try store.put(partition.containers) }
        let why = reason(outcome, id, stage, isFound: recorded.has) { runner.keyDocument(of: partition, stage: id.stage) }
        return (outcome, why)
    }

    /// Has the bytes of a source in the run's own store.
    func take(_ source: SourcePartition.Source, _ recorded: RecordedPartitions) throws {
        guard let digest = source.digest, !store.contains(digest) else { return }
        do {
            try store.put(try recorded.store.blob(digest))
        } catch {
            throw StageError("the source '\(source.locator)' cannot be had any more: \(error)")
        }
    }
}
