public import HeadwaterModel
public import HeadwaterStore

/// Under which locator a run found a source, and in which encoding it reads it.
public struct SourceLocators: Sendable {
    private var byDigest: [Digest: String] = [:]
    private var charsets: [Digest: Charset] = [:]

    /// Looks for these sources in the records of the stages that read sources. Memory grows with what is asked for, not
    /// with the corpus. Of several locators of equal bytes the first counts.
    public init(of wanted: Set<Digest>, in stages: [RunManifest.Stage], store: Store) throws {
        var missing = wanted
        let reader = DatasetReader(store: store)
        for stage in stages where stage.inputs.isEmpty {
            guard let artifact = stage.artifact, !missing.isEmpty else { continue }
            try look(for: &missing, in: try reader.shards(of: artifact), reader)
        }
    }

    /// None.
    public init() {}

    /// Looks for these sources in these shards of what was read.
    public init(of wanted: Set<Digest>, in shards: [[Shard]], _ reader: DatasetReader) throws {
        var missing = wanted
        for shards in shards { try look(for: &missing, in: shards, reader) }
    }

    private mutating func look(for missing: inout Set<Digest>, in shards: [Shard], _ reader: DatasetReader) throws {
        for shard in shards where !missing.isEmpty {
            for record in try reader.records(of: shard.digest) {
                for source in record.sources where missing.contains(source) {
                    guard let locator = record.fields["locator"]?.string else { continue }
                    byDigest[source] = locator
                    charsets[source] = record.fields["charset"]?.string.flatMap { Charset(label: $0) }
                    missing.remove(source)
                }
            }
        }
    }

    /// Nil for a source that the run did not read.
    public subscript(_ source: Digest) -> String? { byDigest[source] }

    /// The encoding that the source was read in; for bytes that are no text one that shows each of them.
    public func charset(of source: Digest) -> Charset { charsets[source] ?? .windows1252 }
}
