/// Running sums over a page's blocks: how much prose any element holds, without walking it.
struct ProseCount {
    /// The first block at or after each node.
    private var firstBlock: [Int]
    /// Bytes of prose, of text and of links before each block.
    private var prose: [Int] = [0]
    private var text: [Int] = [0]
    private var links: [Int] = [0]
    private let tree: PageTree

    /// - Parameter blocks: in the order of the source.
    init(_ blocks: [Block], tree: PageTree) {
        self.tree = tree
        firstBlock = Array(repeating: blocks.count, count: tree.nodes.count + 1)
        var node = 0
        for (index, block) in blocks.enumerated() {
            // A block belongs to all nodes that start before its first byte.
            while node < tree.nodes.count, tree.nodes[node].range.lowerBound <= block.range.lowerBound {
                firstBlock[node] = index
                node += 1
            }
            prose.append(prose[index] + (block.reason == nil && block.isProse ? block.count : 0))
            text.append(text[index] + block.count)
            links.append(links[index] + block.linkBytes)
        }
    }

    /// The blocks that lie in an element.
    func blocks(in node: Int) -> Range<Int> {
        let start = firstBlock[node]
        return start..<max(start, firstBlock[min(tree.nodes[node].next, firstBlock.count - 1)])
    }

    func prose(in node: Int) -> Int { sum(prose, blocks(in: node)) }
    func text(in node: Int) -> Int { sum(text, blocks(in: node)) }
    func links(in node: Int) -> Int { sum(links, blocks(in: node)) }
    var allProse: Int { prose.last ?? 0 }

    private func sum(_ sums: [Int], _ range: Range<Int>) -> Int { sums[range.upperBound] - sums[range.lowerBound] }
}
