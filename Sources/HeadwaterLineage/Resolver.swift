public import HeadwaterModel
public import HeadwaterStore

/// Finds what a reference names.
public struct Resolver: Sendable {
    public let store: Store
    public let history: History
    public let reader: DatasetReader
    /// Told of what the answer could not take into account, or does not say by itself.
    private let note: @Sendable (String) -> Void

    /// - Parameter note: is called with remarks for the person who asked.
    public init(store: Store, note: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.note = note
        history = History(store: store)
        reader = DatasetReader(store: store)
    }

    /// An artifact where it was made.
    public struct ArtifactPlace: Sendable {
        public var run: RunManifest
        public var stage: RunManifest.Stage
        public var digest: Digest
        public var content: Artifact

        public init(run: RunManifest, stage: RunManifest.Stage, digest: Digest, content: Artifact) {
            self.run = run
            self.stage = stage
            self.digest = digest
            self.content = content
        }

        /// Its records; none in a tree of files.
        public var dataset: Dataset { Dataset(shards: content.shards) }

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
        public var artifact: ArtifactPlace
        /// The records that the bytes asked for show: number, and range of the text.
        public var shown: [(record: Int, text: Range<Int>)]
    }

    /// What a reference names.
    public enum Resolved: Sendable {
        case run(RunManifest)
        case artifact(ArtifactPlace)
        case record(RecordPlace, bytes: Range<Int>?)
        case source(SourcePlace, bytes: Range<Int>?)
        case published(PublishedPlace, bytes: Range<Int>, content: [UInt8])
        case blob(Digest)

        /// The artifact that is named, or that what is named belongs to.
        public var artifact: ArtifactPlace? {
            switch self {
            case .artifact(let place): place
            case .record(let place, _): place.artifact
            case .published(let place, _, _): place.artifact
            case .run, .source, .blob: nil
            }
        }
    }

    /// - Parameter file: gives a file's bytes, for references to published files.
    /// - Throws: `ReferenceError` where nothing or more than one thing is named; `StoreError`, `DocumentError`.
    public func resolve(_ reference: Reference, file: (String) throws -> [UInt8]) throws -> Resolved {
        switch reference.subject {
        case .file(let path): return try published(path, reference, try file(path))
        case .source(let name):
            let place = try source(name)
            return .source(place, bytes: try checked(reference.bytes, of: place))
        case .sourceDigest(let prefix):
            let place = try source(startingWith: prefix)
            return .source(place, bytes: try checked(reference.bytes, of: place))
        case .run(let prefix, let stage):
            let found = try history.runs(startingWith: prefix)
            if found.isEmpty { throw try unknownRun(prefix) }
            let run = try one(found, "run:\(prefix)", "run") { "run:\($0.id) of \($0.pipeline)" }
            guard let stage else { return .run(run) }
            return try record(try artifact(stage, of: run), reference)
        case .tag(let tag, let stage):
            guard let run = try history.run(tagged: tag) else {
                let tags = try history.tags().map(\.name)
                let known = tags.isEmpty ? "none was given yet" : "there are \(Resolver.list(tags))"
                throw ReferenceError("tag:\(tag): there is no such tag; \(known)\(Resolver.nearest(tag, tags))")
            }
            guard let stage else { return .run(run) }
            return try record(try artifact(stage, of: run), reference)
        case .digest(let prefix): return try digest(prefix, reference)
        case .name(let name):
            if let run = try history.latest(name), run.pipeline.hasSameBytes(as: name) { return .run(run) }
            if let place = try latestStage(name) { return try record(place, reference) }
            if Reference.isHex(name), name.utf8.count >= Reference.fewestDigits { return try recordByID(name, reference.bytes) }
            throw try unknown(name)
        }
    }

    // MARK: Names

    private func latestStage(_ name: String) throws -> ArtifactPlace? {
        if name.contains("/") {
            let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let run = try history.latest(name) else { return nil }
            try noteAge(of: run, pipeline: parts[0], stage: parts[1])
            return try artifact(parts[1], of: run)
        }
        let full = try history.names().filter {
            $0.split(separator: "/", maxSplits: 1).dropFirst().first?.hasSameBytes(as: name) ?? false
        }
        guard !full.isEmpty else {
            // Of a stage with a matrix only its instances have artifacts.
            let instances = try history.names().compactMap { $0.split(separator: "/", maxSplits: 1).dropFirst().first }
                .filter { $0.hasPrefix(name + "@") }
            if instances.isEmpty { return nil }
            let some = instances.prefix(Resolver.mostCandidates).joined(separator: ", ")
            throw ReferenceError(
                "\(name) has \(instances.count) instances: \(some)\(instances.count > Resolver.mostCandidates ? ", …" : "")")
        }
        if full.count > 1 { throw ReferenceError("\(name) is ambiguous: it may be \(full.joined(separator: " or "))") }
        return try latestStage(full[0])
    }

