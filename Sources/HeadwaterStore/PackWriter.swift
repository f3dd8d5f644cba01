import Glibc
import HeadwaterModel

/// A pack that is being written: appended to by one store, readable by it at once, sealed in the end.
///
/// A value: a copy is what was written up to then. The store keeps the one that grows behind its lock.
struct PackWriter: Sendable {
    let file: File
    /// Tells other writers that the file is in use.
    private let claim: Claim
    private let sync: UInt64
    /// Where the next entry goes.
    private(set) var end = PackHeader.size
    /// What is durable lies before this offset.
    var durable = 0
    private(set) var blobs: [Digest: PackIndex.Row] = [:]
    private var bindings: [Digest: [PackIndex.Row]] = [:]
    private var recorded: Set<Digest> = []

    /// Starts a pack.
    ///
    /// - Parameter what: the end of the file's name. Of a writer that is gone a `pack` is sealed, anything else removed.
    init(in layout: StoreLayout, sync: UInt64, _ what: String = "pack") throws(StoreError) {
        (file, claim) = try Claim.create(in: layout, what)
        self.sync = sync
        do throws(StoreError) {
            try file.write(PackHeader(sync: sync).bytes, at: 0)
        } catch {
            try layout.disk.remove(file.path)
            throw error
        }
    }

    /// The pack of a writer that is gone, with its whole entries and without what was torn off at its end; ready to be
    /// sealed. Nil if the file was begun as a pack and cannot be told to be one any more: then it stays as it is.
    ///
    /// - Returns: also what could not be taken up.
    static func salvage(_ file: File, _ claim: Claim) throws(StoreError) -> (PackWriter?, [StoreWarning]) {
        let scan = try PackScan(file)
        if scan.sync == nil && !scan.isBlank { return (nil, [StoreWarning(kind: .gap(0..<scan.size), path: file.path)]) }
        if let sync = scan.sync, !scan.hasHeader { try file.write(PackHeader(sync: sync).bytes, at: 0) }
        var warnings = scan.gaps.map { StoreWarning(kind: .gap($0), path: file.path) }
        if scan.size > scan.end {
            warnings.append(StoreWarning(kind: .torn(scan.end..<scan.size), path: file.path))
            try file.truncate(to: scan.end)
        }
        return (PackWriter(file, claim, scan), warnings)
    }

    private init(_ file: File, _ claim: Claim, _ scan: PackScan) {
        self.file = file
        self.claim = claim
        sync = 0  // A salvaged pack is sealed as it is: nothing is appended.
        end = scan.end
        blobs = Dictionary(scan.blobs.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        bindings = Dictionary(grouping: scan.bindings, by: \.key)
    }

    var isEmpty: Bool { blobs.isEmpty && bindings.isEmpty }

    /// Of blobs and of keys that something is bound to.
    var count: Int { blobs.count + bindings.count }

    /// Whether this binding is among those appended.
    func contains(binding digest: Digest) -> Bool { recorded.contains(digest) }

    func place(_ row: PackIndex.Row) -> EntryPlace {
        EntryPlace(holder: .open(file), offset: row.offset, stored: row.stored)
    }

    func bindings(_ lookupKey: Digest) -> [EntryPlace] { (bindings[lookupKey] ?? []).map(place) }

    func bindings(_ kind: Binding.Kind) -> [EntryPlace] { places(kind).map(\.place) }

    /// The same, with the keys they are found by.
    func places(_ kind: Binding.Kind) -> [(key: Digest, place: EntryPlace)] {
        bindings.values.joined().filter { $0.detail == kind.code }.map { ($0.key, place($0)) }
    }

    /// Where the next entry goes; who has it writes it there, one at a time.
    var tail: Tail { Tail(file: file, sync: sync, offset: end) }

    struct Tail {
        fileprivate var file: File
        fileprivate var sync: UInt64
        fileprivate var offset: Int

        /// Writes an entry, in one piece.
        ///
        /// - Returns: its row, which is to be noted before the next is written.
        func write(_ entry: Entry, key: Digest, detail: UInt32) throws(StoreError) -> PackIndex.Row {
            do throws(StoreError) {
                try file.write(EntryHeader(sync: sync, entry).bytes + entry.stored, at: offset)
            } catch {
                // What was written of it goes; should even that fail, the next entry overwrites it.
                try? file.truncate(to: offset)
                throw error
            }
            return PackIndex.Row(key: key, offset: offset, stored: entry.stored.count, detail: detail)
        }
    }

    mutating func append(blob entry: Entry) throws(StoreError) {
        note(blob: try tail.write(entry, key: entry.digest, detail: UInt32(entry.length)))
    }

    mutating func append(binding entry: Entry, _ lookupKey: Digest, _ kind: Binding.Kind) throws(StoreError) {
        note(binding: try tail.write(entry, key: lookupKey, detail: kind.code), entry.digest)
    }

    /// Takes up what was written at the tail.
    mutating func note(blob row: PackIndex.Row) {
        blobs[row.key] = row
        end = row.offset + EntryHeader.size + row.stored
    }

    /// - Parameter digest: the binding's own.
    mutating func note(binding row: PackIndex.Row, _ digest: Digest) {
        bindings[row.key, default: []].append(row)
        recorded.insert(digest)
        end = row.offset + EntryHeader.size + row.stored
    }

    /// Writes the index behind the entries. May be done again after a failure: until it is renamed, the file remains a
    /// pack that is being written.
    ///
    /// - Returns: what its name among the sealed packs has to spell, the digest of its header, index and trailer.
    func finish() throws(StoreError) -> Digest {
        let index = PackIndex(blobs: Array(blobs.values), bindings: Array(bindings.values.joined()))
        let footer = index.bytes + PackTrailer(indexOffset: end, index).bytes
        let header = try file.read(at: 0, count: PackHeader.size)
        do throws(StoreError) {
            try file.write(Array(footer), at: end)
        } catch {
            try? file.truncate(to: end)
            throw error
        }
        return Digest(of: header + footer)
    }

    /// Seals a pack that nobody appends to any more, durably; one without entries is removed instead.
    ///
    /// - Parameter announce: is told the pack's name before it has it.
    /// - Returns: the sealed pack's path; nil if it was empty.
    func seal(
        _ layout: StoreLayout, announcing announce: (Digest) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) -> String? {
        if isEmpty {
            try layout.disk.remove(file.path)
            return nil
        }
        let name = try finish()
        let path = layout.packs + "/" + name.hex + ".pack"
        try file.sync()
        try announce(name)
        guard try layout.disk.rename(file.path, to: path) else { throw .system(ENOENT, file.path, "rename it to \(path)") }
        try layout.disk.sync(layout.packs)
        try layout.disk.sync(layout.temporary)
        return path
    }
}
