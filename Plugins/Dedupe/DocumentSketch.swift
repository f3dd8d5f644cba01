import HeadwaterModel
import HeadwaterPluginKit

/// What `combine` knows of one document: enough to find its likely duplicates and to choose among them, not its text.
struct DocumentSketch: Equatable {
    var id: RecordID
    /// Digest of the text, each run of white space as one space: documents are exact duplicates if it is equal.
    var textDigest: Digest
    /// Digest of which source bytes the text comes from, by their content.
    var bytesDigest: Digest
    /// Bytes of text.
    var length: Int
    /// Seconds since 1970; nil where the document does not say.
    var published: Int?
    /// The place of its host among the preferred ones.
    var host: Int
    /// Keys of the addresses that it is known by.
    var address: UInt64?
    var canonical: UInt64?
    /// Where and when it was found; empty unless chains of syndication are told of.
    var appearance: Appearance
    /// A text without words is never compared with another.
    var hasWords: Bool
    /// Values in text order.
    var marks: [UInt32]
    /// Nil where nobody asks for versions, and for a text without words.
    var fingerprint: Fingerprint?

    init(_ input: InputRecord, _ settings: Settings) throws {
        let text = try input.text().bytes
        let words = WordHashes(text).hashes
        id = input.id
        textDigest = Digest(of: DocumentSketch.spaced(text))
        bytesDigest = DocumentSketch.bytesDigest(of: input.record)
        length = text.count
        published = (input.fields["published"]?.string).flatMap { PublicationTime($0)?.seconds }
        let needsAddresses = settings.readsAddresses || !settings.hosts.isEmpty
        let addresses = needsAddresses ? DocumentAddresses(input.fields) : nil
        host = settings.hosts.place(of: addresses?.host)
        address = settings.readsAddresses ? addresses?.own?.key : nil
        canonical = settings.levels.contains(.canonical) ? addresses?.canonical?.key : nil
        appearance = settings.tellsSyndication ? Appearance(input.fields) : Appearance()
        hasWords = !words.isEmpty
        marks = settings.findsVersions || settings.findsPassages ? Marks(words).values : []
        fingerprint = words.isEmpty || !settings.findsVersions ? nil : Fingerprint(Shingles(words, size: settings.shingle))
    }

    /// Records of one source are different parts of it where they come from different byte ranges.
    private static func bytesDigest(of record: Record) -> Digest {
        var writer = PackedWriter(format: "dedupe.bytes", version: 1)
        for source in record.sources { writer.raw(source.bytes) }
        writer.text(record.fields["part"]?.description ?? "")
        for segment in record.segments {
            writer.count(segment.source + 1)
            writer.count(segment.offset)
            writer.count(segment.sourceLength)
            writer.count(segment.length)
        }
        return Digest(of: writer.bytes)
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
    private static let version: UInt8 = 2

    static func encode(_ sketches: [DocumentSketch]) -> [UInt8] {
        PackedWriter.list(sketches, format: format, version: version) { writer, sketch in
            writer.id(sketch.id)
            writer.raw(sketch.textDigest.bytes)
            writer.raw(sketch.bytesDigest.bytes)
            writer.count(sketch.length)
            writer.time(sketch.published)
            writer.count(sketch.host)
            writer.key(sketch.address)
            writer.key(sketch.canonical)
            writer.appearance(sketch.appearance)
            writer.flag(sketch.hasWords)
            writer.list(sketch.marks) { $0.word($1) }
            writer.flag(sketch.fingerprint != nil)
            for value in sketch.fingerprint?.minima ?? [] { writer.word(value) }
        }
    }

    /// What `combine` reads of a sketch. Marks and fingerprint stay as they are written: most of them is not wanted at once.
    struct Entry {
        var id: RecordID
        var textDigest: Digest
        var bytesDigest: Digest
        var standing: Standing
        var address: UInt64?
        var canonical: UInt64?
        var appearance: Appearance
        /// Four bytes each, the lowest first.
        var marks: ArraySlice<UInt8>
        /// Four bytes a slot, the lowest first; empty where there is none.
        var fingerprint: ArraySlice<UInt8>
    }

    /// Calls with the entry of each document that has words, in order.
    static func forEachEntry(_ bytes: [UInt8], _ body: (Entry) throws -> Void) throws {
        let least = RecordID.byteCount + 2 * Digest.byteCount
        try PackedReader.forEach(of: bytes, format: format, version: version, ofAtLeast: least) { reader in
            let id = try reader.id()
            guard let text = Digest(bytes: try reader.raw(Digest.byteCount)),
                let source = Digest(bytes: try reader.raw(Digest.byteCount))
            else { throw StageError("a sketch holds no digest") }
            let length = try reader.count()
            let standing = Standing(published: try reader.time(), length: length, host: try reader.count())
            let (address, canonical) = (try reader.key(), try reader.key())
            let appearance = try reader.appearance()
            let hasWords = try reader.flag()
            let marks = try reader.raw(try reader.elements(ofAtLeast: 4) * 4)
            let fingerprint = try reader.raw(try reader.flag() ? Fingerprint.slots * 4 : 0)
            guard hasWords else { return }
            try body(
                Entry(
                    id: id, textDigest: text, bytesDigest: source, standing: standing, address: address, canonical: canonical,
                    appearance: appearance, marks: marks, fingerprint: fingerprint))
        }
    }
}

extension PackedWriter {
    /// Zero for no time, else the seconds counted from the year 0, so that none is negative.
    mutating func time(_ seconds: Int?) { count(seconds.map { $0 + secondsFromYear0To1970 } ?? 0) }

    mutating func key(_ key: UInt64?) {
        flag(key != nil)
        guard let key else { return }
        word(UInt32(truncatingIfNeeded: key))
        word(UInt32(truncatingIfNeeded: key >> 32))
    }
}

extension PackedReader {
    mutating func time() throws -> Int? {
        let value = try count()
        return value == 0 ? nil : value - secondsFromYear0To1970
    }

    mutating func key() throws -> UInt64? {
        guard try flag() else { return nil }
        let low = try word()
        return UInt64(try word()) << 32 | UInt64(low)
    }
}

/// Where and when a text appeared, as its document says.
struct Appearance: Equatable {
    var locator = ""
    var published = ""

    init() {}

    init(_ fields: [String: JSON]) {
        locator = fields["locator"]?.string ?? ""
        published = fields["published"]?.string ?? ""
    }
}

extension PackedWriter {
    mutating func appearance(_ appearance: Appearance) {
        text(appearance.locator)
        text(appearance.published)
    }
}

extension PackedReader {
    mutating func appearance() throws -> Appearance {
        var appearance = Appearance()
        appearance.locator = try text()
        appearance.published = try text()
        return appearance
    }
}

/// With a day to spare for zones east of Greenwich.
private let secondsFromYear0To1970 = 719_529 * 86_400
