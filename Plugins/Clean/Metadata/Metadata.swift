import HeadwaterModel
import HeadwaterPluginKit

/// What is known about an article beside its text.
///
/// Where several places state a thing, the first of this order counts: what a reader sees and the page's own facts
/// agree on, the page's linked data, its `meta` elements, the lines around the text, the address. What the others state
/// is kept beside it.
struct Metadata {
    private(set) var fields: [Candidates] = []

    /// The page and its blocks, while candidates are looked for: what is found outlives them.
    private var page: TracedText
    private var blocks: [Block]
    private let isMarkup: Bool
    /// The lines above the text, where titles, names and dates stand.
    private let head: Range<Int>
    private let normalization: Normalization

    init(_ page: TracedText, facts: PageFacts?, blocks: [Block], locator: String, normalization: Normalization) {
        self.normalization = normalization
        self.page = page
        self.blocks = blocks
        isMarkup = facts != nil
        let first = blocks.firstIndex { $0.reason == nil } ?? blocks.count
        // A menu may stand above; what is said of the article stands near it.
        head = max(0, first - 40)..<first
        add(.title, titles(facts))
        add(.author, authors(facts))
        add(.published, publicationDates(facts, locator: locator))
        add(.modified, modificationDates(facts))
        add(.site, sites(facts))
        add(.description, facts?.descriptions ?? [])
        add(.canonical, (facts?.addresses ?? []).map { $0.read(WebAddress.absolute) })
        add(.image, (facts?.images ?? []).map { $0.read(WebAddress.absolute) })
        add(.syndicatedFrom, syndications())
        self.page = TracedText()
        self.blocks = []
    }

    private mutating func add(_ field: Field, _ found: [Candidate]) {
        var candidates = Candidates(field)
        candidates.add(found)
        if !candidates.all.isEmpty { fields.append(candidates) }
    }

    /// What was chosen for a field.
    subscript(field: Field) -> Candidate? { fields.first { $0.field == field }?.chosen }

    func set(in draft: inout RecordDraft, masking: Masking) {
        for candidates in fields {
            guard let chosen = candidates.chosen else { continue }
            let value = JSON.string(masking.value(chosen.value))
            if chosen.origin.isEmpty {
                draft.set(candidates.field.rawValue, value)
            } else {
                draft.set(candidates.field.rawValue, value, citing: chosen.origin)
            }
        }
    }

    /// What was stated and not chosen.
    func notes(about record: RecordID, masking: Masking) -> [Note] {
        fields.flatMap { $0.notes(about: record, masking: masking) }
    }

    // MARK: Title

    private func titles(_ facts: PageFacts?) -> [Candidate] {
        guard let facts else { return findTitleLine().map { [$0] } ?? [] }
        let stated = facts.statedTitles + (facts.documentTitle.map { [$0] } ?? [])
        let seen = facts.headings.firstIndex { heading in
            let words = Array(heading.value.utf8)
            // The name of the site may be a heading too, and stands in its titles.
            return stated.contains { title in
                let bytes = Array(title.value.utf8)
                let isSite = PageTitle.site(of: bytes).map { bytes[$0].elementsEqual(words) } ?? false
                return !isSite && PageTitle.agree(bytes, words)
            }
        }
        var titles = (seen.map { [facts.headings[$0]] } ?? []) + facts.statedTitles
        guard let document = facts.documentTitle else { return titles + headings(facts, but: seen) }
        let bytes = document.origin.bytes
        let headline = PageTitle.headline(of: bytes)
        if titles.isEmpty, let line = headLine(beginningWith: PhraseTable.folded(Array(bytes[headline]))) { titles.append(line) }
        return titles + headings(facts, but: seen) + [Candidate(document.origin[headline], at: document.place)]
    }

    private func headings(_ facts: PageFacts, but seen: Int?) -> [Candidate] {
        facts.headings.indices.filter { $0 != seen }.map { facts.headings[$0] }
    }

    /// The longest line above the text that goes on from what the page calls itself.
    private func headLine(beginningWith beginning: [UInt8]) -> Candidate? {
        guard beginning.count >= 12 else { return nil }
        let lines = head.filter { blocks[$0].count <= 300 && PhraseTable.folded(blocks[$0].text).starts(with: beginning) }
        return lines.max { (blocks[$0].count, -$0) < (blocks[$1].count, -$1) }.map { line(traced(blocks[$0])) }
    }

    /// Without markup the title is the line that is marked as one, else the last line of some words above the text.
    private func findTitleLine() -> Candidate? {
        if let place = blocks.indices.last(where: {
            $0 < head.upperBound && ($0 > 0 || head.count < 3) && isTitle(blocks[$0].reason)
                && blocks[$0].count <= PageTitle.longest
        }) {
            return line(traced(blocks[place]))
        }
        let place = head.last { index in
            let block = blocks[index]
            return block.shape == .loose && block.count <= 250 && TextShape.wordCount(block.text) >= 4
                && [.outside, .title].contains(block.reason) && !Furniture.isMenuRow(block.text)
        }
        return place.map { line(traced(blocks[$0])) }
    }

    private func isTitle(_ reason: DropReason?) -> Bool { reason == .title || reason == .duplicateTitle }

    // MARK: Author and date

    private func authors(_ facts: PageFacts?) -> [Candidate] {
        var authors = (facts?.authors ?? []).map(author)
        // A name of nobody ("by admin") may stand above the name of the writer.
        let bylines = head.reversed().lazy.filter { blocks[$0].count <= 300 && Byline.name(in: blocks[$0].text) != nil }
        let named = bylines.compactMap { index -> Candidate? in
            let text = traced(blocks[index])
            return Byline.name(in: text.bytes).map { line(text[$0]) }
        }
        if let byline = named.first {
            authors.append(byline)
        } else if !isMarkup, let name = findNameLine() {
            authors.append(name)
        }
        return authors
    }

