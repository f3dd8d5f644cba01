/// Where each byte of a file came from, as segments over sources: what a record has for its text.
public struct FileMap: Hashable, Sendable {
    public static let schema = "headwater.filemap/1"

    /// What `source` in a segment indexes: original sources, and files of other trees that tell nothing of themselves.
    public var sources: [Digest]
    /// Cover the file from byte 0 without gap or overlap.
    public var segments: [Segment]

    public init(sources: [Digest], segments: [Segment]) {
        self.sources = sources
        self.segments = segments
    }

    /// Proves the map against the file's bytes and those of its sources, as `RecordProof` does for a record.
    ///
    /// - Throws: `RecordProof.Fault` for the first segment that does not hold, and what `source` throws.
    public func check(_ bytes: [UInt8], _ proof: inout RecordProof, source: (Digest) throws -> [UInt8]) throws {
        try proof.check(asRecord(of: bytes), isText: false, source: source)
    }

    /// The file as if it were a record with its bytes for a text, for whoever reads maps.
    public func asRecord(of bytes: [UInt8]) -> Record {
        Record(kind: "file", text: bytes, segments: segments, sources: sources)
    }

    public var json: JSON {
        [
            "schema": .string(FileMap.schema), "sources": .array(sources.map { .string($0.description) }),
            "segments": .array(segments.map(\.json)),
        ]
    }

    public init(json: JSON) throws(DocumentError) {
        let document = try StoredDocument(json, schema: FileMap.schema)
        sources = try document.digests("sources")
        segments = []
        for part in try document.array("segments") {
            guard let segment = Segment(json: part) else {
                throw DocumentError("a file's map: expected [length, source, offset, source length, mode], found \(part)")
            }
            segments.append(segment)
        }
    }
}

extension Segment {
    /// `[length, source, offset, source length, mode]`
    public var json: JSON {
        [.integer(length), .integer(source), .integer(offset), .integer(sourceLength), .string(mode.description)]
    }

    /// Nil for anything but what `json` gives.
    public init?(json: JSON) {
        guard let parts = json.array, parts.count == 5, let length = parts[0].integer, length > 0, let source = parts[1].integer,
            source >= Segment.noSource, let offset = parts[2].integer, offset >= 0, let sourceLength = parts[3].integer,
            sourceLength >= 0, let mode = parts[4].string.flatMap({ Segment.Mode($0) })
        else { return nil }
        self.init(length: length, source: source, offset: offset, sourceLength: sourceLength, mode: mode)
    }
}
