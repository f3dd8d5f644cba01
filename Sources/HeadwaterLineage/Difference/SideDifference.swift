public import HeadwaterModel
import HeadwaterStore

/// Lines of side blobs, drops or notes, that only one of two artifacts has.
public struct SideDifference: Sendable {
    /// In the order of their bytes.
    public private(set) var appeared: [JSON] = []
    public private(set) var vanished: [JSON] = []
    /// Of one record, or of one that stands where another stood, before and after.
    public private(set) var changed: [(before: JSON, after: JSON)] = []

    public var isEmpty: Bool { appeared.isEmpty && vanished.isEmpty && changed.isEmpty }

    /// How many lines there are of each reason, in the order of the reasons.
    public static func counts(_ lines: [JSON]) -> [(reason: String, count: Int)] {
        lines.reduce(into: [String: Int]()) { $0[$1["reason"]?.string ?? "", default: 0] += 1 }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }

    /// None.
    init() {}

    init(
        _ before: [Shard], _ after: [Shard], _ reader: DatasetReader, _ succession: RecordSuccession,
        _ content: (Shard) -> Digest?
    ) throws {
        // What is in the one and not in the other; a line that moved to another part cancels out.
        var counts: [[UInt8]: Int] = [:]
        func add(_ shard: Shard, _ count: Int) throws {
            guard let digest = content(shard) else { return }
            let bytes = try reader.store.blob(digest)
            for range in JSONLines.ranges(bytes) {
                let line = Array(bytes[range])
                let sum = (counts[line] ?? 0) + count
                counts[line] = sum == 0 ? nil : sum
            }
        }
        for block in ShardBlocks(before, after, content: content).blocks {
            for index in block.before { try add(before[index], -1) }
            for index in block.after { try add(after[index], 1) }
        }
        var old: [JSON] = []
        for (line, count) in counts.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let json = try JSON(parsing: line)
            for _ in 0..<abs(count) { count > 0 ? appeared.append(json) : old.append(json) }
        }
        // What says the same of a record that changed is no difference of its own.
        let same = SideDifference.partners(old, appeared) { line, isOld in
            Subject(line, saying: true, isOld ? succession : RecordSuccession())
        }
        let (rest, come) = (SideDifference.rest(old, same.keys), SideDifference.rest(appeared, same.values))
        let other = SideDifference.partners(rest, come) { line, isOld in
            Subject(line, saying: false, isOld ? succession : RecordSuccession())
        }
        changed = other.sorted { $0.key < $1.key }.map { (rest[$0.key], come[$0.value]) }
        (vanished, appeared) = (SideDifference.rest(rest, other.keys), SideDifference.rest(come, other.values))
    }

    /// By index of an earlier line the index of a later one on the same subject, in their order.
    private static func partners(_ old: [JSON], _ new: [JSON], _ subject: (JSON, _ isOld: Bool) -> Subject) -> [Int: Int] {
        var waiting: [Subject: [Int]] = [:]
        for index in new.indices.reversed() { waiting[subject(new[index], false), default: []].append(index) }
        var out: [Int: Int] = [:]
        for index in old.indices {
            let subject = subject(old[index], true)
            if subject.record != nil, let partner = waiting[subject]?.popLast() { out[index] = partner }
        }
        return out
    }

    private static func rest(_ lines: [JSON], _ taken: some Collection<Int>) -> [JSON] {
        let taken = Set(taken)
        return lines.indices.filter { !taken.contains($0) }.map { lines[$0] }
    }

    /// What a line is about, and maybe what it says.
    private struct Subject: Hashable {
        var record: RecordID?
        var kind: String
        var content: [UInt8] = []

        /// - Parameter succession: by which records of a line of before have names of after.
        init(_ line: JSON, saying: Bool, _ succession: RecordSuccession) {
            func record(_ json: JSON?) -> RecordID? {
                (json?.string.flatMap { RecordID($0) }).map { succession.successor(of: $0) }
            }
            self.record = record(line["record"])
            kind = line["kind"]?.string ?? ""
            if saying, var members = line.object {
                // Where in its source a block stands is no part of what is said of it.
                for name in ["record", "cites"] { members[name] = nil }
                if let survivor = record(members["survivor"]) { members["survivor"] = .string(survivor.description) }
                content = JSON.object(members).canonical
            }
        }
    }
}
