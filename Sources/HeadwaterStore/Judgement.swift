import Glibc
import HeadwaterModel

/// What a collection finds when it asks of every copy whether it is needed.
struct Judgement {
    /// The list of what is not.
    private(set) var condemned: Condemned
    /// The packs that are whole. The others are left alone: what they have lost may be needed.
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
            do throws(StoreError) {
                let name = try Judgement.name(pack)
                for row in try pack.rows(\.blobs) where !live.keepsBlob(row.key) {
                    blobs[row.key] = previous.blobs.since(row.key) ?? generation
                }
                let file = try pack.open()
                for row in try pack.rows(\.bindings) {
                    let binding = try pack.binding(row, in: file).binding
                    if live.keepsBinding(binding) { continue }
                    bindings[binding.digest] = previous.bindings.since(binding.digest) ?? generation
                }
                names[name] = previous.packs.since(name) ?? generation
                self.packs.append(pack)
            } catch  where error.isDamage {
                damaged.append(error)
            }
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

    /// The name of a pack that is whole, as far as header and index tell.
    private static func name(_ pack: SealedPack) throws(StoreError) -> Digest {
        if let warning = pack.warnings.first {
            throw StoreError(.damaged(nil), pack.path, "\(warning)", remedy: "check the store and restore what is damaged")
        }
        guard let name = pack.name else {
            throw StoreError(.damaged(nil), pack.path, "the file's name is not a pack's", remedy: "see where it comes from")
        }
        return name
    }
}
