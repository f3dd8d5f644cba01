/// A page as a tree of elements and texts, laid out flat in the order of the source: the descendants of node `i` are the
/// nodes after it, up to `nodes[i].next`.
///
/// Texts are byte ranges of the page, never copies, so that a text's origin is known whatever the markup around it is.
struct PageTree {
    var nodes: [Node] = []
    /// The start tag of `html`; empty where there is none.
    private(set) var documentTag = 0..<0

    struct Node {
        var name: ElementName
        /// The index of the element around it; -1 for the outermost.
        var parent: Int
        /// The first node behind all its descendants.
        var next: Int
        /// A text's bytes; an element's start tag.
        var range: Range<Int>
        /// Whether a text stands in a link.
        var isLink = false
        /// Whether a text is a CDATA section, in which `&` means itself.
        var isLiteral = false
        /// The values of the attributes that nearly every decision asks for.
        var classes = 0..<0
        var id = 0..<0
        var role = 0..<0
        var property = 0..<0
        /// Whether the element says that it is not shown.
        var isHidden = false
    }

    /// Nodes nested deeper than this are laid out as if they were not nested. Browsers do the same (512 in Blink).
    static let deepestNesting = 512

    /// - Parameter isXML: whether CDATA sections are text, as XML has it, or comments, as HTML does.
    init(parsing bytes: UnsafeBufferPointer<UInt8>, isXML: Bool = false) {
        var builder = PageTreeBuilder(bytes, isXML: isXML)
        builder.parse()
        nodes = builder.nodes
        documentTag = builder.documentTag
    }

    /// The indices of all descendants of a node.
    func descendants(of node: Int) -> Range<Int> { node + 1..<nodes[node].next }

    /// The ranges of a node's text, in order.
    func texts(of node: Int) -> [Range<Int>] { descendants(of: node).filter { nodes[$0].name == .text }.map { nodes[$0].range } }

    /// The value of any attribute of an element; nil if it has none of that name.
    func attribute(_ name: StaticString, of node: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        attribute(name, ofTag: nodes[node].range, in: bytes)
    }

    /// The value of an attribute of a start tag.
    func attribute(_ name: StaticString, ofTag tag: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        let scanner = TagScanner(bytes: UnsafeBufferPointer(rebasing: bytes[..<tag.upperBound]))
        guard !tag.isEmpty else { return nil }
        var index = scanner.nameEnd(from: tag.lowerBound + 1)
        while let attribute = scanner.nextAttribute(&index) {
            if TagScanner.equals(bytes, attribute.name, name) { return attribute.value }
        }
        return nil
    }
}

extension TagScanner {
    /// Whether `range` is this name, in any case.
    static func equals(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count where ASCII.lower(bytes[range.lowerBound + offset]) != name.utf8Start[offset] {
            return false
        }
        return true
    }
}
