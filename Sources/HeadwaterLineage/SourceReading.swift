import HeadwaterModel
import HeadwaterStore

/// Finds what stands at places of a run's sources; a source is read once for all places of it.
struct SourceReading {
    private let store: Store
    private let run: IndexedRun
    private let wanted: Set<Digest>
    private var known: [Digest: Known]?
    private var opened: [Digest: SourcePlaces] = [:]

    /// Under which locator the run found a source, where that lay, and in which encoding it reads it.
    private struct Known {
        var locator: String
        var charset: Charset
        var container: Container?
    }

    /// - Parameter wanted: the sources that will be asked for.
    init(of wanted: Set<Digest>, in run: IndexedRun, _ store: Store) {
        self.store = store
        self.run = run
        self.wanted = wanted
    }

    mutating func source(_ range: ByteRange, of digest: Digest, for record: RecordID) throws -> Trace.Origin.Source {
        let all = try known ?? look()
        known = all
        // Bytes that are no text are shown in an encoding that has each of them.
        let found = all[digest] ?? Known(locator: digest.description, charset: .windows1252, container: nil)
        // Taken out while it changes, so that it is not copied.
        var places = try opened.removeValue(forKey: digest) ?? SourcePlaces(try store.blob(digest), charset: found.charset)
        guard let cited = range.checked(within: places.bytes.count) else {
            throw RecordProof.Fault(record: record, problem: "it cites bytes outside its source \(digest.short)")
        }
        let source = Trace.Origin.Source(
            digest: digest, locator: found.locator, container: found.container, range: range,
            excerpt: SourceExcerpt(cited, of: &places))
        opened[digest] = places
        return source
    }

    private func look() throws -> [Digest: Known] {
        var all: [Digest: Known] = [:]
        for stage in run.run.stages where stage.inputs.isEmpty {
            for (record, member) in try run.sources(wanted.subtracting(all.keys), of: stage.name) {
                guard let digest = record.sources.first(where: wanted.contains), let locator = record.fields["locator"]?.string
                else { continue }
                let charset = record.fields["charset"]?.string.flatMap { Charset(label: $0) } ?? .windows1252
                all[digest] = Known(
                    locator: locator, charset: charset, container: try run.container(of: locator, in: member))
            }
        }
        return all
    }
}
