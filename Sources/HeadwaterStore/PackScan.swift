import Glibc
import HeadwaterModel

/// What a pack's entries alone tell, found one after the other without its index: for a pack whose writer is gone,
/// and for one whose index is damaged.
struct PackScan {
    /// Rows of the entries that are whole: header, stored bytes, checksums.
    private(set) var blobs: [PackIndex.Row] = []
    private(set) var bindings: [PackIndex.Row] = []
    private var damagedBlobs: [PackIndex.Row] = []
    /// Bytes that belong to no whole entry although one follows them.
    private(set) var gaps: [Range<Int>] = []
    /// Where the last whole entry ends.
    private(set) var end = PackHeader.size
    let size: Int
    /// What the entries begin with; nil if that is not known, since neither header nor first entry can be read.
    let sync: UInt64?
    /// Whether the header is whole.
    let hasHeader: Bool
    /// Whether the header never came to the disk: then nothing in the file was ever made durable.
    let isBlank: Bool

    init(_ file: File) throws(StoreError) {
        size = try file.size()
        let head = try file.read(at: 0, count: PackHeader.size)
        hasHeader = PackHeader(head) != nil
        isBlank = head.count < PackHeader.size || head.allSatisfy { $0 == 0 }
        sync = try PackScan.syncMarker(of: file)
        guard let sync else { return }
        var offset = PackHeader.size
        while let start = try PackScan.nextEntry(in: file, from: offset, size: size, sync) {
            let bytes = try file.read(at: start.offset, count: EntryHeader.size + start.header.stored)
            if take(start.header, bytes, at: start.offset) {
                if start.offset > end { gaps.append(end..<start.offset) }
                end = start.offset + bytes.count
            }
            offset = start.offset + EntryHeader.size + start.header.stored
        }
    }

    /// Blobs of which only a header is whole: known, and known to be damaged.
    var lostBlobs: [PackIndex.Row] {
        let whole = Set(blobs.map(\.key))
        return damagedBlobs.filter { !whole.contains($0.key) }
    }

    /// Notes an entry in its table; false if its stored bytes are damaged.
    private mutating func take(_ header: EntryHeader, _ bytes: [UInt8], at offset: Int) -> Bool {
        let whole =
            bytes.count == EntryHeader.size + header.stored
            && bytes[EntryHeader.size...].withUnsafeBytes { Checksum.of($0) } == header.checksum
        switch header.kind {
        case .blob:
            let row = PackIndex.Row(key: header.digest, offset: offset, stored: header.stored, detail: UInt32(header.length))
            if whole { blobs.append(row) } else { damagedBlobs.append(row) }
        case .binding:
            let payload = Array(bytes[EntryHeader.size...])
            guard whole, header.codec == .none, let binding = Binding(canonical: payload), Digest(of: payload) == header.digest
            else { return false }
            bindings.append(
                PackIndex.Row(
                    key: Binding.lookupKey(binding.kind, binding.key), offset: offset, stored: header.stored,
                    detail: binding.kind.code))
        }
        return whole
    }

    /// The marker that starts each entry: from the header or, where that is damaged, from the first entry.
    private static func syncMarker(of file: File) throws(StoreError) -> UInt64? {
        let bytes = try file.read(at: 0, count: PackHeader.size + EntryHeader.size)
        if let header = PackHeader(bytes) {
            try header.checkVersion(file.path)
            return header.sync
        }
        guard bytes.count == PackHeader.size + EntryHeader.size else { return nil }
        return bytes[PackHeader.size...].withUnsafeBytes { EntryHeader($0)?.sync }
    }

    /// The first entry at or after an offset whose header is whole and whose bytes the file has; nil if there is none.
    private static func nextEntry(
        in file: File, from start: Int, size: Int, _ sync: UInt64
    ) throws(StoreError) -> (offset: Int, header: EntryHeader)? {
        var marker: [UInt8] = []
        marker.append(little: sync)
        var offset = start
        // Nearly always the entry is where it should be, so the first look is a small one.
        var window = EntryHeader.size
        while offset + EntryHeader.size <= size {
            let bytes = try file.read(at: offset, count: min(window, size - offset))
            if bytes.count < EntryHeader.size { return nil }
            var position = 0
            while let found = find(marker, in: bytes, from: position), found + EntryHeader.size <= bytes.count {
                let header = bytes[found...].withUnsafeBytes { EntryHeader($0) }
                if let header, header.length <= EntryHeader.largestPayload,
                    offset + found + EntryHeader.size <= size - header.stored
                {
                    return (offset + found, header)
                }
                position = found + 1
            }
            // A header that begins in this window and ends in the next must be met again, whole.
            offset += bytes.count - EntryHeader.size + 1
            window = 1 << 20
        }
        return nil
    }

    private static func find(_ marker: [UInt8], in bytes: [UInt8], from position: Int) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var position = position
            while position + marker.count <= buffer.count,
                let next = memchr(base + position, Int32(marker[0]), buffer.count - marker.count + 1 - position)
            {
                position = UnsafeRawPointer(next) - base
                if memcmp(next, marker, marker.count) == 0 { return position }
                position += 1
            }
            return nil
        }
    }
}
