public import HeadwaterModel
public import HeadwaterStore

/// What differs between two records that stand in one place, member by member and byte by byte.
public struct RecordDifference: Sendable {
    public let before: Record
    public let after: Record
    /// Of the texts.
    public let text: TextDifference
    /// In the order of their names; nil where only the other has it.
    public let fields: [(name: String, before: JSON?, after: JSON?)]
    /// Members that name what the record came from and that differ: `parents`, `sources`, `segments`, `cites`, `evidence`.
    public let origins: [String]

    public init(_ before: Record, _ after: Record) {
        (self.before, self.after) = (before, after)
        text = TextDifference(before.text, after.text)
        fields = Set(before.fields.keys).union(after.fields.keys).sorted().compactMap { name in
            let (old, new) = (before.fields[name], after.fields[name])
            return old == new ? nil : (name, old, new)
        }
        var origins: [String] = []
        if before.parents != after.parents { origins.append("parents") }
        if before.sources != after.sources { origins.append("sources") }
        if before.segments != after.segments { origins.append("segments") }
        if before.cites != after.cites { origins.append("cites") }
        if before.evidence != after.evidence { origins.append("evidence") }
        self.origins = origins
    }

    /// The first byte of the text that is another one; nil where the texts are equal.
    public var firstByte: Int? { text.hunks.first?.firstByte }

    public var json: JSON {
        .object([
            "text": .array(text.hunks.map { $0.json(before.text, after.text) }),
            "fields": .array(
                fields.map { field in
                    var members: [String: JSON] = ["name": .string(field.name)]
                    members["before"] = field.before
                    members["after"] = field.after
                    return .object(members)
                }), "origins": .array(origins.map { .string($0) }),
        ])
    }
}

extension TextDifference.Hunk {
    /// `{"byte","before":{"bytes":[START,END],"lines":[START,END],"text"},"after":{…}}`; lines count from 1, and the end is
    /// one past the last. Bytes that are no UTF-8 are given as U+FFFD.
    public func json(_ textBefore: [UInt8], _ textAfter: [UInt8]) -> JSON {
        func side(_ bytes: Range<Int>, _ lines: Range<Int>, _ text: [UInt8]) -> JSON {
            [
                "bytes": [.integer(bytes.lowerBound), .integer(bytes.upperBound)],
                "lines": [.integer(lines.lowerBound + 1), .integer(lines.upperBound + 1)],
                "text": .string(String(decoding: text[bytes], as: UTF8.self)),
            ]
        }
        return [
            "byte": .integer(firstByte), "before": side(before, linesBefore, textBefore),
            "after": side(after, linesAfter, textAfter),
        ]
    }
}

/// Reads the records of a difference, in their order: each shard is read once, as long as they come shard by shard.
public struct RecordChangeReader {
    private let reader: DatasetReader
    private let difference: DatasetDifference
    private var before: (shard: Int, records: [Record])?
    private var after: (shard: Int, records: [Record])?

    public init(_ difference: DatasetDifference, store: Store) {
        self.difference = difference
        reader = DatasetReader(store: store)
    }

    /// The records that a change is about: one, or both.
    public mutating func records(of change: RecordChange) throws -> (before: Record?, after: Record?) {
        func record(
            _ side: RecordChange.Side?, _ dataset: Dataset, _ held: inout (shard: Int, records: [Record])?
        ) throws -> Record? {
            guard let side else { return nil }
            if held?.shard != side.place.shard {
                held = (side.place.shard, try reader.records(of: dataset.shards[side.place.shard].digest))
            }
            return held?.records[side.place.line]
        }
        return (try record(change.before, difference.before, &before), try record(change.after, difference.after, &after))
    }
}
