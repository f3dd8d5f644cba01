import ArgumentParser
import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

struct FindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find runs, stages, artifacts, tasks, published files, sources, records and drops by what they are like.",
        discussion: """
            Conditions are a name, one of = != ~ > >= < <=, and a value; all of them have to hold. ~ finds words, in their
            order and in any case. Of ids and digests the first digits are enough. Equality and ~ on fields of records are
            looked up in the index; other conditions are tried on what those leave.

            EXAMPLES:
              headwater find record kind=quotation fields.speaker~Minister stage=extract
              headwater find record kind=quantity 'fields.value>=1000'
              headwater find source locator~page mediaType=text/html
              headwater find run pipeline=quickstart state=failed --since 2026-01-01
              headwater find task plugin=clean phase=apply hit=false
              headwater find drop reason=near-duplicate
              headwater find artifact 'records>100' --json
            """)

    @OptionGroup var options: StoreOptions

    @Argument(
        help: "run, stage, artifact, task, file, source, record or drop.",
        transform: { text in
            if let kind = Find.Kind(rawValue: text) { return kind }
            let kinds = Find.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(text)' is nothing that can be looked for; expected one of \(kinds)")
        })
    var kind: Find.Kind

    @Argument(help: ArgumentHelp("Conditions, such as kind=quotation.", valueName: "condition"))
    var conditions: [String] = []

    @OptionGroup var range: RangeOptions

    @Option(name: .long, help: ArgumentHelp("Show at most this many. (default: 100; with --json all)", valueName: "count"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more") }
    }

    func run() throws {
        let conditions = try conditions.map { try FindCondition($0) }
        let index = try options.index(of: try options.open())
        let find = try Find(kind, conditions, in: try range.range(), index: index)
        let most = limit ?? (options.json ? .max : 100)
        var shown = 0
        try find.forEach { found in
            if shown == most { Console.plain("there are more; --limit shows them"); return false }
            shown += 1
            options.json ? Console.line(found.description) : show(found)
            return true
        }
        if shown == 0, !options.json { Console.plain("nothing of this kind is like that") }
    }

    private func show(_ found: JSON) {
        func text(_ name: String) -> String { found[name]?.string ?? found[name]?.description ?? "" }
        let place = "\(text("pipeline"))/\(text("stage"))"
        let run = "run:\(text("run"))"
        let parts: [String] =
            switch kind {
            case .run: [run, text("started"), text("pipeline"), text("state")]
            case .stage:
                [
                    place, run, "plugin \(text("plugin")) \(text("version"))",
                    found["artifact"] == nil ? "no artifact" : text("artifact"),
                ]
            case .artifact:
                [text("artifact"), place, FindCommand.content(found), "in \(counted(found["runs"]?.integer ?? 0, "run"))"]
            case .task:
                [
                    place, text("phase"), text("partition"), FindCommand.short(text("key")),
                    text("hit") == "true" ? "hit" : "carried out",
                    run,
                ].filter { !$0.isEmpty }
            case .file: [text("path"), place, text("format"), text("file"), run]
            case .source: [text("locator"), text("source"), text("mediaType"), run].filter { !$0.isEmpty }
            case .record: [String(text("record").prefix(12)), text("kind"), place, FindCommand.excerpt(text("text"))]
            case .drop:
                [
                    String(text("record").prefix(12)), text("reason"), place,
                    text("survivor").isEmpty ? text("details") : "for \(text("survivor").prefix(12))",
                ]
            }
        let style = Style.standardOutput
        Console.line(style.bold(VisibleText.of(parts[0])) + VisibleText.of(parts.dropFirst().map { "  " + $0 }.joined()))
        if kind == .record, let fields = found["fields"]?.object, !fields.isEmpty {
            Console.line(VisibleText.of("              \(JSON.object(fields))"))
        }
    }

    private static func content(_ found: JSON) -> String {
        let count = found["records"]?.integer ?? 0
        return found["kind"]?.string == "tree" ? counted(count, "file") : counted(count, "record")
    }

    private static func short(_ digest: String) -> String { Digest(digest)?.short ?? digest }

    /// The start of a text, on one line.
    private static func excerpt(_ text: String) -> String {
        let line = text.prefix(80).split(whereSeparator: \.isNewline).joined(separator: " ")
        return "“\(line)\(text.count > 80 ? "…" : "")”"
    }
}

/// Which runs a question is about.
struct RangeOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Only runs that started then or later: 2026-03-14, or 2026-03-14T09:00:00Z.", valueName: "time"))
    var since: String?

    @Option(name: .long, help: ArgumentHelp("Only runs that started before.", valueName: "time"))
    var until: String?

    func range() throws -> RunRange {
        RunRange(since: try RangeOptions.milliseconds(since, "--since"), until: try RangeOptions.milliseconds(until, "--until"))
    }

    /// Milliseconds since 1970; a day begins at midnight of UTC.
    private static func milliseconds(_ text: String?, _ option: String) throws -> Int? {
        guard let text else { return nil }
        let whole = text.contains("T") ? text : text + "T00:00:00Z"
        guard let date = try? Date(whole, strategy: .iso8601) else {
            throw CommandFault("\(option) \(text): expected a day such as 2026-03-14, or a time such as 2026-03-14T09:00:00Z")
        }
        let seconds = date.timeIntervalSince1970
        guard abs(seconds) < 1e12 else { throw CommandFault("\(option) \(text): no run can have started then") }
        return Int(seconds * 1000)
    }
}

extension StoreOptions {
    /// The index of the store, in step with it; what is not in it is said.
    func index(of store: Store) throws -> LineageIndex {
        func note(_ text: String) { Console.plain(Style.standardError.bold("note: ") + VisibleText.of(text)) }
        let index = try LineageIndex.open(of: store, note: note)
        try index.problems().forEach(note)
        return index
    }
}
