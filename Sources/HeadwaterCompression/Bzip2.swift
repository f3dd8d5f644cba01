import CBzip2

/// libbz2: one stream after the other.
final class Bzip2: DecodingLibrary {
    private let stream: UnsafeMutablePointer<bz_stream>

    init() throws(StreamDecoder.Fault) {
        stream = UnsafeMutablePointer<bz_stream>.allocate(capacity: 1)
        stream.initialize(to: bz_stream())
        try begin()
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
    }

    func reset() throws(StreamDecoder.Fault) {
        BZ2_bzDecompressEnd(stream)
        try begin()
    }

    private func begin() throws(StreamDecoder.Fault) {
        stream.pointee = bz_stream()
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else { throw .memory }
    }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(StreamDecoder.Fault) -> StreamDecoder.Progress {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: CChar.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: CChar.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let code = BZ2_bzDecompress(stream)
        guard code == BZ_OK || code == BZ_STREAM_END else {
            let reason =
                switch code {
                case BZ_DATA_ERROR, BZ_DATA_ERROR_MAGIC: "its bytes are not those that bzip2 wrote"
                case BZ_MEM_ERROR: StreamDecoder.Fault.memory.description
                default: "libbz2 says \(code)"
                }
            throw StreamDecoder.Fault(description: reason)
        }
        return StreamDecoder.Progress(
            consumed: input.count - Int(stream.pointee.avail_in), produced: output.count - Int(stream.pointee.avail_out),
            isAtEnd: code == BZ_STREAM_END)
    }
}
