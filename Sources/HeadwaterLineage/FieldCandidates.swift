public import HeadwaterModel
public import HeadwaterStore

/// What the places of a page state for one field of a record, and which of them was taken: from the notes of kind `candidate` that
/// a stage keeps of those it did not take.
public struct FieldCandidates: Sendable {
    /// The kind of a note on a value that was not taken.
    public static let kind = "candidate"

    /// The stage that chose, and the record as that stage made it.
    public var stage: String
    public var record: RecordID
    public var field: String
    /// The field's value; nil where none was taken.
    public var value: JSON?
    /// In the order in which places count.
    public var all: [Candidate]

    /// One place of the page.
    public struct Candidate: Sendable {
        /// As the stage calls it: `h1`, `meta og:title`.
        public var place: String
        /// 0 counts most.
        public var rank: Int
        /// `chosen`, or why it was not: `agrees`, `outranked`, `implausible`.
        public var reason: String
        public var value: JSON?
        /// The bytes that state it.
        public var cites: [(source: Digest, range: ByteRange)]
    }

    /// The candidates for fields of a record, and of those that it was made from, upstream.
    public static func of(_ place: Resolver.RecordPlace, store: Store) throws -> [FieldCandidates] {
        let reader = DatasetReader(store: store)
        var out: [FieldCandidates] = []
        for step in try Tracer(store: store).steps(from: place) {
            // Of several shards with equal records any may have noted something.
            let shards = try reader.shards(of: step.artifact).filter { $0.digest == step.shard }
            guard let shard = shards.first(where: { $0.notesDigest != nil }) else { continue }
            let notes = try reader.side(shard.notesDigest).map(StoredNote.init).filter {
                $0.kind == kind && $0.record == step.record
            }
            guard !notes.isEmpty, let record = try reader.records([step.record], of: shard.digest).first else { continue }
            for (field, notes) in Dictionary(grouping: notes, by: { $0.details["field"]?.string ?? "" }).sorted(by: {
                $0.key < $1.key
            }) {
                out.append(FieldCandidates(stage: step.stage.name, record, field, notes))
            }
        }
        return out
    }

    private init(stage: String, _ record: Record, _ field: String, _ notes: [StoredNote]) {
        (self.stage, self.record, self.field) = (stage, record.id, field)
        value = record.fields[field]
        all = notes.map { note in
            Candidate(
                place: note.details["place"]?.string ?? "", rank: note.details["rank"]?.integer ?? 0, reason: note.reason,
                value: note.details["value"], cites: note.cites)
        }
        if let chosen = notes.lazy.compactMap({ $0.details["chosen"]?.string }).first {
            // The one that has no note has the rank that no note has.
            let ranks = Set(all.map(\.rank))
            let cites = (record.cites[field] ?? []).compactMap { cite in
                record.sources.indices.contains(cite.source) ? (source: record.sources[cite.source], range: cite.range) : nil
            }
            all.append(
                Candidate(
                    place: chosen, rank: (0...all.count).first { !ranks.contains($0) } ?? all.count, reason: "chosen",
                    value: value, cites: cites))
        }
        all.sort { ($0.rank, $0.place) < ($1.rank, $1.place) }
    }
}
