public import HeadwaterModel
import HeadwaterStore

/// A task that came to different results in the course of time, found among everything that the store remembers.
public struct StoredContradiction: Sendable {
    public var key: Digest
    /// From the key document; empty if that cannot be read.
    public var plugin: String
    public var phase: String
    /// Two or more, sorted.
    public var results: [Digest]
    /// Where the first two differ; nil if that cannot be told.
    public var difference: ResultDifference?
}

extension History {
    /// Every task key with more than one result: plugins that do not give the same bytes twice.
    public func contradictions() throws -> [StoredContradiction] {
        var out: [StoredContradiction] = []
        let bindings = try store.bindings(.task)
        var start = 0
        while start < bindings.count {
            var end = start + 1
            while end < bindings.count && bindings[end].key == bindings[start].key { end += 1 }
            if end - start > 1, let key = Digest(hex: bindings[start].key) {
                out.append(contradiction(key, bindings[start..<end].map(\.value)))
            }
            start = end
        }
        return out
    }

    private func contradiction(_ key: Digest, _ results: [Digest]) -> StoredContradiction {
        let document = (try? store.blob(key)).flatMap { try? JSON(parsing: $0) }
        return StoredContradiction(
            key: key, plugin: document?["plugin"]?["name"]?.string ?? "", phase: document?["phase"]?.string ?? "",
            results: results,
            difference: (try? ResultDifference(between: results[0], and: results[1], in: store)) ?? nil)
    }
}
