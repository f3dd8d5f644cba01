import Foundation
import HeadwaterPipelines
import HeadwaterPluginKit
import Synchronization

/// Another try for what may come to its end then, as often as the stage's `retry` says.
extension Run {
    /// Carries `body` out, again where it fails in a way that may pass. Waits between tries on the task's own thread, inside
    /// its slots: a stage that is out of breath is not to be pressed by others of its tasks.
    ///
    /// - Parameter task: the task in words; empty for what the stage does as a whole.
    func retrying<Value>(_ stage: Int, _ task: String, _ body: () throws -> Value) throws -> Value {
        let retry = stages[stage].pipelineStage.policy.retry
        var failures = 0
        while true {
            do {
                return try body()
            } catch {
                failures += 1
                guard failures <= retry.times, !options.isDry, (error as? any TransientFailure)?.isTransient == true,
                    waits(milliseconds: retry.wait(after: failures))
                else { throw error }
                let place = "stage \(stages[stage].name)" + (task.isEmpty ? "" : ", \(task)")
                let message = "\(place): try \(failures) of \(retry.times + 1) failed, trying again: \(error)"
                queue.async { self.reporter.warned(message) }
            }
        }
    }

    /// Waits, unless the run is to stop.
    /// - Returns: whether it goes on.
    private func waits(milliseconds: Int) -> Bool {
        let end = Date().addingTimeInterval(Double(milliseconds) / 1000)
        while !isStopping.load(ordering: .relaxed) {
            let left = end.timeIntervalSinceNow
            if left <= 0 { return true }
            Thread.sleep(forTimeInterval: min(left, 0.05))
        }
        return false
    }
}
