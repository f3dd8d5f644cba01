import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct Collect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove what no kept run needs, and put small packs together.",
        discussion: """
            Kept are the newest runs of each pipeline, younger runs, tagged runs, and whatever a name stands for now, each with
            all it needs: artifacts, tasks, sources, published files. Runs may go on meanwhile; what they may rely on waits for a
            later collection.

            EXAMPLES:
              headwater gc --dry-run
              headwater gc --keep 3 --keep-days 30
            """)

    @OptionGroup var options: StoreOptions

    @Option(name: .long, help: ArgumentHelp("How many runs of each pipeline to keep.", valueName: "runs"))
    var keep = 10

    @Option(name: .long, help: ArgumentHelp("Keep also what ran in the last so many days.", valueName: "days"))
    var keepDays = 7

    @Flag(name: .long, help: "Say what would be removed, and touch nothing.")
    var dryRun = false

    func validate() throws {
        if keep < 1 { throw ValidationError("--keep: expected 1 or more") }
        if !(0...36_500).contains(keepDays) { throw ValidationError("--keep-days: expected a number from 0 to 36500") }
    }

    func run() throws {
        let path = try options.path()
        let since = Int(Date().timeIntervalSince1970 * 1000) - keepDays * 86_400_000
        let retention = Retention(newest: keep, since: keepDays == 0 ? nil : since)
        var runs = (kept: 0, others: 0)
        let report = try Store.collect(at: path, isDry: dryRun) { store in
            let history = History(store: store)
            let (kept, others) = try retention.runs(of: history)
            runs = (kept.count, others)
            var reachability = Reachability(history: history)
            for run in kept.sorted() { try reachability.add(run: run) }
            try reachability.addBindings()
            return reachability.liveSet
        }
        options.json ? Console.line(json(report, runs).description) : show(report, runs)
        if !report.damaged.isEmpty { throw ExitStatus.damaged }
    }

    private func show(_ report: CollectionReport, _ runs: (kept: Int, others: Int)) {
        let style = Style.standardOutput
        func line(_ name: String, _ amount: CollectionReport.Amount, _ remark: String = "") {
            Console.line(
                "\(style.bold(name.padding(toLength: 10, withPad: " ", startingAt: 0))) \(ByteCount.text(amount.bytes)) in "
                    + "\(counted(amount.blobs, "blob")) and \(counted(amount.bindings, "binding"))\(remark)")
        }
        Console.line(
            "\(style.bold("runs      ")) \(runs.kept) kept, \(runs.others) \(dryRun ? "would be forgotten" : "forgotten")")
        line(dryRun ? "would go" : "removed", report.removed)
        line("kept", report.kept)
        if report.waiting.blobs + report.waiting.bindings > 0 {
            let whom = report.writers.isEmpty ? "a later collection" : report.writers.map(\.description).joined(separator: ", ")
            line("waiting", report.waiting, ", for \(whom)")
        }
        if report.spared.blobs + report.spared.bindings > 0 {
            line("spared", report.spared, ": too little of their packs to write these anew")
        }
        Console.line("\(style.bold("packs     ")) \(report.packsBefore) before, \(report.packsAfter) after")
        for fault in report.damaged { Console.warning(VisibleText.of("\(fault)")) }
    }

    /// `{"dryRun","runs":{"kept","forgotten"},"removed":{…},"kept":{"blobs","bindings","bytes"},"waiting":{…},"spared":{…},"waitingFor":[…],"packs":{"before","after"},"damaged":[…]}`
    private func json(_ report: CollectionReport, _ runs: (kept: Int, others: Int)) -> JSON {
        func amount(_ amount: CollectionReport.Amount) -> JSON {
            ["blobs": .integer(amount.blobs), "bindings": .integer(amount.bindings), "bytes": .integer(amount.bytes)]
        }
        return [
            "dryRun": .bool(dryRun), "runs": ["kept": .integer(runs.kept), "forgotten": .integer(runs.others)],
            "removed": amount(report.removed), "kept": amount(report.kept), "waiting": amount(report.waiting),
            "spared": amount(report.spared), "waitingFor": .array(report.writers.map { .string($0.description) }),
            "packs": ["before": .integer(report.packsBefore), "after": .integer(report.packsAfter)],
            "damaged": .array(report.damaged.map { .string($0.description) }),
        ]
    }
}
