/// Where the bytes of a source lay that is a part of a file: an archive's member, a record of a crawl, a line.
///
/// Says where, never what: it is no part of a task key, so that a part which only moved is known again.
public struct Container: Hashable, Sendable {
    /// The source's locator.
    public var source: String
    /// The locator of the file.
    public var file: String
    /// Of the file's bytes.
    public var digest: Digest
    /// Which of the file's members, records or lines it is, from 1.
    public var number: Int
    /// From the file inward: the first names bytes of the file, each other one bytes of what the one before it gives. The
    /// last gives the source.
    public var layers: [Layer]

    /// A run of bytes, and how they are decoded.
    public struct Layer: Hashable, Sendable {
        public var codec: Codec
        /// All that there is if nil.
        public var range: ByteRange?

        public init(_ codec: Codec, _ range: ByteRange? = nil) {
            self.codec = codec
            self.range = range
        }
    }

    /// How bytes were packed.
    public enum Codec: String, Hashable, Sendable, CaseIterable {
        /// As they are.
        case stored
        /// RFC 1952; several members one behind the other are one text.
        case gzip
        /// RFC 1951, as in ZIP archives.
        case deflate
        /// RFC 1950, which HTTP calls deflate.
        case zlib
        /// RFC 8878.
        case zstd
        /// What bzip2(1) writes; several streams one behind the other are one text.
        case bzip2
        /// The .xz file format, streams likewise.
        case xz
        /// RFC 7932, which HTTP calls br.
        case brotli
        /// HTTP/1.1's chunks (RFC 9112, section 7.1).
        case chunked
    }

    public init(source: String, file: String, digest: Digest, number: Int, layers: [Layer]) {
        self.source = source
        self.file = file
        self.digest = digest
        self.number = number
        self.layers = layers
    }

    public var json: JSON {
        [
            "source": .string(source), "file": .string(file), "digest": .string(digest.description), "number": .integer(number),
            "layers": .array(layers.map(\.json)),
        ]
    }

    public init(json: JSON) throws(DocumentError) {
        let document = StoredDocument(part: json, of: "container")
        source = try document.string("source")
        file = try document.string("file")
        digest = try document.digest("digest")
        number = try document.count("number")
        layers = []
        for part in try document.array("layers") {
            guard let layer = Layer(json: part) else {
                throw DocumentError("a container's layer: expected [codec, start, length] or [codec], found \(part)")
            }
            layers.append(layer)
        }
    }
}

extension Container {
    /// From the file inward, in words: `bytes 0–120 unpacked (gzip), of those bytes 20–80`.
    public var way: String {
        layers.enumerated().map { index, layer in
            let bytes = layer.range.map { "bytes \($0.start)–\($0.end ?? $0.start)" } ?? "all bytes"
            let unpacked = layer.codec == .stored ? "" : " unpacked (\(layer.codec.rawValue))"
            return (index == 0 ? "" : "of those ") + bytes + unpacked
        }.joined(separator: ", ")
    }
}

extension Container.Layer {
    /// `[codec, start, length]`, or `[codec]` for all bytes.
    public var json: JSON {
        var parts: [JSON] = [.string(codec.rawValue)]
        if let range { parts += [.integer(range.start), .integer(range.length)] }
        return .array(parts)
    }

    init?(json: JSON) {
        guard let parts = json.array, let codec = parts.first?.string.flatMap(Container.Codec.init) else { return nil }
        if parts.count == 1 {
            self.init(codec)
            return
        }
        guard parts.count == 3, let start = parts[1].integer, let length = parts[2].integer, start >= 0, length >= 0 else {
            return nil
        }
        self.init(codec, ByteRange(start: start, length: length))
    }
}
