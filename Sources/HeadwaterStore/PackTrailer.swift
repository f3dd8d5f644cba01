/// The last 40 bytes of a sealed pack.
///
///     0  8  offset of the index
///     8  8  length of the index    (blobs + bindings) x 48
///    16  4  blobs                  number of blob rows
///    20  4  bindings               number of binding rows
///    24  4  checksum of the index
///    28  4  checksum of the 28 bytes before
///    32  8  magic                  89 48 57 49 4E 44 58 0A
struct PackTrailer {
    static let size = 40
    static let magic: [UInt8] = [0x89] + Array("HWINDX\n".utf8)

    var indexOffset: Int
    var blobs: Int
    var bindings: Int
    var indexChecksum: UInt32

    var indexLength: Int { (blobs + bindings) * PackIndex.rowSize }

    var bytes: [UInt8] {
        var out: [UInt8] = []
        out.append(little: UInt64(indexOffset))
        out.append(little: UInt64(indexLength))
        out.append(little: UInt32(blobs))
        out.append(little: UInt32(bindings))
        out.append(little: indexChecksum)
        out.append(little: Checksum.of(out))
        return out + PackTrailer.magic
    }

    init(indexOffset: Int, _ index: PackIndex) {
        self.indexOffset = indexOffset
        blobs = index.blobs.count
        bindings = index.bindings.count
        indexChecksum = Checksum.of(index.bytes)
    }

    /// Nil unless this is the whole trailer of a pack of `fileSize` bytes.
    init?(_ bytes: [UInt8], fileSize: Int) {
        guard bytes.count == PackTrailer.size, Array(bytes[32...]) == PackTrailer.magic,
            bytes.withUnsafeBytes({ $0.little(UInt32.self, at: 28) }) == Checksum.of(Array(bytes[..<28]))
        else { return nil }
        let (offset, length) = bytes.withUnsafeBytes { ($0.little(UInt64.self, at: 0), $0.little(UInt64.self, at: 8)) }
        let (blobs, bindings) = bytes.withUnsafeBytes { ($0.little(UInt32.self, at: 16), $0.little(UInt32.self, at: 20)) }
        guard let offset = Int(exactly: offset), offset >= PackHeader.size, offset <= fileSize else { return nil }
        indexOffset = offset
        self.blobs = Int(blobs)
        self.bindings = Int(bindings)
        indexChecksum = bytes.withUnsafeBytes { $0.little(UInt32.self, at: 24) }
        // Two 32-bit counts times 48 stay far below 2 to the 63rd.
        guard length == UInt64(indexLength), indexLength == fileSize - PackTrailer.size - offset else { return nil }
    }
}
