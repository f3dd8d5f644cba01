import HeadwaterModel
import HeadwaterPluginKit

/// What the markup of a page states about the page: titles, author, dates, site, language, addresses, each from several
/// places, the most telling first.
struct PageFacts {
    private(set) var headings: [Candidate] = []
    private(set) var documentTitle: Candidate?
    private(set) var statedTitles: [Candidate] = []
    private(set) var authors: [Candidate] = []
    private(set) var dates: [Candidate] = []
    /// The dates of `<time>` elements, which may be about anything on the page; those that say when it was changed last.
    private(set) var times: [Candidate] = []
    private(set) var modified: [Candidate] = []
    /// What the page says its own address is.
    private(set) var addresses: [Candidate] = []
    private(set) var sites: [Candidate] = []
    private(set) var languages: [Candidate] = []
    private(set) var descriptions: [Candidate] = []
    private(set) var images: [Candidate] = []

    /// Of elements that may stand on a page in any number, so many are looked at.
    private static let mostElements = 8

    /// What elements state by their `itemprop`, `rel` and names, in the order of the page.
    private struct Stated {
        var metas: [Field: [(rank: Int, candidate: Candidate)]] = [:]
        var headlines: [Candidate] = []
        var authors: [Candidate] = []
        var published: [Candidate] = []
        var modified: [Candidate] = []
        var descriptions: [Candidate] = []
        var images: [Candidate] = []
        var canonical: Candidate?
        var changedTimes: [Candidate] = []

