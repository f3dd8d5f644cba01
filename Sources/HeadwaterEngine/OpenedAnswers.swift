import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterStore

/// Puts what answers of the network hold in the place of those that are made of parts, such as archives.
///
/// The answer stays what is pinned; its parts are the sources, stored and named in task keys like those of files.
extension SourceSnapshot {
    /// The same sources, but for answers that the stage takes apart. Blocks.
    ///
    /// - Throws: `StageStopped` if the run is to stop before all are taken apart.
    func opened(_ partition: SourcePartition) throws -> SourcePartition {
        guard partition.sources.contains(where: { $0.parts != nil }) else { return partition }
        var out = SourcePartition(sources: [])
        var held = partition.sources.reduce(0) { $0 + ($1.parts == nil ? $1.bytes?.count ?? 0 : 0) }
        for var source in partition.sources {
            let (store, bytes) = (store, source.bytes)
            if let parts = source.parts, let digest = source.digest {
                let answer = RetrievedSource(locator: source.locator, digest: digest, facts: source.facts) {
                    try bytes ?? store.blob(digest)
                }
                let isOpened = try stage.open(answer, parts: parts) { container, part in
                    if isStopping() { throw StageStopped() }
                    if leavesOut(part.bytes, container.source) { return }
                    let digest = isDry ? Digest(of: part.bytes) : try store.put(part.bytes)
                    held += part.bytes.count
                    out.sources.append(
                        .init(
                            locator: container.source, digest: digest, facts: part.facts,
                            bytes: held <= SourceSnapshot.heldBytes ? part.bytes : nil))
                    out.containers += container.json.canonical + [UInt8(ascii: "\n")]
                }
                if isOpened { continue }
            }
            source.parts = nil
            out.sources.append(source)
        }
        return out
    }
}
