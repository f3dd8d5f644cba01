public import HeadwaterModel

/// One record as a stage receives it: what it is, and its text on demand.
public struct InputRecord: Sendable {
    public let record: Record
    private let load: @Sendable (Record) throws -> TracedText

    /// - Parameter load: gives the text; for a fetched document it reads and decodes the source.
    package init(_ record: Record, load: @escaping @Sendable (Record) throws -> TracedText) {
        self.record = record
        self.load = load
    }

    public var id: RecordID { record.id }
    public var kind: String { record.kind }
    public var fields: [String: JSON] { record.fields }

    /// The record's text. For a fetched document this reads and decodes the whole source, each time it is asked.
    public func text() throws -> TracedText { try load(record) }

    /// The byte ranges behind a field, as sources and ranges.
    public func cite(of field: String) -> [(source: Digest, range: ByteRange)] {
        (record.cites[field] ?? []).compactMap { citation in
            record.sources.indices.contains(citation.source) ? (record.sources[citation.source], citation.range) : nil
        }
    }
}
