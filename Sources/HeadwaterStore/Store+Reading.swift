public import HeadwaterModel
import Synchronization

extension Store {
    /// Whether the store has this blob and, if it is open for writing, will keep it: to a writer what is condemned is
    /// not there. Its bytes are checked when they are read. Of a blob that was left in place, whether its original is
    /// there with the right length.
    public func contains(_ digest: Digest) -> Bool { stores(digest) || refers(to: digest) }

    /// Whether the store has the bytes of this blob itself, and not only a reference to where they lie.
    public func stores(_ digest: Digest) -> Bool {
        switch state.withLock({ $0.known(digest) }) {
        case .ours: return true
        case .damaged: return false
        case .unknown: break
        }
        if holdsInSealedPacks(digest) || holdsFile(digest) { return true }
        return (lookAgain() && holdsInPacks(digest)) || placeUnsealed(digest) != nil
    }

    /// Whether `contains` is true of each of these, for less than so many questions cost.
    public func containsAll(_ digests: [Digest]) -> Bool {
        let others = state.withLock { state -> [Digest]? in
            digests.contains { state.known($0) == .damaged } ? nil : digests.filter { state.known($0) == .unknown }
        }
        guard let others else { return false }
        if others.isEmpty { return true }
        let packs = shelf.packs
        return others.allSatisfy { holds($0, in: packs) || contains($0) }
    }

    /// Where another writer has the blob that has not sealed it yet.
    private func placeUnsealed(_ digest: Digest) -> EntryPlace? {
        guard let unsealed else { return nil }
        if let place = unsealed.blob(digest) { return place }
        lookAtUnsealed()
        return unsealed.blob(digest)
    }

    /// Looks at what other writers have not sealed yet; what keeps us from it is among the warnings, and costs time only.
    func lookAtUnsealed() {
        guard let unsealed else { return }
        do throws(StoreError) {
            let moved = try unsealed.look { Set(state.withLock { $0.writers.map(\.file.path) }) }
            if moved.isEmpty { return }
            _ = try refresh()
            unsealed.forget(moved)
        } catch {
            shelf.warn(error, error.path)
        }
    }

    private func refers(to digest: Digest) -> Bool {
        if isKnownDamaged(digest) || !lastsAsReference(digest) { return false }
        guard let reference = (try? Reference.read(digest, in: layout)) ?? nil, reference.isThere else { return false }
        if access == .write { noteFile(digest, in: layout.references) }
        return true
    }

    /// Whether there is a reference to this blob that is not condemned.
    func lastsAsReference(_ digest: Digest) -> Bool {
        guard let stamp = layout.disk.stamp(layout.references.path(of: digest)) else { return false }
        return condemned?.has(file: digest, stamp) != true
    }

    /// Has the store take these blobs for damaged: it does not hold them, until they are put again. For who has found out
    /// by an inspection.
    public func distrust(_ digests: some Sequence<Digest>) { state.withLock { $0.damaged.formUnion(digests) } }

    /// Whether every copy of it that we met is damaged, and it was not put again since.
    private func isKnownDamaged(_ digest: Digest) -> Bool { state.withLock { $0.damaged.contains(digest) } }

    /// The blob's bytes, checked against its digest. One that was left in place is read from its original.
    ///
    /// - Throws: `missingBlob`, or `damaged` with the place when every copy of it is; of an original that is gone or
    ///   has changed, the same with the original's path.
    public func blob(_ digest: Digest) throws(StoreError) -> [UInt8] {
        var damage: StoreError?
        if let bytes = try copy(of: digest, &damage) { return bytes }
        do throws(StoreError) {
            if let bytes = try Reference.read(digest, in: layout)?.payload(on: layout.disk) { return bytes }
        } catch {
            damage = damage ?? error
        }
        if let damage {
            if damage.isDamage { state.withLock { _ = $0.damaged.insert(digest) } }
            throw damage
        }
        throw StoreError(
            .missingBlob(digest), path, "the store has no \(digest)",
            remedy: "run the pipeline again, or fetch it from another store")
    }

    /// The bytes of a copy that the store has itself; nil if none is whole.
    ///
    /// - Parameters:
    ///   - isToLast: whether copies do not count that are condemned, as they are soon removed.
    ///   - damage: the first damage that was met.
    private func copy(
        of digest: Digest, isToLast: Bool = false, _ damage: inout StoreError?
    ) throws(StoreError) -> [UInt8]? {
        var reading = BlobReading(digest)
        // A pack that vanished was rewritten into another. Looking again goes on only while packs come or go.
        while true {
            var bytes = try reading.read(places(of: digest, isToLast: isToLast))
            if bytes == nil { bytes = try reading.readFile(layout) }
            if let bytes { return bytes }
            let vanished = reading.takeVanished()
            if !vanished.isEmpty { shelf.forget(vanished) }
            if !(try refresh()) && vanished.isEmpty { break }
        }
        if let place = placeUnsealed(digest), let bytes = try reading.read([place]) { return bytes }
        damage = reading.damage
        return nil
    }

