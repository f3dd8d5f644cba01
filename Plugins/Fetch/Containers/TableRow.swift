/// The fields of one row of a table (RFC 4180), as byte ranges.
struct TableRow {
    struct Field: Equatable {
        /// Without the quotes around it.
        var range: Range<Int>
        /// Whether a quote is written twice in it.
        var hasEscapes = false
    }

    private(set) var fields: [Field] = []

    /// - Parameter bytes: the row without the line end behind it.
    init(_ bytes: [UInt8], delimiter: UInt8) {
        var index = 0
        while index <= bytes.count {
            fields.append(TableRow.field(bytes, &index, delimiter))
            index += 1
        }
    }

    /// The field at `index`, which is left at the delimiter behind it or at the end.
    private static func field(_ bytes: [UInt8], _ index: inout Int, _ delimiter: UInt8) -> Field {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
            let start = index
            while index < bytes.count, bytes[index] != delimiter { index += 1 }
            return Field(range: start..<index)
        }
        var field = Field(range: index + 1..<bytes.count)
        index += 1
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\"") {
                if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") {
                    field.hasEscapes = true
                    index += 2
                    continue
                }
                field.range = field.range.lowerBound..<index
                break
            }
            index += 1
        }
        // What stands between the closing quote and the delimiter is no part of the field.
        while index < bytes.count, bytes[index] != delimiter { index += 1 }
        return field
    }
}
