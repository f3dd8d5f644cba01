/// What a feed or a sitemap names: RSS 0.9x, 1.0 and 2.0, Atom (RFC 4287), and the sitemaps of sitemaps.org.
struct Feed: Equatable {
    /// In their order, each once, without fragments. What is relative and counts from nothing stays as it is written.
    private(set) var urls: [String] = []
    /// Whether the URLs are those of further sitemaps.
    let isIndex: Bool

    private enum Kind { case rss, atom, sitemap, index }

    /// More than this no list means: the protocol of sitemaps allows 50,000.
    static let mostURLs = 1_000_000
    /// Elements within one another; feeds have a handful.
    private static let mostDepth = 256

    /// - Parameters:
    ///   - text: in UTF-8.
    ///   - base: the URL of the feed itself.
    /// - Returns: nil for what is no feed.
    /// - Throws: `PatternFault` for one that cannot be read.
    init?(_ text: [UInt8], base: WebAddress?) throws(PatternFault) {
        let start = text.prefix(1024).drop { ASCII.isSpace($0) || $0 >= 0xEF }
        guard start.first == UInt8(ascii: "<") else { return nil }
        var scanner = XMLScanner(text)
        guard let (kind, attributes) = Feed.root(&scanner) else { return nil }
        isIndex = kind == .index
        var reader = Reader(kind: kind, base: base)
        reader.enter(kind == .atom ? "feed" : "", attributes)
        while let event = scanner.next() {
            try reader.take(event)
            if reader.urls.count > Feed.mostURLs { throw PatternFault("it names more than \(Feed.mostURLs) URLs") }
        }
        urls = reader.urls
    }

    /// The outermost element, if it is one of a feed's.
    private static func root(_ scanner: inout XMLScanner) -> (Kind, [String: String])? {
        while let event = scanner.next() {
            guard case .start(let name, let attributes) = event else { continue }
            switch XMLScanner.local(name).lowercased() {
            case "rss", "rdf": return (.rss, attributes)
            case "feed": return (.atom, attributes)
            case "urlset": return (.sitemap, attributes)
            case "sitemapindex": return (.index, attributes)
            default: return nil
            }
        }
        return nil
    }

    /// Where the scan stands.
    private struct Reader {
        let kind: Kind
        var urls: [String] = []
        private var seen: Set<String> = []
        /// What each open element's relative URLs count from, outermost first.
        private var open: [(name: String, base: WebAddress?)]
        /// The text of the element that holds a URL, while it is open.
        private var text: [UInt8]?
        /// What the present item names; the better comes first.
        private var candidates: [(rank: Int, url: String, base: WebAddress?)] = []

        init(kind: Kind, base: WebAddress?) {
            self.kind = kind
            open = [("", base)]
        }

        private var item: String { kind == .rss ? "item" : kind == .atom ? "entry" : kind == .sitemap ? "url" : "sitemap" }

        mutating func enter(_ name: String, _ attributes: [String: String]) {
            let outer = open.last?.base
            let base = attributes["xml:base"].flatMap { WebAddress($0, from: outer) } ?? outer
            open.append((name, base))
        }

        mutating func take(_ event: Event) throws(PatternFault) {
            switch event {
            case .text(let part): text?.append(contentsOf: part)
            case .start(let name, let attributes):
                guard open.count < Feed.mostDepth else { throw PatternFault("its elements nest deeper than \(Feed.mostDepth)") }
                let parent = XMLScanner.local(open.last?.name ?? "")
                enter(name, attributes)
                if XMLScanner.local(name) == item {
                    candidates = []
                } else if parent == item {
                    begin(name, attributes)
                }
            case .end(let name):
                guard let index = open.lastIndex(where: { $0.name == name }), index > 0 else { return }
                if let text, index == open.count - 1 {
                    let url = String(decoding: ASCII.trimmed(text[...]), as: UTF8.self)
                    candidates.append((XMLScanner.local(name) == "guid" ? 2 : 0, url, open[index].base))
                }
                text = nil
                open.removeSubrange(index...)
                if XMLScanner.local(name) == item { finish() }
            }
        }

        /// An element of an item that may name its URL.
        private mutating func begin(_ name: String, _ attributes: [String: String]) {
            text = nil
            switch (kind, XMLScanner.local(name)) {
            case (.atom, "link"),
                (.rss, "link") where attributes["href"] != nil:
                guard let target = attributes["href"], (attributes["rel"] ?? "alternate") == "alternate" else { return }
                let isPage = attributes["type"].map { $0.lowercased().contains("html") } ?? true
                candidates.append((isPage ? 0 : 1, target, open.last?.base))
            case (.rss, "link") where !name.contains(":"): text = []
            case (.rss, "guid") where attributes["isPermaLink"]?.lowercased() != "false": text = []
            // Pictures and films of a page have places of their own, under a prefix of their own.
            case (.sitemap, "loc"), (.index, "loc"):
                let outer = open.dropLast().last?.name ?? ""
                if outer.dropLast(item.count) == name.dropLast("loc".count) { text = [] }
            default: break
            }
        }

        private mutating func finish() {
            defer { candidates = [] }
            for rank in 0...2 {
                guard let found = candidates.first(where: { $0.rank == rank && !$0.url.isEmpty }) else { continue }
                // What is a name and no URL stands in many a guid.
                if rank == 2, !found.url.hasPrefix("http://"), !found.url.hasPrefix("https://") { continue }
                let url = WebAddress(found.url, from: found.base)?.url ?? found.url
                if seen.insert(url).inserted { urls.append(url) }
                return
            }
        }

        typealias Event = XMLScanner.Event
    }
}
