public import HeadwaterModel
public import HeadwaterStore

/// The bytes of sources that are read again and again: the records of one partition share a few. Bounded: what a
/// partition holds fits, a corpus does not.
public struct SourceCache {
    static let capacity = 32 << 20

    private let store: Store
    private var held: [Digest: [UInt8]] = [:]
    private var heldBytes = 0

    public init(store: Store) { self.store = store }

    public mutating func bytes(of digest: Digest) throws -> [UInt8] {
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
