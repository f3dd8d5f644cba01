import HeadwaterModel

/// A UUID made from a name, equal on every machine: version 8 with SHA-256 (RFC 9562, 5.8 and the example of appendix B.2).
///
/// The version that RFC 9562 has for names, 5, takes SHA-1; nothing else here does.
enum NamedUUID {
    /// - Parameter namespace: 16 bytes, themselves a UUID.
    static func text(_ name: String, in namespace: [UInt8]) -> String {
        var bytes = Array(Digest(of: namespace + Array(name.utf8)).bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(Hex.encode(bytes).utf8)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { String(decoding: hex[$0], as: UTF8.self) }.joined(separator: "-")
    }

    /// The namespace of URLs and URNs that RFC 9562 assigns (6.6): `6ba7b811-9dad-11d1-80b4-00c04fd430c8`.
    static let urls: [UInt8] = [
        0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
    ]
}
