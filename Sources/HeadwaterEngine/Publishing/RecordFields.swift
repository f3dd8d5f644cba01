import HeadwaterModel

/// Names what of a record is written: its `id`, `kind`, `text` and `sources`, and its fields by their names. A field that is
/// called like one of the first is named `fields.text`; `cites.speaker` names the places behind the field `speaker`.
enum RecordFields {
    static let own = ["id", "kind", "text", "sources"]
    private static let prefix = "fields."
    private static let citesPrefix = "cites."

    /// Whether places of sources are asked for.
    static func namesPlaces(_ fields: [String]) -> Bool { fields.contains { $0 == "sources" || $0.hasPrefix(citesPrefix) } }

    /// The value of anything but the text.
    static func value(_ name: String, of record: Record, _ citations: RecordCitations) -> JSON? {
        switch name {
        case "id": .string(record.id.description)
        case "kind": .string(record.kind)
        case "sources": .array(citations.references(of: record).map { .string($0) })
        case _ where name.hasPrefix(citesPrefix):
            places(String(name.dropFirst(citesPrefix.count)), of: record, citations)
        default: record.fields[name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name]
        }
    }

    /// Nil where the record does not say what is behind the field.
    private static func places(_ field: String, of record: Record, _ citations: RecordCitations) -> JSON? {
        let references = citations.references(ofField: field, of: record)
        return references.isEmpty ? nil : .array(references.map { .string($0) })
    }

    /// How a field is named among the others.
    static func name(ofField field: String) -> String {
        own.contains(field) || field.hasPrefix(prefix) || field.hasPrefix(citesPrefix) ? prefix + field : field
    }
}
