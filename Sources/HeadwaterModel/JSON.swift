/// A JSON value (RFC 8259). Written canonically (RFC 8785), so that equal values have equal bytes and equal digests.
///
/// Records hold integers only; decimals occur in parameters and settings.
public indirect enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case decimal(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// The largest integer that every JSON reader keeps exactly (RFC 7493 section 2.2).
    public static let largestInteger = 1 << 53 - 1

    /// The value's canonical bytes.
    public var canonical: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    public var digest: Digest { Digest(of: canonical) }

    /// Parses one JSON value and nothing after it.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.value()
        try reader.end()
    }
}

extension JSON: Hashable {
    /// Equal if and only if the canonical bytes are. (Swift's own strings are equal where only their normal forms are,
    /// and an integer is not equal to a decimal number of the same value.)
    public static func == (a: JSON, b: JSON) -> Bool {
        switch (a, b) {
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.integer(let a), .integer(let b)): a == b
        case (.bool(let a), .bool(let b)): a == b
        case (.null, .null): true
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count
                && a.allSatisfy { key, value in
                    guard let index = b.index(forKey: key) else { return false }
                    return b[index].key.utf8.elementsEqual(key.utf8) && b[index].value == value
                }
        case (.decimal, .decimal), (.decimal, .integer), (.integer, .decimal), (.decimal, .null), (.null, .decimal):
            a.canonical == b.canonical
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
}

extension JSON {
    public subscript(_ key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
    public var object: [String: JSON]? { if case .object(let value) = self { value } else { nil } }
    public var decimal: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .decimal(let value): value
        default: nil
        }
    }

    /// What kind of value this is, in the words that messages use.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .decimal: "a decimal number"
        case .string: "a string"
        case .array: "a list"
        case .object: "a mapping"
        }
    }
}

extension JSON: CustomStringConvertible {
    public var description: String { String(decoding: canonical, as: UTF8.self) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }
    public init(nilLiteral: ()) { self = .null }
}

/// What is wrong with some JSON text, and at which byte.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    public var message: String
    /// Byte offset into the text that was read.
    public var offset: Int

    public init(_ message: String, at offset: Int) {
        self.message = message
        self.offset = offset
    }

    public var description: String { "\(message) at byte \(offset)" }
}
