import CZstd

/// libzstd: one frame after the other.
final class Zstandard: DecodingLibrary {
    private let context: OpaquePointer

    init(dictionary: [UInt8]) throws(StreamDecoder.Fault) {
        guard let context = ZSTD_createDCtx() else { throw .memory }
        // From here on the end of this object frees the context, also where the rest fails.
        self.context = context
        if !dictionary.isEmpty, ZSTD_isError(ZSTD_DCtx_loadDictionary(context, dictionary, dictionary.count)) != 0 {
            throw StreamDecoder.Fault(description: "its dictionary is damaged")
        }
    }

    deinit { ZSTD_freeDCtx(context) }

    func reset() { ZSTD_DCtx_reset(context, ZSTD_reset_session_only) }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(StreamDecoder.Fault) -> StreamDecoder.Progress {
        var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let left = ZSTD_decompressStream(context, &to, &from)
        guard ZSTD_isError(left) == 0 else {
            throw StreamDecoder.Fault(description: String(cString: ZSTD_getErrorName(left)))
        }
        return StreamDecoder.Progress(consumed: from.pos, produced: to.pos, isAtEnd: left == 0)
    }
}
