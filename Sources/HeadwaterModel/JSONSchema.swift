/// What values a parameter may have, in the part of JSON Schema (draft 2020-12) that says it in plain terms: types,
/// limits, lists, objects, choices. A keyword outside it is refused, never ignored: a check that is not made must not
/// look as if it were.
public struct JSONSchema: Sendable, Equatable {
    /// As it was written.
    public let json: JSON
    private let members: [String: JSON]
    /// Of `properties`, `items` and `additionalProperties`.
    private let properties: [String: JSONSchema]
    private let items: [JSONSchema]
    private let others: [JSONSchema]

    private static let annotations: Set = ["title", "description", "default", "examples", "$comment", "$schema"]
    private static let assertions: Set = [
        "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "items",
        "minItems", "maxItems", "uniqueItems", "properties", "required", "additionalProperties",
    ]
    private static let types = ["null", "boolean", "integer", "number", "string", "array", "object"]

    /// What is wrong with a schema or a value, and where in it.
    public struct Fault: Error, Sendable, Equatable {
        /// Member names and indices, from the outside in.
        public var path: [Step]
        /// Empty where a value is of another type than expected, which says all.
        public var problem: String
        public var expected: String?

        public enum Step: Sendable, Equatable {
            case member(String)
            case index(Int)
        }
    }

    /// - Throws: the first thing that is no schema this program checks.
    public init(_ json: JSON) throws(Fault) { try self.init(json, at: []) }

    /// A mapping of names to texts.
    public static let texts = JSONSchema(
        known: ["type": "object", "additionalProperties": ["type": "string"]],
        others: [JSONSchema(known: ["type": "string"])])

    /// A mapping of these names to numbers, none of which need be given.
    public static func numbers(_ named: [(name: String, help: String, usual: JSON, limit: Int)]) -> JSONSchema {
        let schemas = named.map { number in
            let type: JSON = number.usual.integer == nil ? "number" : "integer"
            return (
                number.name,
                JSONSchema(
                    known: [
                        "type": type, "minimum": 0, "maximum": .integer(number.limit), "default": number.usual,
                        "description": .string(number.help),
                    ])
            )
        }
        let properties = Dictionary(schemas, uniquingKeysWith: { first, _ in first })
        return JSONSchema(
            known: [
                "type": "object", "additionalProperties": false, "properties": .object(properties.mapValues(\.json)),
            ], properties: properties)
    }

    /// A schema of this program's own, which is one.
    private init(known json: JSON, properties: [String: JSONSchema] = [:], others: [JSONSchema] = []) {
        self.json = json
        members = json.object ?? [:]
        self.properties = properties
        items = []
        self.others = others
    }

    private init(_ json: JSON, at path: [Fault.Step]) throws(Fault) {
        guard let members = json.object else {
            throw Fault(path: path, problem: "a schema cannot be \(json.typeName)", expected: "a mapping of JSON Schema keywords")
        }
        self.json = json
        self.members = members
        for name in members.keys.sorted() where !JSONSchema.annotations.union(JSONSchema.assertions).contains(name) {
            throw Fault(
                path: path + [.member(name)], problem: "the keyword \"\(name)\" is not checked by this program",
                expected: "one of: " + JSONSchema.assertions.union(["description", "default"]).sorted().joined(separator: ", "))
        }
        var properties: [String: JSONSchema] = [:]
        if let named = members["properties"] {
            guard let named = named.object else {
                throw Fault(
                    path: path + [.member("properties")], problem: "\"properties\" is no mapping", expected: "names to schemas")
            }
            for name in named.keys.sorted() {
                properties[name] = try JSONSchema(
                    named[name] ?? .null, at: path + [.member("properties"), .member(name)])
            }
        }
        self.properties = properties
        items = try members["items"].map { json throws(Fault) in [try JSONSchema(json, at: path + [.member("items")])] } ?? []
        if let json = members["additionalProperties"], json.bool == nil {
            others = [try JSONSchema(json, at: path + [.member("additionalProperties")])]
        } else {
            others = []
        }
        try check(path)
        if let value = defaultValue, let fault = fault(of: value) {
            throw Fault(
                path: path + [.member("default")], problem: "the default is not valid", expected: fault.expected
            )
        }
    }

