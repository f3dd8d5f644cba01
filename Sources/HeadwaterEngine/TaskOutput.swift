import HeadwaterLineage
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Collects what one application of a stage emits, and refuses every record whose map does not hold: each segment is
/// compared with the bytes of its source before the record counts.
final class TaskOutput: StageOutput {
    private let store: Store
    private var lines: [UInt8] = []
    private var recordCount = 0
    private var drops: [Drop] = []
    private var notes: [Note] = []
    private var proof = RecordProof()
    private var sources: SourceCache

    init(store: Store) {
        self.store = store
        sources = SourceCache(store: store)
    }

    func emit(_ draft: RecordDraft) throws -> RecordID {
        let (record, line) = draft.sealedLine()
        if let field = record.fields.sorted(by: { $0.key < $1.key }).first(where: { $0.value.holdsDecimal })?.key {
            throw TaskFault("record \(record.id.short): the field \(field) holds a decimal number; records hold integers only")
        }
        try proof.check(record) { try sources.bytes(of: $0) }
        append(consume line)
        return record.id
    }

    func pass(_ record: InputRecord) { append(record.record.canonical) }

    func drop(_ drop: Drop) { drops.append(drop) }

    func note(_ note: Note) { notes.append(note) }

    private func append(_ line: consuming [UInt8]) {
        // The first one is taken over as it is, and nobody else holds it: it may be nearly all that there will be.
        if lines.isEmpty { lines = consume line } else { lines.append(contentsOf: line) }
        lines.append(UInt8(ascii: "\n"))
        recordCount += 1
    }

    /// Stores the records and what goes with them.
    func shard() throws -> ShardContent {
        ShardContent(
            digest: try store.put(lines), byteCount: lines.count, recordCount: recordCount,
            dropsDigest: drops.isEmpty ? nil : try store.put(JSONLines.encode(drops.map(\.json))),
            notesDigest: notes.isEmpty ? nil : try store.put(JSONLines.encode(notes.map(\.json))),
            dropCounts: drops.reduce(into: [:]) { $0[$1.reason, default: 0] += 1 })
    }
}

extension JSON {
    fileprivate var holdsDecimal: Bool {
        switch self {
        case .decimal: true
        case .array(let elements): elements.contains(where: \.holdsDecimal)
        case .object(let members): members.values.contains(where: \.holdsDecimal)
        default: false
        }
    }
}

extension Drop {
    var json: JSON {
        var members: [String: JSON] = [
            "record": .string(record.description), "reason": .string(reason), "details": .object(details),
        ]
        if let survivor { members["survivor"] = .string(survivor.description) }
        return .object(members)
    }
}

extension Note {
    var json: JSON {
        [
            "record": .string(record.description), "kind": .string(kind), "reason": .string(reason), "details": .object(details),
            "cites": .array(
                cites.map { [.string($0.source.description), .integer($0.range.start), .integer($0.range.length)] }),
        ]
    }
}
