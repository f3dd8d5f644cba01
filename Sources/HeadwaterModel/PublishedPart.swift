/// A part of what was published: which files begin in it, and what each of its bytes is.
///
/// Records are numbered from the part's first, so that a part whose records stayed as they were is the same document,
/// whatever comes before it.
public struct PublishedPart: Hashable, Sendable {
    public static let schema = "headwater.map-part/1"

    /// The files of a folder, one behind the other; none in a publication that is one file.
    public var files: [File]
    public var runs: [PublishedMap.Run]

    /// A file of a published folder. It lies in one part as a whole.
    public struct File: Hashable, Sendable {
        /// Relative to the folder.
        public var path: String
        public var length: Int
        public var digest: Digest

        public init(path: String, length: Int, digest: Digest) {
            self.path = path
            self.length = length
            self.digest = digest
        }
    }

    public init(files: [File] = [], runs: [PublishedMap.Run] = []) {
        self.files = files
        self.runs = runs
    }

    public var json: JSON {
        [
            "schema": .string(PublishedPart.schema), "runs": PublishedMap.json(runs),
            "files": .array(files.map { [.string($0.path), .integer($0.length), .string($0.digest.description)] }),
        ]
    }

    public init(json: JSON) throws(DocumentError) {
        let document = try StoredDocument(json, schema: PublishedPart.schema)
        runs = try PublishedMap.runs(of: document)
        files = []
        var end = 0
        for file in try document.array("files") {
            guard let elements = file.array, elements.count == 3, let path = elements[0].string, let length = elements[1].integer,
                length >= 0, length <= JSON.largestInteger - end, let digest = elements[2].string.flatMap({ Digest($0) })
            else { throw DocumentError("a published part: expected [path, length, digest]") }
            end += length
            files.append(File(path: path, length: length, digest: digest))
        }
        guard files.isEmpty || end == runs.reduce(0, { $0 + $1.length }) else {
            throw DocumentError("a published part: its files and its runs are not of one length")
        }
    }
}
