import HeadwaterLineage
import HeadwaterModel

extension PublicationWriter {
    /// Part of a record's text on one line of a page: a line break inside it is written as a space, and what the syntax would
    /// read as more than text is escaped.
    mutating func write(_ record: Record, number: Int, _ range: Range<Int>, in syntax: some PageSyntax) {
        let text = String(decoding: record.text[range], as: UTF8.self)
        let leading = syntax.leadingMark(in: text).map { range.lowerBound + $0 }
        write(record, number: number, range, text) { index, scalar in
            index == leading ? .before("\\") : syntax.escape(scalar)
        }
    }

    /// The same in a cell of a table.
    mutating func write(cell record: Record, number: Int, in syntax: some TableSyntax) {
        let text = String(decoding: record.text, as: UTF8.self)
        write(record, number: number, 0..<record.text.count, text) { _, scalar in syntax.escapeInCell(scalar) }
    }

    private mutating func write(
        _ record: Record, number: Int, _ range: Range<Int>, _ text: String, _ escape: (Int, Unicode.Scalar) -> PageEscape
    ) {
        var run = range.lowerBound
        var index = range.lowerBound
        for scalar in text.unicodeScalars {
            let end = index + UTF8.width(scalar)
            defer { index = end }
            switch escape(index, scalar) {
            case .none: continue
            case .before(let mark):
                write(record, number: number, run..<index)
                write(mark)
                run = index
            case .instead(let other):
                write(record, number: number, run..<index)
                write(other)
                run = end
            }
        }
        write(record, number: number, run..<range.upperBound)
    }
}
