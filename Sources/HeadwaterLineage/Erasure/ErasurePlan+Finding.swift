import HeadwaterModel
import HeadwaterStore

extension ErasurePlan {
    /// Looks through all runs for what these patterns mean.
    ///
    /// - Throws: where a run cannot be read, since it cannot be told then whether it is concerned.
    public init(of patterns: [LocatorPattern], history: History) throws {
        var search = ErasureSearch(patterns, history)
        try search.run()
        self = search.plan
    }

    /// Looks for what concerns targets that are known, as an erasure needs that was begun.
    public init(of targets: ErasureTargets, history: History) throws {
        var search = ErasureSearch([], history)
        search.plan.targets = targets
        try search.run()
        self = search.plan
    }
}

/// The search for all that an erasure concerns.
struct ErasureSearch {
    var plan = ErasurePlan()
    private let patterns: [LocatorPattern]
    private let history: History
    private var store: Store { history.store }
    private let reader: DatasetReader
    /// What was found of each shard: the numbers of its lines that derive, and their ids.
    private var shards: [Digest: [(line: Int, id: RecordID)]] = [:]

    init(_ patterns: [LocatorPattern], _ history: History) {
        self.patterns = patterns
        self.history = history
        reader = DatasetReader(store: history.store)
    }

    mutating func run() throws {
        let (readable, unreadable) = try history.runs()
        if let run = unreadable.first { throw DocumentError("\(run)") }
        let runs = Array(readable.reversed())
        try findNamed()
        if plan.isEmpty { return }
        // What is published may be read again, by another pipeline, and published anew.
        while true {
            try findConcerned(among: runs)
            let published = Set(plan.runs.flatMap { $0.publications.flatMap(\.files) }).subtracting(plan.targets.digests)
            guard try addPublished(published) else { break }
        }
        try findPins()
        plan.untouched = runs.count - plan.runs.count
    }

    // MARK: Sources

    private mutating func findNamed() throws {
        if !patterns.isEmpty {
            var named: Set<ErasureTargets.Version> = []
            func add(_ version: ErasureTargets.Version) {
                for pattern in patterns {
                    let isMeant = version.digest.map(pattern.matches) ?? false
                    guard isMeant || pattern.matches(locator: version.locator) else { continue }
                    named.insert(version)
                    if !pattern.isDigest { plan.targets.locators.insert(version.locator.bytes) }
                }
            }
            try KnownSources(history: history).forEachKnown { $0.forEach(add) }
            for binding in try store.bindings(.pin) {
                let pin = try? PinnedBlobs(json: JSON(parsing: store.blob(binding.value)))
                // A list of sources is none itself.
                if let pin, !pin.isList { add(.init(locator: binding.key, digest: pin.source)) }
            }
            plan.targets.named = named
            for version in named { plan.targets.add(digest: version.digest) }
        }
        let targets = plan.targets
        var copies: Set<ErasureTargets.Version> = []
        try KnownSources(history: history).forEachKnown { found in
            for version in found where targets.covers(version) && !targets.named.contains(version) { copies.insert(version) }
        }
        plan.targets.copies = copies.subtracting(targets.publications)
    }

    /// Takes published files that some run read as sources among the targets.
    ///
    /// - Returns: whether there are any.
    private mutating func addPublished(_ published: Set<Digest>) throws -> Bool {
        if published.isEmpty { return false }
        var found: Set<ErasureTargets.Version> = []
        try KnownSources(history: history).forEachKnown { versions in
            for version in versions where version.digest.map(published.contains) == true { found.insert(version) }
        }
        plan.targets.publications.formUnion(found)
        for version in found { plan.targets.add(digest: version.digest) }
        if !found.isEmpty { shards = [:] }
        return !found.isEmpty
    }

    // MARK: Runs

    private mutating func findConcerned(among runs: [RunManifest]) throws {
        plan.runs = []
        plan.containers = []
        var lists: [Digest: Set<ErasureTargets.Version>] = [:]
        var keys: [Digest: [ErasureTargets.Version]] = [:]
        for run in runs {
            var read: Set<ErasureTargets.Version> = []
            for stage in run.stages where stage.inputs.isEmpty {
                if lists[stage.tasks] == nil { lists[stage.tasks] = try covered(by: stage, &keys) }
                read.formUnion(lists[stage.tasks] ?? [])
            }
            let isNamed = run.failures.contains { failure in
                plan.targets.named.contains { $0.locator.utf8.count > 2 && failure.message.contains($0.locator) }
            }
            guard !read.isEmpty || isNamed else { continue }
            guard let digest = try store.bindings(.run, run.id.description).first?.value else { continue }
            var affected = AffectedRun(run: run, digest: digest, sources: read.sorted())
            try look(into: &affected)
            plan.runs.append(affected)
        }
    }

