import HeadwaterModel
import HeadwaterPluginKit

/// The records that a task works on, with their texts as the engine knows them: what slices are cut from.
final class TaskInputs {
    /// By role, in order.
    let records: [(role: String, records: [InputRecord])]
    private let byID: [RecordID: InputRecord]
    private var texts: [RecordID: TracedText] = [:]

    init(_ partition: Partition, roles: [String]) {
        records = roles.map { ($0, partition[$0]) }
        byID = Dictionary(
            records.flatMap(\.records).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// No records: for a round over all partitions.
    init() {
        records = []
        byID = [:]
    }

    func record(_ id: RecordID) -> InputRecord? { byID[id] }

    /// The record's text; nil for a document that is no text.
    func text(of record: InputRecord) throws -> TracedText? {
        if let known = texts[record.id] { return known }
        do {
            let text = try record.text()
            texts[record.id] = text
            return text
        } catch is StageError {
            return nil
        }
    }

    /// The bytes of a slice with their origin.
    ///
    /// - Parameters:
    ///   - only: the record that is meant where the slice names none.
    ///   - field: for messages.
    func text(of slice: TextPiece.Slice, only: RecordID?, field: String) throws -> TracedText {
        let (text, range) = try place(of: slice, only: only, field: field)
        return text[range]
    }

    /// The text that a slice is cut from, and where, once it is sure that it can be cut there.
    private func place(of slice: TextPiece.Slice, only: RecordID?, field: String) throws -> (TracedText, Range<Int>) {
        guard let id = slice.record ?? only else {
            throw MessageFault(field: field, "it does not say which of several records it is from; expected \"from\" with an id")
        }
        guard let record = byID[id] else { throw MessageFault(field: field, "\(id.short) is no record of this task's input") }
        guard let text = try text(of: record) else { throw MessageFault(field: field, "record \(id.short) has no text") }
        guard let range = slice.range.checked(within: text.count) else {
            throw MessageFault(
                field: field,
                "bytes \(slice.range.start) to \(slice.range.start + slice.range.length) are not all in the text of record \(id.short), "
                    + "which has \(text.count)")
        }
        for offset in [range.lowerBound, range.upperBound] where offset < text.count && text.bytes[offset] & 0xC0 == 0x80 {
            throw MessageFault(
                field: field, "byte \(offset) of record \(id.short) lies inside a character; slices are counted in bytes")
        }
        return (text, range)
    }

    /// - Throws: `MessageFault` if two slices of one record share bytes.
    func refuseOverlaps(_ slices: [TextPiece.Slice], only: RecordID?, field: String) throws {
        let sorted = slices.compactMap { slice in (slice.record ?? only).map { ($0, slice.range) } }
            .sorted { ($0.0, $0.1.start) < ($1.0, $1.1.start) }
        for (a, b) in zip(sorted, sorted.dropFirst()) where a.0 == b.0 && a.1.start + a.1.length > b.1.start {
            throw MessageFault(field: field, "the slices at bytes \(a.1.start) and \(b.1.start) of record \(a.0.short) overlap")
        }
    }
}
