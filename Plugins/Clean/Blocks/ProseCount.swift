/// Running sums over a page's blocks: how much prose any element holds, without walking it.
struct ProseCount {
    /// The first block at or after each node.
    private var firstBlock: [Int]
    /// Bytes of prose before each block.
    private var prose: [Int] = [0]
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
        }
    }

    /// The blocks that lie in an element.
    func blocks(in node: Int) -> Range<Int> {
        let start = firstBlock[node]
        return start..<max(start, firstBlock[min(tree.nodes[node].next, firstBlock.count - 1)])
    }

    func prose(in node: Int) -> Int {
        let range = blocks(in: node)
        return prose[range.upperBound] - prose[range.lowerBound]
    }

    var allProse: Int { prose.last ?? 0 }
}
