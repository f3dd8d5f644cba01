import HeadwaterModel

/// What a file holds that is made of parts, told by its name alone: to look into every file would cost a run more than all
/// else that it does where nothing changed.
struct ContainerFormat: Equatable {
    /// How the whole file is compressed.
    var compression: Container.Codec?
    var content: Content

    enum Content: Equatable {
        /// One text or other file.
        case single
        case tar, zip, warc
        /// JSON, a value a line.
        case lines
        /// Rows of fields, separated by this byte, or by what the first row shows.
        case table(UInt8?)
    }

    /// Nil for a file that is a source as it is.
    init?(name: some Sequence<UInt8>) {
        let name = name.map(ASCII.lowercased)
        for (ending, codec) in ContainerFormat.compressions
        where name.count > ending.count && name.suffix(ending.count) == ending[...] {
            let inner = name.dropLast(ending.count)
            self.init(compression: codec, content: ContainerFormat.content(inner) ?? .single)
            return
        }
        for (ending, codec) in ContainerFormat.short where name.suffix(ending.count) == ending[...] {
            self.init(compression: codec, content: .tar)
            return
        }
        guard let content = ContainerFormat.content(name[...]) else { return nil }
        self.init(compression: nil, content: content)
    }

    init(compression: Container.Codec?, content: Content) {
        self.compression = compression
        self.content = content
    }

    /// A file's name without the ending that says how it is compressed.
    static func uncompressed(_ name: String) -> String {
        let lower = Array(name.utf8).map(ASCII.lowercased)
        for (ending, _) in compressions where lower.count > ending.count && lower.suffix(ending.count) == ending[...] {
            return String(decoding: name.utf8.dropLast(ending.count), as: UTF8.self)
        }
        return name
    }

    private static func content(_ name: ArraySlice<UInt8>) -> Content? {
        contents.first { name.count > $0.ending.count && name.suffix($0.ending.count) == $0.ending[...] }?.content
    }

    private static let compressions: [(ending: [UInt8], codec: Container.Codec)] = [
        (Array(".gz".utf8), .gzip), (Array(".zst".utf8), .zstd), (Array(".bz2".utf8), .bzip2), (Array(".xz".utf8), .xz),
    ]
    private static let short: [(ending: [UInt8], codec: Container.Codec)] = [
        (Array(".tgz".utf8), .gzip), (Array(".tzst".utf8), .zstd), (Array(".tbz2".utf8), .bzip2), (Array(".txz".utf8), .xz),
    ]
    private static let contents: [(ending: [UInt8], content: Content)] = [
        (Array(".tar".utf8), .tar), (Array(".zip".utf8), .zip), (Array(".warc".utf8), .warc),
        // Common Crawl's extracted texts.
        (Array(".wet".utf8), .warc),
        (Array(".jsonl".utf8), .lines), (Array(".ndjson".utf8), .lines), (Array(".csv".utf8), .table(nil)),
        (Array(".tsv".utf8), .table(UInt8(ascii: "\t"))),
    ]
}
