import HeadwaterModel
import HeadwaterPluginKit

/// Puts the kept blocks together to one text whose every byte knows its origin, the breaks between blocks included.
struct ArticleText {
    private let page: TracedText
    private let isMarkup: Bool
    private(set) var text = TracedText()

    /// Longest run of markup, in bytes, that a break is said to come from: what stands further off is no longer about it.
    private static let longestBreak = 256

    /// - Parameter isMarkup: whether tags stand between the blocks.
    init(_ page: TracedText, _ blocks: [Block], isMarkup: Bool) {
        self.page = page
        self.isMarkup = isMarkup
        var last: Block?
        for block in blocks where block.reason == nil {
            let part = traced(block)
            guard !part.isEmpty else { continue }
            if let last { text.append(separator(from: last, to: block)) }
            text.append(part)
            last = block
        }
    }

    /// A block's text: its bytes of the page, references resolved, white space collapsed.
    private func traced(_ block: Block) -> TracedText { Self.traced(page, block.pieces) }

    static func traced(_ page: TracedText, _ pieces: [Block.Piece]) -> TracedText {
        var text = TracedText()
        for piece in pieces {
            if piece.hasReferences, page.bytes[piece.range].contains(UInt8(ascii: "&")) {
                text.append(page[piece.range].decodingEntities())
            } else {
                text.append(page, piece.range)
            }
        }
        return text.collapsingSpace().trimmed()
    }

    /// What stands between two blocks, as the break that they need.
    private func separator(from last: Block, to next: Block) -> TracedText {
        let kind = separation(from: last, to: next)
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
