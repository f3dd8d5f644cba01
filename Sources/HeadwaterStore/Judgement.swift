import Glibc
import HeadwaterModel

/// What a collection finds when it asks of every copy whether it is needed.
struct Judgement {
    /// The list of what is not.
    private(set) var condemned: Condemned
    /// The packs that are whole. The others are left alone, as what they have lost may be needed; but what nobody needs of
    /// the rest is condemned there as everywhere, or what stood condemned in one would count again once it is damaged.
    private(set) var packs: [SealedPack] = []
    /// The blob files and references, each with the identity of the copy.
    private(set) var files: [(file: DigestFolder.Found, copy: Digest)] = []
    private(set) var damaged: [StoreError] = []

    init(_ packs: [SealedPack], _ files: [DigestFolder.Found], _ live: LiveSet, _ previous: Condemned) throws(StoreError) {
        let generation = previous.generation &+ 1
        condemned = Condemned(generation: generation)
        var blobs: [Digest: UInt64] = [:]
        var bindings: [Digest: UInt64] = [:]
        var names: [Digest: UInt64] = [:]
        for pack in packs {
            var damage = Judgement.damage(of: pack)
            func guarded(_ body: () throws(StoreError) -> Void) throws(StoreError) {
                do throws(StoreError) {
                    try body()
                } catch  where error.isDamage {
                    damage = damage ?? error
                }
            }
            try guarded { () throws(StoreError) in
                for row in try pack.rows(\.blobs) where !live.keepsBlob(row.key) {
                    blobs[row.key] = previous.blobs.since(row.key) ?? generation
                }
            }
            let file = try pack.open()
            try guarded { () throws(StoreError) in
                for row in try pack.rows(\.bindings) {
                    try guarded { () throws(StoreError) in
                        let binding = try pack.binding(row, in: file).binding
                        if live.keepsBinding(binding) { return }
                        bindings[binding.digest] = previous.bindings.since(binding.digest) ?? generation
                    }
                }
            }
            if let name = pack.name { names[name] = previous.packs.since(name) ?? generation }
            if let damage { damaged.append(damage) } else { self.packs.append(pack) }
        }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var copies: [Digest: UInt64] = [:]
        for file in files {
            // A later file could have got the inode and, within one tick, the time of this one.
            let isRecent = now.nanoseconds &- file.stamp.changed <= PackShelf.coarsestClock
            let copy = file.copy(isRecent: isRecent)
            self.files.append((file, copy))
            if !live.keepsBlob(file.digest) { copies[copy] = (isRecent ? nil : previous.files.since(copy)) ?? generation }
        }
        condemned.packs = Condemned.Table(names)
        condemned.blobs = Condemned.Table(blobs)
        condemned.bindings = Condemned.Table(bindings)
        condemned.files = Condemned.Table(copies)
    }

    /// What is wrong with a pack, as far as its name, header and index tell.
    private static func damage(of pack: SealedPack) -> StoreError? {
        if let warning = pack.warnings.first {
            return StoreError(.damaged(nil), pack.path, "\(warning)", remedy: "check the store and restore what is damaged")
        }
        if pack.name == nil {
            return StoreError(.damaged(nil), pack.path, "the file's name is not a pack's", remedy: "see where it comes from")
        }
        return nil
    }
}
