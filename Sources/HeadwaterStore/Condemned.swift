import Glibc
import HeadwaterModel

/// The condemned list: what the latest collection found that nobody needs, and since which collection each copy has
/// been known for that. A writer that has read it stores anew what is condemned, should it need it after all.
///
///     0  8  magic          89 48 57 43 4F 4E 44 0A
///     8  4  version        1
///    12  4  packs          number of rows of each table
///    16  4  blobs
///    20  4  bindings
///    24  4  files
///    28  8  generation     counts the lists
///    36  4  checksum of the rows
///    40  4  checksum of the 40 bytes before
///    44     rows of 40 bytes: a digest, and the generation since which it is listed without a break
struct Condemned: Sendable {
    static let headerSize = 44
    static let rowSize = Digest.byteCount + 8
    static let version: UInt32 = 1
    static let magic: [UInt8] = [0x89] + Array("HWCOND\n".utf8)

    /// Digests, sorted, each with the generation of the first list that named it.
    struct Table: Sendable {
        fileprivate(set) var bytes: [UInt8] = []
        var count: Int { bytes.count / Condemned.rowSize }

        init() {}

        init(_ rows: [Digest: UInt64]) {
            bytes.reserveCapacity(rows.count * Condemned.rowSize)
            for (digest, since) in rows.sorted(by: { $0.key < $1.key }) {
                bytes.append(contentsOf: digest.bytes)
                bytes.append(little: since)
            }
        }

        /// Since when the digest is listed; nil if it is not.
        func since(_ digest: Digest) -> UInt64? {
            let key = digest.bytes
            return bytes.withUnsafeBytes { rows in
                guard let base = rows.baseAddress else { return nil }
                var low = 0
                var high = count
                while low < high {
                    let middle = (low + high) / 2
                    let order = memcmp(base + middle * Condemned.rowSize, key, Digest.byteCount)
                    if order == 0 { return rows.little(at: middle * Condemned.rowSize + Digest.byteCount) }
                    if order < 0 { low = middle + 1 } else { high = middle }
                }
                return nil
            }
        }

        /// Adds a row; one that is there stays as it is.
        fileprivate mutating func insert(_ digest: Digest, since: UInt64) {
            let key = digest.bytes
            var place = 0
            while place < bytes.count {
                let end = place + Digest.byteCount
                if bytes[place..<end].elementsEqual(key) { return }
                if key.lexicographicallyPrecedes(bytes[place..<end]) { break }
                place += Condemned.rowSize
            }
            var row = key
            row.append(little: since)
            bytes.insert(contentsOf: row, at: place)
        }

        /// Whether the digests ascend and no generation is later than the list's.
        fileprivate func isSorted(upTo generation: UInt64) -> Bool {
            bytes.withUnsafeBytes { rows in
                guard let base = rows.baseAddress else { return true }
                for row in stride(from: 0, to: rows.count, by: Condemned.rowSize) {
                    if rows.little(UInt64.self, at: row + Digest.byteCount) > generation { return false }
                    let next = row + Condemned.rowSize
                    if next < rows.count, memcmp(base + row, base + next, Digest.byteCount) >= 0 { return false }
                }
                return true
            }
        }
    }

    var generation: UInt64
    /// The packs that were looked at, by name: entries of others are not condemned by this list.
    var packs = Table()
    /// Blobs whose copies in those packs are condemned.
    var blobs = Table()
    /// Bindings, by their identities, whose copies in those packs are.
    var bindings = Table()
    /// Blob files and references, by the identities of their copies.
    var files = Table()

    init(generation: UInt64) { self.generation = generation }

    /// All that its rows name.
    var digests: [Digest] {
        [packs, blobs, bindings, files].flatMap { table in
            stride(from: 0, to: table.bytes.count, by: Condemned.rowSize).compactMap {
                Digest(bytes: table.bytes[$0..<$0 + Digest.byteCount])
            }
        }
    }

    var isEmpty: Bool { blobs.count + bindings.count + files.count == 0 }

    var bytes: [UInt8] {
        let rows = packs.bytes + blobs.bytes + bindings.bytes + files.bytes
        var out = Condemned.magic
        out.append(little: Condemned.version)
        for table in [packs, blobs, bindings, files] { out.append(little: UInt32(table.count)) }
        out.append(little: generation)
        out.append(little: Checksum.of(rows))
        out.append(little: Checksum.of(out))
        return out + rows
    }

