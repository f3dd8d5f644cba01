public import HeadwaterModel
public import HeadwaterStore

/// What keeps an erased source from coming back: salted digests of its locator and its bytes, in a document that a
/// tombstone leads to. Says nothing of it to who does not have it already.
public struct Suppression: Hashable, Sendable {
    public static let schema = "headwater.suppression/1"

    public var salt: Salt
    /// Salted: locators under which nothing is read any more, whatever lies there.
    public var locators: Set<Digest>
    /// Salted: bytes that are not taken in any more, wherever they lie.
    public var sources: Set<Digest>
    /// Salted: how many bytes these are, so that only files of such a size have to be read to tell.
    public var sizes: Set<Digest>

    public init(salt: Salt, locators: Set<Digest> = [], sources: Set<Digest> = [], sizes: Set<Digest> = []) {
        self.salt = salt
        self.locators = locators
        self.sources = sources
        self.sizes = sizes
    }

    public var json: JSON {
        func list(_ digests: Set<Digest>) -> JSON { .array(digests.sorted().map { .string($0.hex) }) }
        return [
            "schema": .string(Suppression.schema), "salt": .string(salt.description), "locators": list(locators),
            "sources": list(sources), "sizes": list(sizes),
        ]
    }

    public init(json: JSON) throws(DocumentError) {
        guard json["schema"]?.string == Suppression.schema, let salt = json["salt"]?.string.flatMap({ Salt($0) }) else {
            throw DocumentError("expected a document of schema \(Suppression.schema) with a salt")
        }
        self.init(
            salt: salt, locators: try Suppression.set("locators", json), sources: try Suppression.set("sources", json),
            sizes: try Suppression.set("sizes", json))
    }

    static func set(_ name: String, _ json: JSON) throws(DocumentError) -> Set<Digest> {
        guard let list = json[name]?.array else { throw DocumentError("expected a list of digests as \"\(name)\"") }
        let digests = list.compactMap { $0.string.flatMap { Digest(hex: $0) } }
        guard digests.count == list.count else { throw DocumentError("\"\(name)\" holds something that is no digest") }
        return Set(digests)
    }

    /// Has the store know it for good. The store must be open for writing.
    public func bind(in store: Store) throws {
        let value = try store.put(json.canonical)
        try store.bind(Binding(kind: .tombstone, key: salt.description, value: value))
    }
}

/// All that must not come back into a store.
public struct Suppressions: Sendable {
    public private(set) var all: [Suppression]

    public init() { all = [] }

    public mutating func add(_ others: Suppressions) { all += others.all }

    /// - Throws: where one cannot be read: what it keeps out must not come in for that.
    public init(of store: Store) throws {
        let (bindings, damage) = try store.readBindings(.tombstone, withoutCondemned: false)
        if let fault = damage.first { throw fault }
        all = try bindings.map { try Suppression(json: JSON(parsing: try store.blob($0.value))) }
    }

    public var isEmpty: Bool { all.isEmpty }

    public func covers(locator: String) -> Bool { all.contains { $0.locators.contains($0.salt.digest(of: locator)) } }
    public func covers(_ source: Digest) -> Bool { all.contains { $0.sources.contains($0.salt.digest(of: source)) } }

    /// Whether a source of so many bytes may be one of those; if not it is none.
    public func mayCover(size: Int) -> Bool { all.contains { $0.sizes.contains($0.salt.digest(ofSize: size)) } }
}
