import HeadwaterModel
import HeadwaterPluginKit

/// What is known about an article beside its text.
///
/// Where several places state a thing, the first of this order counts: what a reader sees and the page's own facts
/// agree on, the page's linked data, its `meta` elements, the lines around the text, the address.
struct Metadata {
    private(set) var title: Finding?
    private(set) var author: Finding?
    private(set) var published: Finding?
    private(set) var site: Finding?
    private(set) var language: Finding?
    private(set) var syndicatedFrom: Finding?

    private let page: TracedText
    private let blocks: [Block]
    private let isMarkup: Bool
    /// The lines above the text, where titles, names and dates stand.
    private let head: Range<Int>

    init(_ page: TracedText, facts: PageFacts?, blocks: [Block], locator: String) {
        self.page = page
        self.blocks = blocks
        isMarkup = facts != nil
        let first = blocks.firstIndex { $0.reason == nil } ?? blocks.count
        // A menu may stand above; what is said of the article stands near it.
        head = max(0, first - 40)..<first
        title = findTitle(facts)
        author = findAuthor(facts)
        published = findDate(facts, locator: locator)
        site = findSite(facts)
        syndicatedFrom = findSyndication()
    }

    func set(in draft: inout RecordDraft) {
        let findings = [
            ("title", title), ("author", author), ("published", published), ("site", site), ("language", language),
            ("syndicatedFrom", syndicatedFrom),
        ]
        for (field, finding) in findings {
            guard let finding else { continue }
            if finding.origin.isEmpty {
                draft.set(field, .string(finding.value))
            } else {
                draft.set(field, .string(finding.value), citing: finding.origin)
            }
        }
    }

    // MARK: Title

    private func findTitle(_ facts: PageFacts?) -> Finding? {
        guard let facts else { return findTitleLine() }
        let stated = facts.statedTitles + (facts.documentTitle.map { [$0] } ?? [])
        let seen = facts.headings.first { heading in
            let words = Array(heading.value.utf8)
            // The name of the site may be a heading too, and stands in its titles.
            return stated.contains { title in
                let bytes = Array(title.value.utf8)
                let isSite = PageTitle.site(of: bytes).map { bytes[$0].elementsEqual(words) } ?? false
                return !isSite && PageTitle.agree(bytes, words)
            }
        }
        if let found = seen ?? facts.statedTitles.first { return found }
        if let document = facts.documentTitle {
            let bytes = document.origin.bytes
            let headline = PageTitle.headline(of: bytes)
            if let line = headLine(beginningWith: PhraseTable.folded(Array(bytes[headline]))) { return line }
            return facts.headings.first ?? Finding(document.origin[headline])
        }
        return facts.headings.first
    }

    /// The longest line above the text that goes on from what the page calls itself.
    private func headLine(beginningWith beginning: [UInt8]) -> Finding? {
        guard beginning.count >= 12 else { return nil }
        let lines = head.filter { blocks[$0].count <= 300 && PhraseTable.folded(blocks[$0].text).starts(with: beginning) }
        return lines.max { (blocks[$0].count, -$0) < (blocks[$1].count, -$1) }.map { Finding(traced(blocks[$0])) }
    }

    /// Without markup the title is the line that is marked as one, else the last line of some words above the text.
    private func findTitleLine() -> Finding? {
        if let line = blocks.indices.last(where: {
            $0 < head.upperBound && ($0 > 0 || head.count < 3) && isTitle(blocks[$0].reason)
                && blocks[$0].count <= PageTitle.longest
        }) {
            return Finding(traced(blocks[line]))
        }
        let line = head.last { index in
            let block = blocks[index]
            return block.shape == .loose && block.count <= 250 && TextShape.wordCount(block.text) >= 4
                && [.outside, .title].contains(block.reason) && !Furniture.isMenuRow(block.text)
        }
        return line.map { Finding(traced(blocks[$0])) }
    }

    private func isTitle(_ reason: DropReason?) -> Bool { reason == .title || reason == .duplicateTitle }

    // MARK: Author and date

