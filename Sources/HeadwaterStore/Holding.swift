public import HeadwaterModel
import Synchronization

/// What it rests on that a store has certain blobs and nothing but certain bindings for certain keys: as long as that is as it
/// was, the store has them, without a look-up of each.
///
/// A pack never changes and is called by what its index says, so a pack that is there has what it had; its file's stamp tells
/// whether somebody has written to it all the same, as with sources. What was bound since is in packs that are new.
public struct Holding: Equatable, Sendable {
    /// The packs that have some of it, by name, each with its file's stamp.
    let packs: [Digest: Digest]
    /// All other packs that were there; nothing was bound in them that matters.
    let others: Set<Digest>
    /// Blobs that are in no pack: files of their own, and originals that were left in place.
    let apart: [Digest]
    /// Of the condemned list; 0 if there was none.
    let generation: UInt64

    public var json: JSON {
        [
            "packs": .object(Dictionary(packs.map { ($0.hex, .string($1.hex)) }, uniquingKeysWith: { first, _ in first })),
            "others": .array(others.sorted().map { .string($0.hex) }), "apart": .array(apart.map { .string($0.hex) }),
            "generation": .string(String(generation)),
        ]
    }

    /// Nil where it is none.
    public init?(json: JSON) {
        func digests(_ list: JSON?) -> [Digest]? {
            guard let list = list?.array else { return nil }
            let digests = list.compactMap { $0.string.flatMap { Digest(hex: $0) } }
            return digests.count == list.count ? digests : nil
        }
        guard let stamped = json["packs"]?.object, let others = digests(json["others"]), let apart = digests(json["apart"]),
            let generation = json["generation"]?.string.flatMap({ UInt64($0) })
        else { return nil }
        var packs: [Digest: Digest] = [:]
        for (name, stamp) in stamped {
            guard let name = Digest(hex: name), let stamp = stamp.string.flatMap({ Digest(hex: $0) }) else { return nil }
            packs[name] = stamp
        }
        self.init(packs: packs, others: Set(others), apart: apart, generation: generation)
    }

    fileprivate init(packs: [Digest: Digest], others: Set<Digest>, apart: [Digest], generation: UInt64) {
        (self.packs, self.others, self.apart, self.generation) = (packs, others, apart, generation)
    }
}

extension Store {
    /// What it rests on that the store has these blobs and, of these keys of tasks, the bindings it has. To be asked *before* it
    /// is made sure that the bindings are the right ones and that what they lead to is whole.
    ///
    /// - Returns: nil where it cannot be told or will not last: some of it is in no sealed pack yet, or a pack was written so
    ///   lately that its stamp tells nothing.
    public func holding(_ blobs: [Digest], boundTo keys: [Digest]) -> Holding? {
        guard (try? refresh(unlessWithin: settings.lookInterval)) != nil, hasBoundNoTask() else { return nil }
        let (packs, condemned) = inForce()
        guard packs.allSatisfy({ $0.name != nil }) else { return nil }
        var isNeeded = packs.map { _ in false }
        var apart: [Digest] = []
        for digest in blobs {
            var isPacked = false
            // Every copy: who looks for damage may have met it in one and gone on to the next.
            for index in packs.indices where packs[index].contains(digest) {
                if condemned?.has(blob: digest, in: packs[index]) == true { continue }
                (isPacked, isNeeded[index]) = (true, true)
            }
            if !isPacked { apart.append(digest) }
        }
        guard apart.allSatisfy(contains) else { return nil }
        for key in keys {
            let lookupKey = Binding.lookupKey(.task, key.hex)
            for index in packs.indices where !isNeeded[index] {
                isNeeded[index] = !packs[index].index.bindings.positions(of: lookupKey).isEmpty
            }
        }
        var stamped: [Digest: Digest] = [:]
        var others: Set<Digest> = []
        for (pack, isNeeded) in zip(packs, isNeeded) {
            guard let name = pack.name else { return nil }
            if isNeeded {
                guard let stamp = layout.disk.contentStamp(pack.path, olderThan: PackShelf.coarsestClock) else { return nil }
                stamped[name] = stamp
            } else {
                others.insert(name)
            }
        }
        return Holding(packs: stamped, others: others, apart: apart, generation: condemned?.generation ?? 0)
    }

    /// Whether all is as it was: what the store had then it has, and nothing was bound to a task's key since.
    public func stillHas(_ holding: Holding) -> Bool {
        guard (try? refresh(unlessWithin: settings.lookInterval)) != nil, hasBoundNoTask(),
            state.withLock({ $0.damaged.isEmpty })
        else { return false }
        let (packs, condemned) = inForce()
        guard condemned?.generation ?? 0 == holding.generation else { return false }
        var found = 0
        for pack in packs {
            guard let name = pack.name else { return false }
            if let stamp = holding.packs[name] {
                guard layout.disk.contentStamp(pack.path, olderThan: 0) == stamp else { return false }
                found += 1
            } else if !holding.others.contains(name), pack.index.bindings.has(.task) {
                return false
            }
        }
        return found == holding.packs.count && holding.apart.allSatisfy(contains)
    }

    /// The sealed packs, and what is condemned in them to us.
    private func inForce() -> (packs: [SealedPack], condemned: Condemned?) {
        let (packs, latest) = shelf.view
        return (packs, access == .write ? condemned : latest)
    }

    /// Whether neither we nor another writer on this host has bound something to a task's key that is not sealed yet.
    private func hasBoundNoTask() -> Bool {
        lookAtUnsealed()
        return state.withLock { state in state.writers.allSatisfy { $0.bindings(.task).isEmpty } }
            && unsealed?.hasTasks != true
    }
}

extension PackIndex.Table {
    /// Whether a binding of this kind is among the rows.
    fileprivate func has(_ kind: Binding.Kind) -> Bool { (0..<count).contains { row($0)?.detail == kind.code } }
}
