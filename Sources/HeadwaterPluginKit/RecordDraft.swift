public import HeadwaterModel

/// A record in the making: what a stage emits. The engine seals it.
public struct RecordDraft: Sendable {
    public var kind: String
    public var text: TracedText
    public var parents: [RecordID]
    public private(set) var fields: [String: JSON]
    private(set) var cites: [String: [(source: Digest, range: ByteRange)]] = [:]
    /// What generated parts of the text rest on.
    private(set) var evidence: [(source: Digest, range: ByteRange)] = []
    /// The source of a document whose text is not stored with it.
    private var source: Digest?

    public init(kind: String, text: TracedText, parents: [RecordID], fields: [String: JSON] = [:]) {
        self.kind = kind
        self.text = text
        self.parents = parents
        self.fields = fields
    }

    /// A document that stands for a whole source: it carries no text, the next stage reads the source on demand.
    public init(describing source: RetrievedSource, fields: [String: JSON]) {
        self.init(kind: "document", text: TracedText(), parents: [], fields: fields)
        self.source = source.digest
    }

    /// A draft that goes on from another record: same kind, fields and cites, the text given.
    public init(continuing input: InputRecord, text: TracedText) {
        self.init(kind: input.kind, text: text, parents: [input.id], fields: input.fields)
        for field in input.record.cites.keys { cites[field] = input.cite(of: field) }
    }

    public mutating func set(_ field: String, _ value: JSON) { fields[field] = value }

    /// Sets a field whose value was read from, or worked out from, these bytes.
    public mutating func set(_ field: String, _ value: JSON, citing text: TracedText) {
        fields[field] = value
        cites[field] = text.citations
    }

    /// Sets a field to another record's, with the bytes behind it there.
    public mutating func set(_ field: String, _ value: JSON, citing places: [(source: Digest, range: ByteRange)]) {
        fields[field] = value
        if !places.isEmpty { cites[field] = places }
    }

    /// Sets a field to a text, citing the bytes it stands in.
    public mutating func set(_ field: String, _ text: TracedText) { set(field, .string(text.string), citing: text) }

    /// Names the source bytes that generated parts of the text rest on: those behind `text`. What is named already is not
    /// named twice.
    public mutating func rest(on text: TracedText) {
        for cite in text.citations where !evidence.contains(where: { $0 == cite }) { evidence.append(cite) }
    }

    /// The finished record.
    package func sealed() -> Record { sealedLine().record }

    /// The finished record and its canonical bytes, which its id is made of.
    package func sealedLine() -> (record: Record, line: [UInt8]) {
        var sources = source.map { [$0] } ?? text.sources
        func citation(_ cite: (source: Digest, range: ByteRange)) -> Citation {
            if let known = sources.firstIndex(of: cite.source) { return Citation(source: known, range: cite.range) }
            sources.append(cite.source)
            return Citation(source: sources.count - 1, range: cite.range)
        }
        var indexed: [String: [Citation]] = [:]
        for field in cites.keys.sorted() { indexed[field] = (cites[field] ?? []).map(citation) }
        let supported = evidence.map(citation)
        var record = Record(
            told: RecordID(Digest(of: [UInt8]())), kind: kind, text: text.bytes, segments: text.segments, sources: sources,
            parents: parents, fields: fields, cites: indexed, evidence: supported)
        let line = record.seal()
        return (record, line)
    }
}
