import HeadwaterModel
import HeadwaterPluginKit

/// What the markup of a page states about the page: titles, author, date, site, language, each from several places,
/// the most telling first.
struct PageFacts {
    private(set) var headings: [Finding] = []
    private(set) var documentTitle: Finding?
    private(set) var statedTitles: [Finding] = []
    private(set) var authors: [Finding] = []
    private(set) var dates: [Finding] = []
    /// The dates of `<time>` elements, which may be about anything on the page.
    private(set) var times: [Finding] = []
    /// What the page says its own address is.
    private(set) var address: Finding?
    private(set) var sites: [Finding] = []
    private(set) var language: Finding?

    private let page: TracedText
    private let tree: PageTree
    private let bytes: UnsafeBufferPointer<UInt8>

    /// Names of `meta` elements, the most telling first, by what they state.
    private static let titleNames = ["og:title", "twitter:title", "dc.title", "parsely-title"]
    private static let authorNames = [
        "author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl", "og:article:author",
    ]
    private static let dateNames = [
        "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
        "sailthru.date",
        "dc.date.issued", "dc.date", "dcterms.created", "date", "pubdate", "publish-date", "publication_date",
        "article.published", "cxenseparse:recs:publishtime",
    ]
    private static let siteNames = ["og:site_name", "application-name", "publisher", "dc.publisher"]

    init(_ page: TracedText, tree: PageTree, in bytes: UnsafeBufferPointer<UInt8>) {
        self.page = page
        self.tree = tree
        self.bytes = bytes
        var metas: [String: Finding] = [:]
        var linked = LinkedData()
        var scripts: [Range<Int>] = []
        var properties: (headline: [Finding], author: [Finding], date: [Finding]) = ([], [], [])
        for (index, node) in tree.nodes.enumerated() {
            switch node.name {
            case .title where documentTitle == nil && tree.nodes[max(node.parent, 0)].name != .svg:
                documentTitle = title(of: index)
            case .link where address == nil && isCanonical(index): address = value("href", of: index)
            case .meta: read(meta: index, into: &metas, dates: &properties.date)
            case .script:
                if let type = tree.attribute("type", of: index, in: bytes), bytes[type].containsLowercased("ld+json") {
                    for script in tree.texts(of: index) {
                        linked.read(Array(bytes[script]))
                        scripts.append(script)
                    }
                }
            case .h1: if headings.count < 8, let heading = title(of: index) { headings.append(heading) }
            case .time: if times.count < 8, let time = value("datetime", of: index) ?? text(of: index) { times.append(time) }
            default: break
            }
            guard node.name != .meta, !node.property.isEmpty || node.name == .a else { continue }
            let property = bytes[node.property]
            if property.elementsEqual("headline".utf8), let found = text(of: index) { properties.headline.append(found) }
            if property.elementsEqual("datePublished".utf8),
                let found = value("datetime", of: index) ?? value("content", of: index) ?? text(of: index)
            {
                properties.date.append(found)
            }
            if property.elementsEqual("author".utf8) || node.name == .a && isAuthorLink(index), properties.author.count < 8,
                let found = text(of: index)
            {
                properties.author.append(found)
            }
        }
        func linkedFinding(_ value: String) -> Finding { Finding(value, origin(of: value, in: scripts)) }
        let stated = { (names: [String]) in names.compactMap { metas[$0] } }
        statedTitles = (linked.headline.map { [linkedFinding($0)] } ?? []) + stated(Self.titleNames) + properties.headline
        statedTitles.removeAll { $0.value.utf8.count > PageTitle.longest }
        if !linked.authors.isEmpty {
            let names = linked.authors.prefix(6)
            var origin = TracedText()
            for name in names { origin.append(self.origin(of: name, in: scripts)) }
            authors.append(Finding(names.joined(separator: ", "), origin))
        }
        authors += properties.author + stated(Self.authorNames)
        dates = (linked.published.map { [linkedFinding($0)] } ?? []) + stated(Self.dateNames) + properties.date
        if address == nil { address = metas["og:url"] }
        sites =
            stated(["og:site_name"]) + (linked.publisher.map { [linkedFinding($0)] } ?? [])
            + stated(Array(Self.siteNames.dropFirst()))
        let tag =
            tree.attribute("lang", ofTag: tree.documentTag, in: bytes)
            ?? tree.attribute("xml:lang", ofTag: tree.documentTag, in: bytes)
        language = tag.flatMap(finding) ?? metas["dc.language"] ?? metas["og:locale"]
    }

