import CZstd
import Glibc
import Synchronization

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
            let size = payload.withUnsafeBytes { payload in
                compressors.with {
                    ZSTD_compressCCtx($0, buffer.baseAddress, capacity, payload.baseAddress, payload.count, level)
                }
            }
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
            let size = frame.withUnsafeBytes { frame in
                decompressors.with { ZSTD_decompressDCtx($0, buffer.baseAddress, length, frame.baseAddress, frame.count) }
            }
            filled = ZSTD_isError(size) == 0 ? size : 0
        }
        return payload.count == length ? payload : nil
    }

    private static let compressors = ContextPool(create: ZSTD_createCCtx, free: { _ = ZSTD_freeCCtx($0) })
    private static let decompressors = ContextPool(create: ZSTD_createDCtx, free: { _ = ZSTD_freeDCtx($0) })
}

/// What the library works with, kept for the next payload: to make it takes longer than to compress a short text. There
/// are as many as threads have needed one at once.
private final class ContextPool: Sendable {
    private let idle = Mutex<[Context]>([])
    private let create: @Sendable () -> OpaquePointer?
    private let free: @Sendable (OpaquePointer?) -> Void

    private struct Context: @unchecked Sendable {  // One thread uses it at a time: it is taken out of the pool meanwhile.
        let pointer: OpaquePointer?
    }

    init(create: @escaping @Sendable () -> OpaquePointer?, free: @escaping @Sendable (OpaquePointer?) -> Void) {
        self.create = create
        self.free = free
    }

    /// Without memory for a context the library is called with none, and answers with an error.
    func with(_ body: (OpaquePointer?) -> Int) -> Int {
        let context = idle.withLock { $0.popLast() } ?? Context(pointer: create())
        let size = body(context.pointer)
        // After an error a context is not to be trusted with another payload.
        if ZSTD_isError(size) != 0 { free(context.pointer) } else { idle.withLock { $0.append(context) } }
        return size
    }
}
