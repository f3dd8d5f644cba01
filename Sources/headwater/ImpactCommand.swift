import ArgumentParser
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct ImpactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impact",
        abstract: "Show everything that came of a source, some bytes of it, a record, a plugin's version or a parameter.",
        discussion: """
            Records whose text or fields derive from it, the artifacts and runs that have them and the published files that
            show them; and apart from these the tasks that were steered by it, though their texts derive from other bytes.
            All runs count that the store keeps.

            EXAMPLES:
              headwater impact source:paper/page.html
              headwater impact source:paper/page.html:120-180
              headwater impact 'clean#3'
              headwater impact --where plugin=clean --where version=1
              headwater impact --where stage=dedupe --where parameters.similarity=0.8 --json
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: "A source or a record, with a byte range or without.")
    var reference: String?

    @Option(
        name: .customLong("where"),
        help: ArgumentHelp("Stages that are so: plugin, version, stage, pipeline, parameters.NAME.", valueName: "condition"))
    var conditions: [String] = []

    @Option(name: .long, help: ArgumentHelp("List at most this many of each. (default: 20; with --json all)", valueName: "count"))
    var limit: Int?

    func validate() throws {
        if (reference == nil) == conditions.isEmpty { throw ValidationError("expected either a reference or --where") }
        if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more") }
    }

    func run() throws {
        let store = try options.open()
        let subject = try subject(in: store)
        let impact = try ImpactSearch(index: try options.index(of: store)).impact(of: subject)
        options.json ? Console.line(ImpactCommand.json(impact).description) : show(impact)
    }

    private func subject(in store: Store) throws -> Impact.Subject {
        guard let reference else { return .stages(try conditions.map { try FindCondition($0) }) }
        switch try options.resolve(reference, in: store) {
        case .source(let place, let bytes): return .source(place.digest, bytes)
        case .record(let place, let bytes): return .record(place.record, bytes)
        default:
            throw CommandFault(
                "\(reference) is neither a source nor a record; expected something like source:page.html or 'clean#3'")
        }
    }

    private func show(_ impact: Impact) {
        let style = Style.standardOutput
        let byRelation = Dictionary(grouping: impact.records, by: \.relation).mapValues(\.count)
        var counts = [
            impact.records.isEmpty && reference == nil
                ? nil
                : counted(impact.records.count, "record")
                    + (byRelation[.cites].map { " (\($0) by a field or as evidence alone)" } ?? ""),
            counted(impact.artifacts.count, "artifact"), counted(impact.files.count, "published file"),
            counted(impact.runs.count, "run"),
        ].compactMap { $0 }.joined(separator: ", ")
        if reference != nil { counts += "; " + counted(impact.influenced.reduce(0) { $0 + $1.tasks }, "task") + " influenced" }
        Console.line(style.bold(counts))
        section("records", impact.records) { derived in
            "\(derived.record.short)  \("\(derived.pipeline)/\(derived.stage)".padded(24))  \(derived.kind), \(ImpactCommand.words(derived.relation))"
        }
        section("artifacts", impact.artifacts) { artifact in
            "\(artifact.artifact.short)  \("\(artifact.pipeline)/\(artifact.stage)".padded(24))  "
                + "\(counted(artifact.records, "record")) in \(counted(artifact.runs, "run"))"
        }
        section("published files", impact.files) { file in
            let shown = file.records.map { ", shows \($0) of the records" } ?? ""
            return "\(file.path)  \(file.file.short)\(shown), \(counted(file.runs, "run")), the latest run:\(file.run)"
        }
        section("runs", impact.runs) { "run:\($0)" }
        section("influenced, and not derived", impact.influenced) { influenced in
            "\("\(influenced.pipeline)/\(influenced.stage)".padded(24))  \(counted(influenced.tasks, "task")) of \(influenced.phase)"
        }
    }

    private static func words(_ relation: Impact.Relation) -> String {
        switch relation {
        case .source: "stands for the source"
        case .text: "text derives from it"
        case .cites: "cites it"
        }
    }

    private func section<Item>(_ title: String, _ items: [Item], _ line: (Item) -> String) {
        if items.isEmpty { return }
        Console.line()
        Console.line(Style.standardOutput.bold(title))
        let most = limit ?? 20
        for item in items.prefix(most) { Console.line(VisibleText.of("  " + line(item))) }
        if items.count > most { Console.line("  … and \(items.count - most) more; --limit shows them") }
    }

    /// `{"records":[{"record","kind","relation","pipeline","stage","artifact","run"}],"artifacts":[{"artifact","pipeline","stage",
    /// "records","runs"}],"files":[{"path","file","pipeline","run","runs","records"}],"runs":[…],"influenced":[{"pipeline","stage",
    /// "phase","tasks"}]}`
    static func json(_ impact: Impact) -> JSON {
        [
            "records": .array(
                impact.records.map {
                    [
                        "record": .string($0.record.description), "kind": .string($0.kind),
                        "relation": .string($0.relation.rawValue),
                        "pipeline": .string($0.pipeline), "stage": .string($0.stage),
                        "artifact": .string($0.artifact.description),
                        "run": .string($0.run),
                    ]
                }),
            "artifacts": .array(
                impact.artifacts.map {
                    [
                        "artifact": .string($0.artifact.description), "pipeline": .string($0.pipeline),
                        "stage": .string($0.stage),
                        "records": .integer($0.records), "runs": .integer($0.runs),
                    ]
                }),
            "files": .array(
                impact.files.map {
                    [
                        "path": .string($0.path), "file": .string($0.file.description), "pipeline": .string($0.pipeline),
                        "run": .string($0.run), "runs": .integer($0.runs), "records": $0.records.map { .integer($0) } ?? .null,
                    ]
                }),
            "runs": .array(impact.runs.map { .string($0) }),
            "influenced": .array(
                impact.influenced.map {
                    [
                        "pipeline": .string($0.pipeline), "stage": .string($0.stage), "phase": .string($0.phase),
                        "tasks": .integer($0.tasks),
                    ]
                }),
        ]
    }
}
