import HeadwaterModel

/// The 68 bytes before each entry's stored bytes.
///
///     0  8  sync marker
///     8  1  kind           1 blob, 2 binding
///     9  1  codec          0 none, 1 zstd
///    10  2  zero
///    12  4  checksum of the stored bytes
///    16  8  length         of the payload, uncompressed
///    24  8  stored         number of stored bytes
///    32 32  digest         of the payload, uncompressed
///    64  4  checksum of the 64 bytes before
struct EntryHeader {
    static let size = 68
    /// The largest payload of an entry in a pack; larger blobs are files of their own.
    static let largestPayload = 1 << 20

    enum Kind: UInt8 { case blob = 1, binding = 2 }
    enum Codec: UInt8 { case none = 0, zstd = 1 }

    var sync: UInt64
    var kind: Kind
    var codec: Codec
    var checksum: UInt32
    var length: Int
    var stored: Int
    var digest: Digest

    init(sync: UInt64, _ entry: Entry) {
        self.sync = sync
        kind = entry.kind
        codec = entry.codec
        checksum = entry.checksum
        length = entry.length
        stored = entry.stored.count
        digest = entry.digest
    }

    var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(EntryHeader.size)
        out.append(little: sync)
        out.append(kind.rawValue)
        out.append(codec.rawValue)
        out.append(little: UInt16(0))
        out.append(little: checksum)
        out.append(little: UInt64(length))
        out.append(little: UInt64(stored))
        out.append(contentsOf: digest.bytes)
        out.append(little: Checksum.of(out))
        return out
    }

    /// Nil unless the checksum is right and every field is one that a writer can have written.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= EntryHeader.size,
            bytes.little(UInt32.self, at: 64) == Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<64])),
            let kind = Kind(rawValue: bytes[8]), let codec = Codec(rawValue: bytes[9]), bytes.little(UInt16.self, at: 10) == 0,
            let length = Int(exactly: bytes.little(UInt64.self, at: 16)),
            let stored = Int(exactly: bytes.little(UInt64.self, at: 24)),
            let digest = Digest(bytes: bytes[32..<64])
        else { return nil }
        switch codec {
        case .none: guard stored == length else { return nil }
        // A block of a frame takes 3 bytes at least and yields 128 KiB at most (RFC 8878, section 3.1.1.2).
        case .zstd: guard stored < length, length >> 17 <= stored else { return nil }
        }
        sync = bytes.little(UInt64.self, at: 0)
        self.kind = kind
        self.codec = codec
        checksum = bytes.little(UInt32.self, at: 12)
        self.length = length
        self.stored = stored
        self.digest = digest
    }
}
