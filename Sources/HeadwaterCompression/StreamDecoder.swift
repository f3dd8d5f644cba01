import CZlib
import CZstd

/// Undoes one compression, as much at a time as is given and asked for. One thread uses it.
public final class StreamDecoder {
    public enum Format: Sendable {
        /// RFC 1952, one member; what follows it is left.
        case gzip
        /// RFC 1951.
        case deflate
        /// RFC 1950.
        case zlib
        /// RFC 8878, one frame; what follows it is left.
        case zstd
    }

    /// Why bytes cannot be decoded.
    public struct Fault: Error, CustomStringConvertible {
        public let description: String
    }

    /// What one call came to.
    public struct Progress {
        public var consumed = 0
        public var produced = 0
        /// The member or frame is over, and its checksum held.
        public var isAtEnd = false
    }

    private enum Library {
        case zlib(UnsafeMutablePointer<z_stream>)
        case zstd(OpaquePointer)
    }

    private let library: Library

    /// - Parameter dictionary: for Zstandard, what the frames were compressed with; empty for none.
    public init(_ format: Format, dictionary: [UInt8] = []) throws(Fault) {
        switch format {
        case .zstd:
            guard let context = ZSTD_createDCtx() else { throw Fault(description: "no memory is left for a decoder") }
            // From here on the end of this object frees the context, also where the rest fails.
            library = .zstd(context)
            if !dictionary.isEmpty, ZSTD_isError(ZSTD_DCtx_loadDictionary(context, dictionary, dictionary.count)) != 0 {
                throw Fault(description: "its dictionary is damaged")
            }
        case .gzip, .deflate, .zlib:
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            // The window's size and what is around it, see zlib.h: 15 + 16 is gzip, 15 zlib, -15 nothing.
            let bits: Int32 =
                switch format {
                case .gzip: 31
                case .deflate: -15
                default: 15
                }
            guard inflateInit2_(stream, bits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
                stream.deallocate()
                throw Fault(description: "no memory is left for a decoder")
            }
            library = .zlib(stream)
        }
    }

    deinit {
        switch library {
        case .zlib(let stream):
            inflateEnd(stream)
            stream.deallocate()
        case .zstd(let context): ZSTD_freeDCtx(context)
        }
    }

    /// Begins with the next member or frame.
    public func reset() {
        switch library {
        case .zlib(let stream): inflateReset(stream)
        case .zstd(let context): ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        }
    }

    /// Decodes from `input` into `output` until one of them or the member is at its end.
    ///
    /// - Throws: `Fault` for bytes that are not of the format, or damaged.
    public func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(Fault) -> Progress {
        switch library {
        case .zlib(let stream): try inflate(stream, input, output)
        case .zstd(let context): try decompress(context, input, output)
        }
    }

    private func inflate(
        _ stream: UnsafeMutablePointer<z_stream>, _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(Fault) -> Progress {
        // The library counts in 32 bits; what is beyond is for the next call.
        let given = min(input.count, 1 << 30)
        let room = min(output.count, 1 << 30)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(given)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(room)
        let code = CZlib.inflate(stream, Z_NO_FLUSH)
        guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib says \(code)"
            throw Fault(description: reason)
        }
        return Progress(
            consumed: given - Int(stream.pointee.avail_in), produced: room - Int(stream.pointee.avail_out),
            isAtEnd: code == Z_STREAM_END)
    }

    private func decompress(
        _ context: OpaquePointer, _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(Fault) -> Progress {
        var from = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var to = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let left = ZSTD_decompressStream(context, &to, &from)
        guard ZSTD_isError(left) == 0 else { throw Fault(description: String(cString: ZSTD_getErrorName(left))) }
        return Progress(consumed: from.pos, produced: to.pos, isAtEnd: left == 0)
    }
}
