/// A stored JSON document of a known schema, read member by member; what is missing or of another type is an error
/// that names the member.
struct StoredDocument {
    let json: JSON
    let schema: String

    init(_ json: JSON, schema: String) throws(DocumentError) {
        guard let found = json["schema"]?.string else {
            throw DocumentError("expected a document of schema \(schema), found one without a schema")
        }
        guard found == schema else { throw DocumentError("expected a document of schema \(schema), found \(found)") }
        self.json = json
        self.schema = schema
    }

    init(part json: JSON, of schema: String) {
        self.json = json
        self.schema = schema
    }

    func has(_ name: String) -> Bool { json[name] != nil }

    func string(_ name: String) throws(DocumentError) -> String { try member(name, "a string", json[name]?.string) }
    func object(_ name: String) throws(DocumentError) -> [String: JSON] { try member(name, "an object", json[name]?.object) }
    func array(_ name: String) throws(DocumentError) -> [JSON] { try member(name, "a list", json[name]?.array) }

    func digest(_ name: String) throws(DocumentError) -> Digest {
        try member(name, "a digest", json[name]?.string.flatMap { Digest($0) })
    }

    /// Nil where the member is absent; an error where it is there but no digest.
    func optionalDigest(_ name: String) throws(DocumentError) -> Digest? {
        json[name] == nil ? nil : try digest(name)
    }

    func digests(_ name: String) throws(DocumentError) -> [Digest] {
        let list = try array(name)
        return try member(
            name, "a list of digests",
            Optional(list.compactMap { $0.string.flatMap { Digest($0) } })
                .flatMap { $0.count == list.count ? $0 : nil })
    }

    func counts(_ name: String) throws(DocumentError) -> [String: Int] {
        var out: [String: Int] = [:]
        for (key, value) in try object(name) {
            out[key] = try member("\(name).\(key)", "a count", StoredDocument.count(value.integer))
        }
        return out
    }

    /// A number of things, bytes or milliseconds: not negative, and exact in every reader of JSON (RFC 8259, section 6).
    func count(_ name: String) throws(DocumentError) -> Int {
        try member(name, "a count", StoredDocument.count(json[name]?.integer))
    }

    static let largestCount = JSON.largestInteger

    private static func count(_ value: Int?) -> Int? { value.flatMap { (0...largestCount).contains($0) ? $0 : nil } }

    /// The sum of two counts, which must be a count as well.
    static func sum(_ a: Int, _ b: Int) throws(DocumentError) -> Int {
        guard let sum = count(a + b) else { throw DocumentError("a total beyond \(largestCount)") }
        return sum
    }

    func parts(_ name: String) throws(DocumentError) -> [StoredDocument] {
        try array(name).map { StoredDocument(part: $0, of: schema) }
    }

    private func member<Value>(_ name: String, _ expected: String, _ value: Value?) throws(DocumentError) -> Value {
        guard let value else { throw DocumentError("a document of schema \(schema): expected \(expected) as \"\(name)\"") }
        return value
    }
}

/// Why a stored document is not what its place calls for.
public struct DocumentError: Error, Equatable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
