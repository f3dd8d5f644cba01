import HeadwaterModel
import HeadwaterStore

/// The records of one stage with those that they were made from, in the artifacts of the stages it reads.
///
/// A record-wise stage keeps records where their parents lie, so that shards are read side by side. What does not lie there (a
/// stage that forms groups gathers from everywhere) is looked for in whole artifacts, many records at a time, and not without
/// end: past `mostSought` of them a record counts as one whose parents are not known.
struct UpstreamRecords {
    /// One record and what it came from.
    struct Made {
        var record: Record
        var parents: [Parent]
    }

    struct Parent {
        /// Which of the stage's inputs it lies in.
        var input: Int
        /// The record itself where the stage only passed it on.
        var record: Record
    }

    private let shards: [Shard]
    private let inputs: [[Shard]]
    /// For each input the shards of a partition by its first locator.
    private let places: [[String: Int]]
    private let reader: DatasetReader

    /// Records whose parents are looked for in one reading of an artifact.
    private static let batch = 4096
    private static let mostSought = 8 * batch

    /// - Parameter run: holds the stages that the stage reads.
    init(of stage: RunManifest.Stage, in run: RunManifest, _ reader: DatasetReader) throws {
        self.reader = reader
        shards = try stage.artifact.map { try reader.shards(of: $0) } ?? []
        inputs = try stage.inputs.map { try run.stage($0.stage)?.artifact.map { try reader.shards(of: $0) } ?? [] }
        places = inputs.map { shards in
            Dictionary(shards.enumerated().map { ($1.range.first, $0) }) { first, _ in first }
        }
    }

    /// Calls with each record, in order but for those whose parents had to be looked for, until it returns false.
    func forEach(_ body: (Made) throws -> Bool) throws {
        var apart: [Made] = []
        var sought = 0
        for (index, shard) in shards.enumerated() {
            var made = try reader.records(of: shard.digest).map { Made(record: $0, parents: []) }
            let wanted = Set(made.flatMap { [$0.record.id] + $0.record.parents })
            for input in inputs.indices {
                guard let beside = beside(index, shard, input) else { continue }
                let found = try reader.records(of: beside.digest).filter { wanted.contains($0.id) }
                attach(found, of: input, to: &made)
            }
            for made in made {
                if made.parents.isEmpty, sought < UpstreamRecords.mostSought, !made.record.parents.isEmpty {
                    apart.append(made)
                    sought += 1
                } else if try !body(made) {
                    return
                }
            }
            if apart.count >= UpstreamRecords.batch, try !look(for: &apart, body) { return }
        }
        _ = try look(for: &apart, body)
    }

    /// The shard of an input that holds the same partition.
    private func beside(_ index: Int, _ shard: Shard, _ input: Int) -> Shard? {
        let place = places[input][shard.range.first] ?? index
        return inputs[input].indices.contains(place) ? inputs[input][place] : nil
    }

    private func look(for apart: inout [Made], _ body: (Made) throws -> Bool) throws -> Bool {
        guard !apart.isEmpty else { return true }
        let wanted = Set(apart.flatMap { $0.record.parents })
        for input in inputs.indices {
            for shard in inputs[input] { attach(try reader.records(wanted, of: shard.digest), of: input, to: &apart) }
        }
        for made in apart {
            if try !body(made) { return false }
        }
        apart.removeAll(keepingCapacity: true)
        return true
    }

    private func attach(_ found: [Record], of input: Int, to made: inout [Made]) {
        guard !found.isEmpty else { return }
        let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        for index in made.indices {
            let record = made[index].record
            for id in Set([record.id] + record.parents).sorted() {
                if let parent = byID[id] { made[index].parents.append(Parent(input: input, record: parent)) }
            }
        }
    }

    /// Which inputs records of the stage were made from; the others only steered it.
    func derivedInputs() throws -> Set<Int> {
        var derived: Set<Int> = []
        try forEach { made in
            derived.formUnion(made.parents.map(\.input))
            return derived.count < inputs.count
        }
        return derived
    }
}