    /// A stage's latest artifact need not be of the pipeline's latest run.
    private func noteAge(of run: RunManifest, pipeline: String, stage: String) throws {
        guard let latest = try history.latest(pipeline), latest.id != run.id else { return }
        let why = latest.stage(stage) == nil ? "has no stage \(stage)" : "did not complete \(stage)"
        note("the latest run of \(pipeline), run:\(latest.id), \(why); this is of run:\(run.id)")
    }

    private func artifact(_ stage: String, of run: RunManifest) throws -> ArtifactPlace {
        guard let found = run.stage(stage) else {
            let names = run.stages.map(\.name)
            throw ReferenceError(
                "run \(run.id) has no stage \(stage); it has \(Resolver.list(names))\(Resolver.nearest(stage, names))")
        }
        guard let digest = found.artifact else { throw ReferenceError("stage \(stage) of run \(run.id) did not come to its end") }
        return ArtifactPlace(run: run, stage: found, digest: digest, content: try reader.artifact(digest))
    }

    private func record(_ place: ArtifactPlace, _ reference: Reference) throws -> Resolved {
        guard let number = reference.record else { return .artifact(place) }
        guard let found = try reader.record(number - 1, of: place.dataset) else {
            throw ReferenceError("\(place.stage.name)#\(number): the artifact has \(place.dataset.recordCount) records")
        }
        let record = RecordPlace(artifact: place, record: found.record, number: number - 1, shard: found.shard)
        return .record(
            record,
            bytes: try checked(reference.bytes, within: found.record.text.count, "the text of \(place.stage.name)#\(number)"))
    }

    /// A record by the first digits of its id, in whatever run.
    private func recordByID(_ prefix: String, _ bytes: Range<Int>?) throws -> Resolved {
        let index = try LineageIndex.open(of: store, note: note)
        let found = try one(
            try index.records(startingWith: prefix, most: Resolver.mostCandidates + 1), prefix, "record"
        ) { $0.id.description }
        guard let run = try history.runs(startingWith: found.place.run).first else {
            throw ReferenceError("\(prefix): the run that has the record is not there any more")
        }
        let artifact = try artifact(found.place.stage, of: run)
        guard let shard = artifact.dataset.shards.firstIndex(where: { $0.digest == found.shard.digest }),
            let match = try reader.records(startingWith: found.id.description, of: artifact.dataset, preferring: shard).first
        else { throw ReferenceError("\(prefix): the run that has the record is not there any more") }
        let place = RecordPlace(artifact: artifact, record: match.record, number: match.number, shard: match.shard)
        return .record(
            place, bytes: try checked(bytes, within: place.record.text.count, "the text of record \(place.record.id.short)"))
    }

    private func digest(_ prefix: String, _ reference: Reference) throws -> Resolved {
        var found: [(digest: Digest, run: RunManifest, stage: String)] = []
        try forEachRun { run in
            for stage in run.stages {
                guard let artifact = stage.artifact, artifact.hex.hasPrefix(prefix),
                    !found.contains(where: { $0.digest == artifact })
                else { continue }
                found.append((artifact, run, stage.name))
            }
            // A whole digest names one artifact at most.
            return found.isEmpty || prefix.utf8.count < 2 * Digest.byteCount
        }
        if found.isEmpty {
            if let published = try published(startingWith: prefix, reference) { return published }
            if let digest = Digest(hex: prefix), store.contains(digest) { return .blob(digest) }
            throw ReferenceError(
                "sha256:\(prefix): no artifact and no published file of any run starts with these digits, and no blob has exactly this digest\(try forgotten())"
            )
        }
        let place = try one(found, "sha256:\(prefix)", "artifact") { "\($0.digest) (\($0.stage) of run:\($0.run.id))" }
        return try record(try artifact(place.stage, of: place.run), reference)
    }

    /// Calls `body` with the runs that can be read, the latest first, until it returns false; the others are told of.
    private func forEachRun(_ body: (RunManifest) throws -> Bool) throws {
        for run in try history.forEachRun(body) { note("\(run)") }
    }

    // MARK: Sources and published files

    /// A source by locator, as the latest run that read it found it.
    private func source(_ name: String) throws -> SourcePlace {
        let index = try LineageIndex.open(of: store, note: note)
        if let found = try index.sources(FindCondition("locator=\(name)")).first { return try place(of: found) }
        if try Suppressions(of: store).covers(locator: name) {
            throw ReferenceError("source:\(name) was erased from this store, and is kept from coming back")
        }
        // Any of the runs that could not be read may have read it.
        try index.problems().forEach(note)
        let near = try index.locators(near: name, most: Resolver.mostCandidates)
        let hint = near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
        throw ReferenceError("source:\(name): no run has read such a source\(hint)\(try forgotten())")
    }

    /// A source by the first digits of its digest, as the latest run that read it found it.
    private func source(startingWith prefix: String) throws -> SourcePlace {
        let index = try LineageIndex.open(of: store, note: note)
        var digests: Set<Digest> = []
        let found = try index.sources(FindCondition("source=\(prefix)")).filter { digests.insert($0.digest).inserted }
        if found.isEmpty {
            if let digest = Digest(hex: prefix), try Suppressions(of: store).covers(digest) {
                throw ReferenceError("source:\(digest) was erased from this store, and is kept from coming back")
            }
            try index.problems().forEach(note)
        }
        return try place(of: one(found, "source:sha256:\(prefix)", "source") { "\($0.digest) (\($0.locator))" })
    }

