import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel

struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the runs that the store remembers, the latest first.",
        discussion: """
            EXAMPLES:
              headwater log
              headwater log --limit 5 --json
              headwater log --task passages          what the plugin of a stage wrote to standard error
              headwater log --task sha256:90aaf218   the same of one task, by its key
            """)

    @OptionGroup var options: StoreOptions

    @Option(name: .long, help: ArgumentHelp("At most this many runs.", valueName: "count"))
    var limit: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Show what the tasks of a stage, or the task with this key, wrote to standard error when they were carried out.",
            valueName: "stage or key"))
    var task: String?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more") }
    }

    func run() throws {
        if let task { return try TaskLogs(history: History(store: options.open()), asJSON: options.json).show(task) }
        var listed = 0
        let unreadable = try History(store: options.open()).forEachRun { run in
            options.json ? Console.line(run.json.description) : show(run)
            listed += 1
            return listed != limit
        }
        for run in unreadable { Console.warning(VisibleText.of("\(run)")) }
        if !unreadable.isEmpty { throw ExitStatus.damaged }
        if listed == 0, !options.json { Console.line("no runs yet") }
    }

    private func show(_ run: RunManifest) {
        let executed = Log.sum(run.stages.map(\.executed))
        let hits = Log.sum(run.stages.map(\.hits))
        Console.line(
            "\(Style.standardOutput.bold("run:\(run.id)"))  \(Log.time(run.started))  \(VisibleText.of(run.pipeline))  \(run.state.rawValue), "
                + "\(counted(executed, "task")) carried out, \(counted(hits, "hit"))")
        for failure in run.failures { Console.line("    \(VisibleText.lines(of: "\(failure)"))") }
        for contradiction in run.contradictions { Console.line("    \(VisibleText.of("\(contradiction)"))") }
    }

    /// A made-up manifest may say any numbers; what is more than there are numbers for is the largest.
    private static func sum(_ counts: [Int]) -> Int {
        counts.reduce(0) { sum, count in
            let (next, overflow) = sum.addingReportingOverflow(count)
            return overflow ? .max : next
        }
    }

    /// Milliseconds since 1970 as ISO 8601, in UTC.
    static func time(_ milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }
}
