public import HeadwaterModel
import HeadwaterStore

/// Which sources are to be erased: those that somebody named, with every version that a run found there, and whatever has
/// the same bytes elsewhere.
public struct ErasureTargets: Sendable {
    /// What a run found at a locator; nil where the source could not be had.
    public struct Version: Hashable, Comparable, Sendable {
        public var locator: String
        public var digest: Digest?

        public init(locator: String, digest: Digest?) {
            self.locator = locator
            self.digest = digest
        }

        public static func == (a: Version, b: Version) -> Bool { a.digest == b.digest && a.locator.hasSameBytes(as: b.locator) }

        public func hash(into hasher: inout Hasher) {
            var locator = locator
            locator.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            hasher.combine(digest)
        }

        public static func < (a: Version, b: Version) -> Bool {
            if !a.locator.hasSameBytes(as: b.locator) { return a.locator.utf8.lexicographicallyPrecedes(b.locator.utf8) }
            return (a.digest?.hex ?? "") < (b.digest?.hex ?? "")
        }
    }

    /// Sorted, like the others.
    public internal(set) var named: Set<Version> = []
    /// Sources of other locators whose bytes are those of a named one.
    public internal(set) var copies: Set<Version> = []
    /// Sources that are files which a run published, with text of an erased source in them.
    public internal(set) var publications: Set<Version> = []
    /// The locators under which nothing may be read any more.
    public internal(set) var locators: Set<String.Bytes> = []
    /// The bytes that may not be there any more. Those of an empty source are not among them: they say nothing.
    public internal(set) var digests: Set<Digest> = []

    public init() {}

    /// Targets that were found before.
    public init(
        named: Set<Version>, copies: Set<Version>, publications: Set<Version>, locators: [String], digests: Set<Digest>
    ) {
        (self.named, self.copies, self.publications, self.digests) = (named, copies, publications, digests)
        self.locators = Set(locators.map(\.bytes))
    }

    /// Whether the source with these bytes at this locator is among them.
    public func covers(locator: String, _ digest: Digest?) -> Bool { covers(Version(locator: locator, digest: digest)) }

    static let empty = Digest(of: [UInt8]())

    func covers(_ version: Version) -> Bool {
        version.digest.map(digests.contains) ?? false || locators.contains(version.locator.bytes)
    }

    mutating func add(digest: Digest?) {
        if let digest, digest != ErasureTargets.empty { digests.insert(digest) }
    }
}

extension String {
    /// Compared byte by byte: two names of files may be equal as Unicode has it and be two all the same.
    public typealias Bytes = [UInt8]

    var bytes: Bytes { Array(utf8) }
}

/// The sources that runs have read, as the keys of their tasks name them.
struct KnownSources {
    let history: History

    /// Calls with what every task has read that the store knows, once for each key: those of runs that were killed or are
    /// forgotten as well, as long as anything of them is there.
    func forEachKnown(_ body: ([ErasureTargets.Version]) throws -> Void) throws {
        let (bindings, damage) = try history.store.readBindings(.task, withoutCondemned: false)
        if let fault = damage.first { throw fault }
        let mark = Array("\"sources\":[".utf8)
        var last = ""
        for binding in bindings where binding.key != last {
            last = binding.key
            guard let key = Digest(hex: binding.key), history.store.contains(key) else { continue }
            let bytes = try history.store.blob(key)
            if ByteSearch.positions(bytes, in: 0..<bytes.count, mark).isEmpty { continue }
            try body(KnownSources.sources(of: try JSON(parsing: bytes)))
        }
    }

    static func sources(of key: JSON) -> [ErasureTargets.Version] {
        (key["inputs"]?["sources"]?.array ?? []).compactMap { source in
            guard let parts = source.array, parts.count > 1, let locator = parts[0].string else { return nil }
            return ErasureTargets.Version(locator: locator, digest: parts[1].string.flatMap { Digest($0) })
        }
    }
}
