public import HeadwaterModel

/// A fact that ties a key to a digest: a task key to its result, a run id to its manifest, a name to a manifest, a request
/// to its answer.
///
/// Bindings form a set that only grows; they have no order and no clock. Several values may be bound to one key, and
/// all are kept. Equal means equal bytes: keys that differ only in Unicode normalisation are different keys.
public struct Binding: Sendable {
    /// What the key names.
    public enum Kind: String, CaseIterable, Sendable {
        /// A task key, printed; bound to the task's result.
        case task
        /// A run id; bound to the run's manifest.
        case run
        /// A name that people use, of a pipeline or an artifact; moves by superseding.
        case name
        /// What a server answered to a request; the request's key, bound to a blob that tells the answer. It is used again
        /// until somebody asks anew; the new answer supersedes the old one.
        case pin
        /// Something that was taken out on purpose; bound to the proof of it.
        case tombstone
    }

    public var kind: Kind
    public var key: String
    public var value: Digest
    /// The bindings (by their own digests) that this one replaces; used by names and pins only. Kept sorted, each once.
    public var supersedes: [Digest] {
        didSet { supersedes = Binding.ordered(supersedes) }
    }

    public init(kind: Kind, key: String, value: Digest, supersedes: [Digest] = []) {
        self.kind = kind
        self.key = key
        self.value = value
        self.supersedes = Binding.ordered(supersedes)
    }

    private static func ordered(_ digests: [Digest]) -> [Digest] { digests.count < 2 ? digests : Set(digests).sorted() }

    /// The digest of the binding's canonical JSON: its identity.
    public var digest: Digest { Digest(of: canonical) }
}

extension Binding: Hashable, Comparable {
    public static func == (a: Binding, b: Binding) -> Bool {
        a.kind == b.kind && a.value == b.value && a.supersedes == b.supersedes && a.key.utf8.elementsEqual(b.key.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        var key = key
        key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(value)
        hasher.combine(supersedes)
    }

    /// By kind, then the key's bytes, then value, then what is superseded.
    public static func < (a: Binding, b: Binding) -> Bool {
        if a.kind != b.kind { return a.kind.rawValue < b.kind.rawValue }
        if !a.key.utf8.elementsEqual(b.key.utf8) { return a.key.utf8.lexicographicallyPrecedes(b.key.utf8) }
        if a.value != b.value { return a.value < b.value }
        return a.supersedes.lexicographicallyPrecedes(b.supersedes)
    }
}

extension Binding {
    /// The canonical JSON that is stored: `{"key":…,"kind":…,"supersedes":[…],"value":…}`.
    var canonical: [UInt8] {
        var writer = JSONWriter()
        writer.object {
            $0.key("key")
            $0.string(key)
            $0.key("kind")
            $0.string(kind.rawValue)
            $0.key("supersedes")
            $0.array { for digest in supersedes { $0.digest(digest) } }
            $0.key("value")
            $0.digest(value)
        }
        return writer.bytes
    }

    /// The binding that this canonical JSON spells; nil if it is none, or spelled otherwise.
    init?(canonical bytes: [UInt8]) {
        if let binding = bytes.withUnsafeBufferPointer({ Binding(scanning: $0) }) {
            self = binding
            return
        }
        var (kind, key, value): (Kind?, String?, Digest?)
        var supersedes: [Digest] = []
        var reader = JSONReader(bytes)
        do throws(JSONError) {
            // A name that occurs twice, or is not known, makes the binding another than these bytes spell.
            try reader.object { reader, name throws(JSONError) in
                switch name {
                case "kind": kind = Kind(rawValue: try reader.string())
                case "key": key = try reader.string()
                case "value": value = Digest(try reader.string())
                case "supersedes":
                    try reader.array { reader throws(JSONError) in
                        if let digest = Digest(try reader.string()) { supersedes.append(digest) }
                    }
                default: _ = try reader.value()
                }
            }
            try reader.end()
        } catch {
            return nil
        }
        guard let kind, let key, let value else { return nil }
        self.init(kind: kind, key: key, value: value, supersedes: supersedes)
        guard canonical == bytes else { return nil }
    }

    /// The same for keys without escapes.
    private init?(scanning bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = CanonicalScanner(bytes)
        guard scanner.skip("{\"key\":"), let key = scanner.string(), scanner.skip(",\"kind\":"),
            let kind = scanner.string().flatMap({ Kind(rawValue: $0) }), scanner.skip(",\"supersedes\":[")
        else { return nil }
        var supersedes: [Digest] = []
        if !scanner.skip("]") {
            repeat {
                guard let digest = scanner.digest(), supersedes.last.map({ $0 < digest }) ?? true else { return nil }
                supersedes.append(digest)
            } while scanner.skip(",")
            guard scanner.skip("]") else { return nil }
        }
        guard scanner.skip(",\"value\":"), let value = scanner.digest(), scanner.skip("}"), scanner.isAtEnd else { return nil }
        self.init(kind: kind, key: key, value: value, supersedes: supersedes)
    }
}