    /// The targets that the tasks of a stage have read. What they lay in is noted.
    private mutating func covered(
        by stage: RunManifest.Stage, _ keys: inout [Digest: [ErasureTargets.Version]]
    ) throws -> Set<ErasureTargets.Version> {
        var covered: Set<ErasureTargets.Version> = []
        for task in try history.tasks(of: stage) {
            let found: [ErasureTargets.Version]
            if let known = keys[task.key] {
                found = known
            } else {
                found = KnownSources.sources(of: try JSON(parsing: store.blob(task.key))).filter(plan.targets.covers)
                keys[task.key] = found
            }
            covered.formUnion(found)
            guard !found.isEmpty, let containers = task.containers else { continue }
            let locators = Set(found.map(\.locator.bytes))
            for line in try JSONLines.decode(try store.blob(containers)) {
                let container = try Container(json: line)
                guard locators.contains(container.source.bytes) else { continue }
                plan.containers.insert(.init(locator: container.file, digest: container.digest))
            }
        }
        return covered
    }

    /// Finds what of a run derives from the targets, and which of its tasks were steered by them.
    private mutating func look(into affected: inout AffectedRun) throws {
        /// Digests of what tasks made that had a target among their inputs.
        var touched = plan.targets.digests
        var numbers: [Digest: Set<Int>] = [:]
        for stage in affected.run.stages {
            var found = AffectedRun.Stage(name: stage.name, artifact: stage.artifact)
            try look(intoTasks: stage, &touched, &found)
            // What holds nothing is equal wherever it comes from.
            touched.remove(ErasureTargets.empty)
            if let artifact = stage.artifact { try look(into: artifact, &found, &numbers) }
            if found.artifact != nil || !found.deriving.isEmpty || !found.influenced.isEmpty { affected.stages.append(found) }
        }
        for publication in affected.run.publications {
            let files = try files(of: publication, numbers)
            if !files.isEmpty { affected.publications.append(.init(publication: publication, files: files)) }
        }
    }

    private mutating func look(
        intoTasks stage: RunManifest.Stage, _ touched: inout Set<Digest>, _ found: inout AffectedRun.Stage
    ) throws {
        var waiting: [(task: TaskEntry, names: Set<Mentions.Name>, isReading: Bool)] = []
        for task in try history.tasks(of: stage) {
            let key = try store.blob(task.key)
            var names: Set<Mentions.Name> = []
            key.withUnsafeBytes { bytes in
                Mentions.forEachName(in: bytes) { name in
                    names.insert(name)
                    return true
                }
            }
            let read = stage.inputs.isEmpty ? KnownSources.sources(of: try JSON(parsing: key)) : []
            let isReading = read.contains(where: plan.targets.covers)
            waiting.append((task, names, isReading))
        }
        // A stage's rounds build on each other, in whatever order its tasks are listed.
        while true {
            var rest: [(task: TaskEntry, names: Set<Mentions.Name>, isReading: Bool)] = []
            for (task, names, isReading) in waiting {
                let isTouched =
                    isReading
                    || names.contains { name in
                        switch name {
                        case .blob(let digest): touched.contains(digest)
                        case .record(let id): plan.records.contains(id)
                        }
                    }
                guard isTouched else {
                    rest.append((task, names, isReading))
                    continue
                }
                let result = try TaskResult(reading: try store.blob(task.result))
                touched.formUnion([task.result] + result.blobs)
                let place = AffectedRun.Task(phase: task.phase, partition: task.partition)
                if try derives(result) { found.deriving.append(place) } else { found.influenced.append(place) }
            }
            if rest.count == waiting.count { return }
            waiting = rest
        }
    }

    private mutating func derives(_ result: TaskResult) throws -> Bool {
        switch result {
        case .blob, .slices, .groups: return false
        case .shard(let shard):
            // All are looked at: the first tells of records that the others name.
            let hasRecords = try !lines(of: shard.digest).isEmpty
            let sides = try [shard.dropsDigest, shard.notesDigest].compactMap(\.self).filter(mentions)
            return hasRecords || !sides.isEmpty
        case .tree(let tree): return try tree.files.contains { _, file in try file.map.map(mentions) ?? false }
        }
    }

    private mutating func look(
        into artifact: Digest, _ found: inout AffectedRun.Stage, _ numbers: inout [Digest: Set<Int>]
    ) throws {
        switch try reader.artifact(artifact) {
        case .dataset(let dataset):
            var first = 0
            for shard in dataset.shards {
                let lines = try lines(of: shard.digest)
                found.records += lines.map(\.id)
                if !lines.isEmpty { numbers[artifact, default: []].formUnion(lines.map { first + $0.line }) }
                first += shard.recordCount
            }
            found.records.sort()
        case .tree(let tree):
            for (number, (path, file)) in tree.files.enumerated() {
                guard let map = file.map, try mentions(map) else { continue }
                found.files.append(path)
                numbers[artifact, default: []].insert(number)
            }
        }
    }

