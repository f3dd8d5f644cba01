import HeadwaterModel

/// A pack that will never change again: where it is, and its index.
final class SealedPack: Sendable {
    let path: String
    let index: PackIndex
    /// What is wrong with it, though it can be read.
    let warnings: [StoreWarning]

    private init(_ path: String, _ index: PackIndex, _ warnings: [StoreWarning]) {
        self.path = path
        self.index = index
        self.warnings = warnings
    }

    /// Opens the pack at this path; nil if it is gone.
    static func open(_ path: String) throws(StoreError) -> SealedPack? {
        guard let file = try File(ifExists: path, .read) else { return nil }
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
            return SealedPack(path, index, warnings)
        }
        let scan = try PackScan(file)
        warnings.append(StoreWarning(kind: .index, path: path))
        warnings += scan.gaps.map { StoreWarning(kind: .gap($0), path: path) }
        return SealedPack(path, PackIndex(blobs: scan.blobs + scan.lostBlobs, bindings: scan.bindings), warnings)
    }

    func contains(_ digest: [UInt8]) -> Bool { !index.blobs.positions(of: digest).isEmpty }

    /// The blob's place and length.
    func blob(_ digest: [UInt8]) throws(StoreError) -> (place: EntryPlace, length: Int)? {
        guard let position = index.blobs.positions(of: digest).first else { return nil }
        let row = try row(index.blobs, position)
        return (place(row), Int(row.detail))
    }

    /// The places of the bindings found by this key.
    func bindings(_ lookupKey: [UInt8]) throws(StoreError) -> [EntryPlace] {
        var places: [EntryPlace] = []
        for position in index.bindings.positions(of: lookupKey) { places.append(place(try row(index.bindings, position))) }
        return places
    }

    /// The places of all bindings of a kind, in a file that is opened once for all of them.
    func bindings(_ kind: Binding.Kind) throws(StoreError) -> [EntryPlace] {
        var places: [EntryPlace] = []
        for position in 0..<index.bindings.count {
            let row = try row(index.bindings, position)
            if row.detail == kind.code { places.append(place(row)) }
        }
        if let file = places.isEmpty ? nil : try File(ifExists: path, .read) {
            for index in places.indices { places[index].holder = .open(file) }
        }
        return places
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
        EntryPlace(holder: .sealed(path: path), offset: row.offset, stored: row.stored)
    }
}
