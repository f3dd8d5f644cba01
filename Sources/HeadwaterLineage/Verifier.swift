public import HeadwaterModel
public import HeadwaterStore

/// Proves artifacts by reading everything again: the digest of every blob that a kept thing needs, the id and map of
/// every record against the bytes of its sources, and every published file against the records it shows.
///
/// Goes on after a fault, so that all are found. One verifier reads each blob once, however many runs share it.
public struct Verifier {
    public private(set) var report = Report()
    private let store: Store
    private let reader: DatasetReader
    private let history: History
    private var sources: SourceCache
    /// What each record blob that was proven holds; nil for one that could not be read.
    private var provenShards: [Digest: (records: Int, bytes: Int)?] = [:]
    /// What each blob of drops counts; nothing for one that could not be read.
    private var provenDrops: [Digest: [String: Int]] = [:]
    private var provenSources: Set<Digest> = []
    private var provenArtifacts: Set<Digest> = []
    private var provenRuns: Set<Digest> = []
    /// By what their tasks, inputs and artifacts are.
    private var provenStages: Set<Digest> = []
    /// Keys with their results.
    private var provenTasks: Set<[Digest]> = []
    private var provenTreeFiles: Set<FileTree.File> = []
    /// Published files with their maps.
    private var provenFiles: Set<[Digest]> = []
    /// Blobs of any kind that were read, or could not be and are among the faults.
    private var readBlobs: Set<Digest> = []

    public init(store: Store) {
        self.store = store
        reader = DatasetReader(store: store)
        history = History(store: store)
        sources = SourceCache(store: store)
    }

    /// Everything that the store remembers: all bindings, and whatever they need.
    public mutating func verifyAll() {
        for warning in store.warnings { report.add(Fault(place: "store", problem: "\(warning)", isDamage: true)) }
        // A run is known by its id, and the latest ones by name too: where one is lost the other still leads on.
        let heads = (try? history.headsOfNames()) ?? []
        for kind in [Binding.Kind.run, .name] {
            forEachBinding(kind) { verifier, binding, _ in
                if kind == .name, let target = History.noteTarget(binding.key) {
                    guard heads.contains(binding.digest), let bytes = try verifier.document(binding.value) else { return }
                    if try UserNote(reading: bytes).target != target { throw DocumentError("the note is about something else") }
                    return
                }
                let isNew = verifier.provenRuns.insert(binding.value).inserted
                // What a name stood for before may be a run that was collected since.
                if kind == .name && (!isNew || !heads.contains(binding.digest)) { return }
                let run = try verifier.history.manifest(binding.value)
                if isNew {
                    verifier.report.documents += 1
                    verifier.verify(run: run)
                }
                if kind == .run, !run.id.description.hasSameBytes(as: binding.key) {
                    throw DocumentError("its manifest is that of run:\(run.id)")
                }
            }
        }
        // Of a run that was stopped its tasks are all there is.
        forEachBinding(.task) { verifier, binding, place in
            guard let key = Digest(hex: binding.key) else { throw DocumentError("a task's key is no digest") }
            verifier.verify(task: key, result: binding.value, place: place)
        }
        forEachBinding(.pin) { verifier, binding, _ in
            guard let bytes = try verifier.document(binding.value) else { return }
            let pin = PinnedBlobs(json: try JSON(parsing: bytes))
            guard pin.source != nil || pin.isFailure else { throw DocumentError("a pin that names no source") }
            if let source = pin.source { try verifier.prove(source: source) }
            if let archive = pin.archive { _ = try verifier.document(archive) }
        }
        forEachBinding(.tombstone) { verifier, binding, _ in _ = try verifier.document(binding.value) }
    }

    private mutating func forEachBinding(_ kind: Binding.Kind, _ body: (inout Verifier, Binding, String) throws -> Void) {
        guarded("bindings of kind \(kind.rawValue)") { verifier in
            let (bindings, damage) = try verifier.store.readBindings(kind)
            for error in damage {
                verifier.report.add(Fault(place: "bindings of kind \(kind.rawValue)", problem: "\(error)", isDamage: true))
            }
            for binding in bindings {
                let place = "\(kind.rawValue):\(binding.key)"
                verifier.guarded(place) { try body(&$0, binding, place) }
            }
        }
    }

