import HeadwaterModel

/// Publishes records as comma-separated values (RFC 4180, but with line feeds alone between rows): a header, and one row for
/// each record.
struct CSVFormat: RecordFormat {
    private var citations: RecordCitations
    private let columns: [String]
    private var missing: MissingFields

    /// More columns than a person or a program will want.
    private static let mostColumns = 1000

    /// - Parameter fields: the columns; nil for all that the records have.
    init(fields: [String]?, _ citations: RecordCitations) throws {
        self.citations = citations
        columns = try fields ?? CSVFormat.allColumns(citations)
        missing = MissingFields(fields ?? [])
    }

    private static func allColumns(_ citations: RecordCitations) throws -> [String] {
        var names: Set<String> = []
        try citations.forEachRecord { record in
            names.formUnion(record.fields.keys)
            guard names.count <= mostColumns else {
                throw TaskFault("the records have more than \(mostColumns) fields; name those to be written under \"fields\"")
            }
        }
        let fields = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(RecordFields.name(ofField:))
        return ["id", "kind", "text"] + fields + ["sources"]
    }

    mutating func prepare(_ records: [Record], partition: Int) throws {
        if RecordFields.namesPlaces(columns) { try citations.prepare(records, partition: partition) }
        missing.look(in: records, citations)
    }

    var remarks: [String] { missing.remarks }

    func begin(_ writer: inout PublicationWriter) {
        writer.write(columns.map(CSVFormat.cell).joined(separator: ",") + "\n")
    }

    func write(_ record: Record, number: Int, to writer: inout PublicationWriter) {
        for (index, column) in columns.enumerated() {
            if index > 0 { writer.write(",") }
            switch column {
            case "text": write(textOf: record, number, to: &writer)
            case "sources": writer.write(CSVFormat.cell(citations.references(of: record).joined(separator: " ")))
            default: writer.write(CSVFormat.cell(CSVFormat.text(RecordFields.value(column, of: record, citations))))
            }
        }
        writer.write("\n")
    }

    private static func text(_ value: JSON?) -> String {
        switch value {
        case nil, .null?: ""
        case .string(let text)?: text
        case let other?: other.description
        }
    }

    /// The record's text in a cell: the quotation marks that CSV wants are the format's, all else is the record's.
    private func write(textOf record: Record, _ number: Int, to writer: inout PublicationWriter) {
        guard CSVFormat.needsQuotes(record.text) else {
            return writer.write(record, number: number, 0..<record.text.count)
        }
        writer.write("\"")
        var run = 0
        for (index, byte) in record.text.enumerated() where byte == UInt8(ascii: "\"") {
            writer.write(record, number: number, run..<index)
            writer.write("\"")
            run = index
        }
        writer.write(record, number: number, run..<record.text.count)
        writer.write("\"")
    }

    private static func cell(_ text: String) -> String {
        guard needsQuotes(Array(text.utf8)) else { return text }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\"" { out.append(scalar) }
            out.append(scalar)
        }
        return "\"" + String(out) + "\""
    }

    /// RFC 4180, 2.6 and 2.7; also for spaces at the ends, which some readers cut off.
    private static func needsQuotes(_ text: [UInt8]) -> Bool {
        if text.first == UInt8(ascii: " ") || text.last == UInt8(ascii: " ") { return true }
        return text.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0) }
    }
}
