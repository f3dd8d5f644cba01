public import HeadwaterModel
public import HeadwaterStore

/// What one run and another execution of it have in common, task by task: where they differ, and which plugins began it.
///
/// A task whose key is the same and whose result is not shows that its plugin does not give the same bytes twice. Everything else
/// that differs follows from such a task, through its inputs.
public struct RunComparison: Sendable {
    /// In the pipeline's order.
    public private(set) var stages: [Stage] = []
    public private(set) var publications: [Publication] = []

    public struct Stage: Sendable {
        public var name: String
        public var plugin: String
        public var version: String
        /// Nil where a run did not complete it.
        public var expected: Digest?
        public var found: Digest?
        /// How many tasks the first run had of it.
        public var tasks = 0
        /// Tasks that differ although their keys do not: the plugin's own doing.
        public var causes: [Task] = []
        /// Tasks that differ because what they work on does.
        public var consequences: [Task] = []
        /// The stages before it that began it, where it did not.
        public var upstream: [String] = []

        public var isEqual: Bool { expected == found && causes.isEmpty && consequences.isEmpty }
    }

    public struct Task: Sendable {
        public var phase: KeyDocument.Phase
        public var partition: String
        /// Nil where the results differ in what cannot be told, or only one of the runs has such a task.
        public var difference: ResultDifference?
        public var presence = Presence.both

        public enum Presence: String, Sendable { case both, missing, added }
    }

    public struct Publication: Sendable {
        public var name: String
        public var path: String
        public var stage: String
        public var expected: Digest
        /// Nil where it was not published again.
        public var found: Digest?
        /// Which file of a folder differs first.
        public var file: String?
        /// Which record the byte shows, from 1.
        public var record: Int?
        public var difference: ResultDifference?
        /// Whether what it was written from is the same.
        public var hasEqualArtifact = true

        public var isEqual: Bool { expected == found }
    }

    public var isEqual: Bool { stages.allSatisfy(\.isEqual) && publications.allSatisfy(\.isEqual) }
    public var taskCount: Int { stages.reduce(0) { $0 + $1.tasks } }
    /// The stages whose plugins are to blame.
    public var blamed: [Stage] { stages.filter { !$0.causes.isEmpty } }

    /// - Parameters:
    ///   - run: as it was; stages that it did not complete are left out.
    ///   - other: as it is now.
    /// - Throws: what keeps a list of tasks or a differing result from being read.
    public init(_ run: RunManifest, in store: Store, with other: RunManifest, in otherStore: Store) throws {
        var differing: Set<String> = []
        var reasons: [String: Set<String>] = [:]
        for stage in run.stages where stage.artifact != nil {
            let again = other.stage(stage.name)
            var compared = Stage(
                name: stage.name, plugin: stage.plugin, version: stage.version, expected: stage.artifact, found: again?.artifact)
            let tasks = try History(store: store).tasks(of: stage)
            compared.tasks = tasks.count
            if let again, again.tasks != stage.tasks {
                let others = try History(store: otherStore).tasks(of: again)
                try RunComparison.compare(tasks, store, others, otherStore, &compared)
            }
            var begun = Set(stage.inputs.flatMap { reasons[$0.stage] ?? [] })
            if compared.causes.isEmpty, !compared.isEqual { compared.upstream = begun.sorted() }
            if !compared.causes.isEmpty { begun = [stage.name] }
            if !compared.isEqual {
                reasons[stage.name] = begun
                differing.insert(stage.name)
            }
            stages.append(compared)
        }
        for publication in run.publications {
            var compared = Publication(
                name: publication.name, path: publication.path, stage: publication.stage, expected: publication.file,
                hasEqualArtifact: run.stage(publication.stage)?.artifact == other.stage(publication.stage)?.artifact)
            if let again = other.publications.first(where: { $0.name == publication.name }) {
                compared.found = again.file
                if !compared.isEqual { try compared.locate(publication, store, again, otherStore) }
            }
            publications.append(compared)
        }
    }