    /// Every binding of this key, sorted by value, each once. To a writer what is condemned is not there, and of names and
    /// runs it is not to a reader either: a name would stand for something again when what superseded it went first. What is
    /// damaged is among the warnings.
    public func bindings(_ kind: Binding.Kind, _ key: String) throws(StoreError) -> [Binding] {
        let lookupKey = Binding.lookupKey(kind, key)
        lookAtUnsealed()
        return whole(
            try bindings(
                // Of a task that somebody else has just done nothing is lost but the time to do it again.
                asOf: kind == .task && access == .write ? settings.lookInterval : 0,
                hides: kind == .name || kind == .run || access == .write, unsealed?.bindings(lookupKey) ?? [],
                { $0.bindings(lookupKey) },
                { (pack) throws(StoreError) in try pack.bindings(lookupKey) }))
    }

    /// Every binding of this kind, sorted by key and then by value, each once, without those that a collection has
    /// condemned; what is damaged is among the warnings.
    public func bindings(_ kind: Binding.Kind) throws(StoreError) -> [Binding] { whole(try readBindings(kind)) }

    /// Every binding of this kind, and what is damaged among them: for those who must not miss one.
    ///
    /// - Parameter hides: whether those are left out that a collection has condemned. A writer may rely on them that was
    ///   there before, so that who decides what is needed has to see them.
    public func readBindings(
        _ kind: Binding.Kind, withoutCondemned hides: Bool = true
    ) throws(StoreError) -> (bindings: [Binding], damage: [StoreError]) {
        try bindings(hides: hides, [], { $0.bindings(kind) }, { (pack) throws(StoreError) in try pack.bindings(kind) })
    }

    /// Every key that has a binding of this kind which `bindings` would list, sorted, each once. For each only as many are
    /// read as it takes to find one: a name has one for every run.
    public func keys(_ kind: Binding.Kind) throws(StoreError) -> [String] {
        while true {
            _ = try refresh()
            var places: [Digest: [(place: EntryPlace, pack: SealedPack?)]] = [:]
            for writer in state.withLock({ $0.writers }) {
                for (key, place) in writer.places(kind) { places[key, default: []].append((place, nil)) }
            }
            let (packs, latest) = shelf.view
            let hidden = access == .write ? condemned : latest
            for pack in packs {
                for (key, place) in try pack.places(kind) { places[key, default: []].append((place, pack)) }
            }
            var keys: [String] = []
            var vanished: Set<String> = []
            var damage: [StoreError] = []
            for copies in places.values {
                var reading = BindingReading()
                for (place, pack) in copies where reading.bindings.isEmpty {
                    try reading.read([place], except: pack == nil ? nil : hidden, in: pack)
                }
                if let found = reading.bindings.first { keys.append(found.key) }
                vanished.formUnion(reading.vanished)
                damage += reading.sorted().damage
            }
            if vanished.isEmpty {
                for error in damage { shelf.warn(error, error.path) }
                return keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            }
            shelf.forget(vanished)
        }
    }

    private func whole(_ read: (bindings: [Binding], damage: [StoreError])) -> [Binding] {
        for error in read.damage { shelf.warn(error, error.path) }
        return read.bindings
    }

    /// The bindings of a name that no other known one supersedes, sorted by value. More than one when writers that
    /// did not know of each other moved the name.
    public func heads(of name: String) throws(StoreError) -> [Binding] {
        let known = try bindings(.name, name)
        let superseded = Set(known.flatMap(\.supersedes))
        return known.filter { !superseded.contains($0.digest) }
    }

    /// - Parameter age: how old a look at the sealed packs may be, in nanoseconds.
    private func bindings(
        asOf age: Int64 = 0, hides: Bool, _ unsealed: [EntryPlace], _ own: (PackWriter) -> [EntryPlace],
        _ sealed: (SealedPack) throws(StoreError) -> [EntryPlace]
    ) throws(StoreError) -> (bindings: [Binding], damage: [StoreError]) {
        while true {
            _ = try refresh(unlessWithin: age)
            var reading = BindingReading()
            // Ours first: a pack that is sealed in between is then met twice, not missed.
            try reading.read(state.withLock { $0.writers.flatMap(own) } + unsealed)
            let (packs, latest) = shelf.view
            let hidden = hides ? (access == .write ? condemned : latest) : nil
            for pack in packs { try reading.read(sealed(pack), except: hidden, in: pack) }
            if reading.vanished.isEmpty { return reading.sorted() }
            shelf.forget(reading.vanished)
        }
    }

    // MARK: Look-up

    /// Whether storing this blob, which our own packs do not have, would be a repetition. Packs that others sealed
    /// meanwhile are not looked for: a second copy does no harm.
    func holdsSealed(_ digest: Digest, length: Int) -> Bool {
        length <= EntryHeader.largestPayload ? holdsInSealedPacks(digest) : holdsFile(digest)
    }

