import HeadwaterModel
import HeadwaterProcesses
import Synchronization

/// The processes of one plugin that wait for a task. Started when they are wanted, kept as long as tasks come, never more
/// than tasks run at once.
final class WorkerPool: Sendable {
    private let manifest: PluginManifest
    let limits: WorkerLimits
    private let state = Mutex(State())

    private struct State {
        var idle: [Held] = []
        var hasEnded = false
        var sandbox: Sandbox?
    }

    /// A worker on its way from one thread to the next.
    private struct Held: @unchecked Sendable {  // in the pool nobody uses it, and outside one thread has it
        let worker: Worker
    }

    init(_ manifest: PluginManifest, limits: WorkerLimits) {
        self.manifest = manifest
        self.limits = limits
    }

    /// What keeps the workers from the rest of the machine; nil as long as none was started.
    var sandbox: Sandbox? { state.withLock { $0.sandbox } }

    /// Lends a worker. One that came to its task's end is kept for the next; any other is ended, with all that it started.
    func withWorker<Result>(_ body: (Worker) throws -> Result) throws -> Result {
        let worker = try state.withLock { $0.idle.popLast() }?.worker ?? Worker(manifest, limits: limits)
        state.withLock { $0.sandbox = worker.sandbox }
        do {
            let result = try body(worker)
            let held = Held(worker: worker)
            let isKept = state.withLock { state in
                if !state.hasEnded { state.idle.append(held) }
                return !state.hasEnded
            }
            if !isKept { worker.end() }
            return result
        } catch {
            worker.kill()
            throw error
        }
    }

    /// Ends all that wait. The pool may be used again after it, by a run that mends.
    func end() {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        for held in idle { held.worker.end() }
    }
}
