import HeadwaterModel

/// A sealed pack read from its first byte to its last: which of its entries are whole, and everything that is not as
/// it was written.
struct PackCheck {
    /// The rows of the entries that are whole.
    private(set) var blobs: [PackIndex.Row] = []
    private(set) var bindings: [PackIndex.Row] = []
    private(set) var faults: [StoreFault] = []
    /// Whether it is known of every byte what it was: then nothing is lost but what the faults name.
    private(set) var isKnown = true

    private let pack: SealedPack

    init(_ pack: SealedPack) throws(StoreError) {
        self.pack = pack
        for warning in pack.warnings {
            switch warning.kind {
            case .header: note(at: 0, nil, "the header does not match its checksum", isHarmless: true)
            case .index: note(at: nil, nil, "the index or the trailer does not match its checksum", isHarmless: true)
            case .gap(let bytes):
                isKnown = false
                note(at: bytes.lowerBound, nil, "\(bytes.count) bytes belong to no whole entry", isHarmless: false)
            default: note(at: nil, nil, warning.description, isHarmless: false)
            }
        }
        let file = try pack.open()
        let header = PackHeader(try file.read(at: 0, count: PackHeader.size))
        try readEntries(file, header?.sync)
        if pack.warnings.isEmpty { try checkFrame(file) }
    }

    private mutating func note(at offset: Int?, _ subject: StoreFault.Subject?, _ fact: String, isHarmless: Bool) {
        faults.append(StoreFault(path: pack.path, offset: offset, subject: subject, fact: fact, isHarmless: isHarmless))
    }

    private mutating func readEntries(_ file: File, _ sync: UInt64?) throws(StoreError) {
        let rows =
            try pack.rows(\.blobs).map { (row: $0, isBlob: true) } + pack.rows(\.bindings).map { (row: $0, isBlob: false) }
        let isIndexWhole = !pack.warnings.contains { $0.kind == .index }
        var end = PackHeader.size
        for (row, isBlob) in rows.sorted(by: { $0.row.offset < $1.row.offset }) {
            if isIndexWhole && row.offset > end { noteUnnamed(end..<row.offset) }
            if isIndexWhole && row.offset < end { note(at: row.offset, nil, "two entries overlap", isHarmless: false) }
            do throws(StoreError) {
                let found = try file.read(at: row.offset, count: 8).withUnsafeBytes {
                    $0.count == 8 ? $0.little(UInt64.self, at: 0) : nil
                }
                if let sync, found != sync { throw damaged(row, "the entry does not begin with the pack's sync marker") }
                if isBlob {
                    _ = try pack.blob(row, in: file)
                    blobs.append(row)
                } else {
                    _ = try pack.binding(row, in: file)
                    bindings.append(row)
                }
            } catch  where error.isDamage {
                let subject = isBlob ? .blob(row.key) : try binding(row, file).map { StoreFault.Subject.binding($0) }
                if subject == nil { isKnown = false }
                note(at: row.offset, subject, error.fact, isHarmless: false)
            }
            end = max(end, row.offset + row.size)
        }
        if isIndexWhole, let index = indexOffset, index != end { noteUnnamed(end..<max(end, index)) }
    }

    private var indexOffset: Int? {
        let rows = pack.index.blobs.count + pack.index.bindings.count
        return pack.size - PackTrailer.size - rows * PackIndex.rowSize
    }

    private mutating func noteUnnamed(_ bytes: Range<Int>) {
        note(
            at: bytes.lowerBound, nil,
            "\(bytes.count) bytes are in no entry that the index names; they were damaged when the pack was sealed",
            isHarmless: true)
    }

    private func damaged(_ row: PackIndex.Row, _ fact: String) -> StoreError {
        StoreError(.damaged(nil), pack.path, at: row.offset, fact, remedy: "check the disk")
    }

    /// The identity of a binding whose entry is damaged: from the header or, where that is damaged,
    /// from the payload.
    private func binding(_ row: PackIndex.Row, _ file: File) throws(StoreError) -> Digest? {
        let bytes = try file.read(at: row.offset, count: row.size)
        if let header = bytes.withUnsafeBytes({ EntryHeader($0) }) { return header.digest }
        let payload = Array(bytes.dropFirst(EntryHeader.size))
        guard let binding = Binding(canonical: payload), Binding.lookupKey(binding.kind, binding.key) == row.key else {
            return nil
        }
        return Digest(of: payload)
    }

    /// Checks what no checksum covers: that the index is in order, and that the pack has its own name.
    private mutating func checkFrame(_ file: File) throws(StoreError) {
        guard let index = indexOffset else { return }
        let header = try file.read(at: 0, count: PackHeader.size)
        let footer = try file.read(at: index, count: pack.size - index)
        if Digest(of: header + footer) != pack.name {
            note(at: nil, nil, "the file's name is not the digest of its header, index and trailer", isHarmless: true)
        }
        if !pack.index.blobs.isSorted(isUnique: true) || !pack.index.bindings.isSorted(isUnique: false) {
            note(at: index, nil, "the rows of the index are not in order", isHarmless: false)
        }
    }
}

/// Looks for undamaged copies of what is damaged somewhere.
struct Copies {
    private let store: Store

    init(_ layout: StoreLayout) throws(StoreError) {
        var settings = Store.Settings()
        settings.disk = layout.disk
        store = try Store.open(at: layout.root, .read, settings)
    }

    func hold(_ subject: StoreFault.Subject) throws(StoreError) -> Bool {
        switch subject {
        case .blob(let digest), .original(let digest):
            do throws(StoreError) {
                _ = try store.blob(digest)
                return true
            } catch {
                if error.isDamage || error.kind == .missingBlob(digest) { return false }
                throw error
            }
        case .binding(let digest):
            for pack in store.shelf.packs {
                let file = try pack.open()
                for row in try pack.rows(\.bindings) {
                    if let entry = try? pack.binding(row, in: file).entry, entry.digest == digest { return true }
                }
            }
            return false
        }
    }
}
