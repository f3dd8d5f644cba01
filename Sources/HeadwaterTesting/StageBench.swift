public import HeadwaterModel
public import HeadwaterPluginKit

/// Runs a stage on texts held in memory, round after round as the engine does, and proves every record it emits
/// against the sources. For tests of plugins that need no store and no engine.
public final class StageBench {
    /// What one application made.
    public struct Result: Sendable {
        public var records: [Record] = []
        public var drops: [Drop] = []
        public var notes: [Note] = []
    }

    private var sources: [Digest: [UInt8]] = [:]

    public init() {}

    /// A document as fetch makes it, its text the whole source.
    public func document(
        _ bytes: [UInt8], locator: String, mediaType: String = "text/html", charset: Charset = .utf8
    ) -> InputRecord {
        let digest = Digest(of: bytes)
        sources[digest] = bytes
        let record = Record(
            kind: "document", sources: [digest],
            fields: ["locator": .string(locator), "mediaType": .string(mediaType), "charset": .string(charset.name)])
        return InputRecord(record) { _ in TracedText(decoding: bytes, digest: digest, charset: charset) }
    }

    /// A document as clean makes it: the text is stored with the record.
    public func cleaned(_ text: String, fields: [String: JSON] = [:]) -> InputRecord {
        let bytes = Array(text.utf8)
        let digest = Digest(of: bytes)
        sources[digest] = bytes
        var draft = RecordDraft(
            kind: "document", text: TracedText(decoding: bytes, digest: digest, charset: .utf8), parents: [],
            fields: ["locator": "page.txt"])
        for (name, value) in fields { draft.set(name, value) }
        return InputRecord(draft.sealed()) { TracedText($0) }
    }

    /// The records of a result as input of the next stage.
    public func inputs(_ records: [Record]) -> [InputRecord] {
        records.map { InputRecord($0) { TracedText($0) } }
    }

    /// Lets a stage that reads sources describe one.
    public func describe(
        _ stage: any SourceStage, _ bytes: [UInt8], locator: String, facts: [String: String] = [:]
    ) throws -> Result {
        let digest = Digest(of: bytes)
        sources[digest] = bytes
        let output = Collector(sources: sources)
        try stage.describe(RetrievedSource(locator: locator, digest: digest, facts: facts) { bytes }, to: output)
        return output.result
    }

    /// Applies a record-wise stage.
    public func apply(_ stage: any Stage, _ input: [String: [InputRecord]], slice: [UInt8] = []) throws -> Result {
        let output = Collector(sources: sources)
        try stage.apply(Partition(input), slice: slice, to: output)
        return output.result
    }

    /// Takes a stage through all its declared rounds over these partitions; one result for each partition, or for
    /// each group where the stage is applied to groups.
    public func run(_ stage: any Stage, _ partitions: [[String: [InputRecord]]]) throws -> [Result] {
        let rounds = type(of: stage).declaration.rounds
        if rounds == .apply { return try partitions.map { try apply(stage, $0) } }
        let sketches = try partitions.map { try stage.sketch(Partition($0)) }
        let combination = try stage.combine(Sketches(count: sketches.count) { sketches[$0] })
        switch combination {
        case .slices(let slices):
            return try zip(partitions, slices).map { try apply(stage, $0, slice: $1) }
        case .groups(let groups, let carry):
            let gathered = try groups.map { try gather($0, from: partitions) }
            if rounds == .group { return try zip(groups, gathered).map { try apply(stage, $1, slice: $0.slice) } }
            let verdicts = try zip(groups, gathered).map { ($0, try stage.examine(Partition($1))) }
            let slices = try stage.decide(Verdicts(partitionCount: partitions.count, carry: carry, groups: verdicts))
            return try zip(partitions, slices).map { try apply(stage, $0, slice: $1) }
        }
    }

    private func gather(_ group: Group, from partitions: [[String: [InputRecord]]]) throws -> [String: [InputRecord]] {
        var out: [String: [InputRecord]] = [:]
        for member in group.members {
            guard let record = partitions[member.partition][member.role]?.first(where: { $0.id == member.record }) else {
                throw StageError(
                    "group \(group.key) names record \(member.record.short), which is not in partition \(member.partition)")
            }
            out[member.role, default: []].append(record)
        }
        return out
    }

    private final class Collector: StageOutput {
        var result = Result()
        private let sources: [Digest: [UInt8]]
        private var proof = RecordProof()

        init(sources: [Digest: [UInt8]]) { self.sources = sources }

        func emit(_ draft: RecordDraft) throws -> RecordID {
            let record = draft.sealed()
            try add(record)
            return record.id
        }

        func pass(_ record: InputRecord) throws { try add(record.record) }

        private func add(_ record: Record) throws {
            try proof.check(record) { digest in
                guard let bytes = self.sources[digest] else { throw StageError("no source \(digest)") }
                return bytes
            }
            result.records.append(record)
        }

        func drop(_ drop: Drop) { result.drops.append(drop) }
        func note(_ note: Note) { result.notes.append(note) }
    }
}
