public import HeadwaterModel
import HeadwaterStore

/// Which runs a collection keeps: the last ones of each pipeline, young ones, tagged ones, and whatever a name stands
/// for now.
public struct Retention: Sendable {
    /// Runs of each pipeline.
    public var newest: Int
    /// Runs that started at this time or later, in milliseconds since 1970; nil if age does not matter.
    public var since: Int?

    public init(newest: Int, since: Int?) {
        self.newest = newest
        self.since = since
    }

    /// What an earlier collection has forgotten stays so, though it be there yet: some of what it needs may be gone.
    ///
    /// - Returns: the digests of the manifests of the runs that are kept, and how many are not.
    /// - Throws: where a run cannot be read, since it cannot be told then whether it is to be kept.
    public func runs(of history: History) throws -> (kept: Set<Digest>, others: Int) {
        let (bindings, damage) = try history.store.readBindings(.run)
        if let fault = damage.first { throw fault }
        let (readable, unreadable) = try history.runs()
        if let run = unreadable.first { throw DocumentError("\(run)") }
        let values = Dictionary(bindings.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        var kept: Set<Digest> = []
        var seen: [String: Int] = [:]
        for run in readable {
            guard let digest = values[run.id.description] else { continue }
            seen[run.pipeline, default: 0] += 1
            let isYoung = since.map { run.started >= $0 } ?? false
            if seen[run.pipeline, default: 0] <= newest || isYoung { kept.insert(digest) }
        }
        // A stage's latest artifact may be of an older run than the pipeline's latest; a tag is a name as well.
        for name in try history.names() { kept.formUnion(try history.heads(of: name)) }
        return (kept, bindings.count - kept.intersection(values.values).count)
    }
}
