import HeadwaterModel
import HeadwaterStore

/// The bytes of the sources that one task reads again and again. Bounded: what a partition holds fits, a corpus does not.
struct SourceCache {
    static let capacity = 32 << 20

    private let store: Store
    private var held: [Digest: [UInt8]] = [:]
    private var heldBytes = 0

    init(store: Store) { self.store = store }

    mutating func bytes(of digest: Digest) throws -> [UInt8] {
        if let known = held[digest] { return known }
        let bytes = try store.blob(digest)
        if heldBytes + bytes.count > SourceCache.capacity {
            held.removeAll()
            heldBytes = 0
        }
        held[digest] = bytes
        heldBytes += bytes.count
        return bytes
    }
}