    private func findAuthor(_ facts: PageFacts?) -> Finding? {
        for finding in facts?.authors ?? [] {
            let bytes = Array(finding.value.utf8)
            guard
                let range = finding.value.contains(", ")
                    ? Byline.cleaned(bytes).map({ _ in 0..<bytes.count }) : Byline.cleaned(bytes)
            else { continue }
            if finding.origin.bytes == bytes { return Finding(finding.origin[range]) }
            return Finding(String(decoding: bytes[range], as: UTF8.self), finding.origin)
        }
        // A name of nobody ("by admin") may stand above the name of the writer.
        for index in head.reversed() where blocks[index].count <= 300 {
            let line = traced(blocks[index])
            if let range = Byline.name(in: line.bytes) { return Finding(line[range]) }
        }
        return isMarkup ? nil : findNameLine()
    }

    /// A line that is a name alone, between the title and the date.
    private func findNameLine() -> Finding? {
        for index in head.reversed() where blocks[index].count <= 60 && WrittenDate(in: blocks[index].text) != nil {
            for place in [index - 1, index - 2] where head.contains(place) && !isTitle(blocks[place].reason) {
                let words = blocks[place].text.split(separator: 0x20)
                guard (2...4).contains(words.count),
                    words.allSatisfy({ ASCII.isUpper($0[$0.startIndex]) || $0[$0.startIndex] >= 0xC3 }),
                    blocks[place].text.allSatisfy({ !ASCII.isDigit($0) && $0 != UInt8(ascii: ">") })
                else { continue }
                if PhraseTable.furniture.reason(for: PhraseTable.folded(blocks[place].text)) == nil {
                    return Finding(traced(blocks[place]))
                }
            }
        }
        return nil
    }

    private func findDate(_ facts: PageFacts?, locator: String) -> Finding? {
        for finding in facts?.dates ?? [] {
            if let date = PublicationDate.iso(finding.value) { return Finding(date, finding.origin) }
        }
        let times = (facts?.times ?? []).compactMap { time in
            PublicationDate.iso(time.value).map { Finding($0, time.origin) }
        }
        if let address = facts?.address, let day = PublicationDate.inAddress(address.value) {
            // A `<time>` of that day says the hour too.
            return times.first { $0.value.hasPrefix(day) } ?? Finding(day, address.origin)
        }
        if let first = times.first { return first }
        // Below the title first: above it a page may show today's date.
        let titles = head.filter { isTitle(blocks[$0].reason) }
        let below =
            (titles.last.map { Array($0..<head.upperBound) } ?? []) + (titles.first.map { Array($0..<head.upperBound) } ?? [])
        let lines = (below + head.reversed()).filter { blocks[$0].count <= 300 && blocks[$0].reason != .related }
        // A sentence, such as what stands below a picture, tells of another day.
        let labels = lines.filter { blocks[$0].reason != .caption && !blocks[$0].isProse }
        for index in labels + lines {
            let line = traced(blocks[index])
            if let date = WrittenDate(in: line.bytes) { return Finding(date.iso, line[date.range]) }
        }
        return PublicationDate.inAddress(locator).map { Finding($0, TracedText()) }
    }

    // MARK: Site, language, origin

    private func findSite(_ facts: PageFacts?) -> Finding? {
        if let stated = facts?.sites.first { return stated }
        let title = facts?.documentTitle?.origin ?? blocks.first.map { traced($0) }
        guard let title, title.count <= 400, let range = PageTitle.site(of: title.bytes) else { return nil }
        return Finding(title[range])
    }

    private func findSyndication() -> Finding? {
        for block in blocks where block.reason != nil && block.count <= 300 {
            guard Syndication.origin(in: block.text) != nil else { continue }
            let line = traced(block)
            if let range = Syndication.origin(in: line.bytes) { return Finding(line[range]) }
        }
        return nil
    }

    /// What the page says, else what its text shows, else the hint.
    mutating func findLanguage(_ facts: PageFacts?, text: TracedText, hint: String) {
        if let stated = facts?.language, LanguageTag.isPlausible(stated.value) {
            language = Finding(stated.value.replacing("_", with: "-"), stated.origin)
        } else if let detected = LanguageTag.detected(in: text.bytes) {
            language = Finding(detected, TracedText())
        } else if !hint.isEmpty {
            language = Finding(hint, TracedText())
        }
    }

    private func traced(_ block: Block) -> TracedText { ArticleText.traced(page, block.pieces) }
}
