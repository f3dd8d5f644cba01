/// Finds the main text among the lines of a page that was flattened to text: every line that is not part of it gets a
/// reason.
///
/// Without markup there are only the lines and their neighbours. The text is the run of lines that weighs most, prose
/// counting for it and furniture against it (a maximum subarray); within that run, lines are judged by their look
/// and by what stands around them.
struct FlatArticle {
    private(set) var blocks: [Block]
    /// What each line looks like by itself.
    private var looks: [DropReason?] = []
    /// The telling words of the page's title, hashed.
    private var titleWords = Set<UInt64>()

    init(_ blocks: [Block]) { self.blocks = blocks }

    mutating func select() {
        guard !blocks.isEmpty else { return }
        looks = blocks.map { Furniture.reason(of: $0) }
        judgeTitles()
        judgeRepeatedLists()
        judgeNeighbours()
        titleWords = findTitleWords()
        var run = heaviestRun()
        run = run.lowerBound..<rowsEnd(from: end(of: run))
        for index in blocks.indices {
            if !run.contains(index) {
                blocks[index].reason = looks[index] ?? .outside
            } else {
                blocks[index].reason = looks[index]
            }
        }
        judgeShortLines(run)
        judgeLists(run)
        trim(run)
        dropEmptyHeadings()
    }

    /// A line that is said twice before the text, or is what the first line calls the page, is its title.
    private mutating func judgeTitles() {
        let first = blocks[0].text
        let called = PhraseTable.folded(Array(first[PageTitle.headline(of: first)]))
        var places: [[UInt8]: [Int]] = [:]
        for index in blocks.indices.prefix(400) where blocks[index].count >= 12 && blocks[index].count <= 300 {
            places[PhraseTable.folded(blocks[index].text), default: []].append(index)
        }
        for index in blocks.indices.prefix(400) where looks[index] == nil {
            let folded = PhraseTable.folded(blocks[index].text)
            guard let same = places[folded], folded.count >= 12 else { continue }
            let isCalled = folded == called && same.count + (PageTitle.parts(of: first).count > 1 ? 1 : 0) >= 2
            // What is repeated far down is a headline in a list; what is repeated at the top is the title.
            let isRepeated = same.count >= 2 && same[1] - same[0] <= 12 && TextShape.wordCount(folded) >= 4
            if isCalled || isRepeated { looks[index] = index == same[0] ? .title : .duplicateTitle }
        }
        if first.count <= PageTitle.longest, PageTitle.parts(of: first).count > 1, places[called] != nil { looks[0] = .title }
    }

    /// A list that stands twice on a page leads to others: in the menu and at the foot, above the text and beside it.
    private mutating func judgeRepeatedLists() {
        let hashes = blocks.map { $0.shape == .item && $0.count >= 20 ? WordHash.lowercased($0.text) : nil }
        let entries = hashes.indices.filter { hashes[$0] != nil }
        let runs = zip(entries, entries.dropFirst()).map { (hashes[$0.0] ?? 0, hashes[$0.1] ?? 0) }
        var counts: [[UInt64]: Int] = [:]
        for run in runs { counts[[run.0, run.1], default: 0] += 1 }
        for (place, run) in runs.enumerated() where counts[[run.0, run.1], default: 0] >= 2 {
            for index in entries[place...place + 1] where looks[index] == nil { looks[index] = .related }
        }
    }

    /// What a line is by the lines beside it: headlines with a date, what follows a heading of furniture.
    private mutating func judgeNeighbours() {
        for index in blocks.indices where looks[index] == nil && !blocks[index].isProse {
            // A headline with a date under it leads to another page, unless it stands above the text.
            if index + 1 < blocks.count, looks[index + 1] == .metadata, WrittenDate(in: blocks[index + 1].text) != nil,
                index > 0, looks[index - 1] == .related || looks[index - 1] == .metadata
            {
                looks[index] = .related
            } else if Furniture.isMenuRow(blocks[index].text) {
                looks[index] = .menu
            }
        }
        // A heading of furniture speaks for the short lines below it.
        var section: DropReason?
        for index in blocks.indices {
            let block = blocks[index]
            if block.isProse {
                section = nil
            } else if let look = looks[index] {
                if [.related, .comments, .newsletter, .share].contains(look), block.count < 60 { section = look }
            } else if let current = section {
                if block.separation == .paragraph, block.shape == .loose, isHeading(index) {
                    section = nil
                } else {
                    looks[index] = current
                }
            }
        }
    }

