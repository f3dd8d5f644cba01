public import HeadwaterModel
import HeadwaterStore

/// Names that people give to runs. A tagged run is kept by every collection, until the tag is moved or removed.
///
/// A tag is a name binding whose name begins with `tag:`, which no pipeline's can. Removing one moves the name to a
/// document that says so.
extension History {
    static let tagPrefix = "tag:"

    /// What a removed tag, or a removed note, stands for.
    package static let untagged = JSON.object(["schema": "headwater.untagged/1"]).canonical

    /// Whether the name is a tag's.
    package static func isTag(_ name: String) -> Bool { name.hasPrefix(tagPrefix) }

    /// What the name stands for now: digests of run manifests; several if writers that did not know of each other moved
    /// it, none if it was removed.
    func heads(of name: String) throws -> [Digest] {
        try store.heads(of: name).map(\.value).filter { $0 != Digest(of: History.untagged) }
    }

    /// All tags that stand for something, sorted by name.
    public func tags() throws -> [(name: String, run: Digest)] {
        try names().filter { $0.hasPrefix(History.tagPrefix) }.compactMap { name in
            try heads(of: name).first.map { (String(name.dropFirst(History.tagPrefix.count)), $0) }
        }
    }

    /// The run that is tagged so.
    public func run(tagged tag: String) throws -> RunManifest? {
        try heads(of: History.tagPrefix + tag).first.map { try manifest($0) }
    }

    /// Whether a tag may be called so: letters, digits, `.`, `_` and `-`, at most 64.
    public static func isTagName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
                }
            }
    }

    /// Has the name stand for this run from now on. The store must be open for writing.
    public func tag(_ run: RunManifest, as tag: String) throws {
        let name = History.tagPrefix + tag
        guard let value = try store.bindings(.run, run.id.description).first?.value else { return }
        let heads = try store.heads(of: name)
        try store.bind(Binding(kind: .name, key: name, value: value, supersedes: heads.map(\.digest)))
        try store.commit()
    }

    /// - Returns: whether there was such a tag.
    public func untag(_ tag: String) throws -> Bool {
        let name = History.tagPrefix + tag
        guard try !heads(of: name).isEmpty else { return false }
        let value = try store.put(History.untagged)
        try store.bind(Binding(kind: .name, key: name, value: value, supersedes: try store.heads(of: name).map(\.digest)))
        try store.commit()
        return true
    }
}
