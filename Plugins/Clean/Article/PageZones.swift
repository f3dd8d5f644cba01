/// Which parts of a page are furniture by what their elements say: menus, footers, comments and the like.
///
/// A class name alone proves little (a page's body may be classed "has-comments"), so an element that holds much of
/// the page's prose is believed only where prose is to be expected.
struct PageZones {
    /// The reason for each node; nil where nothing is said of it or of any element around it.
    private(set) var reasons: [DropReason?]

    /// - Parameter trustsClasses: false where the classes turned out to speak against the text itself.
    init(_ tree: PageTree, count: ProseCount, trustsClasses: Bool = true, in bytes: UnsafeBufferPointer<UInt8>) {
        reasons = Array(repeating: nil, count: tree.nodes.count)
        let all = max(count.allProse, 1)
        let heavy = trustsClasses ? PageZones.heavyClasses(tree, count: count, in: bytes) : []
        for (index, node) in tree.nodes.enumerated() {
            if node.parent >= 0, let inherited = reasons[node.parent] {
                // A quoted post is part of the text, though its class names a network.
                if !(inherited == .share && node.name == .blockquote) { reasons[index] = inherited }
                continue
            }
            guard node.name != .text, node.name != .html, node.name != .body, node.name != .blockquote else { continue }
            guard let (reason, limit, isClass) = PageZones.claim(of: node, in: bytes), !isClass || trustsClasses else { continue }
            // Percent of the page's prose that an element may hold and still be furniture.
            guard count.prose(in: index) * 100 <= all * limit else { continue }
            if isClass, heavy.contains(WordHash.lowercased(bytes[node.classes])) { continue }
            reasons[index] = reason
        }
    }

    /// Class values whose elements hold, all together, much of the page's prose: a text may be cut into many boxes.
    private static func heavyClasses(_ tree: PageTree, count: ProseCount, in bytes: UnsafeBufferPointer<UInt8>) -> Set<UInt64> {
        var prose: [UInt64: Int] = [:]
        var heavy = Set<UInt64>()
        for (index, node) in tree.nodes.enumerated() where !node.classes.isEmpty {
            let held = count.prose(in: index)
            guard held > 0 else { continue }
            let hash = WordHash.lowercased(bytes[node.classes])
            prose[hash, default: 0] += held
            if prose[hash, default: 0] * 100 > count.allProse * 40 { heavy.insert(hash) }
        }
        return heavy
    }

    private static func claim(of node: PageTree.Node, in bytes: UnsafeBufferPointer<UInt8>) -> (
        DropReason, limit: Int, isClass: Bool
    )? {
        if node.isHidden { return (.hidden, 40, false) }
        if let reason = ZoneLexicon.reason(of: node, in: bytes) { return (reason, 40, false) }
        if node.name == .header { return (.metadata, 15, false) }
        for value in [node.classes, node.id] where !value.isEmpty {
            if let reason = ZoneLexicon.standard.reason(in: bytes[value]) {
                return (reason, reason == .comments || reason == .related ? 60 : 30, true)
            }
        }
        return nil
    }
}
