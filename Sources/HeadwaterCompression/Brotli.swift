import CBrotli

/// libbrotlidec. A stream has neither a mark at its start nor a checksum.
final class Brotli: DecodingLibrary {
    private var state: OpaquePointer

    init() throws(StreamDecoder.Fault) { state = try Brotli.begun() }

    deinit { BrotliDecoderDestroyInstance(state) }

    func reset() throws(StreamDecoder.Fault) {
        let next = try Brotli.begun()
        BrotliDecoderDestroyInstance(state)
        state = next
    }

    private static func begun() throws(StreamDecoder.Fault) -> OpaquePointer {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { throw .memory }
        return state
    }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(StreamDecoder.Fault) -> StreamDecoder.Progress {
        var (left, room) = (input.count, output.count)
        var from = input.bindMemory(to: UInt8.self).baseAddress
        var to = output.bindMemory(to: UInt8.self).baseAddress
        let result = BrotliDecoderDecompressStream(state, &left, &from, &room, &to, nil)
        guard result != BROTLI_DECODER_RESULT_ERROR else {
            let reason = BrotliDecoderErrorString(BrotliDecoderGetErrorCode(state)).map { String(cString: $0) }
            throw StreamDecoder.Fault(description: "its bytes are not those of Brotli (\(reason ?? "no reason given"))")
        }
        return StreamDecoder.Progress(
            consumed: input.count - left, produced: output.count - room, isAtEnd: result == BROTLI_DECODER_RESULT_SUCCESS)
    }
}
