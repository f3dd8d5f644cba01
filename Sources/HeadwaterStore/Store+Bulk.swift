import HeadwaterModel
import Synchronization

extension Store {
    /// Whether each of these is all that is bound to its key, and what it is bound to is there and undamaged: what `bindings`
    /// and `blob` would tell of each, for less than so many questions cost, as each pack is opened once.
    ///
    /// False also where it cannot be told, as of a binding of which one copy is damaged; who asks one by one is told then.
    public func holdsOnly(_ bindings: [Binding]) -> Bool {
        do throws(StoreError) {
            _ = try refresh(unlessWithin: settings.lookInterval)
            lookAtUnsealed()
            var search = BulkSearch(bindings, condemned)
            let keys = search.keys
            // What is not sealed yet is rarely looked for.
            let isSealed = state.withLock { state in
                keys.allSatisfy { key in state.writers.allSatisfy { $0.bindings(key).isEmpty } }
            }
            guard isSealed, keys.allSatisfy({ unsealed?.bindings($0).isEmpty ?? true }) else { return false }
            for pack in shelf.packs { try search.look(in: pack) }
            guard search.isBound.allSatisfy(\.self) else { return false }
            for (binding, isRead) in zip(bindings, search.isRead) where !isRead {
                // Large blobs are files of their own.
                guard try isWhole(binding.value) else { return false }
            }
            return true
        } catch {
            return false
        }
    }
}

/// Bindings and their values that are looked for in one pack after the other.
private struct BulkSearch {
    let bindings: [Binding]
    /// What the bindings are found by.
    let keys: [Digest]
    private let digests: [Digest]
    private let condemned: Condemned?
    private(set) var isBound: [Bool]
    /// Whether the value has been read, and is what it should be.
    private(set) var isRead: [Bool]

    init(_ bindings: [Binding], _ condemned: Condemned?) {
        self.bindings = bindings
        self.condemned = condemned
        keys = bindings.map { Binding.lookupKey($0.kind, $0.key) }
        digests = bindings.map(\.digest)
        isBound = bindings.map { _ in false }
        isRead = isBound
    }

    /// - Throws: where the pack has another binding of a key, or a damaged one.
    mutating func look(in pack: SealedPack) throws(StoreError) {
        var open: File?
        func read(_ place: EntryPlace, _ kind: EntryHeader.Kind, _ digest: Digest) throws(StoreError) -> Bool {
            var place = place
            if open == nil { open = try File(ifExists: pack.path, .read, on: pack.disk) }
            if let open { place.holder = .open(open) }
            return try place.payload(kind, digest) != nil
        }
        for index in bindings.indices {
            for place in try pack.bindings(keys[index]) {
                let isThere = try read(place, .binding, digests[index])
                if isThere, condemned?.has(binding: digests[index], in: pack) != true { isBound[index] = true }
            }
            let value = bindings[index].value
            if !isRead[index], condemned?.has(blob: value, in: pack) != true, let place = try pack.blob(value) {
                do throws(StoreError) {
                    isRead[index] = try read(place, .blob, value)
                } catch  where error.isDamage {
                    continue  // Another copy may be whole.
                }
            }
        }
    }
}
