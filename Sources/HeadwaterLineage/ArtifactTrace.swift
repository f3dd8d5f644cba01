public import HeadwaterModel
public import HeadwaterStore

/// Of which sources an artifact is made: how much of its text came from each, over all of its records.
public struct ArtifactTrace: Sendable {
    /// One source, and what of the artifact's text came from it.
    public struct Share: Sendable {
        public var digest: Digest
        /// Nil for a source that no record of the run's sources names.
        public var locator: String?
        /// Records with text from it, or that stand for it.
        public var records = 0
        /// Bytes of text that came from it.
        public var bytes = 0
        /// Of these, the ones that equal its bytes.
        public var verbatim = 0
    }

    /// The ones of which most came first; equal ones by name.
    public let shares: [Share]
    public private(set) var records = 0
    public private(set) var bytes = 0
    /// Bytes of text without a source.
    public private(set) var unsourced = 0

    /// Reads the artifact shard by shard; memory grows with the number of sources.
    public init(of place: Resolver.ArtifactPlace, store: Store) throws {
        let reader = DatasetReader(store: store)
        var shares: [Digest: Share] = [:]
        var totals = (records: 0, bytes: 0, unsourced: 0)
        func add(_ record: Record) {
            totals.records += 1
            totals.bytes += record.text.count
            for source in Set(record.sources) { shares[source, default: Share(digest: source)].records += 1 }
            for segment in record.segments {
                guard record.sources.indices.contains(segment.source) else {
                    totals.unsourced += segment.length
                    continue
                }
                let source = record.sources[segment.source]
                shares[source]?.bytes += segment.length
                if segment.mode == .verbatim { shares[source]?.verbatim += segment.length }
            }
        }
        try reader.forEachRecord(of: place.dataset) { _, record in add(record) }
        if let tree = place.content.tree {
            for number in tree.files.indices { if let file = try tree.record(number, in: store) { add(file) } }
        }
        let locators = try SourceLocators(of: Set(shares.keys), in: place.run.stages, store: store)
        self.shares = shares.values.map { share in
            var share = share
            share.locator = locators[share.digest]
            return share
        }.sorted { a, b in
            if a.bytes != b.bytes { return a.bytes > b.bytes }
            let (x, y) = (a.locator ?? "", b.locator ?? "")
            return x.hasSameBytes(as: y) ? a.digest < b.digest : x.utf8.lexicographicallyPrecedes(y.utf8)
        }
        (records, bytes, unsourced) = totals
    }
}
