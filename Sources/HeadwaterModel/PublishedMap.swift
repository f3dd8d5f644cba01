/// What each byte of a published file or folder is: bytes of a record's text, or written by the format itself.
///
/// A small file has its runs in the map. A large one is kept in parts, so that nobody needs to hold all of it, and so is a
/// folder, whose files follow each other in its parts.
public struct PublishedMap: Hashable, Sendable {
    public static let schema = "headwater.map/1"
    /// Of a map in parts.
    public static let schemaOfParts = "headwater.map/2"

    /// The records that are shown: the artifact they belong to, and each one's number in it.
    public var artifact: Digest
    public var stage: String
    public var runs: [Run]
    /// None where the runs are here.
    public var parts: [Part]

    /// So many bytes of what was published, and where to find them.
    public struct Part: Hashable, Sendable {
        public var length: Int
        /// The number in the artifact of the record that the part's numbers count from.
        public var firstRecord: Int
        /// The blob with the bytes.
        public var bytes: Digest
        /// The blob with the `PublishedPart`.
        public var map: Digest

        public init(length: Int, firstRecord: Int, bytes: Digest, map: Digest) {
            self.length = length
            self.firstRecord = firstRecord
            self.bytes = bytes
            self.map = map
        }
    }

    /// One run of the file's bytes. Runs cover the file from byte 0 without gap or overlap.
    public struct Run: Hashable, Sendable {
        public var length: Int
        /// The number of the record in the artifact, from 0; nil for what the format wrote.
        public var record: Int?
        /// Where in the record's text the bytes lie.
        public var offset: Int

        public init(length: Int, record: Int? = nil, offset: Int = 0) {
            self.length = length
            self.record = record
            self.offset = offset
        }
    }

    public init(artifact: Digest, stage: String, runs: [Run] = [], parts: [Part] = []) {
        self.artifact = artifact
        self.stage = stage
        self.runs = runs
        self.parts = parts
    }

    /// What of records lies in `range` of the bytes that these runs cover from `start` on: record number and range of its
    /// text, in order.
    public static func records(in range: Range<Int>, of runs: [Run], from start: Int = 0) -> [(record: Int, text: Range<Int>)] {
        var out: [(record: Int, text: Range<Int>)] = []
        var start = start
        for run in runs {
            let overlap = range.clamped(to: start..<start + run.length)
            if let record = run.record, !overlap.isEmpty {
                out.append((record, overlap.lowerBound - start + run.offset..<overlap.upperBound - start + run.offset))
            }
            start += run.length
        }
        return out
    }

    public var json: JSON {
        var members: [String: JSON] = [
            "schema": .string(parts.isEmpty ? PublishedMap.schema : PublishedMap.schemaOfParts),
            "artifact": .string(artifact.description), "stage": .string(stage),
        ]
        if parts.isEmpty {
            members["runs"] = PublishedMap.json(runs)
        } else {
            members["parts"] = .array(parts.map(\.json))
        }
        return .object(members)
    }

    public init(json: JSON) throws(DocumentError) {
        let isInParts = json["schema"]?.string == PublishedMap.schemaOfParts
        let document = try StoredDocument(json, schema: isInParts ? PublishedMap.schemaOfParts : PublishedMap.schema)
        artifact = try document.digest("artifact")
        stage = try document.string("stage")
        runs = isInParts ? [] : try PublishedMap.runs(of: document)
        parts = []
        guard isInParts else { return }
        var end = 0
        for part in try document.parts("parts") {
            let part = try Part(document: part)
            end = try StoredDocument.sum(end, part.length)
            parts.append(part)
        }
    }

    static func json(_ runs: [Run]) -> JSON {
        .array(runs.map { [.integer($0.length), .integer($0.record ?? -1), .integer($0.offset)] })
    }

    static func runs(of document: StoredDocument) throws(DocumentError) -> [Run] {
        var runs: [Run] = []
        var end = 0
        for run in try document.array("runs") {
            // No number may be so large that adding two of them is not safe.
            guard let elements = run.array, elements.count == 3, let length = elements[0].integer,
                let record = elements[1].integer,
                let offset = elements[2].integer, length > 0, length <= JSON.largestInteger - end, record >= -1,
                record <= JSON.largestInteger, offset >= 0, offset <= JSON.largestInteger - length
            else { throw DocumentError("a published file's map: expected [length, record, offset]") }
            end += length
            runs.append(Run(length: length, record: record < 0 ? nil : record, offset: offset))
        }
        return runs
    }
}

extension PublishedMap.Part {
    var json: JSON {
        [
            "length": .integer(length), "firstRecord": .integer(firstRecord), "bytes": .string(bytes.description),
            "map": .string(map.description),
        ]
    }

    init(document: StoredDocument) throws(DocumentError) {
        self.init(
            length: try document.count("length"), firstRecord: try document.count("firstRecord"),
            bytes: try document.digest("bytes"), map: try document.digest("map"))
    }
}
