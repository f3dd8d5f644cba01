import HeadwaterModel
import HeadwaterStore

/// Finds what stands at places of a run's sources; a source is read once for all places of it.
struct SourceReading {
    private let store: Store
    private let run: RunManifest
    private let wanted: Set<Digest>
    private var names: (locators: SourceLocators, containers: SourceContainers)?
    private var opened: [Digest: SourcePlaces] = [:]

    /// - Parameter wanted: the sources that will be asked for.
    init(of wanted: Set<Digest>, in run: RunManifest, _ store: Store) {
        self.store = store
        self.run = run
        self.wanted = wanted
    }

    mutating func source(_ range: ByteRange, of digest: Digest, for record: RecordID) throws -> Trace.Origin.Source {
        let (locators, containers) =
            try names
            ?? (SourceLocators(of: wanted, in: run.stages, store: store), SourceContainers(of: run.stages, store: store))
        names = (locators, containers)
        // Taken out while it changes, so that it is not copied.
        var places =
            try opened.removeValue(forKey: digest)
            ?? SourcePlaces(try store.blob(digest), charset: locators.charset(of: digest))
        guard let cited = range.checked(within: places.bytes.count) else {
            throw RecordProof.Fault(record: record, problem: "it cites bytes outside its source \(digest.short)")
        }
        let source = Trace.Origin.Source(
            digest: digest, locator: locators[digest] ?? digest.description,
            container: try locators[digest].flatMap { try containers.container(of: $0) }, range: range,
            excerpt: SourceExcerpt(cited, of: &places))
        opened[digest] = places
        return source
    }
}
