public import HeadwaterModel

/// Bytes drawn at random, under which something can be known again by its digest and not be told from it: SHA-256 over the
/// salt, a word that says what kind of thing it is, a zero byte, and the thing.
///
/// Whoever has the salt can try guesses. So it protects what cannot be guessed, and keeps the digest of a known page from
/// being looked up in a list of such digests.
public struct Salt: Hashable, Sendable, CustomStringConvertible {
    public static let byteCount = 32

    private let bytes: [UInt8]

    /// Draws one.
    public init() {
        var generator = SystemRandomNumberGenerator()
        bytes = (0..<Salt.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Parses 64 hex digits.
    public init?(_ hex: String) {
        guard let bytes = Hex.decode(hex.utf8), bytes.count == Salt.byteCount else { return nil }
        self.bytes = bytes
    }

    public var description: String { Hex.encode(bytes) }

    /// A locator, by its bytes.
    public func digest(of locator: String) -> Digest {
        var locator = locator
        return locator.withUTF8 { digest("locator", UnsafeRawBufferPointer($0)) }
    }

    /// A source, or any other blob.
    public func digest(of blob: Digest) -> Digest { blob.withBytes { digest("digest", $0) } }

    public func digest(of record: RecordID) -> Digest { record.bytes.withUnsafeBytes { digest("record", $0) } }

    /// How many bytes a source has.
    public func digest(ofSize size: Int) -> Digest { Array("\(size)".utf8).withUnsafeBytes { digest("size", $0) } }

    private func digest(_ kind: StaticString, _ thing: UnsafeRawBufferPointer) -> Digest {
        var hasher = DigestHasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        kind.withUTF8Buffer { hasher.update(UnsafeRawBufferPointer($0)) }
        hasher.update([0])
        hasher.update(thing)
        return hasher.finish()
    }
}
