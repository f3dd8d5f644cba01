/// Finds the main text among the blocks of a page with markup: every block that is not part of it gets a reason.
struct MarkupArticle {
    private let tree: PageTree
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var blocks: [Block]

    init(_ tree: PageTree, blocks: [Block], in bytes: UnsafeBufferPointer<UInt8>) {
        self.tree = tree
        self.bytes = bytes
        self.blocks = blocks
    }

    /// - Parameter titles: what the page calls itself, folded, to tell a repeated title from text.
    mutating func select(titles: Set<[UInt8]>) {
        let whole = ProseCount(blocks, tree: tree)
        setZones(PageZones(tree, count: whole, in: bytes))
        var count = ProseCount(blocks, tree: tree)
        if count.allProse * 100 < whole.allProse * 25 {
            setZones(PageZones(tree, count: whole, trustsClasses: false, in: bytes))
            count = ProseCount(blocks, tree: tree)
        }
        let (inside, isMarked) = extent(count)
        for index in blocks.indices where !inside.contains(index) && blocks[index].reason == nil {
            blocks[index].reason = Furniture.reason(of: blocks[index]) ?? .outside
        }
        dropFurniture(inside, titles: titles)
        dropLinkLists(inside)
        dropTeasers(inside)
        trim(inside, isMarked: isMarked)
        dropTail(inside)
        dropEmptyHeadings(inside)
        restoreKeyPoints(above: inside.lowerBound)
    }

    /// How many blocks above the text its key points may begin.
    private static let farthestKeyPoint = 10

    /// A list of sentences between the title and the text, not of links, says what the text is about, and belongs to it.
    private mutating func restoreKeyPoints(above start: Int) {
        var points: [Int] = []
        for index in (max(0, start - Self.farthestKeyPoint)..<start).reversed() {
            let block = blocks[index]
            if block.shape == .heading(level: 1) { break }
            guard block.shape == .item, block.reason == .outside, block.isProse, block.linkShare < 20,
                points.isEmpty || block.list == blocks[points[0]].list
            else { continue }
            points.append(index)
        }
        guard points.count >= 2 else { return }
        for index in points { blocks[index].reason = nil }
    }

    private mutating func setZones(_ zones: PageZones) {
        for index in blocks.indices { blocks[index].reason = zones.reasons[blocks[index].inner] }
    }

    /// The blocks among which the article is, and whether the page names them as such: those of the element that is marked
    /// as the article's text, else of the innermost that holds nearly all prose.
    private func extent(_ count: ProseCount) -> (blocks: Range<Int>, isMarked: Bool) {
        let all = count.allProse
        guard all > 0 else { return (count.blocks(in: 0), false) }
        var marked: (node: Int, prose: Int)?
        for (index, node) in tree.nodes.enumerated() where node.name != .text && node.name != .body && node.name != .html {
            let prose = count.prose(in: index)
            guard prose >= 400 || prose * 100 >= all * 40, ArticleMarks.marks(node, in: bytes) else { continue }
            // Of several articles on a page the first is the one it is about, unless a later one is much longer.
            if prose > (marked?.prose ?? 0) * 4 { marked = (index, prose) }
        }
        guard let marked else { return (count.blocks(in: innermost(from: 0, count)), false) }
        return (together(with: marked.node, count) ?? count.blocks(in: innermost(from: marked.node, count)), true)
    }

    /// Down from `node` to the child that holds nearly all its prose, as long as there is one.
    private func innermost(from node: Int, _ count: ProseCount) -> Int {
        var node = node
        descent: while true {
            let prose = count.prose(in: node)
            var child = node + 1
            while child < tree.nodes[node].next {
                let name = tree.nodes[child].name
                if name != .text, !name.isListItem, name != .p, count.prose(in: child) * 100 >= prose * (name.isBlock ? 93 : 100)
                {
                    node = child
                    continue descent
                }
                child = tree.nodes[child].next
            }
            return node
        }
    }

    /// A text may be cut into several elements of one class, with promotions between them: all of them up to the next
    /// title of a page. Nil where there is only one.
    private func together(with node: Int, _ count: ProseCount) -> Range<Int>? {
        let classes = tree.nodes[node].classes
        guard !classes.isEmpty else { return nil }
        var first: Int?
        var last = node
        var index = 0
        while index < tree.nodes.count {
            let other = tree.nodes[index]
            // Another heading of the first level begins another article.
            if other.name == .h1, index > node, !count.blocks(in: index).isEmpty { break }
            if other.name == .h1 { first = nil }
            if other.classes.count == classes.count, bytes[other.classes].elementsEqual(bytes[classes]),
                count.prose(in: index) > 0
            {
                if first == nil { first = index }
                last = max(last, index)
                index = other.next
            } else {
                index += 1
            }
        }
        guard let first, first != last else { return nil }
        return count.blocks(in: first).lowerBound..<count.blocks(in: last).upperBound
    }

