import HeadwaterModel

/// What the answer to a request holds that is made of parts. Its bytes are there, so that they say how they are packed; the name
/// in its URL and the type that the server states say what the bytes cannot: that lines are JSON, or rows of a table.
extension ContainerFormat {
    /// Nil for an answer that is a source as it is.
    ///
    /// - Parameter url: as it was asked for.
    init?(of bytes: [UInt8], declared: ContentType?, url: String) {
        let name = ContainerFormat.fileName(of: url)
        let byName = ContainerFormat(name: name)
        let type = declared?.essence.flatMap { MediaType.saysNothing($0) ? nil : $0 }
        let byType = type.flatMap { ContainerFormat.types[$0] }
        // Of what is no text a server knows what it is: many programs' own files are archives inside.
        if let type, byType == nil, byName == nil, !MediaType.isText(type) { return nil }
        let compression = PackedStream.codec(of: bytes[...])
        let head = compression.map { ContainerFormat.unpackedHead(bytes, $0) } ?? bytes.prefix(ContainerFormat.headLength)
        let told = byName?.content ?? .single == .single ? byType?.content : byName?.content
        switch ContainerFormat.content(head: head) {
        case .zip?:
            // A word processor's document is an archive to itself.
            let inner = ContainerFormat.uncompressed(String(decoding: name, as: UTF8.self))
            let isDocument = told != .zip && MediaType.of(Array(head), declared: nil, locator: inner) != "application/zip"
            if isDocument && compression == nil { return nil }
            self.init(compression: compression, content: isDocument ? .single : .zip)
        case let content?: self.init(compression: compression, content: content)
        case nil:
            var content = told ?? .single
            // A page whose URL ends like a table's is a page.
            if content.isRows, let type, byType == nil, type != MediaType.plainText, type != "application/json" {
                content = .single
            }
            if compression == nil && content == .single { return nil }
            self.init(compression: compression, content: content)
        }
    }

    /// As it is kept with a pinned answer: `gzip/warc`, `csv`.
    var told: String { [compression?.rawValue, content.told].compactMap { $0 }.joined(separator: "/") }

    init?(told: String) {
        let parts = told.split(separator: "/").map(String.init)
        guard let last = parts.last, let content = Content(told: last) else { return nil }
        self.init(compression: parts.count > 1 ? Container.Codec(rawValue: parts[0]) : nil, content: content)
    }

    /// The last name of the URL's path.
    private static func fileName(of url: String) -> [UInt8] {
        let path = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        return path.split(separator: PathText.slash, omittingEmptySubsequences: false).last.map { Array($0) } ?? []
    }

    private static let headLength = 512

    /// The beginning of what packed bytes hold, as far as it can be had.
    private static func unpackedHead(_ bytes: [UInt8], _ codec: Container.Codec) -> ArraySlice<UInt8> {
        let head = try? PackedStream(ByteStream(bytes), codec)?.content.peek(headLength) { Array($0.prefix(headLength)) }
        return head.flatMap { $0 }?[...] ?? []
    }

    /// What bytes show of themselves: POSIX.1-2017 (ustar), PKWARE's APPNOTE, ISO 28500.
    private static func content(head: ArraySlice<UInt8>) -> Content? {
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) { return .zip }
        if head.starts(with: "WARC/".utf8) { return .warc }
        return head.dropFirst(257).starts(with: "ustar".utf8) ? .tar : nil
    }

    private static let types: [String: ContainerFormat] = [
        "application/gzip": .init(compression: .gzip, content: .single),
        "application/x-gzip": .init(compression: .gzip, content: .single),
        "application/zstd": .init(compression: .zstd, content: .single),
        "application/x-bzip2": .init(compression: .bzip2, content: .single),
        "application/x-bzip": .init(compression: .bzip2, content: .single),
        "application/x-xz": .init(compression: .xz, content: .single),
        "application/x-tar": .init(compression: nil, content: .tar),
        "application/x-gtar": .init(compression: .gzip, content: .tar),
        "application/x-compressed-tar": .init(compression: .gzip, content: .tar),
        "application/zip": .init(compression: nil, content: .zip),
        "application/x-zip-compressed": .init(compression: nil, content: .zip),
        "application/warc": .init(compression: nil, content: .warc),
        "application/x-ndjson": .init(compression: nil, content: .lines),
        "application/ndjson": .init(compression: nil, content: .lines),
        "application/jsonl": .init(compression: nil, content: .lines),
        "application/x-jsonlines": .init(compression: nil, content: .lines),
        "text/csv": .init(compression: nil, content: .table(nil)),
        "text/tab-separated-values": .init(compression: nil, content: .table(UInt8(ascii: "\t"))),
    ]
}

extension ContainerFormat.Content {
    /// Whether nothing in the bytes tells them from other text.
    fileprivate var isRows: Bool {
        switch self {
        case .lines, .table: true
        case .single, .tar, .zip, .warc: false
        }
    }

    fileprivate var told: String {
        switch self {
        case .single: "single"
        case .tar: "tar"
        case .zip: "zip"
        case .warc: "warc"
        case .lines: "jsonl"
        case .table(let delimiter): delimiter == nil ? "csv" : "tsv"
        }
    }

    fileprivate init?(told: String) {
        let known: [ContainerFormat.Content] = [.single, .tar, .zip, .warc, .lines, .table(nil), .table(UInt8(ascii: "\t"))]
        guard let content = known.first(where: { $0.told == told }) else { return nil }
        self = content
    }
}
