/// One unit that stages pass on: a document, passage, quotation, claim, sentence. What it is says its `kind`.
///
/// A value that knows where each byte of its text came from. Whether that is true is proven elsewhere, by reading
/// the sources again.
public struct Record: Hashable, Sendable {
    public static let schema = "headwater.record/1"

    /// Computed from all the rest when the record is sealed.
    public private(set) var id: RecordID
    public let kind: String
    /// Valid UTF-8.
    public let text: [UInt8]
    /// Cover `text` from byte 0 without gap or overlap.
    public let segments: Segments
    /// What `source` in segments, cites and evidence indexes.
    public let sources: [Digest]
    /// The records it was made from.
    public let parents: [RecordID]
    /// Integers only where numbers occur.
    public let fields: [String: JSON]
    /// The byte ranges behind a field.
    public let cites: [String: [Citation]]
    /// What generated text rests on.
    public let evidence: [Citation]

    /// Seals a record: its id is computed from what it is.
    public init(
        kind: String, text: [UInt8] = [], segments: some Sequence<Segment> = [Segment](), sources: [Digest] = [],
        parents: [RecordID] = [],
        fields: [String: JSON] = [:], cites: [String: [Citation]] = [:], evidence: [Citation] = []
    ) {
        self.init(
            told: RecordID(Digest(of: [UInt8]())), kind: kind, text: text, segments: segments, sources: sources, parents: parents,
            fields: fields, cites: cites, evidence: evidence)
        _ = seal()
    }

    /// A record as it is told of, with an id that was computed elsewhere: over parts that are not here, or not yet compared
    /// with what it is.
    package init(
        told id: RecordID, kind: String, text: [UInt8], segments: some Sequence<Segment>, sources: [Digest], parents: [RecordID],
        fields: [String: JSON], cites: [String: [Citation]], evidence: [Citation] = []
    ) {
        self.id = id
        self.kind = kind
        self.text = text
        self.segments = Segments(segments)
        self.sources = sources
        self.parents = parents
        self.fields = fields
        self.cites = cites
        self.evidence = evidence
    }

    /// The record as one canonical JSON object, without a line break.
    public var canonical: [UInt8] { encoded().bytes }

    public var string: String { String(decoding: text, as: UTF8.self) }
}

extension Record {
    /// Gives the record the id that it has to have, and returns its canonical bytes.
    package mutating func seal() -> [UInt8] {
        var (bytes, member) = encoded()
        id = Record.id(of: bytes, without: member)
        // The closing quotation mark stands behind it.
        bytes.replaceSubrange(member.upperBound - 1 - RecordID.byteCount * 2..<member.upperBound - 1, with: id.description.utf8)
        return bytes
    }

    /// The canonical bytes with the id that it has, and the id that it has to have: that of these bytes without the id.
    func written() -> (bytes: [UInt8], id: RecordID) {
        let (bytes, member) = encoded()
        return (bytes, Record.id(of: bytes, without: member))
    }

    /// The canonical bytes, and where its id stands in them.
    private func encoded() -> (bytes: [UInt8], member: Range<Int>) {
        var writer = JSONWriter()
        var member = 0..<0
        writer.reserve(writtenSize)
        writer.object {
            $0.key("cites")
            $0.value(.object(cites.mapValues { .array($0.map(\.json)) }))
            if !evidence.isEmpty {
                $0.key("evidence")
                $0.value(.array(evidence.map(\.json)))
            }
            $0.key("fields")
            $0.value(.object(fields))
            let start = $0.bytes.count
            $0.key("id")
            $0.string(id.description)
            member = start..<$0.bytes.count
            $0.key("kind")
            $0.string(kind)
            $0.key("parents")
            $0.array { for parent in parents { $0.string(parent.description) } }
            $0.key("segments")
            $0.array { for segment in segments { $0.segment(segment) } }
            $0.key("sources")
            $0.array { for source in sources { $0.digest(source) } }
            $0.key("text")
            $0.string(utf8: text)
        }
        return (writer.bytes, member)
    }

    private static func id(of bytes: [UInt8], without member: Range<Int>) -> RecordID {
        var hasher = DigestHasher()
        bytes.withUnsafeBytes {
            hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<member.lowerBound]))
            hasher.update(UnsafeRawBufferPointer(rebasing: $0[member.upperBound...]))
        }
        return RecordID(hasher.finish())
    }
}

extension Record {
    /// About how many bytes `written` comes to, and seldom fewer: an array that has to grow takes twice its size meanwhile.
    private var writtenSize: Int {
        // Of the bytes below a space nearly all are line ends, which take one more.
        let escaped = text.reduce(0) { $0 + ($1 < 0x20 || $1 == UInt8(ascii: "\"") || $1 == UInt8(ascii: "\\") ? 1 : 0) }
        let cited = cites.values.reduce(evidence.count) { $0 + $1.count }
        let mapped = segments.reduce(0) { $0 + $1.writtenSize }
        return text.count + escaped + mapped + cited * 32 + (sources.count + parents.count) * 80
            + fields.count * 128 + 1024
    }
}

extension Segment {
    /// How many bytes `[length,source,offset,sourceLength,"mode"],` takes; rules with arguments count as a long name.
    fileprivate var writtenSize: Int {
        let name =
            switch mode {
            case .verbatim: "verbatim".utf8.count
            case .rewritten(let rewriting): "rewritten:".utf8.count + rewriting.rules.count * 16
            case .synthetic, .supported: "synthetic".utf8.count
            }
        return [length, source, offset, sourceLength].reduce(name + 9) { $0 + Segment.digits(of: $1) }
    }

    /// A minus counts as one.
    private static func digits(of number: Int) -> Int {
        var rest = number.magnitude
        var count = number < 0 ? 2 : 1
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        return count
    }
}

extension Citation {
    /// `[source, offset, length]`
    public var json: JSON { [.integer(source), .integer(range.start), .integer(range.length)] }
}

extension JSONWriter {
    fileprivate mutating func segment(_ segment: Segment) {
        array {
            $0.integer(segment.length)
            $0.integer(segment.source)
            $0.integer(segment.offset)
            $0.integer(segment.sourceLength)
            $0.string(segment.mode.description)
        }
    }
}
