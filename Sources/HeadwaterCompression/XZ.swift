import CLzma

/// liblzma: one .xz stream after the other.
final class XZ: DecodingLibrary {
    private let stream: UnsafeMutablePointer<lzma_stream>

    /// Four times what `xz -9` asks a reader to have; a stream may ask for 4 GiB.
    private static let maximumMemory: UInt64 = 256 << 20

    init() throws(StreamDecoder.Fault) {
        stream = UnsafeMutablePointer<lzma_stream>.allocate(capacity: 1)
        stream.initialize(to: lzma_stream())
        try reset()
    }

    deinit {
        lzma_end(stream)
        stream.deallocate()
    }

    func reset() throws(StreamDecoder.Fault) {
        guard lzma_stream_decoder(stream, XZ.maximumMemory, 0) == LZMA_OK else { throw .memory }
    }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(StreamDecoder.Fault) -> StreamDecoder.Progress {
        stream.pointee.next_in = input.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_in = input.count
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = output.count
        let code = lzma_code(stream, LZMA_RUN)
        guard code == LZMA_OK || code == LZMA_STREAM_END || code == LZMA_BUF_ERROR else {
            let reason =
                switch code {
                case LZMA_DATA_ERROR, LZMA_FORMAT_ERROR: "its bytes are not those that xz wrote"
                case LZMA_MEMLIMIT_ERROR: "it takes more than \(XZ.maximumMemory) bytes of memory to unpack"
                case LZMA_MEM_ERROR: StreamDecoder.Fault.memory.description
                default: "liblzma says \(code.rawValue)"
                }
            throw StreamDecoder.Fault(description: reason)
        }
        return StreamDecoder.Progress(
            consumed: input.count - stream.pointee.avail_in, produced: output.count - stream.pointee.avail_out,
            isAtEnd: code == LZMA_STREAM_END)
    }
}
