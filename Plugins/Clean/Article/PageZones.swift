/// Which parts of a page are furniture by what their elements say: menus, footers, comments and the like.
///
/// A class name alone proves little (a page's body may be classed "has-comments"), so an element that holds much of
/// the page's prose is believed only where prose is to be expected.
struct PageZones {
    /// The reason for each node; nil where nothing is said of it or of any element around it.
    private(set) var reasons: [DropReason?]

    init(_ tree: PageTree, count: ProseCount, in bytes: UnsafeBufferPointer<UInt8>) {
        reasons = Array(repeating: nil, count: tree.nodes.count)
        let all = max(count.allProse, 1)
        for (index, node) in tree.nodes.enumerated() {
            if node.parent >= 0, let inherited = reasons[node.parent] {
                reasons[index] = inherited
                continue
            }
            guard node.name != .text, node.name != .html, node.name != .body else { continue }
            guard let (reason, limit) = PageZones.claim(of: node, in: bytes) else { continue }
            // Percent of the page's prose that an element may hold and still be furniture.
            if count.prose(in: index) * 100 <= all * limit { reasons[index] = reason }
        }
    }

    private static func claim(of node: PageTree.Node, in bytes: UnsafeBufferPointer<UInt8>) -> (DropReason, limit: Int)? {
        if node.isHidden { return (.hidden, 40) }
        if let reason = ZoneLexicon.reason(of: node, in: bytes) { return (reason, 40) }
        if node.name == .header { return (.metadata, 15) }
        for value in [node.classes, node.id] where !value.isEmpty {
            if let reason = ZoneLexicon.standard.reason(in: bytes[value]) {
                return (reason, reason == .comments || reason == .related ? 60 : 30)
            }
        }
        return nil
    }
}