        /// What `meta` elements state for a field, the most telling name first.
        func metas(_ field: Field) -> [Candidate] {
            // Sorting keeps the page's order among equal names.
            let all = (metas[field] ?? []).enumerated()
            return all.sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element.candidate)
        }
    }

    init(_ page: TracedText, tree: PageTree, in bytes: UnsafeBufferPointer<UInt8>, normalization: Normalization) {
        let element = ElementReader(page: page, tree: tree, bytes: bytes, normalization: normalization)
        var stated = Stated()
        var linked = LinkedData()
        var strings = LinkedStrings(bytes)
        for (index, node) in tree.nodes.enumerated() {
            switch node.name {
            case .title where documentTitle == nil && tree.nodes[max(node.parent, 0)].name != .svg:
                documentTitle = element.title(of: index, at: "title")
            case .link: Self.read(link: index, element, into: &stated)
            case .meta: Self.read(meta: index, element, into: &stated)
            case .script:
                if let type = tree.attribute("type", of: index, in: bytes), bytes[type].containsLowercased("ld+json") {
                    for script in tree.texts(of: index) {
                        linked.read(Array(bytes[script]))
                        strings.read(script)
                    }
                }
            case .h1:
                if headings.count < Self.mostElements, let heading = element.title(of: index, at: "h1") {
                    headings.append(heading)
                }
            case .time: read(time: index, element, into: &stated)
            default: break
            }
            if node.name != .meta, !node.property.isEmpty || node.name == .a {
                Self.read(property: index, element, into: &stated)
            }
        }
        func stating(_ value: String?, _ keys: String...) -> [Candidate] {
            guard let value else { return [] }
            let origin = strings.range(of: value, under: keys).map { page[$0] } ?? TracedText()
            return value.utf8.count > ElementReader.longestValue
                ? [] : [Candidate(normalization.value(Self.onOneLine(value)), origin, at: "json-ld")]
        }
        statedTitles = stating(linked.headline, "headline", "name") + stated.metas(.title) + stated.headlines
        statedTitles.removeAll { $0.value.utf8.count > PageTitle.longest }
        if !linked.authors.isEmpty {
            let names = linked.authors.prefix(6).flatMap { stating($0, "name", "author") }
            let origin = names.reduce(into: TracedText()) { $0.append($1.origin) }
            authors.append(Candidate(names.map(\.value).joined(separator: ", "), origin, at: "json-ld"))
        }
        authors += stated.authors + stated.metas(.author)
        dates = stating(linked.published, "datePublished") + stated.metas(.published) + stated.published
        modified = stating(linked.modified, "dateModified") + stated.metas(.modified) + stated.modified + stated.changedTimes
        times += stated.changedTimes
        addresses =
            (stated.canonical.map { [$0] } ?? []) + stated.metas(.canonical)
            + stating(linked.address, "@id", "mainEntityOfPage", "url")
        let sites = stated.metas(.site)
        let first = sites.prefix { $0.place == "meta og:site_name" }
        self.sites = first + stating(linked.publisher, "name", "publisher") + sites.dropFirst(first.count)
        let tag =
            tree.attribute("lang", ofTag: tree.documentTag, in: bytes)
            ?? tree.attribute("xml:lang", ofTag: tree.documentTag, in: bytes)
        languages = (tag.flatMap { element.candidate($0, at: "lang") }.map { [$0] } ?? []) + stated.metas(.language)
        descriptions = stating(linked.description, "description") + stated.metas(.description) + stated.descriptions
        images = stating(linked.image, "url", "image", "contentUrl", "@id", "thumbnailUrl") + stated.metas(.image) + stated.images
    }

    // MARK: Elements

    private static func read(meta index: Int, _ element: ElementReader, into stated: inout Stated) {
        guard let content = element.attribute("content", of: index), !content.isEmpty,
            content.count < ElementReader.longestValue
        else { return }
        for attribute in ["property", "name", "itemprop"] as [StaticString] {
            guard let name = element.attribute(attribute, of: index), name.count < 60,
                let known = MetaElement(named: element.bytes[name]), stated.metas[known.field, default: []].count < 24,
                let candidate = element.candidate(content, at: "meta \(known.name)")
            else { continue }
            stated.metas[known.field, default: []].append((known.rank, candidate))
            return
        }
    }

    private static func read(link index: Int, _ element: ElementReader, into stated: inout Stated) {
        guard let relation = element.attribute("rel", of: index) else { return }
        if stated.canonical == nil, TagScanner.equals(element.bytes, relation, "canonical") {
            stated.canonical = element.value("href", of: index, at: "link canonical")
        } else if stated.images.count < Self.mostElements, TagScanner.equals(element.bytes, relation, "image_src"),
            let image = element.value("href", of: index, at: "link image_src")
        {
            stated.images.append(image)
        }
    }

    private mutating func read(time index: Int, _ element: ElementReader, into stated: inout Stated) {
        guard times.count + stated.changedTimes.count < Self.mostElements,
            let time = element.value("datetime", of: index, at: "time") ?? element.text(of: index, at: "time")
        else { return }
        let node = element.tree.nodes[index]
        let classes = element.bytes[node.classes]
        let saysChanged = classes.containsLowercased("updated") || classes.containsLowercased("modified")
        if saysChanged && !classes.containsLowercased("published")
            || TagScanner.equals(element.bytes, node.property, "datemodified")
        {
            stated.changedTimes.append(time)
        } else {
            times.append(time)
        }
    }

    private static func read(property index: Int, _ element: ElementReader, into stated: inout Stated) {
        let node = element.tree.nodes[index]
        func isNamed(_ name: StaticString) -> Bool { TagScanner.equals(element.bytes, node.property, name) }
        let place = "itemprop"
        if isNamed("headline") {
            if stated.headlines.count < Self.mostElements, let found = element.text(of: index, at: place) {
                stated.headlines.append(found)
            }
        } else if isNamed("datepublished") || isNamed("datemodified") {
            guard stated.published.count + stated.modified.count < Self.mostElements,
                let found = element.value("datetime", of: index, at: place) ?? element.value("content", of: index, at: place)
                    ?? element.text(of: index, at: place)
            else { return }
            if isNamed("datepublished") { stated.published.append(found) } else { stated.modified.append(found) }
        } else if isNamed("description") {
            if stated.descriptions.count < Self.mostElements, let found = element.text(of: index, at: place) {
                stated.descriptions.append(found)
            }
        } else if isNamed("image") || isNamed("thumbnailurl") {
            if stated.images.count < Self.mostElements,
                let found = element.value("src", of: index, at: place) ?? element.value("content", of: index, at: place)
                    ?? element.value("href", of: index, at: place)
            {
                stated.images.append(found)
            }
        }
        let isAuthor = isNamed("author")
        if isAuthor || node.name == .a && element.isAuthorLink(index), stated.authors.count < Self.mostElements,
            let found = element.text(of: index, at: isAuthor ? place : "rel author")
        {
            stated.authors.append(found)
        }
    }

    private static func onOneLine(_ value: String) -> String {
        let bytes = Array(value.utf8)
        var plain = PlainText()
        plain.append(bytes, 0..<bytes.count, isMarkup: false)
        return String(decoding: plain.bytes, as: UTF8.self)
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
