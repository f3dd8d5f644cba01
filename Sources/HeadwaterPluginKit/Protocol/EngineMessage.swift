public import HeadwaterModel

/// What the engine says to a plugin out of process: one JSON object a line on the plugin's standard input.
public enum EngineMessage: Sendable, Equatable {
    /// The first message: which versions of the protocol the engine speaks.
    case hello(protocols: [Int], engine: String)
    /// A task begins; what it works on follows, then `end`.
    case task(TaskRequest)
    /// A record of the task's partition or group.
    case record(task: Int, role: String, WireRecord)
    /// The sketch of one partition, in order.
    case sketch(task: Int, [UInt8])
    /// One group with the verdict on it, in the order that `combine` gave.
    case verdict(task: Int, WireGroup, [UInt8])
    /// All input of the task was sent.
    case end(task: Int)
    /// The task is not wanted any more; the plugin answers `failed` or `done`, soon.
    case cancel(task: Int)
    /// Nothing more will come; the plugin ends.
    case shutdown

    /// The start of a task.
    public struct TaskRequest: Sendable, Equatable {
        public var task: Int
        public var round: KeyDocument.Phase
        public var parameters: [String: JSON]
        /// For `apply`: what the rest of the corpus means for this partition or group.
        public var slice: [UInt8]
        /// For `combine` and `decide`: how many partitions there are.
        public var partitions: Int
        /// For `decide`: what `combine` handed on.
        public var carry: [UInt8]

        public init(
            task: Int, round: KeyDocument.Phase, parameters: [String: JSON], slice: [UInt8] = [], partitions: Int = 0,
            carry: [UInt8] = []
        ) {
            self.task = task
            self.round = round
            self.parameters = parameters
            self.slice = slice
            self.partitions = partitions
            self.carry = carry
        }
    }
}

/// A record as a plugin out of process gets it: without its map, which is the engine's.
public struct WireRecord: Sendable, Equatable {
    public var id: RecordID
    public var kind: String
    /// Nil for a document that is no text: a picture, an archive.
    public var text: [UInt8]?
    public var parents: [RecordID]
    public var fields: [String: JSON]
    /// The fields of which it is known where they were read.
    public var cited: [String]

    public init(
        id: RecordID, kind: String, text: [UInt8]?, parents: [RecordID] = [], fields: [String: JSON] = [:], cited: [String] = []
    ) {
        self.id = id
        self.kind = kind
        self.text = text
        self.parents = parents
        self.fields = fields
        self.cited = cited
    }
}

/// A group as messages have it.
public struct WireGroup: Sendable, Equatable {
    public var key: String
    public var members: [GroupReference.Member]
    public var slice: [UInt8]

    public init(key: String, members: [GroupReference.Member], slice: [UInt8]) {
        self.key = key
        self.members = members
        self.slice = slice
    }

    func write(to writer: inout JSONWriter) {
        writer.key("key")
        writer.string(key)
        writer.key("members")
        writer.array { for member in members { $0.value(member.wire) } }
        if !slice.isEmpty {
            writer.key("slice")
            writer.string(Base64.encode(slice))
        }
    }

    init(_ reader: MessageReader) throws(MessageFault) {
        key = try reader.string("key")
        slice = try reader.optionalBytes("slice")
        members = []
        for (index, element) in try reader.array("members").enumerated() {
            guard let parts = element.array, parts.count == 3, let role = parts[0].string, let partition = parts[1].integer,
                0...JSON.largestInteger ~= partition, let record = parts[2].string.flatMap({ RecordID($0) })
            else { throw reader.fault("members[\(index)]", "expected [role, partition, record id]") }
            members.append(.init(role: role, partition: partition, record: record))
        }
    }
}

extension GroupReference.Member {
    fileprivate var wire: JSON { [.string(role), .integer(partition), .string(record.description)] }
}

// MARK: Writing

extension EngineMessage {
    /// The message as a line, with its line break.
    public var line: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the line to others.
    package func append(to bytes: inout [UInt8]) { bytes.appendLine { $0.members(of: self) } }
}

