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
        let (container, isMarked) = container(count)
        let inside = count.blocks(in: container)
        for index in blocks.indices where !inside.contains(index) && blocks[index].reason == nil {
            blocks[index].reason = Furniture.reason(of: blocks[index]) ?? .outside
        }
        dropFurniture(inside, titles: titles)
        dropLinkLists(inside)
        trim(inside, isMarked: isMarked)
        dropEmptyHeadings(inside)
    }

    private mutating func setZones(_ zones: PageZones) {
        for index in blocks.indices { blocks[index].reason = zones.reasons[blocks[index].inner] }
    }

    /// The element that holds the article, and whether the page names it as such: the one the page names as such, else the innermost that holds nearly all prose.
    private func container(_ count: ProseCount) -> (node: Int, isMarked: Bool) {
        let all = count.allProse
        guard all > 0 else { return (0, false) }
        var marked: (node: Int, prose: Int)?
        for (index, node) in tree.nodes.enumerated() where node.name != .text && node.name != .body && node.name != .html {
            let prose = count.prose(in: index)
            guard prose >= 400 || prose * 100 >= all * 40, ArticleMarks.marks(node, in: bytes) else { continue }
            // Of several articles on a page the first is the one it is about, unless a later one is much longer.
            if prose > (marked?.prose ?? 0) * 4 { marked = (index, prose) }
        }
        var node = marked?.node ?? 0
        // Down to the child that holds nearly all, as long as there is one.
        descent: while true {
            let prose = count.prose(in: node)
            var child = node + 1
            while child < tree.nodes[node].next {
                if tree.nodes[child].name != .text, count.prose(in: child) * 100 >= prose * (tree.nodes[child].name.isBlock ? 85 : 100),
                    !tree.nodes[child].name.isListItem, tree.nodes[child].name != .p
                {
                    node = child
                    continue descent
                }
                child = tree.nodes[child].next
            }
            return (node, marked != nil)
        }
    }

    /// Drops what its own words or look give away.
    private mutating func dropFurniture(_ range: Range<Int>, titles: Set<[UInt8]>) {
        var seen = Set<[UInt8]>()
        for index in range where blocks[index].reason == nil {
            let block = blocks[index]
            if titles.contains(PhraseTable.folded(block.text)) {
                blocks[index].reason = seen.isEmpty ? .title : .duplicateTitle
                seen.insert(block.text)
            } else if block.shape == .heading(level: 1) {
                blocks[index].reason = .title
            } else if let reason = Furniture.reason(of: block) {
                blocks[index].reason = reason
            } else if block.linkShare >= 80, !block.isProse, block.shape == .paragraph || block.shape == .loose {
                blocks[index].reason = .inlinePromo
            } else if block.shape == .loose, !block.isProse, block.count < 60, !block.endsSentence {
                blocks[index].reason = Furniture.isMenuRow(block.text) ? .menu : .outside
            }
        }
    }

    /// Drops lists and tables that are mostly links, as wholes.
    private mutating func dropLinkLists(_ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            let list = blocks[index].list
            guard list >= 0 else {
                if blocks[index].reason == nil, blocks[index].shape == .cell, blocks[index].linkShare > 60 { blocks[index].reason = .menu }
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
            if isMarked, block.shape != .loose, block.linkShare < 50 { continue }
            if index > last, block.endsSentence, block.linkShare < 50, block.count >= 25 { continue }
            if index > last, block.shape == .item, index - last < 12, blocks[last].list == block.list || block.linkShare == 0 { continue }
            if index < first, block.isHeading, index + 1 == first { continue }
            if index < first, block.endsSentence, block.linkShare < 50, index + 1 == first { continue }
            blocks[index].reason = index < first ? .metadata : .outside
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
