package import HeadwaterModel

/// The text of a document as it was fetched: that of its source, or of the part of it that the record names.
package enum DocumentText {
    /// - Parameter bytes: of the record's one source; read only where it is text.
    /// - Throws: `StageError` where the record is not of a text, or names bytes that its source does not have.
    package static func of(_ record: Record, bytes: () throws -> [UInt8]) throws -> TracedText {
        let locator = record.fields["locator"]?.string ?? record.id.short
        guard let source = record.sources.first, let charset = record.fields["charset"]?.string.flatMap({ Charset(label: $0) })
        else {
            throw StageError("\(locator) is not text: its media type is \(record.fields["mediaType"]?.string ?? "unknown")")
        }
        let bytes = try bytes()
        guard let part = record.fields["part"] else { return TracedText(decoding: bytes, digest: source, charset: charset) }
        guard let numbers = part.array, numbers.count == 2, let start = numbers[0].integer, let length = numbers[1].integer,
            let range = ByteRange(start: start, length: length).checked(within: bytes.count)
        else { throw StageError("\(locator): its text is \(part), which is no range of the source's \(bytes.count) bytes") }
        let text = TracedText(decoding: bytes, in: range, digest: source, charset: charset)
        guard let name = record.fields["escape"] else { return text }
        guard let escape = name.string.flatMap(Escape.init) else {
            throw StageError("\(locator): its text is written in \(name), which nothing here reads")
        }
        return text.decodingEscapes(of: escape)
    }
}
