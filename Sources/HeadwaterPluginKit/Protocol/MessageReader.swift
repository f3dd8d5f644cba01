import HeadwaterModel

/// What is wrong with a message, and in which of its fields.
public struct MessageFault: Error, Sendable, CustomStringConvertible {
    /// As a path: `text[2].slice`. Empty for the message as a whole.
    public var field: String
    public var problem: String

    public init(field: String = "", _ problem: String) {
        self.field = field
        self.problem = problem
    }

    public var description: String { field.isEmpty ? problem : "\(field): \(problem)" }
}

/// Reads the members of one JSON object of a message. Members that nobody asks for are ignored, so that later versions
/// may add some.
struct MessageReader {
    private let members: [String: JSON]
    /// Where the object stands in its message.
    private let path: String

    init(_ json: JSON, path: String = "") throws(MessageFault) {
        guard let members = json.object else { throw MessageFault(field: path, "expected an object, found \(json.typeName)") }
        self.members = members
        self.path = path
    }

    func fault(_ name: String, _ problem: String) -> MessageFault { MessageFault(field: place(name), problem) }

    func has(_ name: String) -> Bool { (members[name] ?? .null) != .null }

    func string(_ name: String) throws(MessageFault) -> String { try need(name, "a string", members[name]?.string) }
    func array(_ name: String) throws(MessageFault) -> [JSON] { try need(name, "a list", members[name]?.array) }

    func count(_ name: String) throws(MessageFault) -> Int {
        let value = try need(name, "an integer", members[name]?.integer)
        guard 0...JSON.largestInteger ~= value else { throw fault(name, "expected a count, found \(value)") }
        return value
    }

    /// An integer that may be negative.
    func integer(_ name: String) throws(MessageFault) -> Int { try need(name, "an integer", members[name]?.integer) }

    func id(_ name: String) throws(MessageFault) -> RecordID { try id(name, try string(name)) }

    /// Bytes in base64 (RFC 4648, section 4).
    func bytes(_ name: String) throws(MessageFault) -> [UInt8] {
        guard let bytes = Base64.decode(Array(try string(name).utf8)) else { throw fault(name, "expected base64 with padding") }
        return bytes
    }

    func optionalString(_ name: String) throws(MessageFault) -> String? { has(name) ? try string(name) : nil }
    func optionalCount(_ name: String) throws(MessageFault) -> Int? { has(name) ? try count(name) : nil }
    func optionalID(_ name: String) throws(MessageFault) -> RecordID? { has(name) ? try id(name) : nil }
    func optionalBytes(_ name: String) throws(MessageFault) -> [UInt8] { has(name) ? try bytes(name) : [] }

    func optionalObject(_ name: String) throws(MessageFault) -> [String: JSON] {
        has(name) ? try need(name, "an object", members[name]?.object) : [:]
    }

    func optionalFlag(_ name: String) throws(MessageFault) -> Bool {
        has(name) ? try need(name, "true or false", members[name]?.bool) : false
    }

    func ids(_ name: String) throws(MessageFault) -> [RecordID] {
        guard has(name) else { return [] }
        var out: [RecordID] = []
        for (index, element) in try array(name).enumerated() {
            guard let text = element.string else { throw fault("\(name)[\(index)]", "expected a record id") }
            out.append(try id("\(name)[\(index)]", text))
        }
        return out
    }

    func strings(_ name: String) throws(MessageFault) -> [String] {
        guard has(name) else { return [] }
        var out: [String] = []
        for (index, element) in try array(name).enumerated() {
            out.append(try need("\(name)[\(index)]", "a string", element.string))
        }
        return out
    }

    /// The objects of a list; none where the list is not there.
    func parts(_ name: String) throws(MessageFault) -> [MessageReader] {
        guard has(name) else { return [] }
        var out: [MessageReader] = []
        for (index, element) in try array(name).enumerated() {
            out.append(try MessageReader(element, path: place("\(name)[\(index)]")))
        }
        return out
    }

    /// The reader of a member that is an object.
    func part(_ name: String) throws(MessageFault) -> MessageReader {
        try MessageReader(members[name] ?? .null, path: place(name))
    }

    private func id(_ name: String, _ text: String) throws(MessageFault) -> RecordID {
        guard let id = RecordID(text) else {
            throw fault(name, "expected a record id of 40 hex digits, found \"\(text.prefix(50))\"")
        }
        return id
    }

    private func need<Value>(_ name: String, _ expected: String, _ value: Value?) throws(MessageFault) -> Value {
        guard let value else {
            let found = members[name].map { "found \($0.typeName)" } ?? "it is missing"
            throw fault(name, "expected \(expected), \(found)")
        }
        return value
    }

    private func place(_ name: String) -> String { path.isEmpty ? name : name.isEmpty ? path : path + "." + name }
}
