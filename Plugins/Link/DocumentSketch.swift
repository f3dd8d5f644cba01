import HeadwaterModel
import HeadwaterPluginKit

/// What `combine` knows of one document: where it is from, whom it names, and by what its claims are found.
struct DocumentSketch {
    var id: RecordID
    var origin: DocumentOrigin
    /// The source that names' places count in; nil for a document without names.
    var source: Digest?
    var names: [DocumentName]
    /// Hashes of the names it is most about.
    var topics: [UInt64]
    var claims: [ClaimSketch]

    /// The sketches of a partition's documents, in their order; what is annotated of no document is passed over.
    static func sketches(of partition: Partition) -> [DocumentSketch] {
        let annotations = partition["annotations"]
        let names = DocumentName.names(in: annotations)
        var claims: [RecordID: [InputRecord]] = [:]
        for record in annotations where record.kind == "claim" {
            if let document = record.record.parents.first { claims[document, default: []].append(record) }
        }
        return partition["documents"].map { document in
            let named = names[document.id]
            let topics = named?.topics ?? []
            return DocumentSketch(
                id: document.id, origin: DocumentOrigin(document), source: named?.source, names: named?.names ?? [],
                topics: topics,
                claims: (claims[document.id] ?? []).map { ClaimSketch(ClaimReading($0.record), topics: topics) })
        }
    }
}

/// A claim by what it may be found: a few of the things it is about, two and two.
struct ClaimSketch: Equatable {
    var id: RecordID
    /// Claims of the same words have the same.
    var textHash: UInt64
    /// In order, each once.
    var keys: [UInt32]

    /// Names, and the longest other words, of which every two make a key.
    private static let most = (names: 3, words: 5)

    init(id: RecordID, textHash: UInt64, keys: [UInt32]) {
        self.id = id
        self.textHash = textHash
        self.keys = keys
    }

    /// - Parameter topics: what the document is about, for a claim that names nobody.
    init(_ claim: ClaimReading, topics: [UInt64]) {
        id = claim.id
        textHash = claim.textHash
        let names = claim.terms.filter(\.isName).map(\.stem).prefix(Self.most.names)
        var lengths: [UInt64: Int] = [:]
        for (word, isName) in zip(claim.words, claim.isName) where !isName {
            lengths[word.stem] = max(lengths[word.stem] ?? 0, word.range.count)
        }
        let words = lengths.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.most.words).map(\.key)
        let context = names.isEmpty ? topics.prefix(2).map { mixed($0, 1) } : []
        var keys: Set<UInt32> = []
        let all = names + context + words
        for (index, a) in all.enumerated() {
            for b in all[(index + 1)...] { keys.insert(UInt32(truncatingIfNeeded: mixed(min(a, b), max(a, b)))) }
        }
        for figure in claim.figures {
            guard let unit = figure.unit, let fate = figure.fate else { continue }
            for topic in topics.prefix(Self.topicsOfCounts) {
                keys.insert(UInt32(truncatingIfNeeded: mixed(mixed(unit, fate), topic)))
            }
        }
        self.keys = keys.sorted()
    }

    /// What a document is about tells of which event it counts the dead; two such keys bring claims together.
    private static let topicsOfCounts = 5
}

// MARK: As bytes

extension DocumentSketch {
    private static let format: StaticString = "link.sketch"
    private static let version: UInt8 = 1

    static func encode(_ sketches: [DocumentSketch]) -> [UInt8] {
        PackedWriter.list(sketches, format: format, version: version) { writer, sketch in
            writer.id(sketch.id)
            sketch.origin.write(to: &writer)
            writer.flag(sketch.source != nil)
            if let source = sketch.source { writer.raw(source.bytes) }
            writer.list(sketch.names) { writer, name in
                writer.count(Int(name.kind.rawValue))
                writer.count(name.mentions)
                writer.list(name.forms) { writer, form in
                    writer.text(form.text)
                    // No text is empty.
                    writer.count(form.range?.length ?? 0)
                    if let range = form.range { writer.count(range.start) }
                }
            }
            writer.list(sketch.topics) { $0.unsigned($1) }
            writer.list(sketch.claims) { writer, claim in
                writer.id(claim.id)
                writer.unsigned(claim.textHash)
                writer.list(claim.keys) { $0.word($1) }
            }
        }
    }

    /// Calls with the sketch of each document, in order.
    static func forEach(_ bytes: [UInt8], _ body: (DocumentSketch) throws -> Void) throws {
        try PackedReader.forEach(of: bytes, format: format, version: version, ofAtLeast: RecordID.byteCount) { reader in
            let id = try reader.id()
            let origin = try DocumentOrigin(from: &reader)
            var sketch = DocumentSketch(id: id, origin: origin, source: nil, names: [], topics: [], claims: [])
            if try reader.flag() { sketch.source = Digest(bytes: try reader.raw(Digest.byteCount)) }
            sketch.names = try reader.list(ofAtLeast: 3) { reader in
                guard let kind = DocumentName.Kind(rawValue: UInt8(truncatingIfNeeded: try reader.count())) else {
                    throw StageError("link.sketch bytes are damaged: no such kind of name")
                }
                let mentions = try reader.count()
                let forms = try reader.list(ofAtLeast: 2) { reader in
                    let text = try reader.text()
                    let length = try reader.count()
                    return DocumentName.Form(
                        text: text, range: length == 0 ? nil : ByteRange(start: try reader.count(), length: length))
                }
                return DocumentName(kind: kind, forms: forms, mentions: mentions)
            }
            sketch.topics = try reader.list(ofAtLeast: 1) { try $0.unsigned() }
            sketch.claims = try reader.list(ofAtLeast: RecordID.byteCount) { reader in
                ClaimSketch(
                    id: try reader.id(), textHash: try reader.unsigned(), keys: try reader.list(ofAtLeast: 4) { try $0.word() })
            }
            try body(sketch)
        }
    }
}
