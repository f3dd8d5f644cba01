import HeadwaterModel

/// Reads a list of URLs to its end: a feed, a sitemap with those that it leads to, or a text with a URL a line.
struct URLList {
    /// What a request for a further list is answered.
    let answer: (_ url: String) throws -> [UInt8]

    /// Lists that lead to lists: an index leads to sitemaps, and those of large sites to further indexes.
    private static let mostDepth = 3
    private static let mostLists = 10_000

    private(set) var urls: [String] = []
    private var seen: Set<String> = []
    private var asked: Set<String> = []

    init(answer: @escaping (_ url: String) throws -> [UInt8]) { self.answer = answer }

    /// Whether these bytes are a list in XML. A text is one to whoever says so, and these say it themselves.
    static func isFeed(_ bytes: [UInt8]) -> Bool {
        guard let text = try? text(bytes), let feed = try? Feed(text, base: nil) else { return false }
        return feed.isIndex || !feed.urls.isEmpty
    }

    /// Takes up what a list names.
    ///
    /// - Parameter base: the URL of the list; nil for a file.
    /// - Throws: `PatternFault` for what is no list, and what `answer` throws.
    mutating func take(_ bytes: [UInt8], base: WebAddress?) throws { try take(bytes, base: base, depth: 0) }

    private mutating func take(_ bytes: [UInt8], base: WebAddress?, depth: Int) throws {
        let text = try URLList.text(bytes)
        guard let feed = try Feed(text, base: base) else {
            for line in FileList.lines(text) {
                let written = String(decoding: line.text, as: UTF8.self)
                try add(WebAddress(written, from: base)?.url ?? written)
            }
            return
        }
        guard feed.isIndex else {
            for url in feed.urls { try add(url) }
            return
        }
        guard depth < URLList.mostDepth else {
            throw PatternFault("its lists lead to further lists, more than \(URLList.mostDepth) deep")
        }
        for url in feed.urls where asked.insert(url).inserted {
            guard asked.count <= URLList.mostLists else { throw PatternFault("it leads to more than \(URLList.mostLists) lists") }
            guard let address = WebAddress(url) else {
                throw PatternFault("it names '\(url)' as a further list, which is no URL")
            }
            try take(try answer(url), base: address, depth: depth + 1)
        }
    }

    private mutating func add(_ url: String) throws(PatternFault) {
        if WebAddress(url)?.hasPassword == true {
            throw PatternFault("it names a URL with a name or password, which would be published as a locator")
        }
        // A locator is one line of text, also that of what turns out to be no URL.
        let locator = Locator.text(Array(url.utf8)[...], keeping: UInt8(ascii: "%"))
        if seen.insert(locator).inserted { urls.append(locator) }
        guard urls.count <= Feed.mostURLs else { throw PatternFault("it names more than \(Feed.mostURLs) URLs") }
    }

    /// The list's text in UTF-8.
    private static func text(_ bytes: [UInt8]) throws(PatternFault) -> [UInt8] {
        guard bytes.count <= FileList.maximumSize else { throw PatternFault("a list has at most \(FileList.maximumSize) bytes") }
        let bytes = bytes.starts(with: [0x1F, 0x8B]) ? try unpacked(bytes) : bytes
        let detection = CharsetDetection.of(bytes, mediaType: "application/xml", declared: nil)
        guard let charset = detection.charset else {
            throw PatternFault("its charset \(detection.unsupported ?? "") cannot be read")
        }
        return charset.decode(bytes).text
    }

    /// What a server keeps compressed as a file of its own.
    private static func unpacked(_ bytes: [UInt8]) throws(PatternFault) -> [UInt8] {
        do {
            let result = try Unpacking.bytes(of: bytes, .gzip, limit: FileList.maximumSize)
            if result.isTruncated { throw PatternFault("it is cut short") }
            return result.bytes
        } catch {
            throw (error as? PatternFault) ?? PatternFault("it is compressed, and cannot be unpacked: \(error)")
        }
    }
}
