public import HeadwaterModel

/// What a plugin out of process says to the engine: one JSON object a line on its standard output.
public enum PluginMessage: Sendable, Equatable {
    /// The answer to the engine's: which version of the protocol the plugin speaks, and who it is.
    case hello(protocol: Int, name: String, version: String)
    /// A new record.
    case emit(task: Int, Emission)
    /// An input record goes on as it is.
    case pass(task: Int, record: RecordID)
    /// An input record is left out.
    case drop(task: Int, record: RecordID, reason: String, survivor: RecordID?, details: [String: JSON])
    /// Something about a record.
    case note(task: Int, Remark)
    /// What `sketch` or `examine` came to.
    case result(task: Int, [UInt8])
    /// The slice of the next partition, from `combine` or `decide`.
    case slice(task: Int, [UInt8])
    /// A group that `combine` formed.
    case group(task: Int, WireGroup)
    /// What `combine` hands on to `decide`.
    case carry(task: Int, [UInt8])
    case progress(task: Int, done: Int, total: Int?)
    case warning(task: Int, message: String)
    case metric(task: Int, name: String, value: Int)
    /// The task came to its end; all it made was said before.
    case done(task: Int)
    /// The task cannot be carried out.
    case failed(task: Int, Refusal)

    /// A record in the making.
    public struct Emission: Sendable, Equatable {
        public var kind: String
        public var parents: [RecordID]
        /// The input record whose kind, fields and cites this one takes over where it gives none of its own.
        public var continued: RecordID?
        public var text: [TextPiece]
        public var fields: [String: JSON]
        public var cites: [String: [FieldCite]]

        public init(
            kind: String, parents: [RecordID], continued: RecordID? = nil, text: [TextPiece], fields: [String: JSON] = [:],
            cites: [String: [FieldCite]] = [:]
        ) {
            self.kind = kind
            self.parents = parents
            self.continued = continued
            self.text = text
            self.fields = fields
            self.cites = cites
        }
    }

    /// Something about a record that is kept beside it.
    public struct Remark: Sendable, Equatable {
        public var about: Subject
        public var kind: String
        public var reason: String
        /// The bytes of input records that it is about.
        public var cites: [TextPiece.Slice]
        public var details: [String: JSON]

        /// Which record it is about.
        public enum Subject: Sendable, Equatable {
            case input(RecordID)
            /// The record that the task emitted as this one, counted from 0: its id is known to the engine alone.
            case emitted(Int)
        }

        public init(
            about: Subject, kind: String, reason: String, cites: [TextPiece.Slice] = [], details: [String: JSON] = [:]
        ) {
            self.about = about
            self.kind = kind
            self.reason = reason
            self.cites = cites
            self.details = details
        }
    }

    /// Why a task cannot be carried out, in words for the person who wrote the pipeline file.
    public struct Refusal: Sendable, Equatable {
        public var message: String
        /// The parameter at fault, and which element of it, so that the message can point at its line.
        public var parameter: String?
        public var element: Int?
        /// Whether the same task may well succeed when it is tried again.
        public var isTransient: Bool

        public init(message: String, parameter: String? = nil, element: Int? = nil, isTransient: Bool = false) {
            self.message = message
            self.parameter = parameter
            self.element = element
            self.isTransient = isTransient
        }
    }

    /// The task that the message is about; nil for a greeting.
    public var task: Int? {
        switch self {
        case .hello: nil
        case .emit(let task, _), .pass(let task, _), .drop(let task, _, _, _, _), .note(let task, _), .result(let task, _),
            .slice(let task, _), .group(let task, _), .carry(let task, _), .progress(let task, _, _), .warning(let task, _),
            .metric(let task, _, _), .done(let task), .failed(let task, _):
            task
        }
    }
}

// MARK: Writing

extension PluginMessage {
    /// The message as a line, with its line break.
    public var line: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the line to others.
    package func append(to bytes: inout [UInt8]) { bytes.appendLine { $0.members(of: self) } }
}

