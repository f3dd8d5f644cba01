import CZlib

/// Checksums that file formats carry.
public enum Checksum {
    /// The CRC of RFC 1952, section 8, which ZIP archives and gzip files have of their content.
    public static func crc32(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBytes { UInt32(truncatingIfNeeded: crc32_z(0, $0.bindMemory(to: UInt8.self).baseAddress, $0.count)) }
    }
}
