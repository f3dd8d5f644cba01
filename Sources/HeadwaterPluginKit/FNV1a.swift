/// The 64-bit hash FNV-1a of Fowler, Noll and Vo (draft-eastlake-fnv, "The FNV Non-Cryptographic Hash Algorithm"): equal on every
/// machine and in every run, cheap for short words. Its low bits are spread better than its high ones.
public enum FNV1a {
    /// The hash of nothing.
    @inlinable public static var empty: UInt64 { 0xcbf2_9ce4_8422_2325 }

    @inlinable public static func adding(_ byte: UInt8, to hash: UInt64) -> UInt64 { adding(UInt32(byte), to: hash) }

    /// - Parameter scalar: taken whole, in one step.
    @inlinable public static func adding(_ scalar: UInt32, to hash: UInt64) -> UInt64 {
        (hash ^ UInt64(scalar)) &* 0x0000_0100_0000_01b3
    }

    @inlinable public static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = empty
        for byte in bytes { hash = adding(byte, to: hash) }
        return hash
    }
}