    private func read(meta index: Int, into metas: inout [String: Finding], dates: inout [Finding]) {
        guard let content = tree.attribute("content", of: index, in: bytes), !content.isEmpty, content.count < 2000 else {
            return
        }
        for attribute in ["property", "name", "itemprop"] as [StaticString] {
            guard let range = tree.attribute(attribute, of: index, in: bytes), range.count < 60 else { continue }
            let name = String(decoding: bytes[range].map(ASCII.lower), as: UTF8.self)
            if metas[name] == nil { metas[name] = finding(content) }
        }
    }

    private func isCanonical(_ index: Int) -> Bool {
        guard let relation = tree.attribute("rel", of: index, in: bytes) else { return false }
        return bytes[relation].count == 9 && bytes[relation].containsLowercased("canonical")
    }

    private func isAuthorLink(_ index: Int) -> Bool {
        guard let relation = tree.attribute("rel", of: index, in: bytes) else { return false }
        return bytes[relation].containsLowercased("author")
    }

    private func value(_ attribute: StaticString, of index: Int) -> Finding? {
        tree.attribute(attribute, of: index, in: bytes).flatMap(finding)
    }

    /// The text of an element that should hold a headline; nil where it holds more.
    private func title(of index: Int) -> Finding? {
        text(of: index).flatMap { $0.value.utf8.count <= PageTitle.longest ? $0 : nil }
    }

    private func text(of index: Int) -> Finding? {
        let texts = tree.descendants(of: index).lazy.map { tree.nodes[$0] }.filter { $0.name == .text }
        let pieces = texts.map { Block.Piece(range: $0.range, hasReferences: !$0.isLiteral) }
        guard !pieces.isEmpty, pieces.reduce(0, { $0 + $1.range.count }) < 2000 else { return nil }
        let text = ArticleText.traced(page, Array(pieces))
        return text.isEmpty ? nil : Finding(text)
    }

    private func finding(_ range: Range<Int>) -> Finding? {
        let text = ArticleText.traced(page, [Block.Piece(range: range, hasReferences: true)])
        return text.isEmpty ? nil : Finding(text)
    }

    /// Where a value of JSON-LD stands: its own bytes where they are written without escapes, else its script.
    private func origin(of value: String, in scripts: [Range<Int>]) -> TracedText {
        let wanted = Array("\"\(value)\"".utf8)
        for script in scripts {
            var index = script.lowerBound
            while index + wanted.count <= script.upperBound {
                if bytes[index] == wanted[0], bytes[index..<index + wanted.count].elementsEqual(wanted) {
                    return page[index + 1..<index + wanted.count - 1]
                }
                index += 1
            }
        }
        return scripts.first.map { page[$0] } ?? TracedText()
    }
}

extension PageFacts {
    /// All that the page calls itself, folded, whole and without the site's name: where a block says the same, it is a title.
    var titles: Set<[UInt8]> {
        var out = Set<[UInt8]>()
        for finding in statedTitles + (documentTitle.map { [$0] } ?? []) {
            let bytes = Array(finding.value.utf8)
            out.insert(PhraseTable.folded(bytes))
            let headline = PageTitle.headline(of: bytes)
            if headline.count >= 12 { out.insert(PhraseTable.folded(Array(bytes[headline]))) }
        }
        out.remove([])
        return out
    }
}
