import CZstd
import Glibc
import Synchronization

/// Zstandard frames (RFC 8878), one for each payload. Identities never depend on them: digests are over what they hold.
enum Zstandard {
    /// The library's fastest with a table of its own for the letters. Against its default, 3, pages and documents of 4 to 300 KB
    /// took 20 to 40 % less time and 0 to 9 % more space; the next faster one, -1, took a third more space.
    static let level: Int32 = 1
    /// Shorter payloads are digests for the most part, of which a frame saves a fifth: less than its time is worth.
    static let leastPayload = 512

    /// The frame; nil if it would not be smaller, or not by enough.
    static func compress(_ payload: [UInt8]) -> [UInt8]? {
        guard payload.count >= leastPayload else { return nil }
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