    // MARK: Reading

    /// The records of a shard that derive from a target.
    private mutating func lines(of shard: Digest) throws -> [(line: Int, id: RecordID)] {
        if let known = shards[shard] { return known }
        let bytes = try store.blob(shard)
        let ranges = JSONLines.ranges(bytes)
        var found: [Int: RecordID] = [:]
        // Until nothing is new: a record may have another one of its shard for a parent.
        var isNew = true
        while isNew {
            isNew = false
            for (line, range) in ranges.enumerated() where found[line] == nil && names(bytes, in: range) {
                let id = try Record(reading: bytes, in: range).id
                found[line] = id
                isNew = plan.records.insert(id).inserted || isNew
            }
        }
        let lines = found.sorted { $0.key < $1.key }.map { (line: $0.key, id: $0.value) }
        shards[shard] = lines
        return lines
    }

    private func mentions(_ blob: Digest) throws -> Bool {
        let bytes = try store.blob(blob)
        return names(bytes, in: 0..<bytes.count, texts: true)
    }

    /// Whether the bytes name a target or what derives from one.
    ///
    /// - Parameter texts: whether to look for locators even if every target has bytes to be known by.
    private func names(_ bytes: [UInt8], in range: Range<Int>, texts: Bool = false) -> Bool {
        bytes.withUnsafeBytes { all in
            let bytes = UnsafeRawBufferPointer(rebasing: all[range])
            var isNamed = false
            Mentions.forEachName(in: bytes) { name in
                switch name {
                case .blob(let digest): isNamed = plan.targets.digests.contains(digest)
                case .record(let id): isNamed = plan.records.contains(id)
                }
                return !isNamed
            }
            let hasOthers = plan.targets.named.contains { $0.digest == nil || $0.digest == ErasureTargets.empty }
            if !isNamed, texts || hasOthers {
                Mentions.forEachText(in: bytes) { isNamed = isNamed || plan.targets.locators.contains($0.bytes) }
            }
            return isNamed
        }
    }

    /// The files of a publication that show a record which derives from a target.
    private func files(of publication: RunManifest.Publication, _ numbers: [Digest: Set<Int>]) throws -> Set<Digest> {
        let content = try PublishedContent(publication, store: store)
        guard let derived = numbers[content.map.artifact] else { return [] }
        var files: Set<Digest> = []
        try content.forEachPart { part in
            var start = 0
            let shown = part.runs.compactMap { run -> Range<Int>? in
                defer { start += run.length }
                return run.record.map(derived.contains) == true ? start..<start + run.length : nil
            }
            if shown.isEmpty { return }
            if !publication.isFolder {
                files.insert(publication.file)
                return
            }
            var offset = 0
            for file in part.files {
                let range = offset..<offset + file.length
                if shown.contains(where: { $0.overlaps(range) }) { files.insert(file.digest) }
                offset = range.upperBound
            }
        }
        return files
    }

    // MARK: Pins

    private mutating func findPins() throws {
        let pins = ErasedPins(plan, store)
        var keys: Set<String.Bytes> = []
        for binding in try store.bindings(.pin) where try pins.goes(binding) { keys.insert(binding.key.bytes) }
        plan.pins = keys.map { String(decoding: $0, as: UTF8.self) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// Tells which pinned answers of the network are not to stay.
struct ErasedPins {
    private let targets: ErasureTargets
    private let containers: Set<Digest>
    private let store: Store

    init(_ plan: ErasurePlan, _ store: Store) {
        targets = plan.targets
        containers = Set(plan.containers.compactMap(\.digest))
        self.store = store
    }

    /// One that answers with a target, that names one, or whose answer holds one among others or lists it.
    func goes(_ binding: Binding) throws -> Bool {
        if targets.locators.contains(binding.key.bytes) { return true }
        guard store.contains(binding.value) else { return false }
        let document = try store.blob(binding.value)
        let pin = PinnedBlobs(json: try JSON(parsing: document))
        if let source = pin.source, targets.digests.contains(source) || containers.contains(source) { return true }
        if document.withUnsafeBytes(named) { return true }
        guard pin.isList, let source = pin.source, store.contains(source) else { return false }
        return lists(try store.blob(source))
    }

    private func named(in bytes: UnsafeRawBufferPointer) -> Bool {
        var isNamed = false
        Mentions.forEachText(in: bytes) { isNamed = isNamed || targets.locators.contains($0.bytes) }
        return isNamed
    }

    private func lists(_ bytes: [UInt8]) -> Bool {
        targets.locators.contains { locator in
            locator.count > 2 && !ByteSearch.positions(bytes, in: 0..<bytes.count, locator).isEmpty
        }
    }
}
