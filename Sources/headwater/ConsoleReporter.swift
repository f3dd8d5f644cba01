import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterPipelines

/// Shows a run as it goes: on a terminal one live line, elsewhere a line for each stage that is done.
final class ConsoleReporter: RunReporter, @unchecked Sendable {  // called from the run's queue only; `end` after it is done
    enum Level { case quiet, normal, verbose }

    private let pipeline: Pipeline
    private let level: Level
    /// Of the column with the names of stages.
    private let width: Int
    private let style = Style.standardError
    private let isLive: Bool
    private var hasLiveLine = false
    private var lastDrawn = Date.distantPast
    private let started = Date()

    init(pipeline: Pipeline, level: Level) {
        self.pipeline = pipeline
        self.level = level
        width = ConsoleReporter.width(ofNames: pipeline.stages.map(\.name))
        isLive = level != .quiet && isatty(STDERR_FILENO) == 1
    }

    func located(stage: String, sources: Int, partitions: Int) {
        if level == .verbose { say("\(stage): \(counted(sources, "source")) in \(counted(partitions, "partition"))") }
    }

    func finished(task: TaskEntry, stage: String, counts: StageCounts, reason: Reason?) {
        if level == .verbose, !task.isHit {
            let place = task.partition.isEmpty ? "" : " of \(task.partition)"
            say(VisibleText.of("\(stage): \(task.phase.rawValue)\(place): \(reason?.description ?? "carried out")"))
        }
        guard isLive, Date().timeIntervalSince(lastDrawn) > 0.1 else { return }
        lastDrawn = Date()
        draw("\(stage): \(counts.hits + counts.executed) of \(counts.known) tasks")
    }

    func completed(stage: String, counts: StageCounts, artifact: Artifact) {
        guard level != .quiet else { return }
        let name = stage.padding(toLength: width, withPad: " ", startingAt: 0)
        let tasks = counts.executed == 0 ? "nothing to do" : "\(counted(counts.executed, "task")) carried out"
        let hits = counts.hits == 0 ? "" : ", \(counted(counts.hits, "hit"))"
        let made =
            artifact.tree.map { counted($0.files.count, "file") }
            ?? counted(artifact.shards.reduce(0) { $0 + $1.recordCount }, "record")
        say(
            "\(style.bold(name)) \(made.padding(toLength: 16, withPad: " ", startingAt: 0)) \(tasks)\(hits)"
        )
    }

    func failed(_ failure: RunFailure) {
        clear()
        if let position = failure.position {
            Console.plain(DiagnosticText.render(pipeline.diagnostic(at: position, message(failure)), color: style.isOn), end: "")
        } else {
            Console.error(message(failure))
        }
    }

    func warned(_ message: String) {
        clear()
        Console.warning(VisibleText.lines(of: message))
    }

    func published(name: String, path: String) {
        if level != .quiet { say("\(style.bold("published")) \(name): \(ConsoleReporter.relative(path))") }
    }

    func end(_ summary: Run.Summary) {
        clear()
        let seconds = String(format: "%.1f", Date().timeIntervalSince(started))
        let executed = summary.stages.reduce(0) { $0 + $1.executed }
        let tested = summary.audited == 0 ? "" : ", \(counted(summary.audited, "known result")) tested"
        Console.plain(
            style.faint(
                "run:\(summary.id) \(summary.state.rawValue) in \(seconds) s, \(counted(executed, "task")) carried out\(tested)"))
    }

    private func message(_ failure: RunFailure) -> String {
        let task = failure.task.isEmpty ? "" : ", \(failure.task)"
        return VisibleText.lines(of: "stage \(failure.stage)\(task): \(failure.message)")
    }

    private func say(_ text: String) {
        clear()
        Console.plain(text)
    }

    private func draw(_ text: String) {
        Console.plain("\r\u{1B}[K\(text)", end: "")
        hasLiveLine = true
    }

    private func clear() {
        guard hasLiveLine else { return }
        Console.plain("\r\u{1B}[K", end: "")
        hasLiveLine = false
    }

    static func width(ofNames names: [String]) -> Int { names.map(\.count).reduce(12, max) }

    /// A path as seen from the current folder, where it lies below it.
    static func relative(_ path: String) -> String {
        let folder = FileManager.default.currentDirectoryPath
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        return path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : path
    }
}

/// `1 record`, `2 records`
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
