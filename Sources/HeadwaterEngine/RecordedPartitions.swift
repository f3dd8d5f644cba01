import HeadwaterLineage
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// The partitions of one source stage, from the task keys of a past run. Where nothing is left out they are the recorded ones;
/// where something is, they end by the rule that partitions always end by, until both agree again.
///
/// Of each partition it holds where it is written down; its sources are read when they are wanted.
struct RecordedPartitions: Sendable {
    let store: Store
    private(set) var ranges: [KeyRange] = []
    private(set) var sourceCount = 0
    private var partitions: [[Piece]] = []
    private let isKept: RecordedSources.Filter?

    /// Sources of one recorded task.
    private struct Piece: Sendable {
        var task: Task
        /// Which of the task's sources, as they are numbered in its key; nil for all.
        var chosen: [Range<Int>]?

        mutating func append(_ range: Range<Int>) {
            var ranges = chosen ?? []
            if let last = ranges.last, last.upperBound == range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
            chosen = ranges
        }
    }

    /// What is recorded of a task of a source stage.
    private struct Task: Sendable {
        var key: Digest
        var containers: Digest?
    }

    var count: Int { partitions.count }

    /// - Throws: where the run has nothing whole of the stage.
    init(_ recorded: RecordedSources, stage name: String) throws {
        (store, isKept) = (recorded.store, recorded.isKept)
        guard let stage = recorded.run.stage(name), let artifact = stage.artifact else {
            throw StageError("run:\(recorded.run.id) did not complete this stage, so that its sources are not all recorded")
        }
        let shards = try DatasetReader(store: store).dataset(artifact).shards
        let entries = try History(store: store).tasks(of: stage)
        guard entries.count == shards.count else {
            throw StageError("run:\(recorded.run.id) has \(entries.count) tasks of this stage for \(shards.count) partitions")
        }
        var boundary = PartitionBoundary()
        var open: (pieces: [Piece], range: KeyRange)?
        for (entry, shard) in zip(entries, shards) {
            let task = Task(key: entry.key, containers: entry.containers)
            let sources = try RecordedPartitions.sources(of: task, in: store)
            let kept = sources.indices.filter { isKept?(sources[$0].locator, sources[$0].digest) ?? true }
            sourceCount += kept.count
            if open == nil, kept.count == sources.count {
                partitions.append([Piece(task: task)])
                ranges.append(shard.range)
                continue
            }
            var piece = Piece(task: task, chosen: [])
            for element in try elements(of: task, sources, kept) {
                piece.append(element.sources)
                var pieces = open?.pieces ?? []
                let range = KeyRange(first: open?.range.first ?? element.locator, last: element.locator)
                var locator = element.locator
                let size = element.size
                guard locator.withUTF8({ boundary.isReached(by: UnsafeRawBufferPointer($0), size: size) }) else {
                    open = (pieces, range)
                    continue
                }
                pieces.append(piece)
                partitions.append(pieces)
                ranges.append(range)
                (open, piece.chosen) = (nil, [])
            }
            if piece.chosen?.isEmpty == false { open?.pieces.append(piece) }
        }
        if let open {
            partitions.append(open.pieces)
            ranges.append(open.range)
        }
    }

    /// The sources of a partition, their bytes in the store, and where those lay that are parts of files.
    func partition(_ index: Int) throws -> SourcePartition {
        var out = SourcePartition(sources: [])
        for piece in partitions[index] {
            let sources = try RecordedPartitions.sources(of: piece.task, in: store)
            let chosen = (piece.chosen ?? [sources.indices]).flatMap { sources[$0.clamped(to: sources.indices)] }
            let kept = chosen.filter { isKept?($0.locator, $0.digest) ?? true }
            out.sources += kept
            guard let containers = piece.task.containers else { continue }
            let locators = Set(kept.map { Array($0.locator.utf8) })
            let bytes = try store.blob(containers)
            for line in JSONLines.ranges(bytes) {
                let container = try Container(json: JSON(parsing: Array(bytes[line])))
                if locators.contains(Array(container.source.utf8)) { out.containers += bytes[line] + [UInt8(ascii: "\n")] }
            }
        }
        return out
    }

    /// Whether there is a source of this locator, as far as what was recorded can be read.
    func has(_ locator: String) -> Bool {
        func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
        guard let index = ranges.firstIndex(where: { !precedes($0.last, locator) }), let found = try? partition(index) else {
            return false
        }
        return found.sources.contains { $0.locator.utf8.elementsEqual(locator.utf8) }
    }

    private static func sources(of task: Task, in store: Store) throws -> [SourcePartition.Source] {
        let inputs = try JSON(parsing: store.blob(task.key))["inputs"]
        guard let list = inputs?["sources"]?.array else { throw TaskFault("the task key \(task.key.short) names no sources") }
        return try list.map { json in
            guard let source = SourcePartition.Source(keyJSON: json) else {
                throw TaskFault("the task key \(task.key.short): expected [locator, digest, facts] as a source, found \(json)")
            }
            return source
        }
    }

    // MARK: What was found

    /// What a source stage found at once, which decides where partitions end: a source, or an answer of the network with all that
    /// it holds.
    private struct Element {
        var locator: String
        var size: Int
        var sources: Range<Int>
    }

    /// - Parameter kept: the numbers of the sources that stay.
    private func elements(of task: Task, _ all: [SourcePartition.Source], _ kept: [Int]) throws -> [Element] {
        var answers: [[UInt8]: String] = [:]
        var members: Set<[UInt8]> = []
        if let containers = task.containers {
            for line in try JSONLines.decode(store.blob(containers)) {
                let container = try Container(json: line)
                if RecordedPartitions.isAddress(container.file) {
                    answers[Array(container.source.utf8)] = container.file
                } else {
                    members.insert(Array(container.source.utf8))
                }
            }
        }
        var out: [Element] = []
        for index in kept {
            let source = all[index]
            if let answer = answers[Array(source.locator.utf8)] {
                if let last = out.last, last.locator.utf8.elementsEqual(answer.utf8) {
                    // What is left out of it in between is left out again when they are read.
                    out[out.count - 1].sources = last.sources.lowerBound..<index + 1
                } else {
                    out.append(Element(locator: answer, size: 0, sources: index..<index + 1))
                }
                continue
            }
            let isMember = members.contains(Array(source.locator.utf8))
            // How long an answer is nobody knew when it was asked for.
            let isAnswer = !isMember && RecordedPartitions.isAddress(source.locator)
            let size = try isAnswer ? 0 : source.digest.map { try store.blob($0).count } ?? 0
            out.append(Element(locator: source.locator, size: size, sources: index..<index + 1))
        }
        return out
    }

    /// Whether a source was asked for: no relative path has two slashes in a row.
    private static func isAddress(_ locator: String) -> Bool { locator.contains("://") }
}

extension SourcePartition.Source {
    /// Reads what `keyJSON` writes.
    fileprivate init?(keyJSON json: JSON) {
        guard let parts = json.array, (2...3).contains(parts.count), let locator = parts[0].string else { return nil }
        let digest = parts[1].string.flatMap { Digest($0) }
        guard digest != nil || parts[1] == .null else { return nil }
        var facts: [String: String] = [:]
        for (name, fact) in parts.dropFirst(2).first?.object ?? [:] {
            guard let text = fact.string else { return nil }
            facts[name] = text
        }
        self.init(locator: locator, digest: digest, facts: facts)
    }
}
