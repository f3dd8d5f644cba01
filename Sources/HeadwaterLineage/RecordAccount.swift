public import HeadwaterModel

/// What became of the sources behind a record: the paragraphs that are in its text and the blocks that were left out, in
/// the order in which they stand in the sources.
public struct RecordAccount: Sendable {
    public enum Row: Sendable {
        /// A paragraph: its bytes in the record's text, and from where to where its source bytes reach. A text that was
        /// generated has none.
        case kept(text: Range<Int>, from: (source: Digest, range: ByteRange)?)
        /// A block; its cites are in order.
        case leftOut(StoredNote)
    }

    public private(set) var rows: [Row] = []
    /// What else the stage noted.
    public private(set) var remarks: [StoredNote] = []

    /// - Parameter notes: those about this record.
    public init(of record: Record, notes: [StoredNote]) {
        // A paragraph without a source stays behind the one before it.
        var placed: [(place: Place, row: Row)] = []
        var last = Place(source: 0, offset: 0, number: 0)
        for paragraph in RecordAccount.paragraphs(of: record.text) {
            let from = RecordAccount.extent(of: paragraph, in: record)
            last = Place(source: from?.source ?? last.source, offset: from?.range.start ?? last.offset, number: placed.count)
            let source = from.flatMap { record.sources.indices.contains($0.source) ? record.sources[$0.source] : nil }
            placed.append(
                (last, .kept(text: paragraph, from: source.map { ($0, from?.range ?? ByteRange(start: 0, length: 0)) })))
        }
        for note in notes {
            guard note.kind == StoredNote.block, let first = note.cites.first else {
                remarks.append(note)
                continue
            }
            let source = record.sources.firstIndex(of: first.source) ?? record.sources.count
            placed.append((Place(source: source, offset: first.range.start, number: placed.count), .leftOut(note)))
        }
        rows = placed.sorted { $0.place < $1.place }.map(\.row)
    }

    private struct Place: Comparable {
        var source: Int
        var offset: Int
        var number: Int

        static func < (a: Place, b: Place) -> Bool { (a.source, a.offset, a.number) < (b.source, b.offset, b.number) }
    }

    /// The runs of text between empty lines.
    private static func paragraphs(of text: [UInt8]) -> [Range<Int>] {
        let feed = UInt8(ascii: "\n")
        var out: [Range<Int>] = []
        var start = 0
        for index in text.indices where text[index] == feed && index + 1 < text.count && text[index + 1] == feed {
            if index > start { out.append(start..<index) }
            start = index + 2
        }
        if start < text.count { out.append(start..<text.count) }
        return out
    }

    /// From the first to the last byte of the first source that the text came from.
    private static func extent(of text: Range<Int>, in record: Record) -> (source: Int, range: ByteRange)? {
        var out: (source: Int, range: Range<Int>)?
        for part in SegmentSlice.parts(of: record, in: text) {
            // A break between lines belongs to no paragraph's words, and a place that no source can have to nothing.
            guard let citation = part.citation, let range = citation.range.checked(within: Int.max) else { continue }
            guard let known = out else {
                out = (citation.source, range)
                continue
            }
            if known.source != citation.source { continue }
            out = (
                known.source,
                min(known.range.lowerBound, range.lowerBound)..<max(known.range.upperBound, range.upperBound)
            )
        }
        return out.map { ($0.source, ByteRange(start: $0.range.lowerBound, length: $0.range.count)) }
    }
}