extension JSONWriter {
    fileprivate mutating func members(of message: PluginMessage) {
        switch message {
        case .hello(let version, let name, let pluginVersion):
            type("hello")
            member("protocol", .integer(version))
            member("name", .string(name))
            member("version", .string(pluginVersion))
        case .emit(let task, let emission):
            type("emit", task: task)
            if let continued = emission.continued { member("continues", text: continued.description) }
            if !emission.kind.isEmpty { member("kind", text: emission.kind) }
            if !emission.parents.isEmpty {
                key("parents")
                array { for parent in emission.parents { $0.string(parent.description) } }
            }
            key("text")
            array { for piece in emission.text { piece.write(to: &$0) } }
            if !emission.fields.isEmpty { member("fields", .object(emission.fields)) }
            if !emission.cites.isEmpty {
                member("cites", .object(emission.cites.mapValues { .array($0.map(\.json)) }))
            }
        case .pass(let task, let record):
            type("pass", task: task)
            member("record", .string(record.description))
        case .drop(let task, let record, let reason, let survivor, let details):
            type("drop", task: task)
            member("record", .string(record.description))
            member("reason", .string(reason))
            if let survivor { member("survivor", .string(survivor.description)) }
            if !details.isEmpty { member("details", .object(details)) }
        case .note(let task, let remark):
            type("note", task: task)
            switch remark.about {
            case .input(let record): member("record", .string(record.description))
            case .emitted(let index): member("emitted", .integer(index))
            }
            member("kind", .string(remark.kind))
            member("reason", .string(remark.reason))
            if !remark.cites.isEmpty { member("cites", .array(remark.cites.map { .object($0.members) })) }
            if !remark.details.isEmpty { member("details", .object(remark.details)) }
        case .result(let task, let bytes):
            type("result", task: task)
            member("bytes", base64: bytes)
        case .slice(let task, let bytes):
            type("slice", task: task)
            member("bytes", base64: bytes)
        case .group(let task, let group):
            type("group", task: task)
            group.write(to: &self)
        case .carry(let task, let bytes):
            type("carry", task: task)
            member("bytes", base64: bytes)
        case .progress(let task, let done, let total):
            type("progress", task: task)
            member("done", .integer(done))
            if let total { member("total", .integer(total)) }
        case .warning(let task, let message):
            type("warning", task: task)
            member("message", .string(message))
        case .metric(let task, let name, let value):
            type("metric", task: task)
            member("name", .string(name))
            member("value", .integer(value))
        case .done(let task): type("done", task: task)
        case .failed(let task, let refusal):
            type("failed", task: task)
            member("message", .string(refusal.message))
            if let parameter = refusal.parameter { member("parameter", .string(parameter)) }
            if let element = refusal.element { member("element", .integer(element)) }
            if refusal.isTransient { member("transient", true) }
        }
    }
}

// MARK: Reading

extension PluginMessage {
    /// All types of messages that a plugin may send.
    public static let types = [
        "hello", "emit", "pass", "drop", "note", "result", "slice", "group", "carry", "progress", "warning", "metric", "done",
        "failed",
    ]

    /// Reads a line.
    /// - Throws: `JSONError` for what is no JSON, `MessageFault` for what is no message; the field is named.
    public init(line: [UInt8]) throws {
        if let answer = WireScanner.members(of: line)?.answer { self = answer } else { try self.init(tree: line) }
    }

    /// Reads a line by way of a tree: whatever it holds, and with words for what is wrong.
    init(tree line: [UInt8]) throws {
        let reader = try MessageReader(JSON(parsing: line))
        let type = try reader.string("type")
        if type == "hello" {
            self = .hello(
                protocol: try reader.count("protocol"), name: try reader.string("name"), version: try reader.string("version"))
            return
        }
        guard PluginMessage.types.contains(type) else {
            throw reader.fault(
                "type", "there is no message \"\(type.prefix(50))\"; expected \(PluginMessage.types.joined(separator: ", "))")
        }
        let task = try reader.count("task")
        switch type {
        case "emit": self = .emit(task: task, try Emission(reader))
        case "pass": self = .pass(task: task, record: try reader.id("record"))
        case "drop":
            let reason = try reader.string("reason")
            guard !reason.isEmpty else { throw reader.fault("reason", "expected a word or two") }
            self = .drop(
                task: task, record: try reader.id("record"), reason: reason, survivor: try reader.optionalID("survivor"),
                details: try reader.optionalObject("details"))
        case "note": self = .note(task: task, try Remark(reader))
        case "result": self = .result(task: task, try reader.bytes("bytes"))
        case "slice": self = .slice(task: task, try reader.bytes("bytes"))
        case "group": self = .group(task: task, try WireGroup(reader))
        case "carry": self = .carry(task: task, try reader.bytes("bytes"))
        case "progress":
            self = .progress(task: task, done: try reader.count("done"), total: try reader.optionalCount("total"))
        case "warning": self = .warning(task: task, message: try reader.string("message"))
        case "metric": self = .metric(task: task, name: try reader.string("name"), value: try reader.integer("value"))
        case "done": self = .done(task: task)
        default: self = .failed(task: task, try Refusal(reader))
        }
    }
}

extension PluginMessage.Emission {
    fileprivate init(_ reader: MessageReader) throws(MessageFault) {
        continued = try reader.optionalID("continues")
        kind = try reader.optionalString("kind") ?? ""
        if continued == nil, kind.isEmpty { throw reader.fault("kind", "a record that continues no other needs a kind") }
        parents = try reader.ids("parents")
        fields = try reader.optionalObject("fields")
        text = []
        for piece in try reader.parts("text") { text.append(try TextPiece(piece)) }
        cites = [:]
        if reader.has("cites") {
            let part = try reader.part("cites")
            for name in try reader.optionalObject("cites").keys.sorted() {
                var places: [FieldCite] = []
                for place in try part.parts(name) { places.append(try FieldCite(place)) }
                cites[name] = places
            }
        }
    }
}

extension PluginMessage.Remark {
    fileprivate init(_ reader: MessageReader) throws(MessageFault) {
        about = reader.has("emitted") ? .emitted(try reader.count("emitted")) : .input(try reader.id("record"))
        kind = try reader.string("kind")
        reason = try reader.string("reason")
        cites = []
        for slice in try reader.parts("cites") { cites.append(try TextPiece.Slice(slice)) }
        details = try reader.optionalObject("details")
    }
}

extension PluginMessage.Refusal {
    fileprivate init(_ reader: MessageReader) throws(MessageFault) {
        message = try reader.string("message")
        parameter = try reader.optionalString("parameter")
        element = try reader.optionalCount("element")
        isTransient = try reader.optionalFlag("transient")
    }
}
