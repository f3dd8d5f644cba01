/// What each byte of a published file is: bytes of a record's text, or written by the format itself.
public struct PublishedMap: Hashable, Sendable {
    public static let schema = "headwater.map/1"

    /// The records that the file shows: the artifact they belong to, and each one's number in it.
    public var artifact: Digest
    public var stage: String
    public var runs: [Run]

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

    public init(artifact: Digest, stage: String, runs: [Run] = []) {
        self.artifact = artifact
        self.stage = stage
        self.runs = runs
    }

    /// The parts of records that lie in `range` of the file: record number and range of its text, in file order.
    public func records(in range: Range<Int>) -> [(record: Int, text: Range<Int>)] {
        var out: [(record: Int, text: Range<Int>)] = []
        var start = 0
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
        [
            "schema": .string(PublishedMap.schema), "artifact": .string(artifact.description), "stage": .string(stage),
            "runs": .array(runs.map { [.integer($0.length), .integer($0.record ?? -1), .integer($0.offset)] }),
        ]
    }

    public init(json: JSON) throws(DocumentError) {
        let document = try StoredDocument(json, schema: PublishedMap.schema)
        artifact = try document.digest("artifact")
        stage = try document.string("stage")
        runs = []
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
    }
}
