import ArgumentParser
import Foundation
import HeadwaterEngine
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct Erase: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take sources out of the store for good, with all text that derives from them, and prove it.",
        discussion: """
            A source is named by its locator, by its digest, or by a pattern: * stands for anything within one part of a locator, \
            ** also for several parts; a pattern without a slash is compared with the last part. Every version that a kept \
            run has read there goes, and whatever has the same bytes elsewhere.

            The runs that read it are redone without it, what they published is written anew, and the source is kept from coming \
            back with the next run. A receipt says what went, in salted digests. The original files stay where they are.

            EXAMPLES:
              headwater erase 'source:paper/interview.html' --plan
              headwater erase 'source:paper/**' '*.eml' --execute --receipt request-17.json
              headwater erase --resume
              headwater erase --list
              headwater verify --erased request-17.json
            """)

    @OptionGroup var options: StoreOptions
    @OptionGroup var pluginPath: PluginPathOptions

    @Argument(help: "Sources: locators, patterns of locators, or digests.")
    var sources: [String] = []

    @Flag(name: .long, help: "Say what would go and what would be redone, and touch nothing. (default)")
    var plan = false

    @Flag(name: .long, help: "Do it.")
    var execute = false

    @Flag(name: .long, help: "Finish an erasure that was begun and stopped.")
    var resume = false

    @Flag(name: .long, help: "List what is kept from coming back.")
    var list = false

    @Option(
        name: .long,
        help: ArgumentHelp("Where to write the receipt. (default: <pipeline>-erasure.json)", valueName: "file"))
    var receipt: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A pipeline file that is neither beside the store nor in pipelines/ there; may be repeated. It tells where its "
                + "published files lie.",
            valueName: "file"))
    var pipeline: [String] = []

    @Flag(name: .long, help: "Forget runs that turn out not to come to their end again, instead of stopping.")
    var forgetFailing = false

    @Option(name: .long, help: "Tasks at once. (default: one for each processor)")
    var jobs: Int?

    func validate() throws {
        if [plan, execute, resume, list].count(where: { $0 }) > 1 {
            throw ValidationError("--plan, --execute, --resume and --list exclude each other")
        }
        if (resume || list) != sources.isEmpty { throw ValidationError("expected sources, or --resume or --list without any") }
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs: expected a number from 1 to 1024") }
    }

    func run() throws {
        let path = URL(fileURLWithPath: try options.path()).standardizedFileURL.path
        if list { return try showSuppressions() }
        let host = ErasingConsole(
            store: path, pipelines: pipeline, pluginPath: pluginPath,
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        let isPending = try Store.pendingErasure(at: path) != nil
        if resume && !isPending {
            return options.json ? Console.line("{}") : Console.line("no erasure was begun that is not finished")
        }
        if isPending && (resume || execute) {
            if !resume { Console.plain("an erasure was begun before; it is finished first, and nothing else is done now") }
            guard let erasure = try Erasure(resuming: path, forgetsFailing: forgetFailing, host: host) else { return }
            return try finish(erasure, path, host)
        }
        let found = try find()
        let history = History(store: try Store.open(at: path, .read))
        var decisions: [RunID: ErasureDecision] = [:]
        for affected in found.runs {
            decisions[affected.run.id] = ErasureDecision(
                on: affected, history: history, plugins: host.plugins(for: affected.run), place: host.place(of: affected.run))
        }
        let text = ErasurePlanText(plan: found, decisions: decisions, host: host)
        guard execute else {
            return options.json ? Console.line(text.json.description) : text.show()
        }
        try refuseDamage(path)
        let erasure = try Erasure(
            of: found, at: path, deciding: decisions, receiptPath: receiptPath(for: found), forgetsFailing: forgetFailing,
            host: host)
        try finish(erasure, path, host)
    }

    /// - Throws: `ReferenceError` for a source that no run has read.
    private func find() throws -> ErasurePlan {
        let store = try options.open()
        let patterns = try sources.map { try LocatorPattern($0) }
        let found = try ErasurePlan(of: patterns, history: History(store: store))
        for pattern in patterns {
            let isFound = found.targets.named.contains { version in
                pattern.matches(locator: version.locator) || version.digest.map(pattern.matches) ?? false
            }
            if isFound { continue }
            let text = pattern.description
            if text.contains("*") {
                throw ReferenceError("\(text): no kept run has read a source that matches; * ends at a slash, where ** goes on")
            }
            // Who looks a source up tells which ones have similar names.
            _ = try options.resolve(text.hasPrefix("source:") ? text : "source:\(text)", in: store)
            throw ReferenceError("\(text): no kept run has read such a source")
        }
        return found
    }

    /// What is damaged may hold what is to go, and nobody could tell.
    private func refuseDamage(_ path: String) throws {
        let harmful = try Store.inspect(at: path).faults.filter { fault in
            if case .original? = fault.subject { return false }
            return !fault.isHarmless
        }
        guard let fault = harmful.first else { return }
        Console.error(VisibleText.of("\(fault); mend the store with 'headwater fsck --repair' before anything is erased in it"))
        throw ExitStatus.damaged
    }

    private func receiptPath(for plan: ErasurePlan) -> String {
        func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
        if let receipt { return absolute(receipt) }
        let name = plan.runs.last?.run.pipeline ?? "store"
        for number in 1... {
            let path = absolute("\(name)-erasure\(number == 1 ? "" : "-\(number)").json")
            if !FileManager.default.fileExists(atPath: path) { return path }
        }
        return absolute("\(name)-erasure.json")
    }

    /// Finishes it, and looks itself whether nothing is left.
    private func finish(_ erasure: Erasure, _ path: String, _ host: ErasingConsole) throws {
        var erasure = erasure
        let outcome: Erasure.Outcome
        do {
            outcome = try erasure.finish()
        } catch let fault as ErasureFault {
            Console.error(VisibleText.lines(of: "\(fault)"))
            Console.plain(
                "nothing is lost. See to the cause and run 'headwater erase --resume'; with --forget-failing such runs are forgotten."
            )
            throw ExitStatus.failed
        }
        let proof = try ErasureProof(of: outcome.receipt, at: path)
        let counts = outcome.receipt.counts
        if options.json {
            Console.line(
                JSON.object([
                    "receipt": .string(outcome.receiptPath), "counts": counts.json,
                    "redone": .integer(outcome.receipt.redone.count), "forgotten": .integer(outcome.receipt.forgotten.count),
                    "findings": .array(proof.findings.map { .string("\($0)") }),
                ]).description)
        } else {
            Console.line(
                "\(counted(counts.sources, "source")) and \(counted(counts.records, "record")) erased; "
                    + "\(counted(outcome.receipt.redone.count, "run")) redone, \(outcome.receipt.forgotten.count) forgotten")
            Console.line(
                "\(ByteCount.text(counts.removedBytes)) removed in \(counted(counts.removedBlobs, "blob")) and "
                    + "\(counted(counts.removedBindings, "binding"))")
            Console.line("receipt: \(ConsoleReporter.relative(outcome.receiptPath))")
            Verify.show(proof)
        }
        if !proof.findings.isEmpty { throw ExitStatus.failed }
    }

    /// `{"suppressions":[{"salt","locators","sources"}]}`, with counts.
    private func showSuppressions() throws {
        let all = try Suppressions(of: try options.open()).all
        if options.json {
            return Console.line(
                JSON.object([
                    "suppressions": .array(
                        all.map {
                            [
                                "salt": .string($0.salt.description), "locators": .integer($0.locators.count),
                                "sources": .integer($0.sources.count),
                            ]
                        })
                ]).description)
        }
        if all.isEmpty { return Console.line("nothing was erased in this store") }
        for suppression in all {
            Console.line(
                "salt \(suppression.salt.description.prefix(16))…  \(counted(suppression.locators.count, "locator")), "
                    + "\(counted(suppression.sources.count, "source")) kept from coming back")
        }
    }
}
