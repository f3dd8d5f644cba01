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

    // MARK: Task lists

    /// Reads a stage's task list: the entries, one a line.
    public static func list(reading bytes: [UInt8]) throws -> [TaskEntry] {
        if let entries = bytes.withUnsafeBufferPointer(scan) { return entries }
        return try JSONLines.decode(bytes).map { try TaskEntry(json: $0) }
    }

    private static func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> [TaskEntry]? {
        var scanner = CanonicalScanner(bytes)
        var entries: [TaskEntry] = []
        while !scanner.isAtEnd {
            guard let entry = TaskEntry(scanning: &scanner), scanner.skip("\n") else { return nil }
            entries.append(entry)
        }
        return entries
    }

    private init?(scanning scanner: inout CanonicalScanner) {
        guard scanner.skip("{") else { return nil }
        if scanner.skip("\"containers\":") {
            guard let digest = scanner.digest(), scanner.skip(",") else { return nil }
            containers = digest
        }
        isHit = scanner.skip("\"hit\":true")
        guard isHit || scanner.skip("\"hit\":false"), scanner.skip(",\"key\":"), let key = scanner.digest() else { return nil }
        if scanner.skip(",\"log\":") {
            guard let digest = scanner.digest() else { return nil }
            log = digest
        }
        guard scanner.skip(",\"partition\":"), let partition = scanner.string(), scanner.skip(",\"phase\":"),
            let phase = scanner.string().flatMap({ KeyDocument.Phase(rawValue: $0) }), scanner.skip(",\"result\":"),
            let result = scanner.digest(), scanner.skip("}")
        else { return nil }
        (self.key, self.partition, self.phase, self.result) = (key, partition, phase, result)
    }
}
