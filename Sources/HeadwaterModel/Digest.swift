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
    public static let prefix = "\(Digest.staticPrefix)"
    fileprivate static let staticPrefix: StaticString = "sha256:"

    /// The digest whose 32 bytes these are; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        guard let digest = bytes.withContiguousStorageIfAvailable({ Digest(UnsafeRawBufferPointer($0), at: 0) }) else {
            self.init(bytes: Array(bytes))
            return
        }
        self = digest
    }

    /// Parses the printed form, with its prefix.
    public init?(_ description: some StringProtocol) {
        guard description.utf8.starts(with: Digest.prefix.utf8),
            let bytes = Hex.decode(description.utf8.dropFirst(Digest.prefix.utf8.count))
        else { return nil }
        self.init(bytes: bytes)
    }

    /// Parses the 64 lower-case hex digits alone.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex.utf8) else { return nil }
        self.init(bytes: bytes)
    }

    /// Any part of a digest is spread as evenly as all of it.
    public func hash(into hasher: inout Hasher) { hasher.combine(w0) }

    init(w0: UInt64, w1: UInt64, w2: UInt64, w3: UInt64) { (self.w0, self.w1, self.w2, self.w3) = (w0, w1, w2, w3) }

    public static func < (a: Digest, b: Digest) -> Bool {
        (a.w0, a.w1, a.w2, a.w3) < (b.w0, b.w1, b.w2, b.w3)
    }

    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// Calls with the 32 bytes, which are there only during the call.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBytes(of: (w0.bigEndian, w1.bigEndian, w2.bigEndian, w3.bigEndian), body)
    }

    /// The digest whose 32 bytes start at this offset, which must be within the buffer.
    public init(_ buffer: UnsafeRawBufferPointer, at offset: Int) {
        precondition(offset >= 0 && buffer.count - offset >= Digest.byteCount, "a digest has \(Digest.byteCount) bytes")
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + index * 8, as: UInt64.self))
        }
        (w0, w1, w2, w3) = (word(0), word(1), word(2), word(3))
    }

    /// The first eight bytes as a number, of the same order.
    package var leadingWord: UInt64 { w0 }

    public var hex: String { withBytes { Hex.encode($0) } }

    /// The printed form cut to what a person compares by eye.
    public var short: String { Digest.prefix + hex.prefix(12) }
}

extension Digest: CustomStringConvertible {
    public var description: String { withBytes { Hex.encode($0, after: Digest.staticPrefix) } }
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
        else { DigestHasher.refused("begin") }
        self.context = context
    }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return }
        guard EVP_DigestUpdate(context, base, bytes.count) == 1 else { DigestHasher.refused("go on with") }
    }

    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Ends this digest and begins another, which costs less than a new hasher.
    public mutating func next() -> Digest {
        let digest = ended()
        // The algorithm stays as it is.
        guard EVP_DigestInit_ex2(context, nil, nil) == 1 else { DigestHasher.refused("begin") }
        return digest
    }

    public consuming func finish() -> Digest { ended() }

    private func ended() -> Digest {
        var out: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        return withUnsafeMutableBytes(of: &out) { buffer in
            let done = EVP_DigestFinal_ex(context, buffer.bindMemory(to: UInt8.self).baseAddress, nil)
            guard done == 1 else { DigestHasher.refused("finish") }
            return Digest(UnsafeRawBufferPointer(buffer), at: 0)
        }
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Ends the process. Whatever the bytes, hashing them fails only where libcrypto itself cannot work: it was built without
    /// SHA-256, or no memory is left. No caller could go on then, since nothing has an identity without a digest.
    private static func refused(_ step: StaticString) -> Never {
        fatalError("libcrypto could not \(step) a digest: it offers no SHA-256, or no memory is left for it")
    }
}
