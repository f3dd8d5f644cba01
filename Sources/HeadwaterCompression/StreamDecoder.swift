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
        /// What bzip2(1) writes, one stream; what follows it is left.
        case bzip2
        /// The .xz file format 1.1.0, one stream; what follows it is left.
        case xz
        /// RFC 7932.
        case brotli
    }

    /// Why bytes cannot be decoded.
    public struct Fault: Error, CustomStringConvertible {
        public let description: String

        static let memory = Fault(description: "no memory is left for a decoder")
    }

    /// What one call came to.
    public struct Progress {
        public var consumed = 0
        public var produced = 0
        /// The member, frame or stream is over, and its checksum held.
        public var isAtEnd = false
    }

    private let library: any DecodingLibrary

    /// - Parameter dictionary: for Zstandard, what the frames were compressed with; empty for none.
    public init(_ format: Format, dictionary: [UInt8] = []) throws(Fault) {
        library =
            switch format {
            // The window's size and what is around it, see zlib.h: 15 + 16 is gzip, 15 zlib, -15 nothing.
            case .gzip: try Zlib(bits: 31)
            case .deflate: try Zlib(bits: -15)
            case .zlib: try Zlib(bits: 15)
            case .zstd: try Zstandard(dictionary: dictionary)
            case .bzip2: try Bzip2()
            case .xz: try XZ()
            case .brotli: try Brotli()
            }
    }

    /// Begins with the next member, frame or stream.
    public func reset() throws(Fault) { try library.reset() }

    /// Decodes from `input` into `output` until one of them or the member is at its end.
    ///
    /// - Throws: `Fault` for bytes that are not of the format, or damaged.
    public func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) throws(Fault) -> Progress {
        // Some libraries count in 32 bits; what is beyond is for the next call.
        try library.decode(
            UnsafeRawBufferPointer(rebasing: input.prefix(1 << 30)),
            into: UnsafeMutableRawBufferPointer(rebasing: output.prefix(1 << 30)))
    }
}

/// One library's state.
protocol DecodingLibrary: AnyObject {
    func reset() throws(StreamDecoder.Fault)
    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(StreamDecoder.Fault) -> StreamDecoder.Progress
}
