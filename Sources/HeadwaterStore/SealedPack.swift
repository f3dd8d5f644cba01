import Glibc
import HeadwaterModel
import Synchronization

/// A pack that will never change again: where it is, and its index.
final class SealedPack: Sendable {
    let path: String
    let disk: Disk
    /// What the pack's name spells: the digest that identifies it. Nil if it has a name of another form.
    let name: Digest?
    let size: Int
    let index: PackIndex
    /// What is wrong with it, though it can be read.
    let warnings: [StoreWarning]

    /// Which one of the packs that this process has opened it is.
    let number = SealedPack.count.add(1, ordering: .relaxed).newValue
    private static let count = Atomic<Int>(0)
    /// Where its file is kept open; nil where it is read once.
    private let openPacks: OpenPacks?

    private init(
        _ path: String, _ disk: Disk, size: Int, _ index: PackIndex, _ warnings: [StoreWarning], _ openPacks: OpenPacks?
    ) {
        self.openPacks = openPacks
        self.path = path
        self.disk = disk
        self.size = size
        name = path.split(separator: "/").last.flatMap { Digest(hex: $0.dropLast(".pack".count)) }
        self.index = index
        self.warnings = warnings
    }

    /// Opens the pack at this path; nil if it is gone.
    ///
    /// - Parameter openPacks: keeps the file open for the reads that follow.
    static func open(_ path: String, on disk: Disk, for openPacks: OpenPacks? = nil) throws(StoreError) -> SealedPack? {
        guard let file = try File(ifExists: path, .read, on: disk) else { return nil }
        var warnings: [StoreWarning] = []
        if let header = PackHeader(try file.read(at: 0, count: PackHeader.size)) {
            try header.checkVersion(path)
        } else {
            warnings.append(StoreWarning(kind: .header, path: path))
        }
        let size = try file.size()
        if size >= PackHeader.size + PackTrailer.size,
            let trailer = PackTrailer(try file.read(at: size - PackTrailer.size, count: PackTrailer.size), fileSize: size),
            let index = try PackIndex(mapping: trailer, of: file)
        {
            return SealedPack(path, disk, size: size, index, warnings, openPacks)
        }
        let scan = try PackScan(file)
        warnings.append(StoreWarning(kind: .index, path: path))
        warnings += scan.gaps.map { StoreWarning(kind: .gap($0), path: path) }
        return SealedPack(
            path, disk, size: size, PackIndex(blobs: scan.blobs + scan.lostBlobs, bindings: scan.bindings), warnings,
            openPacks)
    }

    /// The file for reading an entry; nil if it is gone.
    func reading() throws(StoreError) -> File? {
        if let openPacks { return try openPacks.file(of: self) }
        return try File(ifExists: path, .read, on: disk)
    }

    func contains(_ digest: Digest) -> Bool { !index.blob(digest).isEmpty }

    /// The blob's place.
    func blob(_ digest: Digest) throws(StoreError) -> EntryPlace? {
        guard let position = index.blob(digest).first else { return nil }
        return place(try row(index.blobs, position))
    }

    /// The places of the bindings found by this key.
    func bindings(_ lookupKey: Digest) throws(StoreError) -> [EntryPlace] {
        var places: [EntryPlace] = []
        for position in index.bindings(lookupKey) { places.append(place(try row(index.bindings, position))) }
        // Opened once for all of them, where it would be opened for each.
        if places.count > 1, let file = try reading() {
            for index in places.indices { places[index].holder = .open(file) }
        }
        return places
    }

    /// The places of all bindings of a kind, in a file that is opened once for all of them.
    func bindings(_ kind: Binding.Kind) throws(StoreError) -> [EntryPlace] { try places(kind).map(\.place) }

    /// The same, with the keys they are found by.
    func places(_ kind: Binding.Kind) throws(StoreError) -> [(key: Digest, place: EntryPlace)] {
        var places: [(key: Digest, place: EntryPlace)] = []
        for position in 0..<index.bindings.count {
            let row = try row(index.bindings, position)
            if row.detail == kind.code { places.append((row.key, place(row))) }
        }
        if let file = places.isEmpty ? nil : try File(ifExists: path, .read, on: disk) {
            for index in places.indices { places[index].place.holder = .open(file) }
        }
        return places
    }

    /// All rows of blobs, or of bindings, in the order in which their entries lie in the file.
    func rows(_ table: (PackIndex) -> PackIndex.Table) throws(StoreError) -> [PackIndex.Row] {
        let table = table(index)
        var rows: [PackIndex.Row] = []
        rows.reserveCapacity(table.count)
        for position in 0..<table.count { rows.append(try row(table, position)) }
        return rows.sorted { $0.offset < $1.offset }
    }

    /// Whether there are bytes between header and index that are in no entry of the index.
    var hasUnnamedBytes: Bool {
        let rows = index.blobs.count + index.bindings.count
        let named = (try? (self.rows(\.blobs) + self.rows(\.bindings)).reduce(0) { $0 + $1.size }) ?? -1
        return PackHeader.size + named + rows * PackIndex.rowSize + PackTrailer.size != size
    }

    /// The file, opened for reading many entries.
    func open() throws(StoreError) -> File {
        guard let file = try File(ifExists: path, .read, on: disk) else { throw .system(ENOENT, path, "open the file") }
        return file
    }

    /// The binding of a row, read from the opened file, and its entry.
    func binding(_ row: PackIndex.Row, in file: File) throws(StoreError) -> (binding: Binding, entry: Entry) {
        let place = EntryPlace(holder: .open(file), offset: row.offset, stored: row.stored)
        guard let (entry, payload) = try place.entry(.binding, nil), let binding = Binding(canonical: payload),
            Binding.lookupKey(binding.kind, binding.key) == row.key, binding.kind.code == row.detail
        else { throw place.damaged(nil, "another entry than the index tells of") }
        return (binding, entry)
    }

    /// The blob of a row, read from the opened file, as it is stored.
    func blob(_ row: PackIndex.Row, in file: File) throws(StoreError) -> Entry {
        let place = EntryPlace(holder: .open(file), offset: row.offset, stored: row.stored)
        guard let (entry, payload) = try place.entry(.blob, row.key), payload.count == Int(row.detail) else {
            throw place.damaged(row.key, "another entry than the index tells of")
        }
        return entry
    }

    private func row(_ table: PackIndex.Table, _ position: Int) throws(StoreError) -> PackIndex.Row {
        // The index matched its checksum, so only a faulty writer can have put other numbers there.
        guard let row = table.row(position), row.stored <= EntryHeader.largestPayload,
            row.offset >= PackHeader.size, row.offset <= Int.max - EntryHeader.size - row.stored
        else {
            throw StoreError(
                .damaged(nil), path, "the index names a place outside the file",
                remedy: "restore the file from a copy, or run again")
        }
        return row
    }

    private func place(_ row: PackIndex.Row) -> EntryPlace {
        EntryPlace(holder: .sealed(self), offset: row.offset, stored: row.stored)
    }
}