    /// The words of the lines that are titles, else of the first line.
    private func findTitleWords() -> Set<UInt64> {
        let lines = blocks.indices.filter { looks[$0] == .title || looks[$0] == .duplicateTitle }
        return Set((lines.isEmpty ? [0] : lines).flatMap { TextShape.tellingWords(blocks[$0].text) })
    }

    private func titleHits(in block: Block) -> Int {
        titleWords.isEmpty ? 0 : titleWords.intersection(TextShape.tellingWords(block.text)).count
    }

    /// The run of lines that weighs most.
    private func heaviestRun() -> Range<Int> {
        var best = (weight: 0, range: 0..<0)
        var weight = 0
        var start = 0
        var shortLines = 0
        for index in blocks.indices {
            if weight <= 0 {
                weight = 0
                start = index
            }
            weight += self.weight(of: index, afterShortLines: shortLines)
            shortLines = isShort(index) ? shortLines + 1 : 0
            if weight > best.weight { best = (weight, start..<index + 1) }
        }
        return best.range
    }

    /// What a line counts for or against being text, about the bytes of text it outweighs. Found one number at a time, by
    /// trying its neighbours on flattened news pages.
    private func weight(of index: Int, afterShortLines shortLines: Int) -> Int {
        let block = blocks[index]
        switch looks[index] {
        case .comments, .related, .legal, .cookieNotice, .form: return -120
        case .newsletter, .authorNote, .tags, .menu: return -60
        case .title, .duplicateTitle: return 0
        case .some: return -30
        case nil: break
        }
        if block.isProse { return min(block.count, 300) - 20 + 80 * min(titleHits(in: block), 3) }
        if block.endsSentence { return block.count / 2 }
        // A list in the text is not to tear it apart, however long it is.
        if shortLines > 5 { return -5 }
        return block.shape == .item ? -30 : -40
    }

    private func isShort(_ index: Int) -> Bool { looks[index] == nil && !blocks[index].isProse && !blocks[index].endsSentence }

    /// Where the text ends for good: at a line of furniture with most of the prose before it and little about the title
    /// behind, or where comments begin.
    private func end(of run: Range<Int>) -> Int {
        let isText = { (index: Int) in blocks[index].isProse && looks[index] == nil }
        var all = 0
        var hits = 0
        for index in run where isText(index) {
            all += blocks[index].count
            if titleHits(in: blocks[index]) > 0 { hits += blocks[index].count }
        }
        var before = 0
        var hitsBefore = 0
        for index in run {
            if isText(index) {
                before += blocks[index].count
                if titleHits(in: blocks[index]) > 0 { hitsBefore += blocks[index].count }
            }
            guard before >= 600 || before * 3 > all else { continue }
            let look = looks[index]
            guard
                look.map(FlatArticle.boundaries.contains)
                    ?? (before * 2 > all
                        && ArticleTail.isNote(blocks[index], author: nil) { name in
                            blocks[..<index].contains { $0.names(name) }
                        })
            else { continue }
            // Comments are about the title too, and are none of the text.
            if look == .comments && blocks[index].count < 60 { return index }
            let after = all - before
            if after <= before || isTeasers(index..<run.upperBound), (hits - hitsBefore) * before * 2 < hitsBefore * max(after, 1)
            {
                return index
            }
        }
        return run.upperBound
    }

    /// Whether lines are a list of what other pages say: each paragraph with a headline, an author or a date of its own.
    private func isTeasers(_ range: Range<Int>) -> Bool {
        let paragraphs = range.count { blocks[$0].isProse && looks[$0] == nil }
        return paragraphs >= 3 && range.count - paragraphs >= paragraphs
    }

