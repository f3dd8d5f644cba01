import HeadwaterModel
import HeadwaterStore

/// The columns of a stage's artifact and where each comes from, as far as the records themselves show it.
///
/// A record is a row: its `text` and each of its fields a column. That a column comes from another is known where a record was
/// passed on as it was, where its text has segments in bytes that its parent has too, where a field cites such bytes, and where a
/// field has always the value of the same field of the parent. Nothing is guessed from names or from what a plugin is said to do.
struct Columns {
    /// The types of values that a column was seen with, by the column's name.
    private(set) var types: [String: Set<String>] = ["id": ["string"], "kind": ["string"], "text": ["string"]]
    private(set) var origins: [String: Set<Origin>] = [:]
    /// Pairs of a column and its like in an input, and whether their values were ever unequal.
    private var likes: [Like: Bool] = [:]

    struct Origin: Hashable {
        /// Which of the stage's inputs.
        var input: Int
        var column: String
        /// Whether the value is the same, or made from it.
        var isSame: Bool
    }

    private struct Like: Hashable {
        var input: Int
        var field: String
    }

    /// More than a table is made with; what comes up behind them is left out.
    private static let mostFields = 1000
    private static let own = ["id", "kind", "text"]

    /// Reads all records of a stage. A stage without inputs reads sources, which are its input 0, with the columns `locator` and
    /// `bytes`.
    init(of stage: RunManifest.Stage, in run: RunManifest, store: Store) throws {
        let reader = DatasetReader(store: store)
        try UpstreamRecords(of: stage, in: run, reader).forEach { made in
            add(made)
            if stage.inputs.isEmpty { addSource(made.record) }
            return true
        }
        for (like, isUnequal) in likes where !isUnequal {
            origins[Columns.name(ofField: like.field), default: []].insert(
                Origin(input: like.input, column: Columns.name(ofField: like.field), isSame: true))
        }
    }

    /// A field that is called as something of the record itself is `fields.text`, as in publications.
    private static func name(ofField field: String) -> String { own.contains(field) ? "fields." + field : field }

    /// Sorted, those of the record itself first.
    var names: [String] {
        Columns.own + types.keys.filter { !Columns.own.contains($0) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private mutating func add(_ made: UpstreamRecords.Made) {
        let record = made.record
        for field in record.fields.keys.filter({ types[Columns.name(ofField: $0)] == nil }).sorted()
        where types.count < Columns.mostFields { types[Columns.name(ofField: field)] = [] }
        for (field, value) in record.fields { types[Columns.name(ofField: field)]?.insert(Columns.type(of: value)) }
        for parent in made.parents {
            if parent.record.id == record.id {
                passOn(record, from: parent.input)
            } else {
                derive(record, from: parent)
            }
        }
    }

    private mutating func passOn(_ record: Record, from input: Int) {
        for column in Columns.own where column != "text" || !record.text.isEmpty {
            origins[column, default: []].insert(Origin(input: input, column: column, isSame: true))
        }
        for field in record.fields.keys where types[Columns.name(ofField: field)] != nil {
            compare(field, input, isUnequal: false)
        }
    }

    private mutating func derive(_ record: Record, from parent: UpstreamRecords.Parent) {
        let text = Origin(input: parent.input, column: "text", isSame: false)
        func isKnown(_ column: String) -> Bool { origins[column]?.contains(text) ?? false }
        func isShared(_ citation: Citation) -> Bool {
            record.sources.indices.contains(citation.source)
                && parent.record.hasText(from: citation.range, of: record.sources[citation.source])
        }
        if !isKnown("text"),
            record.segments.contains(where: { $0.citation.map(isShared) ?? false }) || record.evidence.contains(where: isShared)
        {
            origins["text", default: []].insert(text)
        }
        for (field, value) in record.fields where types[Columns.name(ofField: field)] != nil {
            let name = Columns.name(ofField: field)
            if !isKnown(name), record.cites[field]?.contains(where: isShared) ?? false { origins[name, default: []].insert(text) }
            if let other = parent.record.fields[field] { compare(field, parent.input, isUnequal: other != value) }
        }
    }

    private mutating func compare(_ field: String, _ input: Int, isUnequal: Bool) {
        likes[Like(input: input, field: field)] = likes[Like(input: input, field: field), default: false] || isUnequal
    }

    private mutating func addSource(_ record: Record) {
        guard !record.sources.isEmpty else { return }
        origins["text", default: []].insert(Origin(input: 0, column: "bytes", isSame: false))
        if record.fields["locator"] != nil {
            origins["locator", default: []].insert(Origin(input: 0, column: "locator", isSame: true))
        }
    }

    private static func type(of value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .decimal: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension Record {
    /// Whether any of these bytes of a source are in the text; of a record that stands for a source all are.
    fileprivate func hasText(from range: ByteRange, of source: Digest) -> Bool {
        if text.isEmpty { return sources.contains(source) }
        return segments.contains { segment in
            guard let own = segment.citation, sources.indices.contains(own.source), sources[own.source] == source else {
                return false
            }
            return own.range.start < range.start + range.length && range.start < own.range.start + own.range.length
        }
    }
}
