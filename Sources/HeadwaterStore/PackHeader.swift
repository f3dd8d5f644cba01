import HeadwaterModel

/// The first 24 bytes of a pack or a blob file.
///
///     0  8  magic          89 48 57 50 41 43 4B 0A
///     8  4  version        1
///    12  8  sync marker    starts every entry of this file
///    20  4  checksum       CRC-32 of the 20 bytes before
struct PackHeader {
    static let size = 24
    static let magic: [UInt8] = [0x89] + Array("HWPACK\n".utf8)
    static let currentVersion: UInt32 = 1

    var version = currentVersion
    /// Drawn at random for each pack, so that no stored content can look like an entry of the pack that holds it when
    /// entries must be searched for (as in Avro object container files).
    var sync: UInt64

    var bytes: [UInt8] {
        var out = PackHeader.magic
        out.append(little: version)
        out.append(little: sync)
        out.append(little: Checksum.of(out))
        return out
    }

    init(sync: UInt64) { self.sync = sync }

    /// Nil if these bytes are no whole header.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= PackHeader.size, bytes.starts(with: PackHeader.magic) else { return nil }
        let (version, sync, checksum) = bytes.withUnsafeBytes {
            ($0.little(UInt32.self, at: 8), $0.little(UInt64.self, at: 12), $0.little(UInt32.self, at: 20))
        }
        guard Checksum.of(Array(bytes[..<20])) == checksum else { return nil }
        self.version = version
        self.sync = sync
    }

    /// A pack's header is not needed to read the pack, but one of a later version must not be misread.
    func checkVersion(_ path: String) throws(StoreError) {
        guard version <= PackHeader.currentVersion else {
            throw StoreError(
                .newerFormat(Int(version)), path,
                "written in version \(version) of the format; this program knows \(PackHeader.currentVersion)",
                remedy: "use a newer Headwater")
        }
    }
}