    /// A run: its tasks, artifacts and published files.
    public mutating func verify(run: RunManifest) {
        guarded("\(run.pipeline), pipeline file") { _ = try $0.document(run.file) }
        for (path, file) in run.included.sorted(by: { $0.key < $1.key }) {
            guarded("\(run.pipeline), included file \(path)") { _ = try $0.document(file) }
        }
        for stage in run.stages { verify(stage, of: run) }
        for publication in run.publications {
            guarded("\(run.pipeline), published \(publication.name)") { try $0.verify(publication) }
        }
    }

    /// A stage of a run and all that it was made of: the tasks of each stage that it needs, and what they came to.
    public mutating func verify(stage name: String, of run: RunManifest) {
        var needed: Set<String> = [name]
        for stage in run.stages.reversed() where needed.contains(stage.name) { needed.formUnion(stage.inputs.map(\.stage)) }
        for stage in run.stages where needed.contains(stage.name) { verify(stage, of: run) }
    }

    private mutating func verify(_ stage: RunManifest.Stage, of run: RunManifest) {
        let place = "\(run.pipeline)/\(stage.name)"
        guarded("\(place), task list") { verifier in
            // Another run may have the same list, and other stages before it.
            let isNew = verifier.readBlobs.insert(stage.tasks).inserted
            let entries = try TaskEntry.list(reading: verifier.store.blob(stage.tasks))
            if isNew {
                verifier.report.documents += 1
                for task in entries { verifier.verify(task, place: place) }
            }
            verifier.proveClosure(of: stage, of: run, entries, place)
        }
        if let artifact = stage.artifact { verify(artifact: artifact, place: place) }
    }

    private mutating func verify(_ task: TaskEntry, place: String) {
        let taskPlace = "\(place), \(task.phase.rawValue)" + (task.partition.isEmpty ? "" : " of \(task.partition)")
        verify(task: task.key, result: task.result, place: taskPlace)
        guarded(taskPlace) { try $0.proveBinding(of: task) }
        if let log = task.log { guarded(taskPlace + ", log") { _ = try $0.document(log) } }
        if let containers = task.containers {
            guarded(taskPlace + ", places of members") { verifier in
                guard let lines = try verifier.document(containers) else { return }
                for line in try JSONLines.decode(lines) { _ = try Container(json: line) }
            }
        }
    }

    /// Stages that many runs have in common, tasks, inputs and all, are proven once.
    private mutating func proveClosure(
        of stage: RunManifest.Stage, of run: RunManifest, _ entries: [TaskEntry], _ place: String
    ) {
        let inputs = stage.inputs.map { JSON.array([.string($0.role), .string(run.stage($0.stage)?.artifact?.hex ?? "")]) }
        let identity: JSON = [
            .string(stage.tasks.hex), .string(stage.artifact?.hex ?? ""), .string(stage.plugin), .string(stage.version),
            .object(stage.parameters), .array(inputs),
        ]
        guard provenStages.insert(identity.digest).inserted else { return }
        var faults: [Fault] = []
        var closure = StageClosure(stage, of: run, in: store) { task, error in
            // What is not there or damaged is told where it is read.
            guard let fault = error as? ClosureFault else { return }
            faults.append(Fault(place: place + task, problem: fault.description, isDamage: fault.isDamage))
        }
        closure.prove(entries)
        report.keys += closure.keys
        for fault in faults { report.add(fault) }
    }

    /// One artifact: its manifest, and each of its shards and records.
    public mutating func verify(artifact: Digest, place: String) {
        guard provenArtifacts.insert(artifact).inserted else { return }
        guarded(place) { verifier in
            guard let bytes = try verifier.document(artifact) else { return }
            switch try Artifact(json: JSON(parsing: bytes)) {
            case .dataset(let dataset):
                for shard in dataset.shards { verifier.verify(shard.content, place: "\(place), partition \(shard.range.first)") }
            case .tree(let tree): verifier.verify(tree, place: place)
            }
        }
    }

    /// A source: that it is there, with its digest.
    public mutating func verify(source: Digest, place: String) { guarded(place) { try $0.prove(source: source) } }

    /// A stored document: that it is there, with its digest.
    public mutating func verify(document: Digest) { guarded(document.description) { _ = try $0.document(document) } }

    // MARK: Tasks

