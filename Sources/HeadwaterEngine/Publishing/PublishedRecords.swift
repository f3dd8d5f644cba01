import HeadwaterLineage
import HeadwaterModel

/// What a publication writes: the records of a dataset shard by shard, or the notes of one kind as if each were a record.
struct PublishedRecords {
    private let dataset: Dataset
    private let kind: String?
    private let reader: DatasetReader

    /// Which records are published, by their kinds; nil for all.
    private let kinds: [String]?

    /// - Parameters:
    ///   - notes: the kind of the notes; nil for the records.
    ///   - kinds: of the records that are published; nil for all.
    init(_ dataset: Dataset, notes kind: String?, kinds: [String]?, _ reader: DatasetReader) {
        (self.dataset, self.kind, self.kinds, self.reader) = (dataset, kind, kinds, reader)
    }

    /// Whether a record is published. One that is not keeps its number: records are counted as the stage has them.
    func isWritten(_ record: Record) -> Bool { kinds?.contains(record.kind) ?? true }

    /// Notes are one part: those of one group lie anywhere, and belong below each other.
    var partCount: Int { kind == nil ? dataset.shards.count : 1 }

    func records(ofPart part: Int) throws -> [Record] {
        guard let kind else { return try reader.records(of: dataset.shards[part].digest) }
        let notes = try dataset.shards.flatMap { shard in
            try reader.side(shard.notesDigest).map { StoredNote(json: $0) }.filter { $0.kind.utf8.elementsEqual(kind.utf8) }
        }
        func group(_ note: StoredNote) -> String { note.details["group"]?.string ?? "" }
        func rank(_ note: StoredNote) -> Int { note.details["rank"]?.integer ?? 0 }
        return notes.enumerated().sorted { a, b in
            if !group(a.element).utf8.elementsEqual(group(b.element).utf8) {
                return group(a.element).utf8.lexicographicallyPrecedes(group(b.element).utf8)
            }
            return (rank(a.element), a.offset) < (rank(b.element), b.offset)
        }.map { PublishedRecords.record(of: $0.element) }
    }

    /// A note as a record: its details are fields, with the reason and the record that it is about, and what it cites is its
    /// evidence.
    private static func record(of note: StoredNote) -> Record {
        var sources: [Digest] = []
        let evidence = note.cites.map { cite in
            let index = sources.firstIndex(of: cite.source) ?? sources.count
            if index == sources.count { sources.append(cite.source) }
            return Citation(source: index, range: cite.range)
        }
        var fields = note.details
        if fields["reason"] == nil { fields["reason"] = .string(note.reason) }
        if fields["record"] == nil { fields["record"] = note.record.map { .string($0.description) } }
        return Record(kind: note.kind, sources: sources, fields: fields, evidence: evidence)
    }
}