    private func place(of found: LineageIndex.FoundSource) throws -> SourcePlace {
        guard let run = try history.runs(startingWith: found.place.run).first else {
            throw ReferenceError("source:\(found.locator): the run that read it is not there any more")
        }
        return SourcePlace(run: run, locator: found.locator, digest: found.digest, charset: found.charset)
    }

    private func published(_ path: String, _ reference: Reference, _ content: [UInt8]) throws -> Resolved {
        let digest = Digest(of: content)
        var found: (run: RunManifest, content: PublishedContent, start: Int)?
        var searched: Set<Digest> = []
        try forEachRun { run in
            for publication in run.publications where publication.file == digest || publication.isFolder {
                guard found == nil, searched.insert(publication.map).inserted else { continue }
                do {
                    let content = try PublishedContent(publication, store: store)
                    let place = publication.isFolder ? try content.place(of: digest, at: path) : 0..<0
                    if let place { found = (run, content, place.lowerBound) }
                } catch  where publication.isFolder && Damage.isMeant(by: error) {
                    note("\(path) was not looked for in \(publication.path) of run:\(run.id): \(error)")
                }
            }
            return found == nil
        }
        guard let (run, published, start) = found else {
            throw ReferenceError(
                "\(path): no run has published a file with these bytes; it was edited, comes from another store, or its run was stopped"
            )
        }
        let bytes: Range<Int>
        if let line = reference.line {
            bytes = try self.line(line, of: content, path)
        } else {
            bytes = try checked(reference.bytes, within: content.count, path) ?? 0..<content.count
        }
        let place = PublishedPlace(
            run: run, publication: published.publication, artifact: try artifact(published.publication.stage, of: run),
            shown: try published.records(in: start + bytes.lowerBound..<start + bytes.upperBound))
        return .published(place, bytes: bytes, content: content)
    }

    /// A published file by the first digits of its digest, as the latest run that published it has it.
    private func published(startingWith prefix: String, _ reference: Reference) throws -> Resolved? {
        var found: [(digest: Digest, path: String, content: PublishedContent, run: RunManifest, range: Range<Int>)] = []
        var searched: Set<Digest> = []
        func add(_ digest: Digest, _ path: String, _ content: PublishedContent, _ run: RunManifest, _ range: Range<Int>) {
            if !found.contains(where: { $0.digest == digest }) { found.append((digest, path, content, run, range)) }
        }
        try forEachRun { run in
            for publication in run.publications {
                if publication.isFolder {
                    guard searched.insert(publication.map).inserted else { continue }
                    let content = try PublishedContent(publication, store: store)
                    var start = 0
                    try content.forEachPart { part in
                        for file in part.files {
                            if file.digest.hex.hasPrefix(prefix) {
                                add(file.digest, "\(publication.path)/\(file.path)", content, run, start..<start + file.length)
                            }
                            start += file.length
                        }
                    }
                } else if publication.file.hex.hasPrefix(prefix) {
                    let content = try PublishedContent(publication, store: store)
                    var length = 0
                    try content.forEachPart { length += $0.length }
                    add(publication.file, publication.path, content, run, 0..<length)
                }
            }
            return found.isEmpty || prefix.utf8.count < 2 * Digest.byteCount
        }
        if found.isEmpty { return nil }
        let file = try one(found, "sha256:\(prefix)", "published file") { "\($0.digest) (\($0.path))" }
        guard reference.record == nil else {
            throw ReferenceError("sha256:\(prefix) is the published file \(file.path), which has no numbered records")
        }
        let content = try file.content.bytes(in: file.range)
        let bytes = try checked(reference.bytes, within: content.count, file.path) ?? 0..<content.count
        let place = PublishedPlace(
            run: file.run, publication: file.content.publication,
            artifact: try artifact(file.content.publication.stage, of: file.run),
            shown: try file.content.records(
                in: file.range.lowerBound + bytes.lowerBound..<file.range.lowerBound + bytes.upperBound))
        return .published(place, bytes: bytes, content: content)
    }

    private func line(_ line: Int, of content: [UInt8], _ path: String) throws -> Range<Int> {
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard line <= lines.count else { throw ReferenceError("\(path):\(line): the file has \(lines.count) lines") }
        return lines[line - 1].startIndex..<lines[line - 1].endIndex
    }

    // MARK: Bytes

    private func checked(_ bytes: Range<Int>?, of place: SourcePlace) throws -> Range<Int>? {
        guard let bytes else { return nil }
        return try checked(bytes, within: try store.blob(place.digest).count, place.locator)
    }

    private func checked(_ bytes: Range<Int>?, within count: Int, _ what: String) throws -> Range<Int>? {
        guard let bytes else { return nil }
        guard bytes.upperBound <= count else {
            throw ReferenceError("bytes \(bytes.lowerBound)-\(bytes.upperBound): \(what) has only \(count) bytes")
        }
        return bytes
    }
}
