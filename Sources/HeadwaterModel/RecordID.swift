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
        guard let bytes = Hex.decode(hex.utf8) else { return nil }
        self.init(bytes: bytes)
    }

    /// The id that these 20 bytes are; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == RecordID.byteCount,
            let digest = Digest(bytes: Array(bytes) + [UInt8](repeating: 0, count: Digest.byteCount - RecordID.byteCount))
        else { return nil }
        self.init(digest)
    }

    /// The 20 bytes, in the order in which they are printed.
    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(RecordID.byteCount)
        for word in [w0, w1] {
            for shift in stride(from: 56, through: 0, by: -8) { out.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
        }
        for shift in stride(from: 24, through: 0, by: -8) { out.append(UInt8(truncatingIfNeeded: w2 >> UInt32(shift))) }
        return out
    }

    /// The first eight bytes as a number, of the same order.
    package var leadingWord: UInt64 { w0 }

    public static func < (a: RecordID, b: RecordID) -> Bool { (a.w0, a.w1, a.w2) < (b.w0, b.w1, b.w2) }

    public var description: String {
        withUnsafeBytes(of: (w0.bigEndian, w1.bigEndian, w2.bigEndian)) { Hex.encode($0.prefix(RecordID.byteCount)) }
    }

    /// The id cut to what a person compares by eye.
    public var short: String { String(description.prefix(12)) }
}
