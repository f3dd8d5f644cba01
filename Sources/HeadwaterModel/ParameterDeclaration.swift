/// One parameter that a plugin takes, with what is valid and what is used when it is not given.
public struct ParameterDeclaration: Sendable, Equatable {
    public var name: String
    public var type: ValueType
    /// Nil if the parameter must be given.
    public var defaultValue: JSON?
    /// One line for listings and editors.
    public var help: String
    /// Whether the value changes nothing of what is made, so that it is no part of a task key: it only says where bytes lie, those of
    /// sources, where what was found there counts, or those that are kept of them; or how firmly a process is held.
    public var isPlace: Bool

    public enum ValueType: Sendable, Equatable {
        case boolean
        case integer(ClosedRange<Int>)
        case decimal(ClosedRange<Double>)
        case text
        /// A text that must be one of these.
        case choice([String])
        case list(of: Element)
        /// Whatever a plugin from outside takes.
        case schema(JSONSchema)

        public enum Element: String, Sendable, Equatable {
            case text
            /// A path, glob or URL. A relative path counts from the place where it was written.
            case path
        }
    }

    public init(_ name: String, _ type: ValueType, default defaultValue: JSON? = nil, isPlace: Bool = false, help: String) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.help = help
        self.isPlace = isPlace
    }

    /// Why a value is not valid, as what was expected instead; nil if it is valid.
    public func expectation(for value: JSON) -> String? {
        let isValid =
            switch (type, value) {
            case (.boolean, .bool), (.text, .string): true
            case (.integer(let range), .integer(let value)): range.contains(value)
            case (.decimal(let range), .integer(let value)): range.contains(Double(value))
            case (.decimal(let range), .decimal(let value)): range.contains(value)
            case (.choice(let names), .string(let value)): names.contains(value)
            case (.list, .array(let elements)): elements.allSatisfy { $0.string != nil }
            case (.schema(let schema), _): schema.fault(of: value) == nil
            default: false
            }
        return isValid ? nil : type.description
    }
}

extension ParameterDeclaration.ValueType: CustomStringConvertible {
    /// What is valid, as messages say it.
    public var description: String {
        switch self {
        case .boolean: "true or false"
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .decimal(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .text: "a text"
        case .choice(let names): "one of " + names.joined(separator: ", ")
        case .list(of: .text): "a list of texts"
        case .list(of: .path): "a list of paths or URLs"
        case .schema(let schema): schema.summary
        }
    }
}

extension ParameterDeclaration.ValueType {
    /// The same as JSON Schema, for editors.
    public var schema: JSON {
        switch self {
        case .boolean: ["type": "boolean"]
        case .integer(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .decimal(let range):
            ["type": "number", "minimum": .decimal(range.lowerBound), "maximum": .decimal(range.upperBound)]
        case .text: ["type": "string"]
        case .choice(let names): ["type": "string", "enum": .array(names.map { .string($0) })]
        case .list: ["anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]]]
        case .schema(let schema): schema.json
        }
    }
}