    /// Drops what its own words or look give away.
    private mutating func dropFurniture(_ range: Range<Int>, titles: Set<[UInt8]>) {
        var seen = Set<[UInt8]>()
        for index in range where blocks[index].reason == nil {
            let block = blocks[index]
            if titles.contains(PhraseTable.folded(block.text)) {
                blocks[index].reason = seen.isEmpty ? .title : .duplicateTitle
                seen.insert(block.text)
            } else if block.shape == .heading(level: 1), block.count <= PageTitle.longest {
                blocks[index].reason = .title
            } else if let reason = Furniture.reason(of: block) {
                // An address that is written out in a paragraph of its own is what the writer wrote.
                if reason != .link || block.shape != .paragraph { blocks[index].reason = reason }
            } else if block.linkShare >= 80, !block.isProse, block.shape == .paragraph || block.shape == .loose {
                blocks[index].reason = .inlinePromo
            } else if block.shape == .loose, !block.isProse, block.count < 60, !block.endsSentence {
                blocks[index].reason = Furniture.isMenuRow(block.text) ? .menu : .outside
            }
        }
    }

    /// Drops boxes that hold a headline which is a link and a line or two about what it leads to, and nothing else.
    private mutating func dropTeasers(_ range: Range<Int>) {
        let kept = range.filter { blocks[$0].reason == nil }
        var teasers: [Int] = []
        var bytes = 0
        for (place, index) in kept.enumerated() where blocks[index].isHeading && blocks[index].linkShare >= 80 {
            let next = place + 1 < kept.count ? kept[place + 1] : nil
            let afterNext = place + 2 < kept.count ? kept[place + 2] : nil
            guard let next, !blocks[next].isHeading, blocks[next].count < Self.longestTeaser, share(index, next, but: afterNext)
            else { continue }
            teasers += [index, next]
            bytes += blocks[next].count
        }
        // A page of nothing but teasers is a front page; they are all it has.
        let all = kept.reduce(0) { $0 + blocks[$1].count }
        guard teasers.count >= 4, all - bytes >= min(bytes, 1000) else { return }
        for index in teasers { blocks[index].reason = .related }
    }

    /// Longest text below the headline of a teaser, in bytes.
    private static let longestTeaser = 600

    /// Whether two blocks stand in one element in which a third one does not.
    private func share(_ first: Int, _ second: Int, but third: Int?) -> Bool {
        var node = blocks[first].node
        while node > 0, tree.nodes[node].next <= blocks[second].node { node = tree.nodes[node].parent }
        guard node > 0, let third else { return node > 0 }
        return tree.nodes[node].next <= blocks[third].node
    }

    /// Drops lists and tables that are mostly links, as wholes.
    private mutating func dropLinkLists(_ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            let list = blocks[index].list
            guard list >= 0 else {
                if blocks[index].reason == nil, blocks[index].shape == .cell, blocks[index].linkShare > 60 {
                    blocks[index].reason = .menu
                }
                index += 1
                continue
            }
            var end = index
            var (text, links) = (0, 0)
            while end < range.upperBound, blocks[end].list == list {
                text += blocks[end].count
                links += blocks[end].linkBytes
                end += 1
            }
            if links * 100 >= text * 55 {
                for place in index..<end where blocks[place].reason == nil { blocks[place].reason = .related }
            }
            index = end
        }
    }

    /// Drops what stands before the first paragraph and after the last. An element that the page names as the
    /// article's text is believed, as long as what it holds there does not lead elsewhere.
    private mutating func trim(_ range: Range<Int>, isMarked: Bool) {
        guard let first = range.first(where: { blocks[$0].reason == nil && blocks[$0].isProse }),
            let last = range.last(where: { blocks[$0].reason == nil && blocks[$0].isProse })
        else { return }
        for index in range where blocks[index].reason == nil && (index < first || index > last) {
            let block = blocks[index]
            if isMarked, block.shape != .loose, block.linkShare < 50 || Furniture.isAddress(block.text) { continue }
            if index > last, block.endsSentence, block.linkShare < 50, block.count >= 25 { continue }
            if index > last, block.shape == .item, block.linkShare == 0 || blocks[last].list == block.list,
                index - last < 12 || blocks[index - 1].reason == nil
            {
                continue
            }
            if index < first, block.isHeading, index + 1 == first { continue }
            if index < first, block.endsSentence, block.linkShare < 50, index + 1 == first { continue }
            blocks[index].reason = index < first ? .metadata : .outside
        }
    }

    /// Drops what follows a heading of related pages or comments near the end.
    private mutating func dropTail(_ range: Range<Int>) {
        let isText = { (index: Int, blocks: [Block]) in blocks[index].reason == nil && blocks[index].isProse }
        let all = range.reduce(0) { $0 + (isText($1, blocks) ? blocks[$1].count : 0) }
        var before = 0
        for index in range {
            if isText(index, blocks) { before += blocks[index].count }
            guard blocks[index].reason == .related || blocks[index].reason == .comments, blocks[index].count < 60,
                blocks[index].linkShare < 50, blocks[index].shape != .item, before * 100 > all * 90
            else { continue }
            for place in index + 1..<range.upperBound where blocks[place].reason == nil {
                blocks[place].reason = blocks[index].reason
            }
            return
        }
    }

    /// Drops headings that no text follows before the next heading of their level.
    private mutating func dropEmptyHeadings(_ range: Range<Int>) {
        var lowestOpen = 7
        var hasText = false
        for index in range.reversed() where blocks[index].reason == nil {
            if case .heading(let level) = blocks[index].shape {
                if hasText || lowestOpen > level && lowestOpen < 7 {
                    lowestOpen = level
                    hasText = false
                } else {
                    blocks[index].reason = .related
                }
            } else {
                hasText = true
            }
        }
    }
}
