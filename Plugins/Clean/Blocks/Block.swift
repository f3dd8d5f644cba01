/// One paragraph, heading, list item, table cell or loose line of a page: what is kept or dropped as a whole.
///
/// Both kinds of input, markup and flattened text, become a list of blocks; all later decisions are about blocks.
struct Block {
    var shape: Shape
    /// The parts of the page that it shows, in order.
    var pieces: [Piece]
    /// What a reader sees.
    var text: [UInt8]
    /// How many bytes of it stand in links.
    var linkBytes = 0
    /// What separates it from the block before it in the source.
    var separation = Separation.paragraph
    /// The innermost element that is a block; -1 where there is no markup.
    var node = -1
    /// The innermost element of any kind that holds all of it.
    var inner = -1
    /// The outermost list and the innermost list item around it; -1 for none.
    var list = -1
    var item = -1
    /// The table row that it is a cell of; -1 for none.
    var row = -1
    /// Why it is left out; nil as long as it stays.
    var reason: DropReason?

    /// Bytes of the page that show a text. In 32 bits, as the places of nodes are: a large page has some hundred thousand.
    struct Piece {
        private let start: Int32
        private let end: Int32
        /// Whether `&` may start a character reference: so in markup, but not in a CDATA section of it.
        let hasReferences: Bool

        init(range: Range<Int>, hasReferences: Bool) {
            (start, end) = (Int32(range.lowerBound), Int32(range.upperBound))
            self.hasReferences = hasReferences
        }

        var range: Range<Int> { Int(start)..<Int(end) }
    }

    enum Shape: Equatable {
        case paragraph
        case heading(level: Int)
        case item
        case cell
        /// Text that stands directly in a box, or a line of flattened text.
        case loose
    }

    enum Separation: Int, Comparable {
        case space, line, paragraph

        static func < (a: Separation, b: Separation) -> Bool { a.rawValue < b.rawValue }
    }

    /// From its first byte to one past its last.
    var range: Range<Int> { (pieces.first?.range.lowerBound ?? 0)..<(pieces.last?.range.upperBound ?? 0) }

    var isHeading: Bool { if case .heading = shape { true } else { false } }
}

/// Why a block is left out, as notes say it.
enum DropReason: String {
    case advertisement
    case authorNote = "author-note"
    case caption
    case comments
    case cookieNotice = "cookie-notice"
    case duplicateTitle = "duplicate-title"
    case footer
    case form
    case hidden
    case inlinePromo = "inline-promo"
    case legal
    case link
    case menu
    case metadata
    case newsletter
    case outside
    case pullQuote = "pull-quote"
    case related
    case share
    case sidebar
    case tags
    case template
    case title
    // What a quality filter says of a line.
    case c4JavaScript = "c4:javascript"
    case c4LineWords = "c4:line-words"
    case c4Policy = "c4:policy"
    case c4TerminalPunctuation = "c4:terminal-punctuation"
    case c4WordLength = "c4:word-length"
}
