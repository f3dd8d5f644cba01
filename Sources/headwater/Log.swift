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
            """)

    @OptionGroup var options: StoreOptions

    @Option(name: .long, help: ArgumentHelp("At most this many runs.", valueName: "count"))
    var limit: Int?

    func run() throws {
        let runs = try History(store: options.open()).runs().prefix(max(0, limit ?? Int.max))
        if options.json {
            for run in runs { Console.line(run.json.description) }
            return
        }
        if runs.isEmpty { Console.line("no runs yet") }
        let style = Style.standardOutput
        for run in runs {
            let executed = run.stages.reduce(0) { $0 + $1.executed }
            let hits = run.stages.reduce(0) { $0 + $1.hits }
            Console.line(
                "\(style.bold("run:\(run.id)"))  \(Log.time(run.started))  \(run.pipeline)  \(run.state.rawValue), "
                    + "\(counted(executed, "task")) carried out, \(counted(hits, "hit"))")
            for failure in run.failures { Console.line("    \(failure)") }
        }
    }

    /// Milliseconds since 1970 as ISO 8601, in UTC.
    static func time(_ milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }
}
