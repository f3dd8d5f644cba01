/// A page as a tree of elements and texts, laid out flat in the order of the source: the descendants of node `i` are the
/// nodes after it, up to `nodes[i].next`.
///
/// Texts are byte ranges of the page, never copies, so that a text's origin is known whatever the markup around it is.
struct PageTree {
    var nodes: [Node] = []
    /// The start tag of `html`; empty where there is none.
    private(set) var documentTag = 0..<0

    /// An element or a text. Places are kept in 32 bits, which halves what a large page takes; pages are shorter than that.
    struct Node {
        var name: ElementName
        /// Whether a text stands in a link.
        var isLink = false
        /// Whether a text is a CDATA section, in which `&` means itself.
        var isLiteral = false
        /// Whether the element says that it is not shown.
        var isHidden = false
        private var storedParent: Int32
        private var storedNext: Int32
        private var storedRange: Place
        private var storedClasses = Place.none
        private var storedID = Place.none
        private var storedRole = Place.none
        private var storedProperty = Place.none

        /// A byte range of the page.
        private struct Place {
            var start: Int32
            var end: Int32

            static let none = Place(0..<0)

            init(_ range: Range<Int>) { (start, end) = (Int32(range.lowerBound), Int32(range.upperBound)) }

            var range: Range<Int> { Int(start)..<Int(end) }
        }

        init(name: ElementName, parent: Int, next: Int, range: Range<Int>, isLink: Bool = false, isLiteral: Bool = false) {
            self.name = name
            self.isLink = isLink
            self.isLiteral = isLiteral
            storedParent = Int32(parent)
            storedNext = Int32(next)
            storedRange = Place(range)
        }

        /// The index of the element around it; -1 for the outermost.
        var parent: Int {
            get { Int(storedParent) }
            set { storedParent = Int32(newValue) }
        }

        /// The first node behind all its descendants.
        var next: Int {
            get { Int(storedNext) }
            set { storedNext = Int32(newValue) }
        }

        /// A text's bytes; an element's start tag.
        var range: Range<Int> {
            get { storedRange.range }
            set { storedRange = Place(newValue) }
        }

        /// The values of the attributes that nearly every decision asks for.
        var classes: Range<Int> {
            get { storedClasses.range }
            set { storedClasses = Place(newValue) }
        }
        var id: Range<Int> {
            get { storedID.range }
            set { storedID = Place(newValue) }
        }
        var role: Range<Int> {
            get { storedRole.range }
            set { storedRole = Place(newValue) }
        }
        var property: Range<Int> {
            get { storedProperty.range }
            set { storedProperty = Place(newValue) }
        }
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