    /// Whether a copy that we hold, and that is not condemned, is what it should be. What this store has just written is. One
    /// that was removed in between has to be made again, like a damaged one.
    func isWhole(_ digest: Digest) throws(StoreError) -> Bool {
        if state.withLock({ $0.holds(blob: digest) }) { return true }
        var damage: StoreError?
        return try copy(of: digest, isToLast: true, &damage) != nil
    }

    private func holdsFile(_ digest: Digest) -> Bool {
        guard let stamp = layout.disk.stamp(layout.blobFiles.path(of: digest)) else { return false }
        if condemned?.has(file: digest, stamp) == true { return false }
        if access == .write { noteFile(digest, in: layout.blobFiles) }
        return true
    }

    private func holdsInPacks(_ digest: Digest) -> Bool {
        state.withLock({ $0.row(of: digest) != nil }) || holdsInSealedPacks(digest)
    }

    func holdsInSealedPacks(_ digest: Digest) -> Bool {
        holds(digest, in: shelf.packs)
    }

    private func holds(_ digest: Digest, in packs: [SealedPack]) -> Bool {
        packs.contains { $0.contains(digest) && condemned?.has(blob: digest, in: $0) != true }
    }

    private func places(of digest: Digest, isToLast: Bool) throws(StoreError) -> [EntryPlace] {
        var places = state.withLock { $0.writers.compactMap { writer in writer.blobs[digest].map(writer.place) } }
        for pack in shelf.packs {
            if isToLast && condemned?.has(blob: digest, in: pack) == true { continue }
            if let place = try pack.blob(digest) { places.append(place) }
        }
        return places
    }

    /// Looks for packs that others sealed.
    ///
    /// - Returns: whether there are any that were not known.
    func refresh(unlessWithin age: Int64 = 0) throws(StoreError) -> Bool {
        let isNew = try shelf.refresh(unlessWithin: age)
        if isNew && access == .write { notePacks() }
        return isNew
    }

    /// Looks for packs that others sealed; what keeps us from it is told by `warnings` and by the next read that throws.
    private func lookAgain() -> Bool {
        do throws(StoreError) {
            return try refresh()
        } catch {
            shelf.warn(error, error.path)
            return false
        }
    }
}

/// One attempt to read a blob from wherever it is: the first undamaged copy will do.
private struct BlobReading {
    let digest: Digest
    /// The first damage that was met.
    private(set) var damage: StoreError?
    private var vanished: Set<String> = []

    init(_ digest: Digest) { self.digest = digest }

    mutating func read(_ places: [EntryPlace]) throws(StoreError) -> [UInt8]? {
        for place in places {
            do throws(StoreError) {
                if let bytes = try place.payload(.blob, digest) { return bytes }
                vanished.insert(place.path)
            } catch  where error.isDamage {
                damage = damage ?? error
            }
        }
        return nil
    }

    /// The files that were gone when they were to be read, since this was asked last.
    mutating func takeVanished() -> Set<String> {
        defer { vanished = [] }
        return vanished
    }

    mutating func readFile(_ layout: StoreLayout) throws(StoreError) -> [UInt8]? {
        do throws(StoreError) {
            return try BlobFile.read(digest, in: layout)
        } catch  where error.isDamage {
            damage = damage ?? error
            return nil
        }
    }
}

/// Bindings read from their entries. A damaged entry is an error unless another copy of the same binding is whole.
struct BindingReading {
    private(set) var bindings: Set<Binding> = []
    /// The files that were gone when they were to be read.
    private(set) var vanished: Set<String> = []
    private var damage: [StoreError] = []

    /// - Parameter condemned: says which of the pack's entries do not count.
    mutating func read(
        _ places: [EntryPlace], except condemned: Condemned? = nil, in pack: SealedPack? = nil
    ) throws(StoreError) {
        for place in places {
            do throws(StoreError) {
                guard let payload = try place.payload(.binding, nil) else {
                    vanished.insert(place.path)
                    continue
                }
                guard let binding = Binding(canonical: payload) else {
                    throw place.damaged(Digest(of: payload), "it is no binding")
                }
                if let condemned, let pack, condemned.has(binding: Digest(of: payload), in: pack) { continue }
                bindings.insert(binding)
            } catch  where error.isDamage {
                damage.append(error)
            }
        }
    }

    /// What is whole, and what is damaged with no whole copy.
    func sorted() -> (bindings: [Binding], damage: [StoreError]) {
        if damage.isEmpty { return (bindings.sorted(), []) }
        let whole = Set(bindings.map(\.digest))
        return (
            bindings.sorted(),
            damage.filter { error in
                if case .damaged(let digest?) = error.kind { return !whole.contains(digest) }
                return true
            }
        )
    }
}
