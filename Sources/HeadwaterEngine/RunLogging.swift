import Dispatch
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore
import Synchronization

/// What tasks say while they are carried out: who hears it, and where it is kept.
extension Run {
    func log(of id: TaskID, _ label: String) -> TaskLog {
        let stage = stages[id.stage].name
        return TaskLog(
            onWarning: { message in
                self.queue.async { self.reporter.warned("stage \(stage), \(label): \(message)") }
            },
            onProgress: { done, total in
                self.queue.async { self.reporter.progressed(stage: stage, task: label, done: done, total: total) }
            })
    }

    func context(_ label: String, _ log: TaskLog) -> TaskContext {
        TaskContext(name: label, journal: log, isStopping: { self.isStopping.load(ordering: .relaxed) })
    }

    /// A task that is carried out anew for what it comes to alone: what it says was kept the first time.
    func silentContext() -> TaskContext {
        context("", TaskLog(onWarning: { _ in }, onProgress: { _, _ in }))
    }

    /// Keeps what a task said, and adds up what it counted.
    /// - Returns: the digest of its log, if it has one.
    @discardableResult
    func keep(_ log: TaskLog, of id: TaskID) throws -> Digest? {
        let text = log.text
        let digest = text.isEmpty ? nil : try store.put(text)
        let metrics = log.metrics
        queue.async {
            if let digest { self.logs[id] = digest }
            self.records[id.stage].metrics.merge(metrics) { sum, value in
                let (next, overflow) = sum.addingReportingOverflow(value)
                return overflow ? .max : next
            }
        }
        return digest
    }
}
