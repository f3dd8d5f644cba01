import HeadwaterLineage
import HeadwaterModel

/// Publishes records as a page with one table: a row for each record, a column for each field, behind every value the numbers of
/// the places it was read from, and below the table these places.
struct TableFormat<Syntax: TableSyntax>: RecordFormat {
    private let syntax: Syntax
    private let title: String
    private let fields: [String]
    private var sources: RecordCitations
    private var citations = NumberedCitations()
    private var missing: MissingFields

    init(_ syntax: Syntax, title: String, fields: [String], _ sources: RecordCitations) {
        self.syntax = syntax
        self.title = title
        self.fields = fields
        self.sources = sources
        missing = MissingFields(fields)
    }

    mutating func prepare(_ records: [Record], partition: Int) throws {
        if RecordFields.namesPlaces(fields) { try sources.prepare(records, partition: partition) }
        missing.look(in: records, sources)
    }

    var remarks: [String] { missing.remarks }

    func begin(_ writer: inout PublicationWriter) {
        writer.write(syntax.begin(title: title) + syntax.tableStart(fields))
    }

    mutating func write(_ record: Record, number: Int, to writer: inout PublicationWriter) {
        writer.write(syntax.rowStart)
        for field in fields {
            writer.write(syntax.cellStart)
            if field == "text" {
                writer.write(cell: record, number: number, in: syntax)
                writer.write(syntax.marks(citations.add(record)))
            } else {
                writer.write(cell(field, of: record))
            }
            writer.write(syntax.cellEnd)
        }
        writer.write(syntax.rowEnd)
    }

    /// A field's value with its citations: behind each element of a list where there is one for each, else behind all.
    private mutating func cell(_ field: String, of record: Record) -> String {
        guard let value = RecordFields.value(field, of: record, sources) else { return "" }
        let values = (value.array ?? [value]).map { syntax.escapedInCell($0.string ?? $0.description) }
        let places = RecordCitations.places(ofField: field, of: record)
        guard places.count == values.count else {
            return values.joined(separator: syntax.lineBreak) + syntax.marks(citations.add(places, of: record, isOwn: false))
        }
        return zip(values, places).map { value, place in
            value + syntax.marks(citations.add([place], of: record, isOwn: false))
        }.joined(separator: syntax.lineBreak)
    }

    func end(_ writer: inout PublicationWriter) throws {
        writer.write(syntax.tableEnd)
        try citations.write(syntax, sources, to: &writer)
    }
}

/// How a table is written in one language of markup.
protocol TableSyntax: PageSyntax {
    func tableStart(_ columns: [String]) -> String
    var rowStart: String { get }
    var cellStart: String { get }
    var cellEnd: String { get }
    var rowEnd: String { get }
    var tableEnd: String { get }
    /// Between the elements of a list.
    var lineBreak: String { get }
    func escapeInCell(_ scalar: Unicode.Scalar) -> PageEscape
}

extension TableSyntax {
    func escapedInCell(_ text: String) -> String { escaped(text, by: escapeInCell) }
}

/// Tables of GitHub Flavored Markdown (0.29, 4.10), which most readers of Markdown know.
extension MarkdownSyntax: TableSyntax {
    func tableStart(_ columns: [String]) -> String {
        "|" + columns.map { " \(escapedInCell($0)) |" }.joined() + "\n|" + columns.map { _ in " --- |" }.joined() + "\n"
    }

    var rowStart: String { "|" }
    var cellStart: String { " " }
    var cellEnd: String { " |" }
    var rowEnd: String { "\n" }
    var tableEnd: String { "\n" }
    var lineBreak: String { "<br>" }

    func escapeInCell(_ scalar: Unicode.Scalar) -> PageEscape { scalar == "|" ? .before("\\") : escape(scalar) }
}

extension HTMLSyntax: TableSyntax {
    func tableStart(_ columns: [String]) -> String {
        "<table>\n<tr>" + columns.map { "<th dir=\"auto\">\(escaped($0))</th>" }.joined() + "</tr>\n"
    }

    var rowStart: String { "<tr>" }
    var cellStart: String { "<td dir=\"auto\">" }
    var cellEnd: String { "</td>" }
    var rowEnd: String { "</tr>\n" }
    var tableEnd: String { "</table>\n" }
    var lineBreak: String { "<br>" }

    func escapeInCell(_ scalar: Unicode.Scalar) -> PageEscape { escape(scalar) }
}
