import ArgumentParser
import HeadwaterLineage
import HeadwaterModel

struct QueryCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv }

    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask a question in SQL of runs, stages, tasks, artifacts, shards, sources, records, derivations, publications.",
        discussion: """
            The query is one SELECT in the dialect of SQLite; nothing can be changed. The views sources, records, derivations
            and tasks are read from the packs, so that a query over all of them takes as long as reading them does: say which
            artifact or stage is meant.

            EXAMPLES:
              headwater query 'SELECT run, state, started FROM runs'
              headwater query "SELECT stage, sum(executed) AS executed, sum(hits) AS hits FROM stages GROUP BY stage"
              headwater query "SELECT kind, count(*) FROM records WHERE stage = 'extract' GROUP BY kind" --format csv
              headwater query "SELECT mode, sum(length) FROM derivations WHERE stage = 'clean' GROUP BY mode" --json
            """)

    @OptionGroup var options: StoreOptions

    @Argument(help: ArgumentHelp("A SELECT.", valueName: "sql"))
    var sql: String

    @Option(name: .long, help: "table, json (an object a line) or csv.")
    var format: Format = .table

    func run() throws {
        let index = try options.index(of: try options.open())
        let query = try SQLQuery(sql, index: index)
        switch options.json ? .json : format {
        case .json:
            try query.forEachRow { row in
                let members = zip(query.columns, row).map { "\(JSON.string($0)):\(QueryCommand.json($1))" }
                Console.line("{\(members.joined(separator: ","))}")
                return true
            }
        case .csv:
            Console.line(query.columns.map(QueryCommand.csv).joined(separator: ","))
            try query.forEachRow { row in
                Console.line(row.map { QueryCommand.csv(QueryCommand.text($0)) }.joined(separator: ","))
                return true
            }
        case .table: try showTable(query)
        }
    }

    /// Columns are as wide as the first rows want them, so that a long answer can be shown as it comes.
    private func showTable(_ query: SQLQuery) throws {
        let measured = 200
        var rows: [[String]] = []
        var widths = query.columns.map(\.count)
        func show(_ row: [String]) {
            let cells = row.indices.map { index in index == row.count - 1 ? row[index] : row[index].padded(widths[index]) }
            Console.line(cells.joined(separator: "  "))
        }
        func showHeld() {
            for row in rows { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.count) } }
            Console.line(
                Style.standardOutput.bold(
                    query.columns.indices.map { query.columns[$0].padded(widths[$0]) }.joined(separator: "  ")))
            rows.forEach(show)
            rows = []
        }
        var count = 0
        try query.forEachRow { row in
            let cells = row.map { VisibleText.of(QueryCommand.text($0)) }
            count += 1
            if count <= measured { rows.append(cells) }
            if count == measured { showHeld() }
            if count > measured { show(cells) }
            return true
        }
        if count < measured { showHeld() }
    }

    private static func text(_ value: SQLQuery.Value) -> String {
        switch value {
        case .null: ""
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): text
        case .bytes(let bytes): Hex.encode(bytes)
        }
    }

    private static func json(_ value: SQLQuery.Value) -> String {
        switch value {
        case .null: "null"
        case .integer(let number): "\(number)"
        case .real(let number): number.isFinite ? "\(number)" : "null"
        case .text, .bytes: JSON.string(text(value)).description
        }
    }

    /// RFC 4180.
    private static func csv(_ text: String) -> String {
        guard text.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }) else { return text }
        return "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
}
