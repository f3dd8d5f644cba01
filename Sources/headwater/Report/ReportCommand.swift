import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write an HTML page that shows what was kept of each document and what was left out, side by side.",
        discussion: """
            The page needs nothing but itself: no script, and nothing is loaded. Blocks stand in the order of their source, each
            with its bytes there; what was left out has its reason. Counts are of the whole artifact, however many documents are shown.

            EXAMPLES:
              headwater report clean                     writes clean-report.html
              headwater report clean --limit 500 --to pages.html
              headwater report 'news/clean#17'           one document
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A stage, an artifact, or one record of it.")
    var reference: String

    @Option(name: .long, help: ArgumentHelp("At most this many documents.", valueName: "count"))
    var limit: Int = 50

    @Option(
        name: .long,
        help: ArgumentHelp("The file to write, or - for standard output. (default: STAGE-report.html)", valueName: "file"))
    var to: String?

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit: expected 1 or more") }
        if to?.isEmpty == true { throw ValidationError("--to: expected a file's name, or -") }
    }

    func run() throws {
        let store = try options.open()
        let resolved = try options.resolve(reference, in: store)
        let chosen: Resolver.RecordPlace? = if case .record(let place, _) = resolved { place } else { nil }
        guard let place = resolved.artifact else {
            throw CommandFault("\(reference) is no artifact and no record; name a stage, such as clean")
        }
        let report = try ArtifactReport(of: place, only: chosen, limit: limit, reader: DatasetReader(store: store))
        let path = to ?? "\(place.stage.name)-report.html"
        let documents =
            path == "-"
            ? try report.write { Console.bytes(Array($0.utf8)) }
            : try WholeFile.write(to: path) { write in try report.write { try write(Array($0.utf8)) } }
        if path == "-" { return }
        if options.json {
            Console.line(
                JSON.object(["path": .string(path), "documents": .integer(documents), "of": .integer(report.total)]).description)
        } else {
            Console.plain("\(documents) of \(counted(report.total, "document")) written to \(VisibleText.of(path))")
        }
    }
}