    /// What a page states as its author, without "By" and a role.
    private func author(_ stated: Candidate) -> Candidate {
        let bytes = Array(stated.value.utf8)
        var author = stated
        guard let name = Byline.cleaned(bytes) else {
            author.isPlausible = false
            return author
        }
        // Several names stay as they are.
        let range = stated.value.contains(", ") ? 0..<bytes.count : name
        if stated.origin.bytes == bytes { author.origin = stated.origin[range] }
        author.value = String(decoding: bytes[range], as: UTF8.self)
        return author
    }

    /// A line that is a name alone, between the title and the date.
    private func findNameLine() -> Candidate? {
        for index in head.reversed() where blocks[index].count <= 60 && WrittenDate(in: blocks[index].text) != nil {
            for place in [index - 1, index - 2] where head.contains(place) && !isTitle(blocks[place].reason) {
                let words = blocks[place].text.split(separator: 0x20)
                guard (2...4).contains(words.count),
                    words.allSatisfy({ ASCII.isUpper($0[$0.startIndex]) || $0[$0.startIndex] >= 0xC3 }),
                    blocks[place].text.allSatisfy({ !ASCII.isDigit($0) && $0 != UInt8(ascii: ">") })
                else { continue }
                if PhraseTable.furniture.reason(for: PhraseTable.folded(blocks[place].text)) == nil {
                    return line(traced(blocks[place]))
                }
            }
        }
        return nil
    }

    private func publicationDates(_ facts: PageFacts?, locator: String) -> [Candidate] {
        var dates = (facts?.dates ?? []).map { $0.read(PublicationDate.iso) }
        var times = (facts?.times ?? []).map { $0.read(PublicationDate.iso) }.filter(\.isPlausible)
        if let address = facts?.addresses.first, let day = PublicationDate.inAddress(address.value) {
            // A `<time>` of that day says the hour too.
            if let place = times.firstIndex(where: { $0.value.hasPrefix(day) }) { dates.append(times.remove(at: place)) }
            dates.append(Candidate(day, address.origin, at: address.place))
        }
        dates += times
        if let line = findDateLine() { dates.append(line) }
        if let day = PublicationDate.inAddress(locator) { dates.append(Candidate(day, TracedText(), at: "locator")) }
        return dates
    }

    private func findDateLine() -> Candidate? {
        // Below the title first: above it a page may show today's date.
        let titles = head.filter { isTitle(blocks[$0].reason) }
        let below =
            (titles.last.map { Array($0..<head.upperBound) } ?? []) + (titles.first.map { Array($0..<head.upperBound) } ?? [])
        let lines = (below + head.reversed()).filter { blocks[$0].count <= 300 && blocks[$0].reason != .related }
        // A sentence, such as what stands below a picture, tells of another day.
        let labels = lines.filter { blocks[$0].reason != .caption && !blocks[$0].isProse }
        for index in labels + lines where WrittenDate(in: blocks[index].text) != nil {
            let text = traced(blocks[index])
            if let date = WrittenDate(in: text.bytes) { return Candidate(date.iso, text[date.range], at: "line") }
        }
        return nil
    }

    private func modificationDates(_ facts: PageFacts?) -> [Candidate] {
        let stated = (facts?.modified ?? []).map { $0.read(PublicationDate.iso) }
        let line = head.lazy.filter { blocks[$0].count <= 300 && !blocks[$0].isProse }.compactMap { index -> Candidate? in
            guard ModificationLine.date(in: blocks[index].text) != nil else { return nil }
            let text = traced(blocks[index])
            return ModificationLine.date(in: text.bytes).map { Candidate($0.iso, text[$0.range], at: "line") }
        }.first
        return stated + (line.map { [$0] } ?? [])
    }

    // MARK: Site, language, origin

    private func sites(_ facts: PageFacts?) -> [Candidate] {
        let stated = facts?.sites ?? []
        let title = facts == nil ? blocks.first.map { traced($0) } : facts?.documentTitle?.origin
        guard let title, title.count <= 400, let range = PageTitle.site(of: title.bytes) else { return stated }
        return stated + [facts == nil ? line(title[range]) : Candidate(title[range], at: "title")]
    }

    private func syndications() -> [Candidate] {
        blocks.lazy.filter { $0.reason != nil && $0.count <= 300 && Syndication.origin(in: $0.text) != nil }.compactMap { block in
            let text = traced(block)
            return Syndication.origin(in: text.bytes).map { line(text[$0]) }
        }
    }

    /// What the page says, else what its text shows, else the hint.
    mutating func findLanguage(_ facts: PageFacts?, text: TracedText, hint: String) {
        var languages = (facts?.languages ?? []).map {
            $0.read { LanguageTag.isPlausible($0) ? $0.replacing("_", with: "-") : nil }
        }
        if !languages.contains(where: \.isPlausible) {
            if let detected = LanguageTag.detected(in: text.bytes) {
                languages.append(Candidate(detected, TracedText(), at: "text"))
            } else if !hint.isEmpty {
                languages.append(Candidate(hint, TracedText(), at: "parameter"))
            }
        }
        add(.language, languages)
    }

    private func line(_ text: TracedText) -> Candidate { Candidate(text, at: "line") }

    private func traced(_ block: Block) -> TracedText { ArticleText.traced(page, block.pieces, normalization) }
}
