import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what differs between two runs, artifacts, records or published files, and why.",
        discussion: """
            Of two runs: which stages differ and by what (a parameter, the plugin, sources, what comes before), which records \
            appeared, vanished or changed, down to the byte, what was left out and is not any more, and the lines of published \
            files. Shards that both have are not read.

            The exit status is that of diff: 0 where nothing differs, 1 where something does.

            EXAMPLES:
              headwater diff quickstart                  the latest run of a pipeline and the one before it
              headwater diff run:4f2a9c run:77d0b1       two runs
              headwater diff run:4f2a9c/clean clean      the artifact of one stage then and now
              headwater diff 'run:4f2a9c/clean#3' 'clean#3'
              headwater diff old/brief.md out/brief.md   two published files, or any two that are sources or blobs
              headwater diff quickstart --all            every difference, and not the first of each stage
              headwater diff quickstart --json           one object for the runs, then one for each difference
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A run, artifact, record, published file, source or blob: the one before.")
    var before: String

    @Argument(help: "The one after. (default: what is named first is the one after, and its predecessor the one before)")
    var after: String?

    @Flag(name: .long, help: "List every difference, and not only the first of each stage.")
    var all = false

    func run() throws {
        let store = try options.open()
        let history = History(store: store)
        let first = try options.resolve(before, in: store)
        let isEqual: Bool
        if let after {
            isEqual = try show(first, try options.resolve(after, in: store), history)
        } else {
            isEqual = try show(try DiffCommand.predecessor(of: first, before, history), first, history)
        }
        // What was met on the way counts more than what differs.
        try StoreOptions.sayWhatWasMet()
        if !isEqual { throw ExitStatus.failed }
    }

    private static func predecessor(
        of named: Resolver.Resolved, _ text: String, _ history: History
    ) throws -> Resolver.Resolved {
        switch named {
        case .run(let run):
            if let earlier = try history.predecessor(of: run) { return .run(earlier) }
            throw CommandFault(
                run.follows.isEmpty
                    ? "run:\(run.id) is the first run of \(run.pipeline); name the one to compare it with"
                    : "the run that run:\(run.id) follows was forgotten by a collection; name the one to compare it with")
        case .artifact(let place):
            guard let run = try history.predecessor(of: place.run, completing: place.stage.name),
                let stage = run.stage(place.stage.name), let digest = stage.artifact
            else {
                throw CommandFault(
                    "no run before run:\(place.run.id) that is kept completed \(place.stage.name); name what to compare it with")
            }
            let content = try DatasetReader(store: history.store).artifact(digest)
            return .artifact(.init(run: run, stage: stage, digest: digest, content: content))
        case .record, .source, .published, .blob:
            throw CommandFault("\(text): name what to compare it with; of a run and of an artifact it is the one before")
        }
    }

    /// - Returns: whether the two are equal.
    private func show(_ before: Resolver.Resolved, _ after: Resolver.Resolved, _ history: History) throws -> Bool {
        switch (before, after) {
        case (.run(let a), .run(let b)):
            let difference = try RunDifference(a, b, history: history)
            try report(history.store).show(difference)
            return difference.isEqual
        case (.artifact(let a), .artifact(let b)):
            let difference: StageDifference
            if a.stage.name.hasSameBytes(as: b.stage.name),
                let found = try RunDifference(a.run, b.run, upTo: b.stage.name, history: history).stages.first(where: {
                    $0.name == b.stage.name
                })
            {
                difference = found
            } else {
                difference = try StageDifference(a, b, history: history)
            }
            try report(history.store).show(difference, a, b)
            if case .equal = difference.content { return true }
            return false
        case (.record(let a, nil), .record(let b, nil)):
            report(history.store).show(RecordDifference(a.record, b.record))
            return a.record.id == b.record.id
        default:
            guard let x = try bytes(before, history.store), let y = try bytes(after, history.store) else {
                throw CommandFault(
                    "\(self.before) and \(self.after ?? self.before) cannot be compared; expected two runs, two artifacts, two records, or two of files, sources and blobs"
                )
            }
            let difference = TextDifference(x, y)
            report(history.store).show(difference, x, y)
            return difference.hunks.isEmpty
        }
    }

    private func report(_ store: Store) -> DiffReport {
        DiffReport(store: store, asJSON: options.json, limit: all ? nil : DiffReport.listed)
    }

    private func bytes(_ named: Resolver.Resolved, _ store: Store) throws -> [UInt8]? {
        switch named {
        case .source(let place, let range):
            let all = try store.blob(place.digest)
            return range.map { Array(all[$0]) } ?? all
        case .published(_, let range, let content): return Array(content[range])
        case .blob(let digest): return try store.blob(digest)
        case .record(let place, let range): return range.map { Array(place.record.text[$0]) } ?? place.record.text
        case .run, .artifact: return nil
        }
    }
}
