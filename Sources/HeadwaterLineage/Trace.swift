public import HeadwaterModel
public import HeadwaterStore

/// Where the bytes of a record's text came from: source byte ranges with their place and excerpt, and the stages on the
/// way.
public struct Trace: Sendable {
    public var record: Record
    /// The bytes of the record's text that were asked for.
    public var bytes: Range<Int>
    public var origins: [Origin]
    /// From the stage that made the record up to the one that read its sources.
    public var steps: [Step]

    /// One run of the text and the source bytes it came from.
    public struct Origin: Sendable {
        public var text: Range<Int>
        public var mode: Segment.Mode
        /// Nil for text without a source.
        public var source: Source?

        public struct Source: Sendable {
            public var digest: Digest
            public var locator: String
            public var range: ByteRange
            public var excerpt: SourceExcerpt
        }
    }

    /// One stage on the way, and the record it made.
    public struct Step: Sendable {
        public var run: RunID
        public var stage: RunManifest.Stage
        public var artifact: Digest
        public var record: RecordID
        public var kind: String
        /// The key of the task that made it.
        public var task: Digest?
    }
}

/// Traces records upstream.
public struct Tracer: Sendable {
    private let store: Store
    private let reader: DatasetReader
    private let history: History

    public init(store: Store) {
        self.store = store
        reader = DatasetReader(store: store)
        history = History(store: store)
    }

    /// - Parameter bytes: of the record's text; all of it if nil.
    public func trace(_ place: Resolver.RecordPlace, bytes: Range<Int>?) throws -> Trace {
        let record = place.record
        let range = bytes ?? 0..<record.text.count
        return Trace(
            record: record, bytes: range, origins: try origins(of: record, range, in: place.artifact.run),
            steps: try steps(from: place))
    }

    private func origins(of record: Record, _ range: Range<Int>, in run: RunManifest) throws -> [Trace.Origin] {
        let locators = try SourceLocators(of: Set(record.sources), in: run.stages, store: store)
        var opened: [Digest: [UInt8]] = [:]
        var out: [Trace.Origin] = []
        for part in SegmentSlice.parts(of: record, in: range) {
            var origin = Trace.Origin(text: part.text, mode: part.mode, source: nil)
            if let citation = part.citation, record.sources.indices.contains(citation.source) {
                let digest = record.sources[citation.source]
                let bytes = try opened[digest] ?? store.blob(digest)
                opened[digest] = bytes
                guard let cited = citation.range.checked(within: bytes.count) else {
                    throw RecordProof.Fault(record: record.id, problem: "it cites bytes outside its source \(digest.short)")
                }
                let charset = locators.charset(of: digest)
                origin.source = .init(
                    digest: digest, locator: locators[digest] ?? digest.description, range: citation.range,
                    excerpt: SourceExcerpt(cited, of: bytes, charset: charset))
            }
            out.append(origin)
        }
        return out
    }

    private func steps(from place: Resolver.RecordPlace) throws -> [Trace.Step] {
        let run = place.artifact.run
        var steps: [Trace.Step] = []
        var seen: Set<String> = []
        var pending = [(stage: place.artifact.stage, record: place.record, shard: place.shard)]
        while !pending.isEmpty {
            let (stage, record, shard) = pending.removeFirst()
            guard let artifact = stage.artifact, seen.insert("\(stage.name) \(record.id)").inserted else { continue }
            steps.append(
                Trace.Step(
                    run: run.id, stage: stage, artifact: artifact, record: record.id, kind: record.kind,
                    task: try task(of: stage, artifact: artifact, shard: shard)))
            for input in stage.inputs {
                guard let upstream = run.stage(input.stage), let digest = upstream.artifact else { continue }
                let dataset = try reader.dataset(digest)
                // A record that was passed on unchanged lies upstream under its own id; else its parents do.
                let passed = try reader.records(startingWith: record.id.description, of: dataset, preferring: shard)
                let found =
                    try passed.isEmpty
                    ? record.parents.flatMap { try reader.records(startingWith: $0.description, of: dataset, preferring: shard) }
                    : passed
                pending += found.map { (upstream, $0.record, $0.shard) }
            }
        }
        return steps
    }

    private func task(of stage: RunManifest.Stage, artifact: Digest, shard: Int) throws -> Digest? {
        let shards = try reader.dataset(artifact).shards
        guard shards.indices.contains(shard) else { return nil }
        let applied = try history.tasks(of: stage).filter { $0.phase == .apply }
        return applied.indices.contains(shard) ? applied[shard].key : nil
    }
}

/// The parts of a record's map that lie in a range of its text, each cut to the range where it can be.
enum SegmentSlice {
    struct Part {
        var text: Range<Int>
        var mode: Segment.Mode
        var citation: Citation?
    }

    static func parts(of record: Record, in range: Range<Int>) -> [Part] {
        var out: [Part] = []
        var start = 0
        for segment in record.segments {
            let whole = start..<start + segment.length
            start = whole.upperBound
            let kept = whole.clamped(to: range)
            guard !kept.isEmpty else { continue }
            var citation = segment.citation
            let skipped = kept.lowerBound - whole.lowerBound
            switch segment.mode {
            case .verbatim: citation?.range = ByteRange(start: segment.offset + skipped, length: kept.count)
            case .rewritten(let rewriting):
                // An atomic segment keeps its whole source range: no smaller one is known.
                if let before = rewriting.sourceLength(of: record.text[whole.lowerBound..<kept.lowerBound]),
                    let inside = rewriting.sourceLength(of: record.text[kept])
                {
                    citation?.range = ByteRange(start: segment.offset + before, length: inside)
                }
            case .synthetic, .supported: break
            }
            out.append(Part(text: kept, mode: segment.mode, citation: citation))
        }
        return out
    }
}
