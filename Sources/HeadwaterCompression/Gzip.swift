import CZlib

/// Gzip members (RFC 1952), for files that go to other programs; nothing in a store is kept so.
public enum Gzip {
    /// One member, without a time or a name, so that equal bytes give equal ones; nil where memory is short.
    public static func member(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window, and a gzip head.
        guard
            deflateInit2_(
                &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = Array(bytes)
        guard let count = UInt32(exactly: input.count) else { return nil }
        let bound = Int(deflateBound(&stream, UInt(count)))
        let out = [UInt8](unsafeUninitializedCapacity: bound) { buffer, filled in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = count
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(clamping: bound)
                filled = deflate(&stream, Z_FINISH) == Z_STREAM_END ? bound - Int(stream.avail_out) : 0
            }
        }
        return out.isEmpty ? nil : out
    }
}
