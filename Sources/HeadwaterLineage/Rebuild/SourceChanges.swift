public import HeadwaterModel
public import HeadwaterStore

/// How the sources of one run differ from those of another, by their locators.
public struct SourceChanges: Sendable {
    public private(set) var unchanged = 0
    /// Of other bytes, or with other facts from outside them; had in one run only.
    public private(set) var changed: [String] = []
    public private(set) var added: [String] = []
    public private(set) var removed: [String] = []

    public var isEmpty: Bool { changed.isEmpty && added.isEmpty && removed.isEmpty }

    /// - Throws: what keeps a list of tasks or a task key from being read.
    public init(from run: RunManifest, in store: Store, to other: RunManifest, in otherStore: Store) throws {
        try self.init(
            from: SourceChanges.sources(of: run, in: store), to: SourceChanges.sources(of: other, in: otherStore))
    }

    /// - Parameters: for each source, named as it is to be told, something that stays the same as long as it does.
    public init(from old: [[UInt8]: Digest], to new: [[UInt8]: Digest]) {
        var (changed, added, removed): ([[UInt8]], [[UInt8]], [[UInt8]]) = ([], [], [])
        for (locator, identity) in old {
            guard let found = new[locator] else {
                removed.append(locator)
                continue
            }
            if found == identity { unchanged += 1 } else { changed.append(locator) }
        }
        for locator in new.keys where old[locator] == nil { added.append(locator) }
        func texts(_ locators: [[UInt8]]) -> [String] {
            locators.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
        }
        (self.changed, self.added, self.removed) = (texts(changed), texts(added), texts(removed))
    }

    /// What task keys say of each source. Stages that find the same one are told apart.
    private static func sources(of run: RunManifest, in store: Store) throws -> [[UInt8]: Digest] {
        var out: [[UInt8]: Digest] = [:]
        let readers = run.stages.filter { $0.inputs.isEmpty && $0.artifact != nil }
        for stage in readers {
            let prefix = readers.count > 1 ? Array("\(stage.name): ".utf8) : []
            for task in try History(store: store).tasks(of: stage) {
                let inputs = try JSON(parsing: store.blob(task.key))["inputs"]
                for source in inputs?["sources"]?.array ?? [] {
                    guard let locator = source.array?.first?.string else { continue }
                    out[prefix + Array(locator.utf8)] = source.digest
                }
            }
        }
        return out
    }
}
