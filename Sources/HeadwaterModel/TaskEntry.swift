/// One task of a run as its record keeps it: a line in the stage's task list. Hits are recorded as misses are.
public struct TaskEntry: Hashable, Sendable {
    public var phase: KeyDocument.Phase
    /// Which partition or group: its first locator, or its key. Empty for a task over all of them.
    public var partition: String
    /// The task key: the digest of the key document.
    public var key: Digest
    /// The digest of the task result.
    public var result: Digest
    public var isHit: Bool
    /// What the task's process wrote to standard error, where it has one and wrote something.
    public var log: Digest?
    /// Where those of its sources that are parts of files lay this time: the digest of `Container` lines.
    public var containers: Digest?

    public init(
        phase: KeyDocument.Phase, partition: String, key: Digest, result: Digest, isHit: Bool, log: Digest? = nil,
        containers: Digest? = nil
    ) {
        self.phase = phase
        self.partition = partition
        self.key = key
        self.result = result
        self.isHit = isHit
        self.log = log
        self.containers = containers
    }

    public var json: JSON {
        var members: [String: JSON] = [
            "phase": .string(phase.rawValue), "partition": .string(partition), "key": .string(key.description),
            "result": .string(result.description), "hit": .bool(isHit),
        ]
        if let log { members["log"] = .string(log.description) }
        if let containers { members["containers"] = .string(containers.description) }
        return .object(members)
    }

    public init(json: JSON) throws(DocumentError) {
        let document = StoredDocument(part: json, of: "task list")
        guard let phase = KeyDocument.Phase(rawValue: try document.string("phase")) else {
            throw DocumentError("a task list names an unknown phase")
        }
        self.init(
            phase: phase, partition: try document.string("partition"), key: try document.digest("key"),
            result: try document.digest("result"), isHit: json["hit"]?.bool ?? false, log: try document.optionalDigest("log"),
            containers: try document.optionalDigest("containers"))
    }
}
