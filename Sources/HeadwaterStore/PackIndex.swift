import Glibc
import HeadwaterModel
import Synchronization

/// The sorted table of a pack's entries: a row for each blob, then a row for each binding, 48 bytes each.
///
///     0 32  the blob's digest, or the digest of the binding's kind and key
///    32  8  offset of the entry
///    40  4  number of stored bytes
///    44  4  a blob's length; a binding's kind (task 1, run 2, name 3, pin 4, tombstone 5)
///
/// Rows are sorted by their first 32 bytes, then by offset.
final class PackIndex: @unchecked Sendable {  // Only reads memory that nothing writes until `deinit`.
    static let rowSize = 48

    struct Row {
        var key: Digest
        var offset: Int
        var stored: Int
        /// Of a blob its length, of a binding the code of its kind.
        var detail: UInt32
    }

    /// A run of sorted rows.
    struct Table {
        fileprivate let bytes: UnsafeRawBufferPointer
        /// Digests are spread evenly, so that their first bits divide the rows into parts of much the same size. Which rows
        /// each has is kept at hand: a look into the rows, of which there are many more, costs a wait for memory.
        fileprivate private(set) var starts: [UInt32] = []
        /// How many of the first 64 bits do not tell the part.
        fileprivate private(set) var shift: UInt64 = 64

        var count: Int { bytes.count / PackIndex.rowSize }

        fileprivate init(bytes: UnsafeRawBufferPointer) {
            self.bytes = bytes
            let parts = count / Table.rowsOfPart
            guard parts > 1, count <= UInt32.max else { return }
            shift = UInt64(parts.leadingZeroBitCount) + 1
            starts = partStarts(shift)
        }

        /// On the average, at least; twice as many at most.
        private static let rowsOfPart = 4
    }

    /// The rows as they are written.
    let bytes: UnsafeRawBufferPointer
    let blobs: Table
    let bindings: Table
    private let filter: KeyFilter
    private let release: @Sendable () -> Void
    /// What is mapped of a file; nil where the rows are in memory of their own.
    private let mapping: UnsafeMutableRawBufferPointer?
    /// Look-ups in what is mapped.
    private let looks = Atomic<Int>(0)

    /// Bytes that all indices of this process map.
    private static let mapped = Atomic<Int>(0)
    /// So much of them stays in memory; what is let go of is read again when it is looked at.
    private static let mostResident = 64 << 20
    /// What one look-up brings into memory: the kernel maps pages around the one that is read (`fault_around_bytes`).
    private static let residentByLook = 64 << 10

    private init(
        _ bytes: UnsafeRawBufferPointer, blobs: Int, _ filter: KeyFilter, mapping: UnsafeMutableRawBufferPointer? = nil,
        release: @escaping @Sendable () -> Void
    ) {
        self.filter = filter
        self.mapping = mapping
        let border = blobs * PackIndex.rowSize
        self.bytes = bytes
        self.blobs = Table(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<border]))
        bindings = Table(bytes: UnsafeRawBufferPointer(rebasing: bytes[border...]))
        self.release = release
    }

    deinit { release() }

    /// The positions of a blob's row.
    func blob(_ key: Digest) -> Range<Int> { positions(of: key, in: blobs) }

    /// The positions of the rows with a look-up key.
    func bindings(_ key: Digest) -> Range<Int> { positions(of: key, in: bindings) }

    private func positions(of key: Digest, in table: Table) -> Range<Int> {
        guard key.withBytes({ filter.mayHave($0) }) else { return 0..<0 }
        letGo()
        return table.positions(of: key)
    }

    /// Keeps what is mapped of large stores from filling the memory.
    private func letGo() {
        let all = PackIndex.mapped.load(ordering: .relaxed)
        guard let mapping, all > PackIndex.mostResident else { return }
        let most = max(1, PackIndex.mostResident / (all / max(1, mapping.count)) / PackIndex.residentByLook)
        guard looks.wrappingAdd(1, ordering: .relaxed).newValue % most == 0 else { return }
        // Of a shared mapping that nobody writes the pages are the file's, and come back from there.
        madvise(mapping.baseAddress, mapping.count, MADV_DONTNEED)
    }

    /// Of rows in any order. A blob that occurs twice keeps its first row.
    convenience init(blobs: consuming [Row], bindings: [Row]) {
        let byKey = { (a: Row, b: Row) in (a.key, a.offset) < (b.key, b.offset) }
        blobs.sort(by: byKey)
        var kept = 0
        for index in blobs.indices where kept == 0 || blobs[kept - 1].key != blobs[index].key {
            blobs[kept] = blobs[index]
            kept += 1
        }
        var out: [UInt8] = []
        out.reserveCapacity((kept + bindings.count) * PackIndex.rowSize)
        for rows in [blobs[..<kept], bindings.sorted(by: byKey)[...]] {
            for row in rows {
                out.append(contentsOf: row.key.bytes)
                out.append(little: UInt64(row.offset))
                out.append(little: UInt32(row.stored))
                out.append(little: row.detail)
            }
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: out.count, alignment: 8)
        memory.copyBytes(from: out)
        nonisolated(unsafe) let owned = memory
        let rows = UnsafeRawBufferPointer(memory)
        var filter = KeyFilter(count: rows.count / PackIndex.rowSize)
        PackIndex.insertKeys(rows, into: &filter)
        self.init(rows, blobs: kept, filter) { owned.deallocate() }
    }

    /// Maps a sealed pack's index; nil if it does not match its checksum.
    ///
    /// It is read before it is mapped: a bad sector is then an error that can be named, not a signal.
    convenience init?(mapping trailer: PackTrailer, of file: File) throws(StoreError) {
        var checksum = Checksum()
        var filter = KeyFilter(count: trailer.indexLength / PackIndex.rowSize)
        var offset = trailer.indexOffset
        let end = offset + trailer.indexLength
        while offset < end {
            let part = try file.read(at: offset, count: min(PackIndex.partSize, end - offset))
            if part.isEmpty { return nil }
            part.withUnsafeBytes {
                checksum.update($0)
                PackIndex.insertKeys($0, into: &filter)
            }
            offset += part.count
        }
        guard checksum.value == trailer.indexChecksum else { return nil }
        if trailer.indexLength == 0 {
            self.init(UnsafeRawBufferPointer(start: nil, count: 0), blobs: 0, filter) {}
            return
        }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let before = trailer.indexOffset % page
        let mapped = before + trailer.indexLength
        nonisolated(unsafe) let address = try file.map(offset: trailer.indexOffset - before, count: mapped)
        PackIndex.mapped.wrappingAdd(mapped, ordering: .relaxed)
        self.init(
            UnsafeRawBufferPointer(start: address + before, count: trailer.indexLength), blobs: trailer.blobs, filter,
            mapping: UnsafeMutableRawBufferPointer(start: address, count: mapped)
        ) {
            munmap(address, mapped)
            PackIndex.mapped.wrappingSubtract(mapped, ordering: .relaxed)
        }
    }

    /// What is read at once, in whole rows.
    private static let partSize = 5461 * rowSize

    /// - Parameter rows: from the start of one on.
    private static func insertKeys(_ rows: UnsafeRawBufferPointer, into filter: inout KeyFilter) {
        for start in stride(from: 0, through: rows.count - rowSize, by: rowSize) {
            filter.insert(UnsafeRawBufferPointer(rebasing: rows[start..<start + Digest.byteCount]))
        }
    }
}