    /// Nil if these are not all the bytes of a list.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= Condemned.headerSize, bytes.starts(with: Condemned.magic) else { return nil }
        let (version, generation, ofRows, ofHeader) = bytes.withUnsafeBytes {
            (
                $0.little(UInt32.self, at: 8), $0.little(UInt64.self, at: 28), $0.little(UInt32.self, at: 36),
                $0.little(UInt32.self, at: 40)
            )
        }
        let counts = bytes.withUnsafeBytes { all in (0..<4).map { Int(all.little(UInt32.self, at: 12 + 4 * $0)) } }
        // Four 32-bit counts times 40 stay far below 2 to the 63rd.
        guard Checksum.of(Array(bytes[..<40])) == ofHeader, version == Condemned.version,
            bytes.count == Condemned.headerSize + counts.reduce(0, +) * Condemned.rowSize,
            Checksum.of(Array(bytes[Condemned.headerSize...])) == ofRows
        else { return nil }
        self.generation = generation
        var start = Condemned.headerSize
        func table(_ count: Int) -> Table {
            var table = Table()
            table.bytes = Array(bytes[start..<start + count * Condemned.rowSize])
            start += count * Condemned.rowSize
            return table
        }
        packs = table(counts[0])
        blobs = table(counts[1])
        bindings = table(counts[2])
        files = table(counts[3])
        guard [packs, blobs, bindings, files].allSatisfy({ $0.isSorted(upTo: generation) }) else { return nil }
    }
}

extension Condemned {
    /// The store's list; nil if there is none.
    ///
    /// - Throws: `damaged` if what is there is no list.
    static func read(_ layout: StoreLayout) throws(StoreError) -> Condemned? {
        guard let file = try File(ifExists: layout.condemned, .read, on: layout.disk) else { return nil }
        guard let list = Condemned(try file.read(at: 0, count: try file.size())) else {
            throw StoreError(
                .damaged(nil), layout.condemned, "the list of what is condemned does not match its checksums",
                remedy: "collect again, which writes a new one; until then nothing is lost")
        }
        return list
    }

    /// Puts this list in the place of the one before, durably.
    func write(_ layout: StoreLayout) throws(StoreError) {
        let (file, claim) = try Claim.create(in: layout, "condemned")
        defer { withExtendedLifetime(claim) {} }
        do throws(StoreError) {
            try file.write(bytes, at: 0)
            try file.sync()
            _ = try layout.disk.rename(file.path, to: layout.condemned)
        } catch {
            try? layout.disk.remove(file.path)
            throw error
        }
        try layout.disk.sync(layout.root)
    }

    /// Since when this pack's copy of a blob is condemned; nil if it is not.
    func since(blob digest: Digest, in pack: SealedPack) -> UInt64? { later(pack, blobs.since(digest)) }

    /// Since when this pack's copy of a binding is condemned; nil if it is not.
    func since(binding digest: Digest, in pack: SealedPack) -> UInt64? { later(pack, bindings.since(digest)) }

    private func later(_ pack: SealedPack, _ entry: UInt64?) -> UInt64? {
        // A copy in a pack that came later than the list that named its digest was not meant by that list.
        if let entry, let pack = pack.name.flatMap(packs.since) { max(pack, entry) } else { nil }
    }

    /// Lists a pack that entries of listed ones are copied to: whoever is condemned there is so here, though only since now.
    /// The list is another one then, with a generation of its own: who has read an earlier one may rely on the new copies.
    mutating func add(pack name: Digest) {
        generation &+= 1
        packs.insert(name, since: generation)
    }

    func has(blob digest: Digest, in pack: SealedPack) -> Bool { since(blob: digest, in: pack) != nil }
    func has(binding digest: Digest, in pack: SealedPack) -> Bool { since(binding: digest, in: pack) != nil }

    func has(file digest: Digest, _ stamp: FileStamp) -> Bool {
        [false, true].contains { files.since(DigestFolder.copy(digest, stamp, isRecent: $0)) != nil }
    }
}
