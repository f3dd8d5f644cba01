import HeadwaterModel
import HeadwaterPluginKit

/// A page taken apart: its main text, and what was left out of it.
struct Article {
    let page: TracedText
    let kind: PageKind
    private(set) var blocks: [Block]
    private(set) var body: ArticleText
    let metadata: Metadata
    private let normalization: Normalization

    var text: TracedText { body.text }

    /// What the page says of its language, or shows.
    var language: String? { metadata[.language]?.value }

    /// - Parameters:
    ///   - mediaType: what the page is said to be.
    ///   - hint: the language to assume of a page that neither says nor shows one.
    ///   - templates: blocks that the page shares with others of its host.
    ///   - normalization: which spellings are put right.
    ///   - asksTrees: false to get the rules' opinion alone.
    init(
        _ page: TracedText, locator: String, mediaType: String, hint: String, templates: TemplateBlocks = .none,
        normalization: Normalization = .none,
        asksTrees: Bool = true
    ) {
        self.page = page
        self.normalization = normalization
        kind = PageKind(page.bytes)
        var facts: PageFacts?
        var blocks: [Block]
        switch kind {
        case .markup:
            (blocks, facts) = page.bytes.withUnsafeBufferPointer { bytes in
                let tree = PageTree(parsing: bytes, isXML: PageKind.isXML(page.bytes, mediaType: mediaType))
                let facts = PageFacts(page, tree: tree, in: bytes, normalization: normalization)
                var article = MarkupArticle(tree, blocks: BlockReader.blocks(of: tree, in: page.bytes), in: bytes)
                article.select(titles: facts.titles)
                return (article.blocks, facts)
            }
        case .text:
            var article = FlatArticle(LineReader.blocks(of: page.bytes))
            article.select()
            blocks = article.blocks
        }
        var metadata = Metadata(page, facts: facts, blocks: blocks, locator: locator, normalization: normalization)
        ArticleTail.trim(&blocks, author: metadata[.author].map { Array($0.value.utf8) })
        if kind == .text, asksTrees {
            LineJudge.judge(&blocks, title: metadata[.title].map { Array($0.value.utf8) } ?? [])
        }
        templates.leaveOut(of: &blocks, locator: locator)
        body = ArticleText(page, blocks, isMarkup: kind == .markup, normalization: normalization)
        metadata.findLanguage(facts, text: body.text, hint: hint)
        self.blocks = blocks
        self.metadata = metadata
    }

    /// Leaves out the lines of the text for which there is a reason; they are noted as other blocks are.
    ///
    /// - Parameter reason: of a byte range of the text.
    mutating func leaveOutLines(_ reason: (Range<Int>) -> DropReason?) {
        var isChanged = false
        for line in body.lines {
            guard let reason = reason(line.range) else { continue }
            for index in line.blocks where blocks[index].reason == nil { blocks[index].reason = reason }
            isChanged = true
        }
        if isChanged { body = ArticleText(page, blocks, isMarkup: kind == .markup, normalization: normalization) }
    }

    /// What notes say of each run of blocks that were left out for one reason.
    func leftOut() -> [(reason: DropReason, text: TracedText)] {
        var runs: [(reason: DropReason, text: TracedText)] = []
        var index = 0
        while index < blocks.count {
            guard let reason = blocks[index].reason else {
                index += 1
                continue
            }
            var end = index + 1
            while end < blocks.count, blocks[end].reason == reason { end += 1 }
            let range = blocks[index].range.lowerBound..<max(blocks[index].range.upperBound, blocks[end - 1].range.upperBound)
            runs.append((reason, page[page.trimmedRange(range)]))
            index = end
        }
        return runs
    }
}
