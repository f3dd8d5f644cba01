/// Reads the blocks of a page off its tree, in the order of the source.
struct BlockReader {
    private let page: [UInt8]
    private let tree: PageTree
    private var blocks: [Block] = []
    private var pieces: [Block.Piece] = []
    private var linkBytes = 0
    private var lineBreaks = 0
    /// The first and last text that shows something.
    private var firstText = 0
    private var lastText = 0
    /// The open elements that matter, innermost last.
    private var open: [Int] = []

    static func blocks(of tree: PageTree, in page: [UInt8]) -> [Block] {
        var reader = BlockReader(page: page, tree: tree)
        reader.read()
        return reader.blocks
    }

    private init(page: [UInt8], tree: PageTree) {
        self.page = page
        self.tree = tree
    }

    private mutating func read() {
        var index = 0
        while index < tree.nodes.count {
            while let last = open.last, tree.nodes[last].next <= index { leave() }
            let node = tree.nodes[index]
            if node.name == .text {
                if pieces.isEmpty || !isBlank(node.range) {
                    if pieces.count == 1, isBlank(pieces[0].range) { pieces.removeAll(keepingCapacity: true) }
                    if pieces.isEmpty { firstText = index }
                    lastText = index
                }
                pieces.append(Block.Piece(range: node.range, hasReferences: !node.isLiteral))
                if node.isLink { linkBytes += node.range.count }
            } else if node.name == .br {
                finish()
                lineBreaks += 1
            } else if node.name.isInvisible {
                index = node.next
                continue
            } else if node.name.isBlock {
                finish()
                lineBreaks = 2
                open.append(index)
            }
            index += 1
        }
        while !open.isEmpty { leave() }
        finish()
    }

    private mutating func leave() {
        finish()
        lineBreaks = 2
        open.removeLast()
    }

    /// Ends the block that is being read; one that shows nothing is none.
    private mutating func finish() {
        defer {
            pieces.removeAll(keepingCapacity: true)
            linkBytes = 0
        }
        guard !pieces.isEmpty else { return }
        var plain = PlainText()
        for piece in pieces { plain.append(page, piece.range, isMarkup: piece.hasReferences) }
        guard !plain.bytes.isEmpty else { return }
        var block = Block(shape: .loose, pieces: pieces.map { $0 }, text: plain.bytes)
        block.linkBytes = min(linkBytes, plain.bytes.count)
        block.separation = lineBreaks == 1 ? .line : .paragraph
        place(&block)
        blocks.append(block)
        lineBreaks = 0
    }

    private func isBlank(_ range: Range<Int>) -> Bool { page[range].allSatisfy(ASCII.isSpace) }

    /// Sets what the elements around a block make of it.
    private func place(_ block: inout Block) {
        block.node = open.last ?? 0
        block.inner = tree.nodes[firstText].parent
        while block.inner > block.node, tree.nodes[block.inner].next <= lastText { block.inner = tree.nodes[block.inner].parent }
        for node in open.reversed() {
            let name = tree.nodes[node].name
            if block.shape == .loose, block.item == -1, block.row == -1 {
                switch name {
                case .p, .blockquote, .pre: block.shape = .paragraph
                case _ where name.headingLevel > 0: block.shape = .heading(level: name.headingLevel)
                case _ where name.isListItem: block.shape = .item
                case _ where name.isCell && node == open.last: block.shape = .cell
                default: break
                }
            }
            if name.isListItem && block.item == -1 { block.item = node }
            if name.isList { block.list = node }
            if name == .tr && block.shape == .cell && block.row == -1 { block.row = node }
            if name == .table { break }
        }
    }
}
