import HeadwaterModel
import HeadwaterPluginKit

/// The tasks of one stage that came to their end, by their ids, each as the line that the stage's task list has of it. The lines
/// are put away: there may be very many, and they are wanted once, at the end.
struct TaskLines: Sendable {
    /// Of one round, by the number of the partition or group.
    private struct Round {
        var starts: [Int] = []
        /// 0 where there is no line.
        var lengths: [UInt32] = []
    }

    private let lines = SpooledBytes()
    private var rounds: [KeyDocument.Phase: Round] = [:]

    /// - Throws: `StageError` if there is no room.
    mutating func add(_ entry: TaskEntry, _ id: TaskID) throws {
        let place = try lines.append(entry.canonical + [UInt8(ascii: "\n")])
        var round = rounds.removeValue(forKey: id.phase) ?? Round()
        if id.index >= round.starts.count {
            round.starts.append(contentsOf: repeatElement(0, count: id.index + 1 - round.starts.count))
            round.lengths.append(contentsOf: repeatElement(0, count: id.index + 1 - round.lengths.count))
        }
        round.starts[id.index] = place.lowerBound
        round.lengths[id.index] = UInt32(truncatingIfNeeded: place.count)
        rounds[id.phase] = round
    }

    /// All lines in the order of the ids.
    func document() throws -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(lines.count)
        // Lines mostly came in their order, so that many are read at once.
        var next = 0..<0
        try forEachPlace { _, place in
            if place.lowerBound == next.upperBound {
                next = next.lowerBound..<place.upperBound
            } else {
                out += try lines.read(next)
                next = place
            }
        }
        return try out + lines.read(next)
    }

    /// Calls with the tasks in order, until it returns false.
    func forEach(stage: Int, _ body: (TaskID, TaskEntry) throws -> Bool) throws {
        var isAsked = true
        try forEachPlace { part, place in
            guard isAsked else { return }
            let entry = try TaskEntry(json: JSON(parsing: Array(lines.read(place).dropLast())))
            isAsked = try body(TaskID(stage: stage, phase: part.phase, index: part.index), entry)
        }
    }

    private func forEachPlace(
        _ body: (_ part: (phase: KeyDocument.Phase, index: Int), _ place: Range<Int>) throws -> Void
    ) rethrows {
        for (phase, round) in rounds.sorted(by: { $0.key.order < $1.key.order }) {
            for (index, length) in round.lengths.enumerated() where length > 0 {
                try body((phase, index), round.starts[index]..<round.starts[index] + Int(length))
            }
        }
    }
}
