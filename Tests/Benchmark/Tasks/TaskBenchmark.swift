import Foundation
import HeadwaterEngine
import HeadwaterModel
import HeadwaterPipelines
import HeadwaterStore

/// `task-benchmark FOLDER COUNT`: so many tasks that do next to nothing, half of them on a source each and half on the
/// record made of it, so that what is left is what the engine and the store take for a task. Runs them all, then finds
/// them all done; prints one line of JSON for each run.
@main struct TaskBenchmark {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let count = Int(arguments[2]), count > 1 else {
            FileHandle.standardError.write(Data("usage: task-benchmark FOLDER COUNT\n".utf8))
            exit(2)
        }
        for name in ["cold", "no-op"] {
            let before = processorTime()
            let summary = try run(in: arguments[1], sources: count / 2)
            let tasks = summary.stages.reduce(0) { $0 + $1.executed + $1.hits }
            let report: JSON = [
                "run": .string(name), "tasks": .integer(tasks),
                "executed": .integer(summary.stages.reduce(0) { $0 + $1.executed }),
                "processorMicroseconds": .integer(processorTime() - before), "state": .string(summary.state.rawValue),
            ]
            print(report)
        }
    }

    private static func run(in folder: String, sources: Int) throws -> Run.Summary {
        let text = """
            headwater: 1
            name: tasks
            stages:
              read: {plugin: tiny-source, with: {count: \(sources)}}
              pass: {plugin: tiny-pass, needs: read}

            """
        let plugins = PluginRegistry([TinySource.self, TinyPass.self])
        let pipeline = try Pipeline.parse(
            bytes: Array(text.utf8), path: folder + "/tasks.yaml", workingDirectory: folder, plugins: plugins.declarations)
        let store = try Store.open(at: folder + "/store", .write)
        let summary = try Run(
            pipeline, plugins: plugins, store: store, options: .init(jobs: 2), id: RunID(random: .random(in: .min ... .max)),
            now: Date(), reporter: Silence()
        ).perform()
        try store.close()
        return summary
    }

    /// User and system time of this process, in microseconds.
    private static func processorTime() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int(time.tv_sec) * 1_000_000 + Int(time.tv_nsec) / 1000
    }

    private final class Silence: RunReporter {
        func located(stage: String, sources: Int, partitions: Int) {}
        func finished(task: TaskEntry, stage: String, counts: StageCounts, reason: Reason?) {}
        func completed(stage: String, counts: StageCounts, artifact: Artifact) {}
        func failed(_ failure: RunFailure) { FileHandle.standardError.write(Data("\(failure)\n".utf8)) }
        func warned(_ message: String) {}
        func published(name: String, path: String) {}
    }
}
