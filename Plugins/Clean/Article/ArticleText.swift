import HeadwaterModel
import HeadwaterPluginKit

/// Puts the kept blocks together to one text whose every byte knows its origin, the breaks between blocks included.
struct ArticleText {
    private let page: TracedText
    private let isMarkup: Bool
    private let normalization: Normalization
    private(set) var text = TracedText()
    private(set) var lines: [Line] = []

    /// One line of the text, and the blocks that stand in it: several where they are cells of one row.
    struct Line {
        var range: Range<Int>
        var blocks: Range<Int>
        /// Whether it is an entry of a list.
        var isItem: Bool
        var startsParagraph: Bool
    }

    /// Longest run of markup, in bytes, that a break is said to come from: what stands further off is no longer about it.
    private static let longestBreak = 256

    /// - Parameter isMarkup: whether tags stand between the blocks.
    init(_ page: TracedText, _ blocks: [Block], isMarkup: Bool, normalization: Normalization) {
        self.page = page
        self.isMarkup = isMarkup
        self.normalization = normalization
        // With a break before each.
        text.reserveCapacity(blocks.reduce(0) { $0 + ($1.reason == nil ? $1.count + 2 : 0) })
        var last: Block?
        for (index, block) in blocks.enumerated() where block.reason == nil {
            let part = Self.traced(page, block.pieces, normalization)
            guard !part.isEmpty else { continue }
            let kind = last.map { separation(from: $0, to: block) }
            if let last, let kind { text.append(separator(from: last, to: block, kind)) }
            let range = text.count..<text.count + part.count
            if kind == .space, let line = lines.last {
                lines[lines.count - 1].range = line.range.lowerBound..<range.upperBound
                lines[lines.count - 1].blocks = line.blocks.lowerBound..<index + 1
            } else {
                lines.append(
                    Line(range: range, blocks: index..<index + 1, isItem: block.shape == .item, startsParagraph: kind != .line))
            }
            text.append(part)
            last = block
        }
    }

    /// The text of a block: its bytes of the page, references resolved, white space collapsed, and whatever else is asked for.
    static func traced(_ page: TracedText, _ pieces: [Block.Piece], _ normalization: Normalization) -> TracedText {
        var text = TracedText()
        for piece in pieces {
            if piece.hasReferences, page.bytes[piece.range].contains(UInt8(ascii: "&")) {
                text.append(page[piece.range].decodingEntities())
            } else {
                text.append(page, piece.range)
            }
        }
        return normalization.paragraph(text)
    }

    /// What stands between two blocks, as the break that they need.
    private func separator(from last: Block, to next: Block, _ kind: Rewriting.Break) -> TracedText {
        let gap = last.range.upperBound..<max(last.range.upperBound, next.range.lowerBound)
        let start = trimmedEnd(of: last)
        let end = breakEnd(from: start, limit: min(gap.upperBound, start + Self.longestBreak))
        let made = end > start ? page[start..<end].asBreak(kind) : TracedText()
        if !made.isEmpty, made.segments.count == 1 || made.bytes == kind.text { return made }
        return .synthetic(String(decoding: kind.text, as: UTF8.self))
    }

    /// Where the white space at the end of a block begins: it belongs to the break.
    private func trimmedEnd(of block: Block) -> Int {
        guard let piece = block.pieces.last(where: { !page.trimmedRange($0.range).isEmpty }) else {
            return block.range.upperBound
        }
        return page.trimmedRange(piece.range).upperBound
    }

    /// The end of the white space and markup at `start`.
    private func breakEnd(from start: Int, limit: Int) -> Int {
        guard start < limit else { return start }
        let bytes = Array(page.bytes[start..<limit])
        var index = 0
        while index < bytes.count {
            let end = isMarkup ? MarkupRun.end(bytes, from: index) : WhiteSpace.end(bytes, from: index)
            if end == index { break }
            index = end
        }
        return start + index
    }

    private func separation(from last: Block, to next: Block) -> Rewriting.Break {
        if last.row >= 0 && last.row == next.row { return .space }
        if last.shape == .cell && next.shape == .cell { return .line }
        if next.list >= 0 && last.list == next.list && last.item != next.item { return .line }
        // Lines of flattened text: entries of a list stay together, paragraphs do not.
        if !isMarkup { return last.shape == .item && next.shape == .item ? .line : .paragraph }
        return next.separation == .line && last.node == next.node ? .line : .paragraph
    }
}
