/// Builds the tree of a page, in one pass and in linear time whatever the page is.
///
/// Follows WHATWG HTML, section 13.2.6, in all that decides which text stands in which block: implied end tags, scopes,
/// raw text. It leaves out what only moves nodes around (adoption agency, foster parenting): a text stays where it
/// stands in the source.
struct PageTreeBuilder {
    private(set) var nodes: [PageTree.Node] = []
    private let bytes: UnsafeBufferPointer<UInt8>
    private let scanner: TagScanner
    /// The open elements, outermost first.
    private var open: [Int] = []
    /// How many open paragraphs there are, so that a page without any is not searched for one.
    private var openParagraphs = 0
    private var hasBody = false
    private(set) var documentTag = 0..<0
    /// Start tags past the deepest nesting whose end tags are still to come.
    private var overflow = 0
    /// The place in `open` of the link that is open.
    private var link: Int?

    private let isXML: Bool

    init(_ bytes: UnsafeBufferPointer<UInt8>, isXML: Bool) {
        self.bytes = bytes
        self.isXML = isXML
        scanner = TagScanner(bytes: bytes)
        nodes.reserveCapacity(bytes.count / 40)
    }

    mutating func parse() {
        push(PageTree.Node(name: .html, parent: -1, next: 0, range: 0..<0))
        var index = 0
        var textStart = 0
        while index < bytes.count {
            index = scanner.nextTag(from: index)
            guard index + 1 < bytes.count else { break }
            let next = bytes[index + 1]
            let isEndTag = next == UInt8(ascii: "/") && index + 2 < bytes.count && ASCII.isLetter(bytes[index + 2])
            if ASCII.isLetter(next) {
                addText(textStart..<index)
                index = startTag(at: index)
            } else if isEndTag {
                addText(textStart..<index)
                index = endTag(at: index)
            } else if isXML, let section = scanner.literalSection(at: index) {
                addText(textStart..<index)
                addText(section.text, isLiteral: true)
                index = section.end
            } else if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") || next == UInt8(ascii: "/") {
                addText(textStart..<index)
                index = scanner.commentEnd(from: index)
            } else {
                index += 1
                continue
            }
            textStart = index
        }
        addText(textStart..<bytes.count)
        while !open.isEmpty { pop() }
    }

    // MARK: Tokens

    private mutating func addText(_ range: Range<Int>, isLiteral: Bool = false) {
        guard !range.isEmpty else { return }
        // Text in the head is what begins the body.
        if let last = open.last, nodes[last].name == .head, !bytes[range].allSatisfy(ASCII.isSpace) { pop() }
        guard let parent = open.last else { return }
        nodes.append(
            PageTree.Node(
                name: .text, parent: parent, next: nodes.count + 1, range: range, isLink: link != nil, isLiteral: isLiteral))
    }

    /// Reads the start tag at `start` and what belongs to it; gives the end of that.
    private mutating func startTag(at start: Int) -> Int {
        let nameEnd = scanner.nameEnd(from: start + 1)
        let name = ElementName(bytes[start + 1..<nameEnd])
        var node = PageTree.Node(name: name, parent: -1, next: 0, range: start..<start)
        var index = nameEnd
        var hasAddress = false
        while let attribute = scanner.nextAttribute(&index) { read(attribute, into: &node, hasAddress: &hasAddress) }
        let isComplete = index < bytes.count
        index = min(index + 1, bytes.count)
        // The end of the page inside a tag: the tag shows nothing and opens nothing.
        guard isComplete else { return index }
        node.range = start..<index
        closeImplied(by: name)
        if name == .html && documentTag.isEmpty { documentTag = node.range }
        if name == .html || (name == .body && hasBody) { return index }
        if name == .body { hasBody = true }
        if name.isVoid {
            add(node)
            return index
        }
        if name.holdsRawText {
            let end = scanner.rawTextEnd(of: start + 1..<nameEnd, from: index)
            push(node)
            if overflow == 0 {
                addText(index..<end)
                pop()
            } else {
                overflow -= 1
            }
            guard end < bytes.count else { return end }
            var close = scanner.nameEnd(from: end + 2)
            while scanner.nextAttribute(&close) != nil {}
            return min(close + 1, bytes.count)
        }
        push(node)
        if name == .a && hasAddress && overflow == 0 { link = open.count - 1 }
        return index
    }

    private func read(_ attribute: TagScanner.Attribute, into node: inout PageTree.Node, hasAddress: inout Bool) {
        func isNamed(_ name: StaticString) -> Bool { TagScanner.equals(bytes, attribute.name, name) }
        func contains(_ text: StaticString) -> Bool { bytes[attribute.value].containsLowercased(text) }
        switch attribute.name.count {
        case 2 where isNamed("id"): if node.id.isEmpty { node.id = attribute.value }
        case 4 where isNamed("role"): if node.role.isEmpty { node.role = attribute.value }
        case 4 where isNamed("href"): hasAddress = true
        case 5 where isNamed("class"): if node.classes.isEmpty { node.classes = attribute.value }
        case 5 where isNamed("style"):
            if contains("display:none") || contains("display: none") || contains("visibility:hidden") { node.isHidden = true }
        case 6 where isNamed("hidden"): node.isHidden = true
        case 8 where isNamed("itemprop"): if node.property.isEmpty { node.property = attribute.value }
        case 11 where isNamed("aria-hidden"): if contains("true") { node.isHidden = true }
        default: break
        }
    }

    private mutating func endTag(at start: Int) -> Int {
        let nameEnd = scanner.nameEnd(from: start + 2)
        let name = ElementName(bytes[start + 2..<nameEnd])
        var index = nameEnd
        while scanner.nextAttribute(&index) != nil {}
        guard index < bytes.count else { return index }
        close(name, at: start..<index + 1)
        return index + 1
    }

    private mutating func close(_ name: ElementName, at range: Range<Int>) {
        if overflow > 0 {
            if !name.isVoid { overflow -= 1 }
            return
        }
        switch name {
        // What follows the end of a page still belongs to it.
        case .html, .body: return
        case .br: add(PageTree.Node(name: .br, parent: -1, next: 0, range: range))
        case .a where link != nil:
            if !popThrough(upTo: { $0 == .a }, stoppingAt: { $0.isBlock }) { link = nil }
        case .p where openParagraphs == 0:
            // An end tag without its start still ends a paragraph.
            add(PageTree.Node(name: .p, parent: -1, next: 0, range: range))
        case .h1, .h2, .h3, .h4, .h5, .h6: popThrough(upTo: { $0.headingLevel > 0 }, stoppingAt: PageTreeBuilder.bounds)
        case .td, .th, .tr, .thead, .tbody, .tfoot, .caption, .table:
            popThrough(upTo: { $0 == name }, stoppingAt: { $0 == .table && name != .table })
        case .unknown: popUnknown(range)
        default:
            popThrough(upTo: { $0 == name }, stoppingAt: name.isBlock ? PageTreeBuilder.bounds : { $0.isBlock })
        }
    }

    /// An end tag of an element we have no name for: it closes the nearest open one of the same name.
    private mutating func popUnknown(_ range: Range<Int>) {
        let name = bytes[range.lowerBound + 2..<scanner.nameEnd(from: range.lowerBound + 2)]
        for place in open.indices.reversed() {
            let node = nodes[open[place]]
            if PageTreeBuilder.bounds(node.name) { return }
            guard node.name == .unknown else { continue }
            let other = bytes[node.range.lowerBound + 1..<scanner.nameEnd(from: node.range.lowerBound + 1)]
            if other.count == name.count, zip(other, name).allSatisfy({ ASCII.lower($0) == ASCII.lower($1) }) {
                while open.count > place { pop() }
                return
            }
        }
    }

    // MARK: The open elements

    /// Ends what the start tag of `name` ends without saying so.
    private mutating func closeImplied(by name: ElementName) {
        guard overflow == 0 else { return }
        if let last = open.last, nodes[last].name == .head, !PageTreeBuilder.belongsInHead(name) { pop() }
        if openParagraphs > 0 && name.closesParagraph {
            popThrough(upTo: { $0 == .p }, stoppingAt: { PageTreeBuilder.bounds($0) || $0 == .button })
        }
        switch name {
        case .li: popThrough(upTo: { $0 == .li }, stoppingAt: { $0.isList || PageTreeBuilder.bounds($0) })
        case .dt, .dd: popThrough(upTo: { $0 == .dt || $0 == .dd }, stoppingAt: { $0.isList || PageTreeBuilder.bounds($0) })
        case .option, .optgroup: popThrough(upTo: { $0 == .option }, stoppingAt: { $0 == .select || $0.isBlock })
        case .td, .th: popThrough(upTo: \.isCell, stoppingAt: { $0 == .tr || $0 == .table })
        case .tr: popThrough(upTo: { $0 == .tr }, stoppingAt: { $0 == .table })
        case .thead, .tbody, .tfoot:
            popThrough(upTo: { $0 == .thead || $0 == .tbody || $0 == .tfoot }, stoppingAt: { $0 == .table })
        case .button: popThrough(upTo: { $0 == .button }, stoppingAt: PageTreeBuilder.bounds)
        case .a:
            if link != nil, !popThrough(upTo: { $0 == .a }, stoppingAt: { $0.isBlock }) { link = nil }
        case .h1, .h2, .h3, .h4, .h5, .h6:
            if let last = open.last, nodes[last].name.headingLevel > 0 { pop() }
        default: break
        }
    }

    /// Past these no end tag reaches (the element scopes of WHATWG HTML, section 13.2.4.2).
    private static func bounds(_ name: ElementName) -> Bool {
        switch name {
        case .html, .table, .td, .th, .caption, .template, .object: true
        default: false
        }
    }

    private static func belongsInHead(_ name: ElementName) -> Bool {
        switch name {
        case .base, .link, .meta, .title, .script, .style, .template, .noscript, .unknown: true
        default: false
        }
    }

    /// Pops the innermost open element that is wanted and all inside it; does nothing where one that stops comes first.
    @discardableResult
    private mutating func popThrough(
        upTo isWanted: (ElementName) -> Bool, stoppingAt stops: (ElementName) -> Bool
    ) -> Bool {
        for place in open.indices.reversed() {
            let name = nodes[open[place]].name
            if isWanted(name) {
                while open.count > place { pop() }
                return true
            }
            if stops(name) { return false }
        }
        return false
    }

    private mutating func add(_ node: PageTree.Node) {
        var node = node
        node.parent = open.last ?? -1
        node.next = nodes.count + 1
        nodes.append(node)
    }

    private mutating func push(_ node: PageTree.Node) {
        guard open.count < PageTree.deepestNesting, overflow == 0 else {
            overflow += 1
            return
        }
        add(node)
        open.append(nodes.count - 1)
        if node.name == .p { openParagraphs += 1 }
    }

    private mutating func pop() {
        let last = open.removeLast()
        nodes[last].next = nodes.count
        if nodes[last].name == .p { openParagraphs -= 1 }
        if let place = link, place >= open.count { link = nil }
    }
}

extension Collection<UInt8> {
    /// Whether the bytes hold this text, given in lower case, in any case.
    func containsLowercased(_ text: StaticString) -> Bool {
        var start = startIndex
        while start != endIndex {
            var index = start
            var matched = 0
            while matched < text.utf8CodeUnitCount, index != endIndex, ASCII.lower(self[index]) == text.utf8Start[matched] {
                matched += 1
                index = self.index(after: index)
            }
            if matched == text.utf8CodeUnitCount { return true }
            start = self.index(after: start)
        }
        return false
    }
}