extension PackIndex.Table {
    /// The row at a position below `count`; nil if a number in it is out of range.
    func row(_ position: Int) -> PackIndex.Row? {
        let row = UnsafeRawBufferPointer(rebasing: bytes[position * PackIndex.rowSize..<(position + 1) * PackIndex.rowSize])
        guard let key = Digest(bytes: row[..<32]), let offset = Int(exactly: row.little(UInt64.self, at: 32)) else { return nil }
        return PackIndex.Row(key: key, offset: offset, stored: Int(row.little(UInt32.self, at: 40)), detail: row.little(at: 44))
    }

    /// Whether the rows ascend by key, and by offset where keys may repeat.
    func isSorted(isUnique: Bool) -> Bool {
        var previous: PackIndex.Row?
        for position in 0..<count {
            guard let row = row(position) else { return false }
            if let previous {
                if row.key < previous.key || row.key == previous.key && (isUnique || row.offset <= previous.offset) {
                    return false
                }
            }
            previous = row
        }
        return true
    }

    /// The positions of the rows with this key.
    func positions(of key: Digest) -> Range<Int> {
        key.withBytes { key in
            var (low, high) = bounds(of: key)
            while low < high {
                let middle = (low + high) / 2
                if isBefore(middle, key) { low = middle + 1 } else { high = middle }
            }
            while high < count && compare(high, key) == 0 { high += 1 }
            return low..<high
        }
    }

    /// Positions between which the key stands if it is there.
    private func bounds(of key: UnsafeRawBufferPointer) -> (low: Int, high: Int) {
        guard starts.count > 1 else { return (0, count) }
        let part = Int(UInt64(bigEndian: key.loadUnaligned(as: UInt64.self)) >> shift)
        return (Int(starts[part]), Int(starts[part + 1]))
    }

    /// The first eight bytes of a row's key.
    private func number(_ position: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position * PackIndex.rowSize, as: UInt64.self))
    }

    /// Where the rows of each part begin, and behind them their count.
    fileprivate func partStarts(_ shift: UInt64) -> [UInt32] {
        var starts = [UInt32](repeating: 0, count: (1 << (64 - shift)) + 1)
        var next = 0
        for position in 0..<count {
            let part = Int(number(position) >> shift)
            while next <= part {
                starts[next] = UInt32(position)
                next += 1
            }
        }
        while next < starts.count {
            starts[next] = UInt32(count)
            next += 1
        }
        return starts
    }

    private func isBefore(_ position: Int, _ key: UnsafeRawBufferPointer) -> Bool { compare(position, key) < 0 }

    private func compare(_ position: Int, _ key: UnsafeRawBufferPointer) -> Int32 {
        guard let base = bytes.baseAddress, let key = key.baseAddress else { return 0 }
        return memcmp(base + position * PackIndex.rowSize, key, Digest.byteCount)
    }
}

extension Binding {
    /// What an index finds bindings by: the digest of the kind's name, a zero byte and the key.
    static func lookupKey(_ kind: Kind, _ key: String) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(kind.rawValue.utf8.count + 1 + key.utf8.count)
        bytes.append(contentsOf: kind.rawValue.utf8)
        bytes.append(0)
        bytes.append(contentsOf: key.utf8)
        return Digest(of: bytes)
    }
}

extension Binding.Kind {
    /// How a pack's index spells it.
    var code: UInt32 {
        switch self {
        case .task: 1
        case .run: 2
        case .name: 3
        case .pin: 4
        case .tombstone: 5
        }
    }
}