extension [UInt8] {
    /// Appends an object and a line break.
    mutating func appendLine(_ members: (inout JSONWriter) -> Void) {
        // Taken out for the time being: bytes that two hold are copied.
        var taken: [UInt8] = []
        swap(&taken, &self)
        var writer = JSONWriter(behind: consume taken)
        writer.object(members)
        self = (consume writer).bytes
        append(UInt8(ascii: "\n"))
    }
}

extension JSONWriter {
    mutating func type(_ name: String, task: Int? = nil) {
        key("type")
        string(name)
        if let task {
            key("task")
            integer(task)
        }
    }

    mutating func member(_ name: String, _ value: JSON) {
        key(name)
        self.value(value)
    }

    mutating func member(_ name: String, text: String) {
        key(name)
        string(text)
    }

    mutating func member(_ name: String, base64 bytes: [UInt8]) {
        key(name)
        string(Base64.encode(bytes))
    }

    fileprivate mutating func members(of message: EngineMessage) {
        switch message {
        case .hello(let protocols, let engine):
            type("hello")
            member("protocols", .array(protocols.map { .integer($0) }))
            member("engine", .string(engine))
        case .task(let request):
            type("task", task: request.task)
            member("round", .string(request.round.rawValue))
            member("parameters", .object(request.parameters))
            if !request.slice.isEmpty { member("slice", base64: request.slice) }
            if request.round == .combine || request.round == .decide { member("partitions", .integer(request.partitions)) }
            if !request.carry.isEmpty { member("carry", base64: request.carry) }
        case .record(let task, let role, let record):
            type("record", task: task)
            member("role", text: role)
            member("id", text: record.id.description)
            member("kind", text: record.kind)
            if let text = record.text {
                key("text")
                string(utf8: text)
            }
            member("fields", .object(record.fields))
            if !record.parents.isEmpty { member("parents", .array(record.parents.map { .string($0.description) })) }
            if !record.cited.isEmpty { member("cited", .array(record.cited.map { .string($0) })) }
        case .sketch(let task, let bytes):
            type("sketch", task: task)
            member("bytes", base64: bytes)
        case .verdict(let task, let group, let bytes):
            type("verdict", task: task)
            group.write(to: &self)
            member("bytes", base64: bytes)
        case .end(let task): type("end", task: task)
        case .cancel(let task): type("cancel", task: task)
        case .shutdown: type("shutdown")
        }
    }
}

// MARK: Reading

extension EngineMessage {
    /// Reads a line; nil for one of a type that this version does not know, which a plugin passes over.
    public init?(line: [UInt8]) throws {
        if let record = WireScanner.members(of: line)?.record { self = record } else { try self.init(tree: line) }
    }

    /// Reads a line by way of a tree: whatever it holds.
    init?(tree line: [UInt8]) throws {
        let reader = try MessageReader(JSON(parsing: line))
        switch try reader.string("type") {
        case "hello":
            self = .hello(
                protocols: try reader.array("protocols").compactMap(\.integer), engine: try reader.optionalString("engine") ?? "")
        case "task":
            let round = try reader.string("round")
            guard let phase = KeyDocument.Phase(rawValue: round) else {
                throw reader.fault("round", "there is no round \"\(round)\"")
            }
            self = .task(
                TaskRequest(
                    task: try reader.count("task"), round: phase, parameters: try reader.optionalObject("parameters"),
                    slice: try reader.optionalBytes("slice"), partitions: try reader.optionalCount("partitions") ?? 0,
                    carry: try reader.optionalBytes("carry")))
        case "record":
            self = .record(
                task: try reader.count("task"), role: try reader.string("role"),
                WireRecord(
                    id: try reader.id("id"), kind: try reader.string("kind"),
                    text: try reader.optionalString("text").map { Array($0.utf8) },
                    parents: try reader.ids("parents"), fields: try reader.optionalObject("fields"),
                    cited: try reader.strings("cited")))
        case "sketch": self = .sketch(task: try reader.count("task"), try reader.bytes("bytes"))
        case "verdict": self = .verdict(task: try reader.count("task"), try WireGroup(reader), try reader.bytes("bytes"))
        case "end": self = .end(task: try reader.count("task"))
        case "cancel": self = .cancel(task: try reader.count("task"))
        case "shutdown": self = .shutdown
        default: return nil
        }
    }
}
