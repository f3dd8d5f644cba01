import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore

/// Which byte ranges of which sources the records of a dataset come from, and under which locators these were found.
struct RecordCitations {
    let store: Store
    let stages: [RunManifest.Stage]
    private let content: PublishedRecords
    private let reader: DatasetReader
    /// The datasets of the stages that read sources.
    private let read: [Dataset]
    /// Of the partition at hand, or of all sources that the dataset cites.
    private var locators: SourceLocators
    private var hasAll = false

    init(_ content: PublishedRecords, in stages: [RunManifest.Stage], store: Store) throws {
        self.content = content
        self.stages = stages
        self.store = store
        let reader = DatasetReader(store: store)
        self.reader = reader
        read = try stages.filter(\.inputs.isEmpty).compactMap(\.artifact).map { try reader.dataset($0) }
        locators = SourceLocators()
    }

    /// Looks up the locators of a partition's sources. What record-wise stages make of a partition has its sources in the
    /// same partition of what was read, so that memory does not grow with the corpus. Where that is not so, all that the
    /// dataset cites is looked up at once.
    mutating func prepare(_ records: [Record], partition: Int) throws {
        if hasAll { return }
        let wanted = Set(records.flatMap(\.sources))
        let aligned = read.filter { $0.shards.count == content.partCount }.map { [$0.shards[partition]] }
        locators = try SourceLocators(of: wanted, in: aligned, reader)
        guard wanted.contains(where: { locators[$0] == nil }) else { return }
        var all: Set<Digest> = []
        try forEachRecord { all.formUnion($0.sources) }
        locators = try SourceLocators(of: all, in: read.map(\.shards), reader)
        hasAll = true
    }

    /// Calls `body` with each record that is published.
    func forEachRecord(_ body: (Record) throws -> Void) throws {
        for part in 0..<content.partCount {
            for record in try content.records(ofPart: part) where content.isWritten(record) { try body(record) }
        }
    }

    /// The record's places in its sources, as references that can be asked for: `source:news/dam.html:120-180`.
    func references(of record: Record) -> [String] {
        RecordCitations.places(of: record).map(reference)
    }

    /// The places behind a field, as references.
    func references(ofField field: String, of record: Record) -> [String] {
        RecordCitations.places(ofField: field, of: record).map(reference)
    }

    private func reference(_ place: Place) -> String {
        let name = "source:" + (locators[place.source] ?? place.source.description)
        guard let range = place.range, let end = range.end, range.length > 0 else { return name }
        return "\(name):\(range.start)-\(end)"
    }

    static func places(ofField field: String, of record: Record) -> [Place] {
        (record.cites[field] ?? []).compactMap { cite in
            record.sources.indices.contains(cite.source) ? Place(source: record.sources[cite.source], range: cite.range) : nil
        }
    }

    /// A byte range of a source, or all of it.
    struct Place: Hashable {
        var source: Digest
        /// Nil for the whole source.
        var range: ByteRange?
    }

    /// The hull of the record's source bytes in each of its sources; for a record without text its sources.
    static func places(of record: Record) -> [Place] {
        var hulls: [Place] = []
        var known: [Digest: Int] = [:]
        for citation in record.segments.compactMap(\.citation) + record.evidence
        where record.sources.indices.contains(citation.source) {
            let source = record.sources[citation.source]
            if let index = known[source], let end = citation.range.end, let range = hulls[index].range, let knownEnd = range.end {
                let start = min(range.start, citation.range.start)
                hulls[index].range = ByteRange(start: start, length: max(end, knownEnd) - start)
            } else {
                known[source] = hulls.count
                hulls.append(Place(source: source, range: citation.range))
            }
        }
        if hulls.isEmpty, record.text.isEmpty { return record.sources.map { Place(source: $0, range: nil) } }
        return hulls
    }
}
