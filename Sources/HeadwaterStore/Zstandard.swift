import CZstd
import Glibc

/// Zstandard frames (RFC 8878), one for each payload. Identities never depend on them: digests are over what they hold.
enum Zstandard {
    /// The library's own default.
    static let level: Int32 = 3

    /// The frame; nil if it would not be smaller.
    static func compress(_ payload: [UInt8]) -> [UInt8]? {
        guard payload.count > 1 else { return nil }
        let capacity = payload.count - 1
        let frame = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
            // Fails when the frame needs more than there is, which is then the answer.
            let size = payload.withUnsafeBytes { ZSTD_compress(buffer.baseAddress, capacity, $0.baseAddress, $0.count, level) }
            filled = ZSTD_isError(size) == 0 ? size : 0
        }
        return frame.isEmpty ? nil : frame
    }

    /// Exactly `length` bytes; nil if the frame is damaged, holds another number, or no memory is left for them.
    static func decompress(_ frame: ArraySlice<UInt8>, length: Int) -> [UInt8]? {
        // Allocating an array stops the program where memory is short; a length that only looks right must not.
        guard let probe = malloc(length) else { return nil }
        free(probe)
        let payload = [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            let size = frame.withUnsafeBytes { ZSTD_decompress(buffer.baseAddress, length, $0.baseAddress, $0.count) }
            filled = ZSTD_isError(size) == 0 ? size : 0
        }
        return payload.count == length ? payload : nil
    }
}
