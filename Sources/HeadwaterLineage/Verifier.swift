public import HeadwaterModel
public import HeadwaterStore

/// Proves artifacts by reading everything again: the digest of every blob, the id and map of every record against the
/// bytes of its sources, and every published file against the records it shows.
///
/// Goes on after a fault, so that all are found. One verifier proves each shard once, however many runs share it.
public struct Verifier {
    /// What was proven, and what was not.
    public struct Report: Sendable, Equatable {
        public var records = 0
        public var shards = 0
        public var sources = 0
        public var publishedFiles = 0
        /// Bytes of text by how they came about.
        public var bytesByMode: [String: Int] = [:]
        public var faults: [Fault] = []

        public var bytes: Int { bytesByMode.values.reduce(0, +) }
    }

    /// Something that does not hold.
    public struct Fault: Sendable, Equatable {
        /// `pipeline/stage`, or what else it belongs to.
        public var place: String
        public var problem: String
        /// Whether stored bytes are not what they were.
        public var isDamage: Bool
    }

    public private(set) var report = Report()
    private let store: Store
    private let reader: DatasetReader
    private let history: History
    private var sources: SourceCache
    private var provenShards: Set<Digest> = []
    private var provenSources: Set<Digest> = []
    private var provenArtifacts: Set<Digest> = []

    public init(store: Store) {
        self.store = store
        reader = DatasetReader(store: store)
        history = History(store: store)
        sources = SourceCache(store: store)
    }

    /// Every run that the store remembers.
    public mutating func verifyAll() {
        guarded("runs") { verifier in
            for binding in try verifier.store.bindings(.run) {
                verifier.guarded("run:\(binding.key)") { try $0.verify(run: $0.history.manifest(binding.value)) }
            }
        }
    }

    /// A run: its tasks, artifacts and published files.
    public mutating func verify(run: RunManifest) {
        for stage in run.stages {
            let place = "\(run.pipeline)/\(stage.name)"
            guarded(place) { verifier in
                for task in try verifier.history.tasks(of: stage) {
                    _ = try verifier.store.blob(task.key)
                    _ = try TaskResult(json: JSON(parsing: try verifier.store.blob(task.result)))
                }
            }
            if let artifact = stage.artifact { verify(artifact: artifact, place: place) }
        }
        for publication in run.publications {
            guarded("\(run.pipeline), published \(publication.name)") { try $0.verify(publication) }
        }
    }

    /// One artifact: each of its shards and records.
    public mutating func verify(artifact: Digest, place: String) {
        guard provenArtifacts.insert(artifact).inserted else { return }
        guarded(place) { verifier in
            for shard in try verifier.reader.dataset(artifact).shards where verifier.provenShards.insert(shard.digest).inserted {
                verifier.guarded("\(place), partition \(shard.range.first)") { try $0.verify(shard, place: place) }
            }
        }
    }

    private mutating func verify(_ shard: Shard, place: String) throws {
        let bytes = try store.blob(shard.digest)
        let lines = JSONLines.ranges(bytes)
        if lines.count != shard.recordCount {
            throw DocumentError("shard \(shard.digest.short) has \(lines.count) records, its manifest says \(shard.recordCount)")
        }
        for line in lines {
            guarded(place) { verifier in
                let record = try Record(reading: bytes, in: line)
                if record.segments.isEmpty { try verifier.proveSources(of: record) }
                try verifier.prove(record)
            }
        }
        _ = try reader.side(shard.dropsDigest)
        _ = try reader.side(shard.notesDigest)
        report.shards += 1
    }

    /// One record: every byte of its text against the bytes of its sources.
    public mutating func prove(_ record: Record) throws {
        var proof = RecordProof()
        try proof.check(record) { digest in
            if provenSources.insert(digest).inserted { report.sources += 1 }
            return try sources.bytes(of: digest)
        }
        report.records += 1
        report.bytesByMode.merge(proof.bytesByMode, uniquingKeysWith: +)
    }

    /// A record without text stands for whole sources; reading one checks its digest.
    private mutating func proveSources(of record: Record) throws {
        for source in record.sources where provenSources.insert(source).inserted {
            _ = try sources.bytes(of: source)
            report.sources += 1
        }
    }

    private mutating func verify(_ publication: RunManifest.Publication) throws {
        let file = try store.blob(publication.file)
        let map = try PublishedMap(json: JSON(parsing: try store.blob(publication.map)))
        let dataset = try reader.dataset(map.artifact)
        var offset = 0
        for run in map.runs {
            guard let range = ByteRange(start: offset, length: run.length).checked(within: file.count) else {
                throw DocumentError("the map of \(publication.path) is longer than the file")
            }
            offset = range.upperBound
            guard let number = run.record else { continue }
            guard let record = try reader.record(number, of: dataset)?.record,
                let text = ByteRange(start: run.offset, length: run.length).checked(within: record.text.count),
                record.text[text].elementsEqual(file[range])
            else {
                throw DocumentError(
                    "bytes \(range) of \(publication.path) are not what record \(number + 1) of \(map.stage) says")
            }
        }
        guard offset == file.count else {
            throw DocumentError("the map of \(publication.path) covers \(offset) of \(file.count) bytes")
        }
        report.publishedFiles += 1
    }

    private mutating func guarded(_ place: String, _ body: (inout Verifier) throws -> Void) {
        do {
            try body(&self)
        } catch {
            let isDamage = (error as? StoreError)?.isDamage ?? (error is RecordError)
            report.faults.append(Fault(place: place, problem: "\(error)", isDamage: isDamage))
        }
    }
}
