import HeadwaterModel

/// Publishes records as canonical JSON objects (RFC 8785), one a line, as `records --json` prints them; or of each only what
/// `fields` names.
struct JSONFormat: RecordFormat {
    enum Layout {
        /// One object with a list of records.
        case document
        /// One record a line.
        case lines
    }

    /// Whether the records stand in a list, and not each for itself.
    private let isList: Bool
    private let fields: [String]?
    private var citations: RecordCitations
    private var isFirst = true
    private var missing: Set<String>

    init(_ layout: Layout, fields: [String]?, _ citations: RecordCitations, isFolder: Bool) {
        isList = layout == .document && !isFolder
        self.fields = fields?.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.citations = citations
        missing = Set(fields ?? []).subtracting(RecordFields.own)
    }

    mutating func prepare(_ records: [Record], partition: Int) throws {
        if let fields, RecordFields.namesPlaces(fields) { try citations.prepare(records, partition: partition) }
        for record in records where !missing.isEmpty {
            missing = missing.filter { RecordFields.value($0, of: record, citations) == nil }
        }
    }

    var remarks: [String] { missing.sorted().map { "no record has the field \($0)" } }

    func begin(_ writer: inout PublicationWriter) { if isList { writer.write("{\"records\":[\n") } }

    func end(_ writer: inout PublicationWriter) { if isList { writer.write(isFirst ? "]}\n" : "\n]}\n") } }

    mutating func write(_ record: Record, number: Int, to writer: inout PublicationWriter) {
        if isList, !isFirst { writer.write(",\n") }
        isFirst = false
        if let fields { write(fields, of: record, number: number, to: &writer) } else { writeAll(record, number, to: &writer) }
        if !isList { writer.write("\n") }
    }

    /// The text is the last member of a canonical record.
    private func writeAll(_ record: Record, _ number: Int, to writer: inout PublicationWriter) {
        let canonical = record.canonical
        var text = JSONWriter()
        text.string(utf8: record.text)
        let end = canonical.count - 1
        writer.write(canonical[..<(end - text.bytes.count)])
        write(textOf: record, number, to: &writer)
        writer.write(canonical[end...])
    }

    private func write(_ fields: [String], of record: Record, number: Int, to writer: inout PublicationWriter) {
        var separator = "{"
        for name in fields {
            if name == "text" {
                writer.write(separator + "\"text\":")
                write(textOf: record, number, to: &writer)
            } else {
                guard let value = RecordFields.value(name, of: record, citations) else { continue }
                writer.write("\(separator)\(JSON.string(name).description):\(value.description)")
            }
            separator = ","
        }
        writer.write(separator == "{" ? "{}" : "}")
    }

    /// The text as a JSON string: what needs an escape is written by the format, all else is the record's.
    private func write(textOf record: Record, _ number: Int, to writer: inout PublicationWriter) {
        writer.write("\"")
        var run = 0
        for (index, byte) in record.text.enumerated()
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            writer.write(record, number: number, run..<index)
            var escaped = JSONWriter()
            escaped.string(utf8: [byte])
            writer.write(escaped.bytes.dropFirst().dropLast())
            run = index + 1
        }
        writer.write(record, number: number, run..<record.text.count)
        writer.write("\"")
    }
}
