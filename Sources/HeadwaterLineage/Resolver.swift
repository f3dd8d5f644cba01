public import HeadwaterModel
public import HeadwaterStore

/// Finds what a reference names.
public struct Resolver: Sendable {
    public let store: Store
    public let history: History
    public let reader: DatasetReader

    public init(store: Store) {
        self.store = store
        history = History(store: store)
        reader = DatasetReader(store: store)
    }

    /// An artifact where it was made.
    public struct ArtifactPlace: Sendable {
        public var run: RunManifest
        public var stage: RunManifest.Stage
        public var digest: Digest
        public var dataset: Dataset

        public init(run: RunManifest, stage: RunManifest.Stage, digest: Digest, dataset: Dataset) {
            self.run = run
            self.stage = stage
            self.digest = digest
            self.dataset = dataset
        }

        /// How many stages come before it in its run.
        var depth: Int { run.stages.firstIndex { $0.name == stage.name } ?? 0 }
    }

    /// A record where it lies.
    public struct RecordPlace: Sendable {
        public var artifact: ArtifactPlace
        public var record: Record
        /// Number in the artifact, from 0.
        public var number: Int
        public var shard: Int

        public init(artifact: ArtifactPlace, record: Record, number: Int, shard: Int) {
            self.artifact = artifact
            self.record = record
            self.number = number
            self.shard = shard
        }
    }

    /// A source as a run found it.
    public struct SourcePlace: Sendable {
        public var run: RunManifest
        public var locator: String
        public var digest: Digest
        public var charset: Charset
    }

    /// A file that a run published.
    public struct PublishedPlace: Sendable {
        public var run: RunManifest
        public var publication: RunManifest.Publication
        public var map: PublishedMap
        public var artifact: ArtifactPlace
    }

    /// What a reference names.
    public enum Resolved: Sendable {
        case run(RunManifest)
        case artifact(ArtifactPlace)
        case record(RecordPlace, bytes: Range<Int>?)
        case source(SourcePlace, bytes: Range<Int>?)
        case published(PublishedPlace, bytes: Range<Int>, content: [UInt8])
        case blob(Digest)
    }

    /// - Parameter file: gives a file's bytes, for references to published files.
    /// - Throws: `ReferenceError` where nothing or more than one thing is named; `StoreError`, `DocumentError`.
    public func resolve(_ reference: Reference, file: (String) throws -> [UInt8]) throws -> Resolved {
        switch reference.subject {
        case .file(let path): return try published(path, reference, try file(path))
        case .source(let name): return .source(try source(name), bytes: reference.bytes)
        case .run(let prefix, let stage):
            let run = try one(try history.runs(startingWith: prefix), "run:\(prefix)", "run") { "run:\($0.id)" }
            guard let stage else { return .run(run) }
            return try record(try artifact(stage, of: run), reference)
        case .digest(let prefix): return try digest(prefix, reference)
        case .name(let name):
            if let run = try history.latest(name), run.pipeline == name { return .run(run) }
            if let place = try latestStage(name) { return try record(place, reference) }
            if name.utf8.count >= 4, name.utf8.allSatisfy(isHexDigit) { return try recordByID(name, reference.bytes) }
            throw try unknown(name)
        }
    }

    /// The artifact that a reference names, be it by stage, run and stage, or digest.
    public func artifact(_ resolved: Resolved) -> ArtifactPlace? {
        switch resolved {
        case .artifact(let place): place
        case .record(let place, _): place.artifact
        case .published(let place, _, _): place.artifact
        case .run, .source, .blob: nil
        }
    }

    // MARK: Names

    private func latestStage(_ name: String) throws -> ArtifactPlace? {
        if name.contains("/") {
            let stage = String(name.split(separator: "/", maxSplits: 1)[1])
            guard let run = try history.latest(name) else { return nil }
            return try artifact(stage, of: run)
        }
        let full = try history.names().filter { $0.hasSuffix("/" + name) }
        guard !full.isEmpty else { return nil }
        if full.count > 1 { throw ReferenceError("\(name) is ambiguous: it may be \(full.joined(separator: " or "))") }
        return try latestStage(full[0])
    }

    private func artifact(_ stage: String, of run: RunManifest) throws -> ArtifactPlace {
        guard let found = run.stage(stage) else {
            throw ReferenceError("run \(run.id) has no stage \(stage); it has \(run.stages.map(\.name).joined(separator: ", "))")
        }
        guard let digest = found.artifact else { throw ReferenceError("stage \(stage) of run \(run.id) did not come to its end") }
        return ArtifactPlace(run: run, stage: found, digest: digest, dataset: try reader.dataset(digest))
    }

    private func record(_ place: ArtifactPlace, _ reference: Reference) throws -> Resolved {
        guard let number = reference.record else { return .artifact(place) }
        guard let found = try reader.record(number - 1, of: place.dataset) else {
            throw ReferenceError("\(place.stage.name)#\(number): the artifact has \(place.dataset.recordCount) records")
        }
        let record = RecordPlace(artifact: place, record: found.record, number: number - 1, shard: found.shard)
        return .record(record, bytes: try checked(reference.bytes, within: found.record.text.count, "the record's text"))
    }

