package import HeadwaterModel

/// Takes a stage through its rounds over records held in memory, as the engine does over a store, and proves every
/// record that it emits. For tests of stages, and for the suite that every plugin has to pass.
package struct RoundDriver {
    /// What one application made.
    package struct Result: Sendable, Equatable {
        package var records: [Record] = []
        package var drops: [Drop] = []
        package var notes: [Note] = []
    }

    private let rounds: PluginDeclaration.Rounds
    private let source: (Digest) throws -> [UInt8]

    /// - Parameter source: the bytes of a source, for the proof.
    package init(rounds: PluginDeclaration.Rounds, source: @escaping (Digest) throws -> [UInt8]) {
        self.rounds = rounds
        self.source = source
    }

    /// One result for each partition, or for each group where the stage is applied to groups.
    package func run(_ stage: any StageRounds, _ partitions: [[String: [InputRecord]]]) throws -> [Result] {
        if rounds == .apply { return try partitions.map { try apply(stage, $0) } }
        let sketches = try partitions.map { try stage.sketch(Partition($0)) }
        switch try stage.combine(Sketches(count: sketches.count) { sketches[$0] }) {
        case .slices(let slices):
            guard slices.count == partitions.count else {
                throw StageError("\(slices.count) slices for \(partitions.count) partitions")
            }
            return try zip(partitions, slices).map { try apply(stage, $0, slice: $1) }
        case .groups(let groups, let carry):
            let gathered = try groups.map { try gather($0, from: partitions) }
            if rounds == .group { return try zip(groups, gathered).map { try apply(stage, $1, slice: $0.slice) } }
            let verdicts = try zip(groups, gathered).map { ($0, try stage.examine(Partition($1))) }
            let slices = try stage.decide(Verdicts(partitionCount: partitions.count, carry: carry, groups: verdicts))
            guard slices.count == partitions.count else {
                throw StageError("\(slices.count) slices for \(partitions.count) partitions")
            }
            return try zip(partitions, slices).map { try apply(stage, $0, slice: $1) }
        }
    }

    /// Applies a stage to one partition or group.
    package func apply(
        _ stage: any StageRounds, _ input: [String: [InputRecord]], slice: [UInt8] = []
    ) throws -> Result {
        let output = Collector(source)
        try stage.apply(Partition(input), slice: slice, to: output)
        return output.result
    }

    /// Lets a stage that reads sources describe one.
    package func describe(_ stage: any SourceStage, _ retrieved: RetrievedSource) throws -> Result {
        let output = Collector(source)
        try stage.describe(retrieved, to: output)
        return output.result
    }

    private func gather(_ group: Group, from partitions: [[String: [InputRecord]]]) throws -> [String: [InputRecord]] {
        var out: [String: [InputRecord]] = [:]
        for member in group.members {
            guard partitions.indices.contains(member.partition),
                let record = partitions[member.partition][member.role]?.first(where: { $0.id == member.record })
            else {
                throw StageError(
                    "group \(group.key) names record \(member.record.short), which is not in partition \(member.partition)")
            }
            out[member.role, default: []].append(record)
        }
        return out
    }

    private final class Collector: StageOutput {
        var result = Result()
        private let source: (Digest) throws -> [UInt8]
        private var proof = RecordProof()

        init(_ source: @escaping (Digest) throws -> [UInt8]) { self.source = source }

        func emit(_ draft: RecordDraft) throws -> RecordID {
            let record = draft.sealed()
            try add(record)
            return record.id
        }

        func pass(_ record: InputRecord) throws { try add(record.record) }

        private func add(_ record: Record) throws {
            try proof.check(record, source: source)
            result.records.append(record)
        }

        func drop(_ drop: Drop) { result.drops.append(drop) }
        func note(_ note: Note) { result.notes.append(note) }
    }
}
