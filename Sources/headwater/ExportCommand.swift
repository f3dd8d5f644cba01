import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Tell the lineage of a run, an artifact or a record in the words of a standard.",
        discussion: """
            Formats: prov-json and prov-n (W3C PROV), openlineage (OpenLineage run events, one JSON object a line).

            EXAMPLES:
              headwater export quickstart --format prov-n          the latest run of a pipeline
              headwater export run:4f2a9c --format openlineage     any run, for an OpenLineage server
              headwater export clean --format prov-json --detail tasks --output clean.json
              headwater export 'summarize#1' --format prov-n       one sentence down to the bytes it comes from
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A run, a stage, an artifact, or one record of it.")
    var reference: String

    @Option(name: .long, help: "prov-json, prov-n or openlineage.", transform: { try ExportCommand.named($0, "--format") })
    var format: ExportFormat

    @Option(
        name: .long, help: "stages, or tasks for each shard and each task as well; tasks is for PROV. (default: stages)",
        transform: { try ExportCommand.named($0, "--detail") })
    var detail: ExportDetail = .stages

    @Option(name: .long, help: ArgumentHelp("The file to write. (default: standard output)", valueName: "file"))
    var output: String?

    func validate() throws {
        if output?.isEmpty == true { throw ValidationError("--output: expected a file's name") }
    }

    func run() throws {
        let store = try options.open()
        let subject = try self.subject(try options.resolve(reference, in: store))
        let exporter = Exporter(store: store)
        guard let output, output != "-" else {
            return try exporter.write(subject, as: format, detail) { Console.bytes($0) }
        }
        var count = 0
        try WholeFile.write(to: output) { write in
            try exporter.write(subject, as: format, detail) { bytes in
                count += bytes.count
                try write(bytes)
            }
        }
        if options.json {
            Console.line(
                JSON.object(["path": .string(output), "format": .string(format.rawValue), "bytes": .integer(count)]).description)
        } else {
            Console.plain("\(ByteCount.text(count)) written to \(VisibleText.of(output))")
        }
    }

    /// The case that is called so.
    private static func named<Choice: RawRepresentable<String> & CaseIterable>(_ name: String, _ option: String) throws -> Choice
    {
        if let choice = Choice(rawValue: name) { return choice }
        throw ValidationError("\(option): expected \(Choice.allCases.map(\.rawValue).joined(separator: ", ")), not \(name)")
    }

    private func subject(_ resolved: Resolver.Resolved) throws -> ExportSubject {
        switch resolved {
        case .run(let run): ExportSubject(run)
        case .artifact(let place): ExportSubject(place)
        case .record(let place, nil): ExportSubject(place)
        case .record(_, .some):
            throw CommandFault("\(reference): an export is of a whole record; headwater trace follows a byte range")
        case .published(let place, _, _): ExportSubject(place.artifact)
        case .source, .blob:
            throw CommandFault("\(reference) is no run, artifact or record; name a pipeline, such as quickstart, or a stage")
        }
    }
}
