import HeadwaterModel

/// A writer's word to collectors, for as long as it writes: that it is there, and which condemned list it has read. A
/// file under `tmp/` with the line `condemned <generation>`; empty until the list was read.
final class Lease: Sendable {
    private let file: File
    private let claim: Claim
    private let disk: Disk

    /// Takes out a lease. Must come before the store is asked for anything.
    init(_ layout: StoreLayout) throws(StoreError) {
        disk = layout.disk
        (file, claim) = try Claim.create(in: layout, String(Lease.suffix.dropFirst()))
    }

    /// Says which list was read.
    func record(_ generation: UInt64) throws(StoreError) {
        try file.write(Array("\(Lease.word)\(generation)\n".utf8), at: 0)
    }

    /// Gives the lease back: everything written is sealed.
    func end() throws(StoreError) { try disk.remove(file.path) }

    /// The end of a lease's name.
    static let suffix = ".lease"
    private static let word = "condemned "

    /// A writer that may rely on something, as its lease tells.
    struct Holder: Hashable, Sendable {
        var name: String
        var owner: Owner
        /// The list that it has read, or 0.
        var generation: UInt64
        /// Whether it runs no more, and only what it left is still to be taken up.
        var isGone: Bool
    }

    /// The writers that may be alive, and those that are not whose lease is still there. Those of other hosts may always be.
    static func holders(_ layout: StoreLayout) throws(StoreError) -> [Holder] {
        var holders: [Holder] = []
        for name in try layout.disk.names(layout.temporary) ?? [] where name.hasSuffix(suffix) {
            guard let owner = Owner(fileName: name),
                let file = try File(ifExists: layout.temporary + "/" + name, .read, on: layout.disk)
            else { continue }
            let text = String(decoding: try file.read(at: 0, count: 64), as: UTF8.self)
            // A line that is not there yet, or only in part, says nothing.
            let isWhole = text.hasPrefix(word) && text.hasSuffix("\n")
            let generation = isWhole ? UInt64(text.dropFirst(word.count).dropLast()) : nil
            let isGone = Claim.isAbandoned(name) && file.tryLock()
            holders.append(Holder(name: name, owner: owner, generation: generation ?? 0, isGone: isGone))
        }
        return holders
    }
}
