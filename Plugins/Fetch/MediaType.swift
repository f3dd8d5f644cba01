import HeadwaterModel

/// What kind of content some bytes are, by what a server said, a name ends in, and the bytes show.
enum MediaType {
    static let plainText = "text/plain"
    static let html = "text/html"
    static let binary = "application/octet-stream"

    /// - Parameters:
    ///   - declared: a server's `Content-Type`, which goes before all else if it says anything.
    ///   - locator: its last name's extension tells text formats apart that look alike.
    static func of(_ bytes: [UInt8], declared: ContentType?, locator: String) -> String {
        if let essence = declared?.essence, !saysNothing(essence) { return essence }
        let byName = fileExtension(of: locator).flatMap { extensions[$0] }
        if bytes.isEmpty { return plainText }
        if let type = signature(of: bytes) {
            // A word processor's document is a ZIP archive, and its name says which.
            return type == "application/zip" ? byName.flatMap { isText($0) ? nil : $0 } ?? type : type
        }
        if ByteOrderMark.charset(of: bytes) == nil && UTF16Pattern.charset(of: bytes) == nil && looksBinary(bytes) {
            return binary
        }
        if let byName, isText(byName) { return byName }
        return textType(of: bytes)
    }

    /// Whether content of this type is text, so that it has a charset.
    static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/") || type.hasSuffix("+xml") || type.hasSuffix("+json")
            || ["application/xml", "application/json", "application/x-ndjson", "application/javascript"].contains(type)
    }

    /// Whether it is a type that servers send when they do not know.
    static func saysNothing(_ type: String) -> Bool { sayingNothing.contains(type) }

    static func isMarkup(_ type: String) -> Bool {
        type == html || type == "text/xml" || type == "application/xml" || type.hasSuffix("+xml")
    }

    /// What servers send when they do not know (WHATWG MIME Sniffing, section 7).
    private static let sayingNothing: Set<String> = [binary, "unknown/unknown", "application/unknown", "*/*"]

    /// WHATWG MIME Sniffing, sections 6.1 to 6.4, without sounds and fonts.
    private static func signature(of bytes: [UInt8]) -> String? {
        guard let first = bytes.first, signatureStarts.contains(Int(first)) else { return nil }
        if bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "image/webp" }
        return signatures.first { bytes.starts(with: $0.start) }?.type
    }

    private static let signatureStarts = PlaceSet(
        [Int(UInt8(ascii: "R"))] + signatures.compactMap { $0.start.first.map(Int.init) })

    private static let signatures: [(start: [UInt8], type: String)] = [
        (Array("%PDF-".utf8), "application/pdf"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        ([0xFF, 0xD8, 0xFF], "image/jpeg"),
        (Array("GIF87a".utf8), "image/gif"),
        (Array("GIF89a".utf8), "image/gif"),
        ([0x50, 0x4B, 0x03, 0x04], "application/zip"),
        ([0x1F, 0x8B, 0x08], "application/gzip"),
        ([0x28, 0xB5, 0x2F, 0xFD], "application/zstd"),
        (Array("BZh".utf8), "application/x-bzip2"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "application/x-xz"),
        // UTF-32 with a mark, which nothing here reads.
        ([0xFF, 0xFE, 0x00, 0x00], binary),
        ([0x00, 0x00, 0xFE, 0xFF], binary),
    ]

    /// More than one in a hundred of the first bytes is one that text does not hold: compressed data has one in ten, and
    /// a damaged text a few in all.
    private static func looksBinary(_ bytes: [UInt8]) -> Bool {
        let head = min(bytes.count, 8192)
        return ByteScan.binaryCount(bytes, within: head) * 100 > head
    }

    /// Markup is told by its first tags, as WHATWG MIME Sniffing section 7.1 does, but within the first 1024 bytes:
    /// saved pages often begin with a line of something else.
    private static func textType(of bytes: [UInt8]) -> String {
        let head = bytes.prefix(1024).filter { $0 != 0 }
        let start = head.drop { $0 <= 0x20 || $0 >= 0xEF }
        if start.starts(with: "<?xml".utf8) { return holds(head, "<html") ? "application/xhtml+xml" : "application/xml" }
        return htmlMarks.contains { holds(head, $0) } ? html : plainText
    }

    private static let htmlMarks = [
        "<!doctype html", "<html", "<head", "<body", "<title", "<script", "<meta ", "<div", "<table", "<h1",
    ]

    /// Whether the text, its letters in lower case, stands in the bytes with no letter or digit behind.
    private static func holds(_ bytes: [UInt8], _ text: String) -> Bool {
        let text = Array(text.utf8)
        guard bytes.count >= text.count else { return false }
        return (0...bytes.count - text.count).contains { start in
            guard text.indices.allSatisfy({ ASCII.lowercased(bytes[start + $0]) == text[$0] }) else { return false }
            let end = start + text.count
            return end == bytes.count || text.last == 0x20 || !ASCII.isAlphanumeric(bytes[end])
        }
    }

    /// What stands behind the last dot of the last name, in lower case.
    private static func fileExtension(of locator: String) -> String? {
        var path = locator.utf8[...]
        if path.starts(with: "http://".utf8) || path.starts(with: "https://".utf8) {
            path = path.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        }
        while path.last == PathText.slash { path.removeLast() }
        let name = path.suffix(from: path.lastIndex(of: PathText.slash).map(path.index(after:)) ?? path.startIndex)
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return nil }
        let letters = name[name.index(after: dot)...]
        return letters.allSatisfy({ $0 < 0x80 })
            ? String(decoding: letters.map(ASCII.lowercased), as: UTF8.self) : String(Substring(letters)).lowercased()
    }

    private static let extensions: [String: String] = [
        "html": html, "htm": html, "xhtml": "application/xhtml+xml", "xht": "application/xhtml+xml",
        "txt": plainText, "text": plainText, "log": plainText, "srt": plainText,
        "md": "text/markdown", "markdown": "text/markdown", "csv": "text/csv", "tsv": "text/tab-separated-values",
        "vtt": "text/vtt", "css": "text/css", "js": "text/javascript",
        "json": "application/json", "jsonl": "application/x-ndjson", "ndjson": "application/x-ndjson",
        "xml": "application/xml", "rss": "application/rss+xml", "atom": "application/atom+xml", "svg": "image/svg+xml",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text", "epub": "application/epub+zip",
    ]
}
