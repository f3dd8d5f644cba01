import HeadwaterPluginKit
import Synchronization

/// What a task says while it is carried out: kept in part where it says much, and handed on as it comes.
final class TaskLog: TaskJournal {
    private struct Said {
        var bytes: [UInt8] = []
        var leftOut = 0
        var metrics: [String: Int] = [:]
    }

    private let said = Mutex(Said())
    private let onWarning: @Sendable (String) -> Void
    private let onProgress: @Sendable (Int, Int?) -> Void

    /// What is kept of a task's log; more than anybody reads.
    private static let mostBytes = 1 << 20

    init(onWarning: @escaping @Sendable (String) -> Void, onProgress: @escaping @Sendable (Int, Int?) -> Void) {
        self.onWarning = onWarning
        self.onProgress = onProgress
    }

    func log(_ bytes: [UInt8]) {
        said.withLock { said in
            let kept = min(bytes.count, max(0, TaskLog.mostBytes - said.bytes.count))
            said.bytes += bytes[..<kept]
            said.leftOut += bytes.count - kept
        }
    }

    func warn(_ message: String) { onWarning(message) }

    func progress(done: Int, total: Int?) { onProgress(done, total) }

    func count(_ metric: String, _ value: Int) {
        said.withLock { said in
            let (sum, overflow) = (said.metrics[metric] ?? 0).addingReportingOverflow(value)
            said.metrics[metric] = overflow ? .max : sum
        }
    }

    /// All that was logged; empty if nothing was.
    var text: [UInt8] {
        said.withLock { said in
            said.leftOut == 0 ? said.bytes : said.bytes + Array("\n[\(said.leftOut) bytes left out]\n".utf8)
        }
    }

    var metrics: [String: Int] { said.withLock { $0.metrics } }
}
