import Dispatch
import HeadwaterModel
import HeadwaterPipelines

/// Stages whose tasks are taken over all at once, as an earlier run had them.
extension Run {
    /// Looks for what an earlier run made of a stage. Called from a queue that computes.
    func recall(_ stage: Int, _ inputs: [String: Artifact], _ divided: String) {
        let recall = StageRecall(pipeline: pipeline.name, runner: runner, memory: memory)
        let found = recall.recall(stage, inputs, divided: divided)
        queue.async {
            if let found { self.takeOver(found, stage) }
            self.advance(.recalled(stage: stage, found))
        }
    }

    /// Takes in the tasks of a stage all at once, as if each had been looked up.
    private func takeOver(_ found: StageRecall.Recollection, _ stage: Int) {
        dispatchPrecondition(condition: .onQueue(queue))
        (records[stage].counts.known, records[stage].counts.hits) = (found.count, found.count)
        records[stage].recollection = found
    }

    /// Calls with the tasks of a stage that have come to their end, in order, until it returns false: those that were taken
    /// over are read if they were not.
    ///
    /// Called from a task's own queue; never from the run's.
    func forEachTask(of stage: Int, _ body: (TaskID, TaskEntry) throws -> Bool) throws {
        let records = queue.sync { self.records }
        guard let found = records[stage].recollection else { return try records[stage].tasks.forEach(stage: stage, body) }
        var tasks = found.tasks
        if tasks == nil, let list = found.kept?.tasks, let divided = shapes[stage].divided {
            let inputs = shapes[stage].inputs.compactMap { input in records[input.stage].artifact.map { (input.role, $0) } }
            tasks = StageRecall(pipeline: pipeline.name, runner: runner).tasks(
                stage, Dictionary(inputs, uniquingKeysWith: { first, _ in first }), divided: divided, list)
            queue.sync {
                self.records[stage].recollection?.tasks = tasks
                self.state.take(tasks?.pieces ?? [], of: stage)
            }
        }
        guard let tasks else { return }
        let first = tasks.entries.count - tasks.pieces.count
        for (place, entry) in tasks.entries.enumerated() {
            guard try body(TaskID(stage: stage, phase: entry.phase, index: max(0, place - first)), entry) else { return }
        }
    }
}
