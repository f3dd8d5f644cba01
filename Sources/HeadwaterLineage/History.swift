public import HeadwaterModel
public import HeadwaterStore

/// The runs that a store remembers.
public struct History: Sendable {
    public let store: Store

    public init(store: Store) { self.store = store }

    /// All runs that can be read, the latest first (of runs that started in the same millisecond, by id), and those that
    /// cannot.
    public func runs() throws -> (readable: [RunManifest], unreadable: [UnreadableRun]) {
        var readable: [RunManifest] = []
        var unreadable: [UnreadableRun] = []
        for binding in try store.bindings(.run) {
            do {
                readable.append(try manifest(binding.value))
            } catch  where Damage.isMeant(by: error) {
                unreadable.append(UnreadableRun(id: binding.key, problem: "\(error)"))
            }
        }
        readable.sort { ($0.started, $0.id.description) > ($1.started, $1.id.description) }
        return (readable, unreadable)
    }

    /// A run whose manifest is damaged or missing.
    public struct UnreadableRun: Sendable, CustomStringConvertible {
        public var id: String
        public var problem: String

        public var description: String { "run:\(id) cannot be read: \(problem)" }
    }

    public func manifest(_ digest: Digest) throws -> RunManifest {
        try RunManifest(json: JSON(parsing: try store.blob(digest)))
    }

    /// The runs whose id starts with these digits.
    public func runs(startingWith prefix: String) throws -> [RunManifest] {
        try store.bindings(.run).filter { $0.key.hasPrefix(prefix) }.map { try manifest($0.value) }
    }

    /// What a name stands for now: the run of a pipeline (`brief`) or the latest that completed a stage
    /// (`brief/clean`). Where two writers did not know of each other the smaller digest counts.
    public func latest(_ name: String) throws -> RunManifest? {
        try store.heads(of: name).first.map { try manifest($0.value) }
    }

    /// The names that are bound, sorted.
    public func names() throws -> [String] {
        var names: [String] = []
        for binding in try store.bindings(.name) where !(names.last?.hasSameBytes(as: binding.key) ?? false) {
            names.append(binding.key)
        }
        return names
    }

    /// The bindings that say what names stand for now: those of runs which no other one supersedes.
    func headsOfNames() throws -> Set<Digest> {
        let all = try store.bindings(.name)
        let untagged = Digest(of: History.untagged)
        return Set(all.filter { $0.value != untagged }.map(\.digest)).subtracting(all.flatMap(\.supersedes))
    }

    /// The tasks of one stage of a run.
    public func tasks(of stage: RunManifest.Stage) throws -> [TaskEntry] {
        try JSONLines.decode(try store.blob(stage.tasks)).map { try TaskEntry(json: $0) }
    }
}

extension StringProtocol {
    /// Whether the two are spelled with the same bytes. Swift's `==` also takes `e` with a combining accent for `é`; names
    /// of files and addresses that differ so are different names.
    func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