    private static func compare(
        _ tasks: [TaskEntry], _ store: Store, _ others: [TaskEntry], _ otherStore: Store, _ stage: inout Stage
    ) throws {
        let byKey = Dictionary(others.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let keys = Set(tasks.map(\.key))
        // Those of other keys that stand at the same place.
        var byPlace = Dictionary(grouping: others.filter { !keys.contains($0.key) }.reversed()) { Place($0) }
        for task in tasks {
            if let other = byKey[task.key] {
                guard other.result != task.result else { continue }
                let difference = try ResultDifference(between: task.result, and: other.result, in: store, and: otherStore)
                stage.causes.append(Task(phase: task.phase, partition: task.partition, difference: difference))
            } else if let other = byPlace[Place(task)]?.popLast() {
                let difference = try ResultDifference(between: task.result, and: other.result, in: store, and: otherStore)
                // Another key that leads to the same result is of no consequence.
                if difference != nil {
                    stage.consequences.append(Task(phase: task.phase, partition: task.partition, difference: difference))
                }
            } else {
                stage.consequences.append(Task(phase: task.phase, partition: task.partition, presence: .missing))
            }
        }
        for other in others where byPlace[Place(other)]?.contains(where: { $0.key == other.key }) == true {
            stage.consequences.append(Task(phase: other.phase, partition: other.partition, presence: .added))
        }
    }

    private struct Place: Hashable {
        var phase: KeyDocument.Phase
        var partition: [UInt8]

        init(_ task: TaskEntry) { (phase, partition) = (task.phase, Array(task.partition.utf8)) }
    }
}

extension RunComparison.Publication {
    /// Finds the first byte that differs.
    fileprivate mutating func locate(
        _ kept: RunManifest.Publication, _ store: Store, _ again: RunManifest.Publication, _ otherStore: Store
    ) throws {
        let (a, b) = (try PublishedContent(kept, store: store), try PublishedContent(again, store: otherStore))
        if kept.isFolder || again.isFolder { return try locateFile(a, store, b, otherStore) }
        var parts: [PublishedContent.Part] = []
        try b.forEachPart { parts.append($0) }
        var held: (start: Int, bytes: [UInt8])?
        var next = 0
        try a.forEachPart { part in
            guard difference == nil else { return }
            // Parts that begin at one place and have one digest need not be read.
            if held == nil, next < parts.count, parts[next].start == part.start, parts[next].bytes == part.bytes {
                next += 1
                return
            }
            let bytes = try store.blob(part.bytes)
            var other: [UInt8] = []
            if let rest = held { other = Array(rest.bytes.dropFirst(part.start - rest.start)) }
            while other.count < bytes.count, next < parts.count {
                other += try otherStore.blob(parts[next].bytes)
                next += 1
            }
            if other.starts(with: bytes) {
                held = (part.start + bytes.count, Array(other.dropFirst(bytes.count)))
                return
            }
            difference = ResultDifference("bytes", number: nil, bytes, other).shifted(by: part.start)
            var end = part.start
            let place = difference?.byte ?? part.start
            for run in part.runs {
                end += run.length
                if place < end {
                    record = run.record.map { $0 + 1 }
                    break
                }
            }
        }
        guard difference == nil else { return }
        var rest = held?.bytes ?? []
        if rest.isEmpty, next < parts.count { rest = try otherStore.blob(parts[next].bytes) }
        difference = ResultDifference("bytes", number: nil, [], rest)
    }

    private mutating func locateFile(
        _ a: PublishedContent, _ store: Store, _ b: PublishedContent, _ otherStore: Store
    ) throws {
        var others: [[UInt8]: (digest: Digest, blob: Digest, range: Range<Int>)] = [:]
        try b.forEachFile { file, blob, range in others[Array(file.path.utf8)] = (file.digest, blob, range) }
        try a.forEachFile { found, blob, range in
            let other = others.removeValue(forKey: Array(found.path.utf8))
            guard difference == nil, other?.digest != found.digest else { return }
            file = found.path
            let (bytes, now) = (try store.blob(blob), try other.map { Array(try otherStore.blob($0.blob)[$0.range]) } ?? [])
            difference = ResultDifference("bytes", number: nil, Array(bytes[range]), now)
        }
        if difference == nil, let added = others.keys.min(by: { $0.lexicographicallyPrecedes($1) }) {
            file = String(decoding: added, as: UTF8.self)
        }
    }
}

extension ResultDifference {
    /// The same with its byte counted from the start of what the bytes are a part of.
    fileprivate func shifted(by start: Int) -> ResultDifference {
        var out = self
        out.byte = byte.map { $0 + start }
        return out
    }
}
