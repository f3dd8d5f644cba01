import HeadwaterModel

/// Lists the rows of a table of comma- or tab-separated values with a first row of names (RFC 4180).
struct TableListing {
    /// Nil where the first row shows it.
    let delimiter: UInt8?
    /// The columns that may hold the text and that may name a row, the first that is there counts; and those whose values
    /// documents take along.
    let text: [String]
    let names: [String]
    let carried: [String]

    private static let maximumRow = 256 << 20
    /// So much of a table tells which charset it is in.
    private static let sample = 1 << 20

    /// False for what has no column of texts, or is no table of one byte a character: it is one source as it is.
    func list(_ stream: ByteStream, _ found: (ListedMember) throws -> Void) throws -> Bool {
        let head = try stream.peek(TableListing.sample) { Array($0.prefix(TableListing.sample)) }
        let detection = CharsetDetection.of(head, mediaType: "text/csv", declared: nil)
        guard let charset = detection.charset, charset != .utf16LE, charset != .utf16BE, !charset.isShifted else { return false }
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { try stream.skip(3) }
        guard let first = try row(stream, number: 1) else { return false }
        let delimiter = delimiter ?? TableListing.delimiter(of: first.bytes)
        let columns = TableRow(first.bytes, delimiter: delimiter).fields.map { field in
            let bytes = Escape.csv.decode(Array(first.bytes[field.range]))
            return String(decoding: ASCII.trimmed(charset.decode(bytes, isStart: false).text[...]), as: UTF8.self)
        }
        guard let textName = text.first(where: columns.contains), let textColumn = columns.firstIndex(of: textName) else {
            return false
        }
        var facts = [
            MemberFact.form: "csv", MemberFact.delimiter: String(UnicodeScalar(delimiter)),
            MemberFact.charset: charset.name, MemberFact.textColumn: "\(textColumn)", MemberFact.textName: textName,
        ]
        for name in carried {
            if let column = columns.firstIndex(of: name) { facts[MemberFact.column + name] = "\(column)" }
        }
        let nameColumns = names.compactMap { columns.firstIndex(of: $0) }
        var number = 1
        while let row = try row(stream, number: number + 1) {
            number += 1
            if row.bytes.allSatisfy(ASCII.isSpace) { continue }
            let fields = TableRow(row.bytes, delimiter: delimiter).fields
            let stated = nameColumns.lazy.filter { $0 < fields.count && !fields[$0].range.isEmpty }.first
            let name =
                stated.map { column in
                    let bytes = Escape.csv.decode(Array(row.bytes[fields[column].range]))
                    return LineListing.shown(charset.decode(bytes, isStart: false).text)
                } ?? String(Digest(of: row.bytes).hex.prefix(16))
            try found(
                ListedMember(
                    name: .text(name), number: number,
                    layers: [Container.Layer(.stored, ByteRange(start: row.start, length: row.bytes.count))],
                    size: row.bytes.count, facts: facts))
        }
        return true
    }

    /// The next row without the line end behind it, which may stand between quotes as well; nil at the end.
    private func row(_ stream: ByteStream, number: Int) throws -> (bytes: [UInt8], start: Int)? {
        guard try !stream.hasEnded() else { return nil }
        let start = stream.position
        var bytes: [UInt8] = []
        var quotes = 0
        while try !stream.hasEnded() {
            guard let length = try stream.distance(to: 0x0A, limit: TableListing.maximumRow - bytes.count) else {
                throw MemberFault("row \(number), at byte \(start), is longer than \(TableListing.maximumRow) bytes")
            }
            try stream.peek(length) { part in
                let line = UnsafeRawBufferPointer(rebasing: part[..<length])
                for byte in line where byte == UInt8(ascii: "\"") { quotes += 1 }
                bytes.append(contentsOf: line)
            }
            let isLast = try stream.skip(length + 1) <= length
            // Within quotes a line's end is a part of the field.
            if quotes % 2 == 0 || isLast { break }
            bytes.append(0x0A)
        }
        if bytes.last == 0x0D { bytes.removeLast() }
        return (bytes, start)
    }

    /// What separates the names: whichever of the usual ones occurs most outside of quotes.
    private static func delimiter(of row: [UInt8]) -> UInt8 {
        let usual = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
        var counts = Array(repeating: 0, count: usual.count)
        var isQuoted = false
        for byte in row {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, let index = usual.firstIndex(of: byte) { counts[index] += 1 }
        }
        let most = counts.max() ?? 0
        return usual[counts.firstIndex(of: most) ?? 0]
    }
}
