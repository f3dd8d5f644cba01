public import HeadwaterModel
public import HeadwaterStore

/// Where the bytes of a record's text came from: source byte ranges with their place and excerpt, and the stages on the
/// way.
public struct Trace: Sendable {
    public var record: Record
    /// The bytes of the record's text that were asked for, widened to whole characters.
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
            /// Where the source lay, if it is a part of a file.
            public var container: Container?
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
        /// The shard it lies in.
        public var shard: Digest
        public var kind: String
        /// The key of the task that made it.
        public var task: Digest?
    }
}

/// Traces records upstream.
public struct Tracer: Sendable {
    private let store: Store

    public init(store: Store) { self.store = store }

    /// - Parameter bytes: of the record's text; all of it if nil.
    public func trace(_ place: Resolver.RecordPlace, bytes: Range<Int>?) throws -> Trace {
        let record = place.record
        let asked = bytes ?? 0..<record.text.count
        guard asked.upperBound <= record.text.count else {
            throw ReferenceError(
                "\(place.artifact.stage.name)#\(place.number + 1): bytes \(asked.lowerBound)-\(asked.upperBound): "
                    + "the record's text has only \(record.text.count) bytes")
        }
        let range = Tracer.wholeCharacters(asked, of: record.text)
        let run = try IndexedRun(place.artifact.run, in: store)
        return Trace(
            record: record, bytes: range, origins: try origins(of: record, range, in: run), steps: try steps(from: place, in: run)
        )
    }

    /// The smallest range around this one that begins and ends with characters of the text.
    static func wholeCharacters(_ range: Range<Int>, of text: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start > 0, !UTF8Scan.isBoundary(text, start) { start -= 1 }
        while !UTF8Scan.isBoundary(text, end) { end += 1 }
        return start..<end
    }

    private func origins(of record: Record, _ range: Range<Int>, in run: IndexedRun) throws -> [Trace.Origin] {
        var reading = SourceReading(of: Set(record.sources), in: run, store)
        return try SegmentSlice.parts(of: record, in: range).map { part in
            var origin = Trace.Origin(text: part.text, mode: part.mode, source: nil)
            if let citation = part.citation, record.sources.indices.contains(citation.source) {
                origin.source = try reading.source(citation.range, of: record.sources[citation.source], for: record.id)
            }
            return origin
        }
    }

    /// From the stage that made a record up to the one that read its sources.
    public func steps(from place: Resolver.RecordPlace) throws -> [Trace.Step] {
        try steps(from: place, in: try IndexedRun(place.artifact.run, in: store))
    }

    private func steps(from place: Resolver.RecordPlace, in run: IndexedRun) throws -> [Trace.Step] {
        var steps: [Trace.Step] = []
        var seen: Set<String> = []
        let shards = place.artifact.content.shards
        // A tree counts as one shard.
        let shard = shards.indices.contains(place.shard) ? shards[place.shard].digest : place.artifact.digest
        var pending = [(stage: place.artifact.stage, record: place.record, shard: shard)]
        while !pending.isEmpty {
            let (stage, record, shard) = pending.removeFirst()
            guard let artifact = stage.artifact, seen.insert("\(stage.name) \(record.id)").inserted else { continue }
            steps.append(
                Trace.Step(
                    run: run.run.id, stage: stage, artifact: artifact, record: record.id, shard: shard, kind: record.kind,
                    task: try run.member(of: stage.name, with: shard)?.key))
            for input in stage.inputs {
                guard let upstream = run.run.stage(input.stage) else { continue }
                // A record that was passed on unchanged lies upstream under its own id; else its parents do.
                let passed = try run.records([record.id], of: upstream.name, with: record.sources)
                let found = try passed.isEmpty ? parents(of: record, in: upstream.name, run) : passed
                pending += found.map { (upstream, $0.record, $0.member.shard) }
            }
        }
        return steps
    }

    /// The records that a record was made from, which nearly always have a source in common with it.
    private func parents(
        of record: Record, in stage: String, _ run: IndexedRun
    ) throws -> [(record: Record, member: IndexedRun.Member)] {
        let parents = Set(record.parents)
        let found = try run.records(parents, of: stage, with: record.sources)
        return found.count == parents.count ? found : try run.records(parents, of: stage)
    }

    /// What stands behind the value of a field.
    public func trace(field name: String, of place: Resolver.RecordPlace) throws -> FieldTrace {
        let record = place.record
        guard let value = record.fields[name] else {
            let known = Set(record.fields.keys).union(record.cites.keys).sorted()
            let nearest = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            throw ReferenceError(
                "\(place.artifact.stage.name)#\(place.number + 1) has no field \(name); it has \(known.joined(separator: ", "))\(nearest)"
            )
        }
        let run = try IndexedRun(place.artifact.run, in: store)
        var reading = SourceReading(of: Set(record.sources), in: run, store)
        let sources = try (record.cites[name] ?? []).map { cite in
            guard record.sources.indices.contains(cite.source) else {
                throw RecordProof.Fault(record: record.id, problem: "it cites a source that it does not name")
            }
            return try reading.source(cite.range, of: record.sources[cite.source], for: record.id)
        }
        return FieldTrace(record: record, name: name, value: value, sources: sources, steps: try steps(from: place, in: run))
    }
}