    private func recordByID(_ prefix: String, _ bytes: Range<Int>?) throws -> Resolved {
        var found: [RecordPlace] = []
        for place in try latestArtifacts() {
            for match in try reader.records(startingWith: prefix, of: place.dataset)
            where !found.contains(where: { $0.record.id == match.record.id }) {
                found.append(RecordPlace(artifact: place, record: match.record, number: match.number, shard: match.shard))
            }
        }
        let place = try one(found, prefix, "record") { $0.record.id.description }
        return .record(place, bytes: try checked(bytes, within: place.record.text.count, "the record's text"))
    }

    /// The artifacts of the latest run that completed each stage, those nearest to the sources first.
    private func latestArtifacts() throws -> [ArtifactPlace] {
        var out: [ArtifactPlace] = []
        for name in try history.names() {
            guard let slash = name.firstIndex(of: "/"), let run = try history.latest(name) else { continue }
            out.append(try artifact(String(name[name.index(after: slash)...]), of: run))
        }
        // A record that a stage passes on lies in several artifacts; the one where it was made says most about it.
        return out.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }.map(\.element)
    }

    private func digest(_ prefix: String, _ reference: Reference) throws -> Resolved {
        for run in try history.runs() {
            for stage in run.stages where stage.artifact?.hex.hasPrefix(prefix) ?? false {
                return try record(try artifact(stage.name, of: run), reference)
            }
        }
        if let digest = Digest(hex: prefix), store.contains(digest) { return .blob(digest) }
        throw ReferenceError(
            "sha256:\(prefix): no artifact of any run starts with these digits, and no blob has exactly this digest")
    }

    // MARK: Sources and published files

    /// A source by locator or digest, as the latest run that read it found it.
    private func source(_ name: String) throws -> SourcePlace {
        var near: [String] = []
        for run in try history.runs() {
            for stage in run.stages where stage.inputs.isEmpty {
                guard let artifact = stage.artifact else { continue }
                for shard in try reader.dataset(artifact).shards {
                    for record in try reader.records(of: shard.digest) {
                        guard let digest = record.sources.first, let locator = record.fields["locator"]?.string else { continue }
                        if locator == name || (name.hasPrefix(Digest.prefix) && digest.description.hasPrefix(name)) {
                            let charset = record.fields["charset"]?.string.flatMap { Charset(label: $0) } ?? .windows1252
                            return SourcePlace(run: run, locator: locator, digest: digest, charset: charset)
                        }
                        if near.count < 5, locator.hasSuffix(name) || locator.contains(name), !near.contains(locator) {
                            near.append(locator)
                        }
                    }
                }
            }
        }
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        throw ReferenceError("source:\(name): no run has read such a source\(hint)")
    }

    private func published(_ path: String, _ reference: Reference, _ content: [UInt8]) throws -> Resolved {
        let digest = Digest(of: content)
        for run in try history.runs() {
            for publication in run.publications where publication.file == digest {
                let map = try PublishedMap(json: JSON(parsing: try store.blob(publication.map)))
                let place = PublishedPlace(
                    run: run, publication: publication, map: map, artifact: try artifact(publication.stage, of: run))
                let bytes: Range<Int>
                if let line = reference.line {
                    bytes = try self.line(line, of: content, path)
                } else {
                    bytes = try checked(reference.bytes, within: content.count, path) ?? 0..<content.count
                }
                return .published(place, bytes: bytes, content: content)
            }
        }
        throw ReferenceError("\(path): no run has published a file with these bytes; it was edited, or comes from another store")
    }

    private func line(_ line: Int, of content: [UInt8], _ path: String) throws -> Range<Int> {
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard line <= lines.count else { throw ReferenceError("\(path):\(line): the file has \(lines.count) lines") }
        return lines[line - 1].startIndex..<lines[line - 1].endIndex
    }

    // MARK: Faults

    private func checked(_ bytes: Range<Int>?, within count: Int, _ what: String) throws -> Range<Int>? {
        guard let bytes else { return nil }
        guard bytes.upperBound <= count else {
            throw ReferenceError("bytes \(bytes.lowerBound)-\(bytes.upperBound): \(what) has only \(count) bytes")
        }
        return bytes
    }

    private func one<Element>(_ found: [Element], _ text: String, _ what: String, _ name: (Element) -> String) throws -> Element {
        guard let first = found.first else { throw ReferenceError("\(text): there is no such \(what)") }
        if found.count > 1 {
            throw ReferenceError("\(text) is ambiguous: it may be \(found.prefix(5).map(name).joined(separator: " or "))")
        }
        return first
    }

    private func unknown(_ name: String) throws -> ReferenceError {
        let names = try history.names()
        guard !names.isEmpty else { return ReferenceError("\(name): the store remembers no run yet; run a pipeline first") }
        return ReferenceError(
            "\(name): there is no such stage, pipeline, record or file; known are \(names.joined(separator: ", "))")
    }

    private func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
