/// Finds the documents that are known by one address.
struct AddressSearch {
    struct Entry {
        var key: UInt64
        /// The place of its delegate.
        var document: Int32
        /// Whether this is where the document says it should be found, and not where it was.
        var isCanonical: Bool
    }

    typealias Pair = CandidateSearch.Pair

    /// Documents found under one address, in order.
    private(set) var sameAddress: [Pair] = []
    /// Documents of which one at least names the address as canonical, in order.
    private(set) var sameCanonical: [Pair] = []

    /// Each document is paired with the preferred one of its address and with the next: a site whose pages all name its front
    /// page costs no more than any other.
    init(_ entries: [Entry], levels: Set<Level>, prefers: (Int, Int) -> Bool) {
        let entries = entries.sorted {
            ($0.key, $0.document, $0.isCanonical ? 1 : 0) < ($1.key, $1.document, $1.isCanonical ? 1 : 0)
        }
        var start = 0
        while start < entries.count {
            var end = start + 1
            while end < entries.count && entries[start].key == entries[end].key { end += 1 }
            let run = entries[start..<end]
            start = end
            guard run.count > 1, let first = run.min(by: { prefers(Int($0.document), Int($1.document)) }) else { continue }
            for (a, b) in zip(run, run.dropFirst()) { add(a, b, levels) }
            for other in run { add(first, other, levels) }
        }
        CandidateSearch.sortOnce(&sameAddress)
        CandidateSearch.sortOnce(&sameCanonical)
    }

    private mutating func add(_ a: Entry, _ b: Entry, _ levels: Set<Level>) {
        guard a.document != b.document else { return }
        let pair = Pair(Int(a.document), Int(b.document))
        if a.isCanonical || b.isCanonical {
            if levels.contains(.canonical) { sameCanonical.append(pair) }
        } else if levels.contains(.url) {
            sameAddress.append(pair)
        }
    }
}
