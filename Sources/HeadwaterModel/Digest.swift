internal import CCrypto

/// The SHA-256 (FIPS 180-4) of some bytes: the only identity that content has in Headwater.
///
/// Printed as `sha256:` and 64 hex digits. Ordered as its bytes are.
public struct Digest: Hashable, Comparable, Sendable {
    /// The 32 bytes as four big-endian words, so that comparing words compares bytes.
    let w0: UInt64
    let w1: UInt64
    let w2: UInt64
    let w3: UInt64

    public static let byteCount = 32
    public static let prefix = "sha256:"

    /// The digest whose 32 bytes these are; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var index = 0
        for byte in bytes {
            switch index >> 3 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
            index += 1
        }
        (w0, w1, w2, w3) = words
    }

    /// Parses the printed form, with its prefix.
    public init?(_ description: some StringProtocol) {
        guard description.hasPrefix(Digest.prefix) else { return nil }
        self.init(hex: description.dropFirst(Digest.prefix.count))
    }

    /// Parses the 64 lower-case hex digits alone.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex.utf8) else { return nil }
        self.init(bytes: bytes)
    }

    public static func < (a: Digest, b: Digest) -> Bool {
        (a.w0, a.w1, a.w2, a.w3) < (b.w0, b.w1, b.w2, b.w3)
    }

    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(Digest.byteCount)
        for word in [w0, w1, w2, w3] {
            for shift in stride(from: 56, through: 0, by: -8) { out.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
        }
        return out
    }

    public var hex: String { Hex.encode(bytes) }

    /// The printed form cut to what a person compares by eye.
    public var short: String { Digest.prefix + hex.prefix(12) }
}

extension Digest: CustomStringConvertible {
    public var description: String { Digest.prefix + hex }
}

extension Digest {
    /// The digest of these bytes.
    public init(of bytes: some Sequence<UInt8>) {
        var hasher = DigestHasher()
        if bytes.withContiguousStorageIfAvailable({ hasher.update(UnsafeRawBufferPointer($0)) }) == nil {
            hasher.update(Array(bytes))
        }
        self = hasher.finish()
    }

    public init(of bytes: UnsafeRawBufferPointer) {
        var hasher = DigestHasher()
        hasher.update(bytes)
        self = hasher.finish()
    }
}

/// Computes a digest over bytes that arrive in parts. Not safe to share: one hasher, one thread.
public struct DigestHasher: ~Copyable {
    private let context: OpaquePointer

    /// The algorithm is looked up once: in OpenSSL 3 the look-up costs more than hashing a short text.
    private struct Algorithm: @unchecked Sendable {  // immutable once fetched, and thread-safe by OpenSSL's contract
        let pointer: OpaquePointer?
    }
    private static let algorithm = Algorithm(pointer: EVP_MD_fetch(nil, "SHA256", nil))

    public init() {
        guard let algorithm = DigestHasher.algorithm.pointer, let context = EVP_MD_CTX_new(),
            EVP_DigestInit_ex2(context, algorithm, nil) == 1
        else { fatalError("libcrypto offers no SHA-256, or no memory is left for it") }
        self.context = context
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        let done = EVP_DigestUpdate(context, base, bytes.count)
        precondition(done == 1, "libcrypto refused to hash")
    }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    public consuming func finish() -> Digest {
        var out = [UInt8](repeating: 0, count: Digest.byteCount)
        let done = EVP_DigestFinal_ex(context, &out, nil)
        guard done == 1, let digest = Digest(bytes: out) else { fatalError("libcrypto refused to finish a digest") }
        return digest
    }

    deinit { EVP_MD_CTX_free(context) }
}
