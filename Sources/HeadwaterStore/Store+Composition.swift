public import HeadwaterModel
import Synchronization

extension Store {
    /// What the store is made of, for whoever keeps something that can be computed from it: another whenever a pack came or
    /// went, or a collection has condemned something, since the sealed packs are all there is.
    ///
    /// - Throws: `StoreError` if the folder cannot be listed.
    public func composition() throws(StoreError) -> Digest {
        _ = try refresh()
        let (packs, condemned) = shelf.view
        var hasher = DigestHasher()
        for pack in packs { hasher.update(Array(pack.path.utf8.suffix(2 * Digest.byteCount + 5) + [0])) }
        // Of a writer also what it has not sealed yet, which only itself can read.
        let own = state.withLock { $0.writers.map { "\($0.file.path) \($0.end)" } }
        hasher.update(Array(own.joined(separator: " ").utf8))
        hasher.update(Array("\(condemned?.generation ?? 0)".utf8))
        return hasher.finish()
    }
}