    private mutating func verify(task key: Digest, result: Digest, place: String) {
        guard provenTasks.insert([key, result]).inserted else { return }
        guarded(place) { verifier in
            if let document = try verifier.document(key) { _ = try JSON(parsing: document) }
        }
        guarded(place) { verifier in
            guard let document = try verifier.document(result) else { return }
            let result = try TaskResult(json: JSON(parsing: document))
            if case .shard(let shard) = result { return verifier.verify(shard, place: place) }
            if case .tree(let tree) = result { return verifier.verify(tree, place: place) }
            for blob in result.blobs { verifier.guarded(place) { _ = try $0.document(blob) } }
        }
    }

    /// A task's result counts because it is bound to the task's key; without that the task would run again.
    private func proveBinding(of task: TaskEntry) throws {
        guard try store.bindings(.task, task.key.hex).contains(where: { $0.value == task.result }) else {
            throw DocumentError("no binding ties its key \(task.key.short) to its result \(task.result.short)")
        }
    }

    // MARK: Files

    private mutating func verify(_ tree: FileTree, place: String) {
        for (path, file) in tree.files { guarded("\(place), file \(path)") { try $0.prove(file) } }
    }

    /// A file: its digest, its length, and its map if it has one.
    private mutating func prove(_ file: FileTree.File) throws {
        guard provenTreeFiles.insert(file).inserted else { return }
        let bytes = try store.blob(file.digest)
        readBlobs.insert(file.digest)
        report.documents += 1
        guard bytes.count == file.byteCount else {
            throw DocumentError("it has \(bytes.count) bytes, its tree says \(file.byteCount)")
        }
        guard let digest = file.map, let map = try document(digest) else { return }
        var proof = RecordProof()
        do {
            try FileMap(json: JSON(parsing: map)).check(bytes, &proof) { try sources.bytes(of: $0) }
        } catch let fault as RecordProof.Fault {
            throw DocumentError("its map: \(fault.problem)")
        }
        report.bytesByMode.merge(proof.bytesByMode, uniquingKeysWith: +)
    }

    // MARK: Records

    private mutating func verify(_ shard: ShardContent, place: String) {
        guarded(place) { try $0.proveRecords(of: shard, place: place) }
        guarded(place) { try $0.proveDrops(of: shard) }
        guarded(place) { try $0.proveNotes(of: shard) }
    }

    private mutating func proveRecords(of shard: ShardContent, place: String) throws {
        if provenShards.index(forKey: shard.digest) == nil {
            provenShards[shard.digest] = .some(nil)
            let bytes = try store.blob(shard.digest)
            let lines = JSONLines.ranges(bytes)
            for line in lines { guarded(place) { try $0.prove(Record(reading: bytes, in: line)) } }
            provenShards[shard.digest] = (lines.count, bytes.count)
            report.shards += 1
        }
        guard let held = provenShards[shard.digest] ?? nil else { return }
        guard held.records == shard.recordCount, held.bytes == shard.byteCount else {
            throw DocumentError(
                "shard \(shard.digest.short) has \(held.records) records in \(held.bytes) bytes, its manifest says "
                    + "\(shard.recordCount) in \(shard.byteCount)")
        }
    }

    private mutating func proveDrops(of shard: ShardContent) throws {
        guard let digest = shard.dropsDigest else {
            if shard.dropCounts.isEmpty { return }
            throw DocumentError("shard \(shard.digest.short) counts drops, but has none")
        }
        if let bytes = try document(digest) {
            var counts: [String: Int] = [:]
            for drop in try JSONLines.decode(bytes) {
                guard drop["record"]?.string.flatMap({ RecordID($0) }) != nil, let reason = drop["reason"]?.string else {
                    throw DocumentError("drops \(digest.short): expected a record and a reason, found \(drop)")
                }
                counts[reason, default: 0] += 1
            }
            provenDrops[digest] = counts
        }
        guard let counts = provenDrops[digest] else { return }
        guard counts == shard.dropCounts else {
            func json(_ counts: [String: Int]) -> JSON { .object(counts.mapValues { .integer($0) }) }
            throw DocumentError(
                "shard \(shard.digest.short): its drops are \(json(counts)), its manifest says \(json(shard.dropCounts))")
        }
    }

