import HeadwaterModel
import HeadwaterPluginKit

/// What `combine` knows of one document: enough to find its likely duplicates and to choose among them, not its text.
struct DocumentSketch: Equatable {
    var id: RecordID
    /// Digest of the text, each run of white space as one space: documents are exact duplicates if it is equal.
    var textDigest: Digest
    var wordCount: Int
    /// Bytes of text.
    var length: Int
    /// Seconds since 1970; nil where the document does not say.
    var published: Int?
    /// Nil for a text without words, which is never compared with another.
    var fingerprint: Fingerprint?

    init(_ input: InputRecord, shingleSize: Int) throws {
        let text = try input.text().bytes
        let words = WordHashes(text).hashes
        id = input.id
        textDigest = Digest(of: DocumentSketch.spaced(text))
        wordCount = words.count
        length = text.count
        published = (input.fields["published"]?.string).flatMap { PublicationTime($0)?.seconds }
        fingerprint = words.isEmpty ? nil : Fingerprint(Shingles(words, size: shingleSize))
    }

    /// The text without white space at its ends and with one space for each run of it inside.
    private static func spaced(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            // White space begins with one of few bytes; all others are copied at a glance.
            let byte = text[index]
            if byte > 0x20 && byte < 0x80 {
                out.append(byte)
                index += 1
                continue
            }
            let end = WhiteSpace.end(text, from: index)
            if end == index {
                out.append(byte)
                index += 1
            } else {
                if !out.isEmpty && end < text.count { out.append(0x20) }
                index = end
            }
        }
        return out
    }
}

// MARK: As bytes

extension DocumentSketch {
    private static let format: StaticString = "dedupe.sketch"
    private static let version: UInt8 = 1

    static func encode(_ sketches: [DocumentSketch]) -> [UInt8] {
        var writer = PackedWriter(format: format, version: version)
        writer.count(sketches.count)
        for sketch in sketches {
            writer.id(sketch.id)
            writer.raw(sketch.textDigest.bytes)
            writer.count(sketch.wordCount)
            writer.count(sketch.length)
            writer.time(sketch.published)
            writer.flag(sketch.fingerprint != nil)
            for value in sketch.fingerprint?.minima ?? [] { writer.word(value) }
        }
        return writer.bytes
    }

    /// What `combine` reads of a sketch. The fingerprint stays as it is written: most of it is not wanted at once.
    struct Entry {
        var id: RecordID
        var textDigest: Digest
        var length: Int
        var published: Int?
        /// Four bytes a slot, the lowest first.
        var fingerprint: ArraySlice<UInt8>
    }

    /// Calls with the entry of each document that has words, in order.
    static func forEachEntry(_ bytes: [UInt8], _ body: (Entry) throws -> Void) throws {
        var reader = try PackedReader(bytes, format: format, version: version)
        for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount + Digest.byteCount)) {
            let id = try reader.id()
            guard let digest = Digest(bytes: try reader.raw(Digest.byteCount)) else {
                throw StageError("a sketch holds no digest")
            }
            _ = try reader.count()
            let (length, published) = (try reader.count(), try reader.time())
            guard try reader.flag() else { continue }
            try body(
                Entry(
                    id: id, textDigest: digest, length: length, published: published,
                    fingerprint: try reader.raw(Fingerprint.slots * MemoryLayout<UInt32>.size)))
        }
        try reader.end()
    }
}

extension PackedWriter {
    /// Zero for no time, else the seconds counted from the year 0, so that none is negative.
    mutating func time(_ seconds: Int?) { count(seconds.map { $0 + secondsFromYear0To1970 } ?? 0) }
}

extension PackedReader {
    mutating func time() throws -> Int? {
        let value = try count()
        return value == 0 ? nil : value - secondsFromYear0To1970
    }
}

/// With a day to spare for zones east of Greenwich.
private let secondsFromYear0To1970 = 719_529 * 86_400