    private static let boundaries: Set<DropReason> = [.related, .comments, .tags, .legal]

    /// A short line with a paragraph below it and room above it.
    private func isHeading(_ index: Int) -> Bool {
        let block = blocks[index]
        guard block.shape == .loose, block.count <= 130, block.separation == .paragraph, index + 1 < blocks.count else {
            return false
        }
        let next = blocks[index + 1]
        return looks[index + 1] == nil && (next.isProse || next.endsSentence || next.text.last == UInt8(ascii: ":"))
    }

    /// Short lines that end no sentence stay only as headings.
    private mutating func judgeShortLines(_ run: Range<Int>) {
        for index in run where blocks[index].reason == nil {
            let block = blocks[index]
            guard block.shape == .loose, !block.isProse, !block.endsSentence, block.text.last != UInt8(ascii: ":") else {
                continue
            }
            let words = TextShape.wordCount(block.text)
            if words > 14, !isRow(index) {
                blocks[index].reason = .inlinePromo
            } else if !isHeading(index), !isRow(index) {
                blocks[index].reason = .outside
            }
        }
    }

    /// One of several lines in a row that read as entries of a table: each with a figure and some words.
    private func isRow(_ index: Int) -> Bool {
        let isEntry = { (place: Int) in
            blocks.indices.contains(place) && looks[place] == nil && blocks[place].count >= 15
                && blocks[place].text.contains(where: ASCII.isDigit)
                && !blocks[place].isProse
        }
        guard isEntry(index) else { return false }
        var start = index
        while isEntry(start - 1), index - start < 4 { start -= 1 }
        var end = index
        while isEntry(end + 1), end - start < 4 { end += 1 }
        return end - start >= 3
    }

    /// The end of the rows of figures that go on from the text, with a line that announces them.
    private func rowsEnd(from start: Int) -> Int {
        var end = start
        if end + 1 < blocks.count, looks[end] == nil, !isRow(end), isRow(end + 1) { end += 1 }
        while end < blocks.count, isRow(end) { end += 1 }
        return end - start >= 4 ? end : start
    }

    /// A list stays where its entries read as text or where a line announces it.
    private mutating func judgeLists(_ run: Range<Int>) {
        var index = run.lowerBound
        while index < run.upperBound {
            guard blocks[index].shape == .item else {
                index += 1
                continue
            }
            var end = index
            var (bytes, sentences) = (0, 0)
            while end < run.upperBound, blocks[end].shape == .item {
                bytes += blocks[end].count
                if blocks[end].isProse || blocks[end].endsSentence { sentences += 1 }
                end += 1
            }
            let isAnnounced =
                index > run.lowerBound && blocks[index - 1].text.last == UInt8(ascii: ":") && blocks[index - 1].reason == nil
            if !isAnnounced, sentences * 3 < end - index, bytes < (end - index) * 70 {
                for place in index..<end where blocks[place].reason == nil { blocks[place].reason = .menu }
            }
            index = end
        }
    }

    /// The text begins and ends with text.
    private mutating func trim(_ run: Range<Int>) {
        guard let first = run.first(where: { blocks[$0].reason == nil && blocks[$0].isProse }),
            let last = run.last(where: {
                blocks[$0].reason == nil && (blocks[$0].isProse || blocks[$0].shape == .item || isRow($0))
            })
        else { return }
        for index in run where blocks[index].reason == nil {
            if index < first, !(blocks[index].endsSentence && index + 1 == first) { blocks[index].reason = .metadata }
            if index > last, !blocks[index].endsSentence { blocks[index].reason = .outside }
        }
    }

    /// Drops headings whose text is gone.
    private mutating func dropEmptyHeadings() {
        var hasText = false
        for index in blocks.indices.reversed() where blocks[index].reason == nil {
            let block = blocks[index]
            if block.shape == .loose, !block.isProse, !block.endsSentence, block.text.last != UInt8(ascii: ":") {
                if !hasText { blocks[index].reason = .related }
                hasText = false
            } else {
                hasText = true
            }
        }
    }
}
