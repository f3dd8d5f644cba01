/// Names a record by what it is: the first 20 bytes of the SHA-256 of its canonical JSON without the `id` member.
/// Printed as 40 hex digits.
public struct RecordID: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let w0: UInt64
    private let w1: UInt64
    private let w2: UInt32

    public static let byteCount = 20

    /// The id of the record whose canonical form without its id has this digest.
    public init(_ digest: Digest) {
        w0 = digest.w0
        w1 = digest.w1
        w2 = UInt32(truncatingIfNeeded: digest.w2 >> 32)
    }

    /// Parses 40 lower-case hex digits.
    public init?(_ hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex.utf8), bytes.count == RecordID.byteCount,
            let digest = Digest(bytes: bytes + [UInt8](repeating: 0, count: Digest.byteCount - RecordID.byteCount))
        else { return nil }
        self.init(digest)
    }

    public static func < (a: RecordID, b: RecordID) -> Bool { (a.w0, a.w1, a.w2) < (b.w0, b.w1, b.w2) }

    public var description: String {
        func digits(_ value: some FixedWidthInteger & UnsignedInteger) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: value.bitWidth / 4 - text.count) + text
        }
        return digits(w0) + digits(w1) + digits(w2)
    }

    /// The id cut to what a person compares by eye.
    public var short: String { String(description.prefix(12)) }
}
