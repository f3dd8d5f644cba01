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

    /// The canonical bytes of `json`.
    public var canonical: [UInt8] {
        var writer = JSONWriter()
        writer.reserve(256 + partition.utf8.count)
        writer.object {
            if let containers {
                $0.key("containers")
                $0.digest(containers)
            }
            $0.key("hit")
            $0.literal(isHit ? "true" : "false")
            $0.key("key")
            $0.digest(key)
            if let log {
                $0.key("log")
                $0.digest(log)
            }
            $0.key("partition")
            $0.string(partition)
            $0.key("phase")
            $0.string(phase.rawValue)
            $0.key("result")
            $0.digest(result)
        }
        return writer.bytes
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