    public var defaultValue: JSON? { members["default"] }
    /// One line for people.
    public var help: String { members["description"]?.string ?? members["title"]?.string ?? "" }
    public var required: [String] { members["required"]?.array?.compactMap(\.string) ?? [] }
    /// The members that the schema names, sorted.
    public var named: [(name: String, schema: JSONSchema)] { properties.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    /// Each keyword has a value of its kind.
    private func check(_ path: [Fault.Step]) throws(Fault) {
        func want(_ name: String, _ expected: String, _ holds: (JSON) -> Bool) throws(Fault) {
            guard let value = members[name], !holds(value) else { return }
            throw Fault(
                path: path + [.member(name)], problem: "\"\(name)\" cannot be \(value.description.prefix(60))", expected: expected
            )
        }
        func isType(_ value: JSON) -> Bool { value.string.map(JSONSchema.types.contains) ?? false }
        try want("type", "one of: " + JSONSchema.types.joined(separator: ", ")) {
            isType($0) || ($0.array.map { !$0.isEmpty && $0.allSatisfy(isType) } ?? false)
        }
        try want("enum", "a list with at least one value") { $0.array.map { !$0.isEmpty } ?? false }
        for name in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
            try want(name, "a number") { $0.decimal != nil }
        }
        for name in ["minLength", "maxLength", "minItems", "maxItems"] {
            try want(name, "a count") { $0.integer.map { $0 >= 0 } ?? false }
        }
        try want("uniqueItems", "true or false") { $0.bool != nil }
        try want("required", "a list of names") { $0.array.map { $0.allSatisfy { $0.string != nil } } ?? false }
        try want("description", "a text") { $0.string != nil }
    }
}

// MARK: Checking values

extension JSONSchema {
    /// The first thing about a value that does not hold, with its place in the value; nil for a valid one.
    public func fault(of value: JSON) -> Fault? { fault(of: value, at: []) }

    private func fault(of value: JSON, at path: [Fault.Step]) -> Fault? {
        func no(_ problem: String) -> Fault { Fault(path: path, problem: problem, expected: summary) }
        if !types.isEmpty, !types.contains(where: { JSONSchema.isOf($0, value) }) { return no("") }
        if let choices = members["enum"]?.array, !choices.contains(value) { return no("it is none of the choices") }
        if let only = members["const"], only != value { return no("it is another value") }
        if let number = value.decimal, !isWithinLimits(number) { return no("it is out of range") }
        if let text = value.string {
            let length = text.unicodeScalars.count
            if let least = members["minLength"]?.integer, length < least { return no("it is too short") }
            if let most = members["maxLength"]?.integer, length > most { return no("it is too long") }
        }
        if let elements = value.array {
            if let least = members["minItems"]?.integer, elements.count < least { return no("it has too few elements") }
            if let most = members["maxItems"]?.integer, elements.count > most { return no("it has too many elements") }
            if members["uniqueItems"]?.bool == true, Set(elements).count < elements.count { return no("an element occurs twice") }
            for (index, element) in elements.enumerated() {
                if let fault = items.first?.fault(of: element, at: path + [.index(index)]) { return fault }
            }
        }
        if let object = value.object {
            if let name = required.first(where: { object[$0] == nil }) { return no("it has no \"\(name)\"") }
            for name in object.keys.sorted() {
                let inside = path + [.member(name)]
                if let schema = properties[name] ?? others.first {
                    if let fault = schema.fault(of: object[name] ?? .null, at: inside) { return fault }
                } else if members["additionalProperties"]?.bool == false {
                    return Fault(
                        path: inside, problem: "there is no \"\(name)\"",
                        expected: "one of: " + properties.keys.sorted().joined(separator: ", "))
                }
            }
        }
        return nil
    }

    private func isWithinLimits(_ number: Double) -> Bool {
        if let limit = members["minimum"]?.decimal, number < limit { return false }
        if let limit = members["maximum"]?.decimal, number > limit { return false }
        if let limit = members["exclusiveMinimum"]?.decimal, number <= limit { return false }
        if let limit = members["exclusiveMaximum"]?.decimal, number >= limit { return false }
        return true
    }

    private var types: [String] { members["type"]?.string.map { [$0] } ?? members["type"]?.array?.compactMap(\.string) ?? [] }

    private static func isOf(_ type: String, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .decimal),
            ("string", .string), ("array", .array), ("object", .object):
            true
        case ("integer", .decimal(let value)): value == value.rounded()
        default: false
        }
    }

    /// What is valid, as messages say it.
    public var summary: String {
        if let choices = members["enum"]?.array {
            return "one of " + choices.map { $0.string ?? $0.description }.joined(separator: ", ")
        }
        if let only = members["const"] { return only.description }
        let names = [
            "null": "null", "boolean": "true or false", "integer": "an integer", "number": "a number", "string": "a text",
            "array": "a list", "object": "a mapping",
        ]
        var text = types.isEmpty ? "a value" : types.compactMap { names[$0] }.joined(separator: " or ")
        let limits = [
            ("from", "minimum"), ("above", "exclusiveMinimum"), ("to", "maximum"), ("below", "exclusiveMaximum"),
            ("of at least", "minLength"), ("of at most", "maxLength"), ("with at least", "minItems"),
            ("with at most", "maxItems"),
        ]
        for (word, keyword) in limits {
            guard let value = members[keyword] else { continue }
            let unit = keyword.hasSuffix("Length") ? " characters" : keyword.hasSuffix("Items") ? " elements" : ""
            text += " \(word) \(value.description)\(unit)"
        }
        if let element = items.first, !element.types.isEmpty { text += ", each \(element.summary)" }
        if types == ["object"], !required.isEmpty { text += " with \(required.joined(separator: ", "))" }
        return text
    }
}
