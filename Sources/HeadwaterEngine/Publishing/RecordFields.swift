import HeadwaterModel

/// Names what of a record is written: its `id`, `kind`, `text` and `sources`, and its fields by their names. A field that is
/// called like one of the first is named `fields.text`.
enum RecordFields {
    static let own = ["id", "kind", "text", "sources"]
    private static let prefix = "fields."

    /// The value of anything but the text.
    static func value(_ name: String, of record: Record, _ citations: RecordCitations) -> JSON? {
        switch name {
        case "id": .string(record.id.description)
        case "kind": .string(record.kind)
        case "sources": .array(citations.references(of: record).map { .string($0) })
        default: record.fields[name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name]
        }
    }

    /// How a field is named among the others.
    static func name(ofField field: String) -> String {
        own.contains(field) || field.hasPrefix(prefix) ? prefix + field : field
    }
}
