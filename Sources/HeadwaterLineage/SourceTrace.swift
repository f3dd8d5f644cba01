public import HeadwaterModel
import HeadwaterStore

/// Where a source came from and who read it: its container, its encoding, and the runs that read these bytes.
public struct SourceTrace: Sendable {
    public var place: Resolver.SourcePlace
    /// Where it lay, if it is a part of a file.
    public var container: Container?
    /// Of its bytes; nil where they are no longer there.
    public var byteCount: Int?
    /// The latest first.
    public var readings: [Reading]

    /// A stage of a run that read the source.
    public struct Reading: Sendable {
        public var run: RunManifest
        public var stage: RunManifest.Stage
        /// Under which it found it; equal bytes may lie in several places.
        public var locator: String
    }

    public init(of place: Resolver.SourcePlace, history: History) throws {
        let store = history.store
        let reader = DatasetReader(store: store)
        self.place = place
        container = try IndexedRun(place.run, in: store).container(of: place.locator, with: place.digest)
        byteCount = try? store.blob(place.digest).count
        let wanted = Array(place.digest.description.utf8)
        // Runs share most of their shards; each is looked through once.
        var known: [Digest: [String]] = [:]
        var readings: [Reading] = []
        try history.forEachRun { run in
            for stage in run.stages where stage.inputs.isEmpty {
                guard let artifact = stage.artifact else { continue }
                if known[artifact] == nil {
                    var locators: [String] = []
                    for shard in try reader.shards(of: artifact) {
                        if known[shard.digest] == nil {
                            let bytes = try store.blob(shard.digest)
                            let isThere = !ByteSearch.positions(bytes, in: 0..<bytes.count, wanted).isEmpty
                            known[shard.digest] =
                                isThere
                                ? try reader.records(of: shard.digest).filter { $0.sources.contains(place.digest) }
                                    .map { $0.fields["locator"]?.string ?? place.locator } : []
                        }
                        locators += known[shard.digest] ?? []
                    }
                    known[artifact] = locators
                }
                readings += (known[artifact] ?? []).map { Reading(run: run, stage: stage, locator: $0) }
            }
            return true
        }
        self.readings = readings
    }
}
