import HeadwaterModel
import HeadwaterPluginKit

/// Reads what single elements of a page state, with the bytes that state it.
struct ElementReader {
    let page: TracedText
    let tree: PageTree
    let bytes: UnsafeBufferPointer<UInt8>
    let normalization: Normalization

    func attribute(_ name: StaticString, of index: Int) -> Range<Int>? { tree.attribute(name, of: index, in: bytes) }

    func isAuthorLink(_ index: Int) -> Bool {
        guard let relation = attribute("rel", of: index) else { return false }
        return bytes[relation].containsLowercased("author")
    }

    func value(_ attribute: StaticString, of index: Int, at place: String) -> Candidate? {
        self.attribute(attribute, of: index).flatMap { candidate($0, at: place) }
    }

    /// The text of an element that should hold a headline; nil where it holds more.
    func title(of index: Int, at place: String) -> Candidate? {
        text(of: index, at: place).flatMap { $0.value.utf8.count <= PageTitle.longest ? $0 : nil }
    }

    /// What is longer is no value of a field, in bytes.
    static let longestValue = 2000

    func text(of index: Int, at place: String) -> Candidate? {
        let texts = tree.descendants(of: index).lazy.map { tree.nodes[$0] }.filter { $0.name == .text }
        let pieces = texts.map { Block.Piece(range: $0.range, hasReferences: !$0.isLiteral) }
        guard !pieces.isEmpty, pieces.reduce(0, { $0 + $1.range.count }) < Self.longestValue else { return nil }
        let text = ArticleText.traced(page, Array(pieces), normalization)
        return text.isEmpty ? nil : Candidate(text, at: place)
    }

    func candidate(_ range: Range<Int>, at place: String) -> Candidate? {
        let text = ArticleText.traced(page, [Block.Piece(range: range, hasReferences: true)], normalization)
        return text.isEmpty ? nil : Candidate(text, at: place)
    }
}
