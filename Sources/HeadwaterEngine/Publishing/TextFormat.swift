import HeadwaterModel

/// Publishes each record's text as it is, byte for byte. A record without text has no file.
struct TextFormat: RecordFormat {
    func shows(_ record: Record) -> Bool { !record.text.isEmpty }

    func write(_ record: Record, number: Int, to writer: inout PublicationWriter) {
        writer.write(record, number: number, 0..<record.text.count)
    }
}