    private mutating func proveNotes(of shard: ShardContent) throws {
        guard let digest = shard.notesDigest, let bytes = try document(digest) else { return }
        for note in try JSONLines.decode(bytes) {
            for cite in note["cites"]?.array ?? [] {
                guard let parts = cite.array, parts.count == 3, let source = parts[0].string.flatMap({ Digest($0) }),
                    let start = parts[1].integer, let length = parts[2].integer
                else { throw DocumentError("notes \(digest.short): expected [source, offset, length], found \(cite)") }
                try prove(source: source)
                guard ByteRange(start: start, length: length).checked(within: try sources.bytes(of: source).count) != nil else {
                    throw DocumentError("notes \(digest.short): \(cite) lies outside its source")
                }
            }
        }
    }

    private mutating func prove(_ record: Record) throws {
        // A record without text stands for whole sources; reading one checks its digest.
        for source in record.sources { try prove(source: source) }
        var proof = RecordProof()
        try proof.check(record) { try sources.bytes(of: $0) }
        report.records += 1
        report.bytesByMode.merge(proof.bytesByMode, uniquingKeysWith: +)
    }

    private mutating func prove(source: Digest) throws {
        if provenSources.contains(source) { return }
        _ = try sources.bytes(of: source)
        provenSources.insert(source)
        report.sources += 1
    }

    // MARK: Published files

    private mutating func verify(_ publication: RunManifest.Publication) throws {
        guard provenFiles.insert([publication.file, publication.map]).inserted else { return }
        _ = try document(publication.map)
        let content = try PublishedContent(publication, store: store)
        for map in content.blobs.maps { _ = try document(map) }
        let artifact = try reader.artifact(content.map.artifact)
        var records = RecordCursor(Dataset(shards: artifact.shards), reader)
        var whole = DigestHasher()
        try content.forEachPart { part in
            let bytes = try store.blob(part.bytes)
            try prove(part, bytes, of: publication, content.map, &records, artifact.tree)
            whole.update(bytes)
            var start = 0
            for file in part.files {
                guard Digest(of: bytes[start..<start + file.length]) == file.digest else {
                    throw DocumentError("\(file.path) in \(publication.path) is not what its map says")
                }
                start += file.length
                report.publishedFiles += 1
            }
        }
        if publication.isFolder { return }
        guard whole.finish() == publication.file else {
            throw DocumentError("the parts of \(publication.path) are not the file")
        }
        report.publishedFiles += readBlobs.insert(publication.file).inserted ? 1 : 0
    }

    /// Each byte of a part that is said to show a record, against that record's text.
    private func prove(
        _ part: PublishedContent.Part, _ bytes: [UInt8], of publication: RunManifest.Publication, _ map: PublishedMap,
        _ records: inout RecordCursor, _ tree: FileTree?
    ) throws {
        var offset = 0
        for run in part.runs {
            guard let range = ByteRange(start: offset, length: run.length).checked(within: bytes.count) else {
                throw DocumentError("the map of \(publication.path) is longer than the file")
            }
            offset = range.upperBound
            guard let number = run.record else { continue }
            let shown = try tree.map { try $0.record(number, in: store) } ?? records.record(number)?.record
            guard let record = shown,
                let text = ByteRange(start: run.offset, length: run.length).checked(within: record.text.count),
                record.text[text].elementsEqual(bytes[range])
            else {
                throw DocumentError(
                    "bytes \(part.start + range.lowerBound)..<\(part.start + range.upperBound) of \(publication.path) are not "
                        + "what record \(number + 1) of \(map.stage) says")
            }
        }
        guard offset == bytes.count, offset == part.length else {
            throw DocumentError("the map of \(publication.path) covers \(offset) of \(bytes.count) bytes")
        }
    }

    // MARK: Reading

    /// The bytes of a document; nil if it was read before. One that cannot be read is a fault once.
    private mutating func document(_ digest: Digest) throws -> [UInt8]? {
        guard readBlobs.insert(digest).inserted else { return nil }
        let bytes = try store.blob(digest)
        report.documents += 1
        return bytes
    }

    private mutating func guarded(_ place: String, _ body: (inout Verifier) throws -> Void) {
        do {
            try body(&self)
        } catch {
            report.add(Fault(place: place, problem: "\(error)", isDamage: Damage.isMeant(by: error)))
        }
    }
}
