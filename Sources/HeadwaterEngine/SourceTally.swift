import HeadwaterPluginKit
import Synchronization

/// How many requests of a source stage were answered: where none was, the stage has failed however patient it is.
final class SourceTally: Sendable {
    private struct Counts {
        var partitions = 0
        var had = 0
        var missed = 0
        /// The failure with the smallest locator, so that the message is the same in each run.
        var first: (locator: String, reason: String)?
    }

    private let counts = Mutex<[Int: Counts]>([:])

    /// Takes in one partition of a stage that has `total` of them.
    ///
    /// - Throws: `StageError` with the last partition, if the stage needs an answer and had none.
    func add(
        _ partition: SourcePartition, _ found: some Sequence<FoundSource>, stage: Int, of total: Int,
        _ requires: SourceRequirement
    ) throws {
        let all = counts.withLock { counts in
            var sum = counts[stage] ?? Counts()
            sum.partitions += 1
            for (source, found) in zip(partition.sources, found) {
                guard case .request = found.place else { continue }
                if source.digest != nil {
                    sum.had += 1
                    continue
                }
                sum.missed += 1
                if sum.first.map({ source.locator.utf8.lexicographicallyPrecedes($0.locator.utf8) }) ?? true {
                    sum.first = (source.locator, source.facts["reason"] ?? "it is missing")
                }
            }
            counts[stage] = sum
            return sum
        }
        guard requires == .any, all.partitions == total, all.had == 0, let first = all.first else { return }
        let rest = all.missed == 1 ? "" : ", and none of the other \(all.missed - 1)"
        throw StageError("'\(first.locator)' cannot be fetched\(rest): \(first.reason)")
    }
}
