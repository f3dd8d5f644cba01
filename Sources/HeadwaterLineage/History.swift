public import HeadwaterModel
public import HeadwaterStore

/// The runs that a store remembers.
public struct History: Sendable {
    public let store: Store

    public init(store: Store) { self.store = store }

    /// All runs that can be read, the latest first, and those that cannot.
    public func runs() throws -> (readable: [RunManifest], unreadable: [UnreadableRun]) {
        var readable: [RunManifest] = []
        let unreadable = try forEachRun { run in
            readable.append(run)
            return true
        }
        return (readable, unreadable)
    }

    /// Calls `body` with the runs, the latest first, until it returns false: no more of them are read than that takes.
    ///
    /// A run is later than those it follows, whatever the clock said; of runs that do not follow one another the one of
    /// higher order is later, and of equal orders the one of higher id.
    /// - Returns: the runs that cannot be read, as far as they were met.
    @discardableResult
    public func forEachRun(_ body: (RunManifest) throws -> Bool) throws -> [UnreadableRun] {
        var met: Set<String> = []
        // Those to choose from: at first each pipeline's latest runs, and for each that was taken those it follows.
        var next: [RunManifest] = []
        var isCut = false
        func reach(_ digests: [Digest]) {
            for digest in digests {
                do {
                    let run = try manifest(digest)
                    // What a collection has forgotten may be there for a while yet.
                    guard try store.bindings(.run, run.id.description).contains(where: { $0.value == digest }) else {
                        isCut = true
                        continue
                    }
                    if met.insert(run.id.description).inserted { next.append(run) }
                } catch is DocumentError {
                    continue  // A name of something else than a run.
                } catch {
                    isCut = true
                }
            }
        }
        for name in try names() where !name.contains("/") { reach(try store.heads(of: name).map(\.value)) }
        while !isCut, let latest = next.indices.max(by: { next[$0].isEarlier(than: next[$1]) }) {
            let run = next.remove(at: latest)
            if try !body(run) { return [] }
            reach(run.follows)
        }
        // The way to some is cut where a run is damaged or no longer kept; so the others are looked for one by one.
        var unreadable: [UnreadableRun] = []
        for binding in try store.bindings(.run) where !met.contains(binding.key) {
            do {
                next.append(try manifest(binding.value))
            } catch  where Damage.isMeant(by: error) {
                unreadable.append(UnreadableRun(id: binding.key, problem: "\(error)"))
            }
        }
        for run in next.sorted(by: { $1.isEarlier(than: $0) }) {
            if try !body(run) { break }
        }
        return unreadable
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
        // A whole id is looked up; only the start of one has to be compared with all.
        let known = try RunID(prefix) == nil ? store.bindings(.run) : store.bindings(.run, prefix)
        return try known.filter { $0.key.hasPrefix(prefix) }.map { try manifest($0.value) }
    }

    /// What a name stands for now: the run of a pipeline (`brief`) or the latest that completed a stage
    /// (`brief/clean`). Where writers that did not know of each other moved it, the later run counts.
    public func latest(_ name: String) throws -> RunManifest? {
        let heads = try heads(of: name)
        if heads.count < 2 { return try heads.first.map(manifest) }
        var latest: RunManifest?
        var failure: (any Error)?
        for head in heads {
            do {
                let run = try manifest(head)
                if latest.map({ $0.isEarlier(than: run) }) ?? true { latest = run }
            } catch {
                failure = failure ?? error
            }
        }
        if let failure, latest == nil { throw failure }
        return latest
    }

    /// The names of pipelines, stages and tags that are bound, sorted.
    public func names() throws -> [String] { try store.keys(.name).filter { !$0.hasPrefix(History.notePrefix) } }

    /// The bindings that say what names stand for now: those of runs and notes which no other one supersedes.
    func headsOfNames() throws -> Set<Digest> {
        let all = try store.bindings(.name)
        let untagged = Digest(of: History.untagged)
        return Set(all.filter { $0.value != untagged }.map(\.digest)).subtracting(all.flatMap(\.supersedes))
    }

    /// The tasks of one stage of a run.
    public func tasks(of stage: RunManifest.Stage) throws -> [TaskEntry] {
        try TaskEntry.list(reading: store.blob(stage.tasks))
    }
}

extension RunManifest {
    fileprivate func isEarlier(than other: RunManifest) -> Bool {
        (order, id.description) < (other.order, other.id.description)
    }
}

extension StringProtocol {
    /// Whether the two are spelled with the same bytes. Swift's `==` also takes `e` with a combining accent for `é`; names
    /// of files and addresses that differ so are different names.
    package func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
