public import HeadwaterModel
public import HeadwaterStore

/// What a run published, as the store keeps it: read part by part, so that it need not fit into memory.
public struct PublishedContent: Sendable {
    public let publication: RunManifest.Publication
    public let map: PublishedMap
    private let store: Store

    public init(_ publication: RunManifest.Publication, store: Store) throws {
        self.publication = publication
        self.store = store
        map = try PublishedMap(json: JSON(parsing: try store.blob(publication.map)))
    }

    /// So many bytes of it, and what they are.
    public struct Part: Sendable {
        /// Where its first byte lies among all of them.
        public var start: Int
        public var length: Int
        /// The blob with its bytes.
        public var bytes: Digest
        public var files: [PublishedPart.File]
        /// With numbers in the artifact.
        public var runs: [PublishedMap.Run]
    }

    /// The blobs that hold bytes, and those that say what the bytes are.
    public var blobs: (bytes: [Digest], maps: [Digest]) {
        if publication.isFolder || !map.parts.isEmpty {
            return (map.parts.map(\.bytes), [publication.map] + map.parts.map(\.map))
        }
        return ([publication.file], [publication.map])
    }

    /// Calls `body` with each part, in order; one is in memory at a time.
    /// - Parameter range: only parts that have a byte of it.
    public func forEachPart(in range: Range<Int>? = nil, _ body: (Part) throws -> Void) throws {
        if map.parts.isEmpty {
            if publication.isFolder { return }
            let length = map.runs.reduce(0) { $0 + $1.length }
            return try body(Part(start: 0, length: length, bytes: publication.file, files: [], runs: map.runs))
        }
        var start = 0
        for part in map.parts {
            defer { start += part.length }
            if let range, !range.overlaps(start..<start + part.length) { continue }
            var document = try PublishedPart(json: JSON(parsing: try store.blob(part.map)))
            for index in document.runs.indices {
                guard let record = document.runs[index].record else { continue }
                let (number, isTooLarge) = record.addingReportingOverflow(part.firstRecord)
                guard !isTooLarge else { throw DocumentError("a published part shows a record beyond any number") }
                document.runs[index].record = number
            }
            try body(
                Part(start: start, length: part.length, bytes: part.bytes, files: document.files, runs: document.runs))
        }
    }

    /// Calls `body` with each file of a folder and the blob and range where its bytes lie.
    public func forEachFile(_ body: (PublishedPart.File, _ blob: Digest, Range<Int>) throws -> Void) throws {
        try forEachPart { part in
            var start = 0
            for file in part.files {
                try body(file, part.bytes, start..<start + file.length)
                start += file.length
            }
        }
    }

    /// These of all bytes.
    public func bytes(in range: Range<Int>) throws -> [UInt8] {
        var out: [UInt8] = []
        try forEachPart(in: range) { part in
            let bytes = try store.blob(part.bytes)
            guard bytes.count == part.length else {
                throw DocumentError("a part of \(publication.path) has \(bytes.count) bytes, its map says \(part.length)")
            }
            let wanted = range.clamped(to: part.start..<part.start + part.length)
            out += bytes[wanted.lowerBound - part.start..<wanted.upperBound - part.start]
        }
        return out
    }

    /// What of records lies in `range` of all bytes: record number and range of its text, in order.
    public func records(in range: Range<Int>) throws -> [(record: Int, text: Range<Int>)] {
        var out: [(record: Int, text: Range<Int>)] = []
        try forEachPart(in: range) { out += PublishedMap.records(in: range, of: $0.runs, from: $0.start) }
        return out
    }

    /// How many of these records it shows, by their numbers in the artifact. Only parts are read that may show one.
    func shown(of records: Set<Int>) throws -> Int {
        if map.parts.isEmpty { return Set(map.runs.compactMap(\.record)).intersection(records).count }
        let wanted = records.sorted()
        var found: Set<Int> = []
        var start = 0
        for (number, part) in map.parts.enumerated() {
            defer { start += part.length }
            let next = number + 1 < map.parts.count ? map.parts[number + 1].firstRecord : Int.max
            // A record may reach from one part into the next.
            guard wanted.contains(where: { part.firstRecord <= $0 && $0 <= next }), part.length > 0 else { continue }
            try forEachPart(in: start..<start + part.length) { part in
                found.formUnion(Set(part.runs.compactMap(\.record)).intersection(records))
            }
        }
        return found.count
    }

    /// Where the file with this digest lies among all bytes of a folder; of several the one at this path, or else the
    /// first.
    /// - Parameter path: any path that leads to the file.
    func place(of digest: Digest, at path: String) throws -> Range<Int>? {
        let wanted = Array(digest.description.utf8)
        var found: Range<Int>?
        var start = 0
        for part in map.parts {
            defer { start += part.length }
            let bytes = try store.blob(part.map)
            guard !ByteSearch.positions(bytes, in: 0..<bytes.count, wanted).isEmpty else { continue }
            var offset = start
            for file in try PublishedPart(json: JSON(parsing: bytes)).files {
                defer { offset += file.length }
                guard file.digest == digest else { continue }
                if "/\(path)".hasSuffix("/\(file.path)") { return offset..<offset + file.length }
                found = found ?? offset..<offset + file.length
            }
        }
        return found
    }
}
