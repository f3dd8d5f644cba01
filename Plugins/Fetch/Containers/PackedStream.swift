import HeadwaterCompression
import HeadwaterModel

/// What a compressed stream holds, members or frames one behind the other, with where each of them began: so that a part
/// of it can be had again without what stands before.
final class PackedStream {
    /// Where a member begins: in the packed bytes, and in what they hold. The last stands for the end.
    struct Boundary {
        var packed: Int
        var position: Int
    }

    let codec: Container.Codec
    private let stream: ByteStream
    private let decoder: StreamDecoder
    private(set) var boundaries: [Boundary] = []
    private var position = 0
    private var isInside = false
    /// Whether the packed bytes ended within a member.
    private(set) var isTruncated = false
    /// Whether a member can be had without those before it.
    private let isSeparable: Bool

    private let limits: UnpackingLimits
    /// Where the packed bytes begin in their stream.
    private let start: Int

    /// The codecs of streams, with the bytes that begin a member.
    private static let codecs: [Container.Codec: (magic: [UInt8], format: StreamDecoder.Format)] = [
        .gzip: ([0x1F, 0x8B], .gzip), .zstd: ([0x28, 0xB5, 0x2F, 0xFD], .zstd), .bzip2: (Array("BZh".utf8), .bzip2),
        .xz: ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
    ]
    private static let longestMagic = 6
    private let magic: [UInt8]
    /// A frame that ZSTD skips and that holds a dictionary for those behind it, see
    /// https://iipc.github.io/warc-specifications/specifications/warc-zstd/
    private static let dictionaryMagic: [UInt8] = [0x5D, 0x2A, 0x4D, 0x18]
    private static let maximumDictionary = 16 << 20

    /// Nil if the stream does not begin as this codec's do.
    init?(_ stream: ByteStream, _ codec: Container.Codec, _ limits: UnpackingLimits = UnpackingLimits()) throws {
        guard let (magic, format) = PackedStream.codecs[codec] else { return nil }
        self.stream = stream
        self.limits = limits
        start = stream.position
        self.codec = codec
        self.magic = magic
        let beginning = try PackedStream.start(stream)
        if codec == .zstd, beginning.starts(with: PackedStream.dictionaryMagic) {
            decoder = try StreamDecoder(.zstd, dictionary: try PackedStream.dictionary(stream))
            isSeparable = false
        } else {
            guard beginning.starts(with: magic) else { return nil }
            decoder = try StreamDecoder(format)
            isSeparable = true
        }
    }

    /// How bytes are packed, as far as their beginning tells.
    static func codec(of bytes: ArraySlice<UInt8>) -> Container.Codec? {
        if bytes.starts(with: dictionaryMagic) { return .zstd }
        let codec = Container.Codec.allCases.first { codecs[$0].map { bytes.starts(with: $0.magic) } ?? false }
        // Three letters may begin a text; bzip2(1) has a digit behind them.
        if codec == .bzip2, !(bytes.dropFirst(3).first.map { 0x31...0x39 ~= $0 } ?? false) { return nil }
        return codec
    }

    /// Whether bytes packed so come as a stream of members.
    static func reads(_ codec: Container.Codec) -> Bool { codecs[codec] != nil }

    private static func start(_ stream: ByteStream) throws -> [UInt8] {
        try stream.peek(longestMagic) { Array($0.prefix(longestMagic)) }
    }

    /// The bytes it holds.
    var content: ByteStream { ByteStream { [self] in try fill($0) } }

    /// Which packed bytes hold these, and where in what they hold.
    ///
    /// - Precondition: all of the content was read.
    func layer(holding range: Range<Int>) -> (layer: Container.Layer, start: Int) {
        var first = boundaries.startIndex
        var last = boundaries.index(before: boundaries.endIndex)
        if isSeparable {
            // The last that begins no later, and the first that begins no earlier than the end.
            first = max(0, partition { $0.position > range.lowerBound } - 1)
            // Empty members may stand before it.
            last = max(min(partition { $0.position >= range.upperBound }, last), first + 1)
        }
        let packed = boundaries[first].packed..<boundaries[min(last, boundaries.count - 1)].packed
        return (Container.Layer(codec, ByteRange(packed)), boundaries[first].position)
    }

    /// How many bytes these packed ones hold.
    func length(of layer: Container.Layer) -> Int? {
        guard let range = layer.range, let end = range.end else { return nil }
        let first = partition { $0.packed >= range.start }
        let last = partition { $0.packed >= end }
        guard boundaries.indices.contains(first), boundaries.indices.contains(last) else { return nil }
        return boundaries[last].position - boundaries[first].position
    }

    /// The index of the first boundary of which this holds.
    private func partition(_ isBehind: (Boundary) -> Bool) -> Int {
        var (low, high) = (0, boundaries.count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(boundaries[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func fill(_ output: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if !isInside {
                if codec == .xz { try skipPadding() }
                let continues = try PackedStream.start(stream).starts(with: magic)
                if isSeparable || boundaries.isEmpty || !continues {
                    boundaries.append(
                        Boundary(packed: boundaries.isEmpty && !isSeparable ? 0 : stream.position, position: position))
                }
                // Bytes behind the last member that begin no other are none of it, as gzip(1) has it.
                guard continues else { return 0 }
                try decoder.reset()
                isInside = true
            }
            let progress = try stream.peek(1) { try decoder.decode($0, into: output) }
            try stream.skip(progress.consumed)
            position += progress.produced
            if let fault = limits.fault(packed: stream.position - start, unpacked: position) { throw fault }
            if progress.isAtEnd { isInside = false }
            if progress.produced > 0 { return progress.produced }
            if !progress.isAtEnd && progress.consumed == 0 {
                isTruncated = true
                isInside = false
                boundaries.append(Boundary(packed: stream.position, position: position))
                return 0
            }
        }
    }

    /// Zeros between streams, by fours (The .xz file format, section 2.2).
    private func skipPadding() throws {
        while try stream.peek(4, { $0.count >= 4 && $0.prefix(4).allSatisfy { $0 == 0 } }) { try stream.skip(4) }
    }

    /// The dictionary that a stream begins with, which may itself be compressed.
    private static func dictionary(_ stream: ByteStream) throws -> [UInt8] {
        let length = try stream.peek(8) { bytes in
            bytes.count < 8 ? 0 : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        }
        guard (1...maximumDictionary).contains(length) else { throw MemberFault("its dictionary has \(length) bytes") }
        try stream.skip(8)
        let bytes = try stream.peek(length) { Array($0.prefix(length)) }
        guard bytes.count == length else { throw MemberFault("it ends within its dictionary") }
        try stream.skip(length)
        guard bytes.starts(with: codecs[.zstd]?.magic ?? []) else { return bytes }
        return try Unpacking.bytes(of: bytes, .zstd, limit: maximumDictionary).bytes
    }
}

/// What keeps a part of a file from being had, as the end of a sentence on it.
struct MemberFault: Error, CustomStringConvertible {
    let description: String
    /// Of the drop.
    let reason: String

    init(_ description: String, reason: String = "damaged") {
        self.description = description
        self.reason = reason
    }
}
