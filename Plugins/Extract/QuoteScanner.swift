import HeadwaterPluginKit

/// Pairs quotation marks: each run of text between an opening and a closing mark, paragraph by paragraph.
///
/// Curly and straight double marks count as one family, since pages mix them; low, angle and single marks are families of
/// their own. A quotation left open at a paragraph's end goes on when the next paragraph opens with a mark again.
struct QuoteScanner {
    let text: AnnotatedText

    /// Text between two marks, as tokens, the marks left out.
    struct Quoted {
        var tokens: Range<Int>
        /// The mark tokens around it; `closing` lies at the paragraph's end where none was written.
        var opening: Int
        var closing: Int
        /// Whether another quotation holds it.
        var isNested: Bool
        /// Whether it is the next paragraph of the quotation before it.
        var continues: Bool
        /// Whether single marks stand around it.
        var isSingle: Bool
    }

    private enum Family { case double, low, angle, smallAngle, single, corner, whiteCorner }
    private enum Side { case opening, closing, either }

    private struct Open {
        var family: Family
        var token: Int
        /// The first token behind the mark, which may be two apostrophes.
        var start: Int
    }

    func quoted() -> [Quoted] {
        var out: [Quoted] = []
        var isCarried = false
        for paragraph in text.paragraphs { isCarried = scan(paragraph, isCarried, &out) }
        return out.sorted { ($0.opening, $1.closing) < ($1.opening, $0.closing) }
    }

    /// Scans one paragraph; true if it ends within a quotation that the next one may go on with.
    private func scan(_ paragraph: Range<Int>, _ isCarried: Bool, _ out: inout [Quoted]) -> Bool {
        var stack: [Open] = []
        var index = paragraph.lowerBound
        var isFirst = true
        while index < paragraph.upperBound {
            guard text.tokens[index].kind == .mark || text.tokens[index].kind == .possessive,
                let (family, side, length) = mark(index, paragraph)
            else {
                index += 1
                continue
            }
            if let place = stack.lastIndex(where: { $0.family == family }), side != .opening {
                // An outer quotation closes what was left open within it.
                close(
                    stack[place], at: index, isNested: place > 0,
                    continues: isCarried && isFirst && stack[place].token == paragraph.lowerBound, &out)
                if stack[place].token == paragraph.lowerBound { isFirst = false }
                stack.removeSubrange(place...)
            } else if side != .closing, stack.count < 4 {
                // A mark of the same family again, opening: the one before was never closed.
                if let place = stack.lastIndex(where: { $0.family == family }) { stack.removeSubrange(place...) }
                if family != .single || singleCloses(index, paragraph) {
                    stack.append(Open(family: family, token: index, start: index + length))
                }
            }
            index += length
        }
        guard let left = stack.first, left.family != .single else { return false }
        let number = text.paragraphIndex(of: paragraph.lowerBound)
        let goesOn = number + 1 < text.paragraphs.count && startsAgain(left.family, text.paragraphs[number + 1])
        // Without a next part, only words that come right behind a colon, or begin the paragraph, are surely a quotation.
        guard goesOn || left.token == paragraph.lowerBound || text.mark(left.token - 1) == UInt8(ascii: ":") else { return false }
        let isWhole = goesOn || paragraph.upperBound - left.start >= 4
        if isWhole {
            close(
                left, at: paragraph.upperBound, isNested: false, continues: isCarried && left.token == paragraph.lowerBound, &out)
        }
        return goesOn
    }

    private func close(_ open: Open, at closing: Int, isNested: Bool, continues: Bool, _ out: inout [Quoted]) {
        guard closing > open.start else { return }
        out.append(
            Quoted(
                tokens: open.start..<closing, opening: open.token, closing: closing, isNested: isNested, continues: continues,
                isSingle: open.family == .single))
    }

    private func startsAgain(_ family: Family, _ paragraph: Range<Int>) -> Bool {
        guard let found = mark(paragraph.lowerBound, paragraph) else { return false }
        return found.0 == family && found.1 != .closing
    }

    /// The family, the side and the number of tokens of the quotation mark at `index`.
    private func mark(_ index: Int, _ paragraph: Range<Int>) -> (Family, Side, Int)? {
        let token = text.tokens[index]
        if token.kind == .possessive { return nil }
        if token.count == 1 {
            switch text.bytes[token.start] {
            case UInt8(ascii: "\""): return (.double, straightSide(index, paragraph), 1)
            case UInt8(ascii: "`"):
                guard text.mark(index + 1) == UInt8(ascii: "`"), text.touches(index, index + 1) else { return nil }
                return (.double, .opening, 2)
            case UInt8(ascii: "'"):
                if text.mark(index + 1) == UInt8(ascii: "'"), text.touches(index, index + 1) { return (.double, .closing, 2) }
                return singleSide(index, paragraph).map { (.single, $0, 1) }
            default: return nil
            }
        }
        if token.count == 2, text.bytes[token.start] == 0xC2 {
            switch text.bytes[token.start + 1] {
            case 0xAB: return (.angle, .either, 1)
            case 0xBB: return (.angle, .either, 1)
            default: return nil
            }
        }
        guard token.count == 3 else { return nil }
        switch (text.bytes[token.start], text.bytes[token.start + 1], text.bytes[token.start + 2]) {
        case (0xE2, 0x80, 0x9C):
            return (.double, hasWordBefore(index, paragraph) && !hasWordAfter(index, paragraph) ? .either : .opening, 1)  // “
        case (0xE2, 0x80, 0x9D): return (.double, .closing, 1)  // ”
        case (0xE2, 0x80, 0x9E): return (.double, .opening, 1)  // „
        case (0xE2, 0x80, 0x9A): return (.single, .opening, 1)  // ‚
        case (0xE2, 0x80, 0x98):  // ‘, which closes what ‚ opened
            return (.single, hasWordBefore(index, paragraph) && !hasWordAfter(index, paragraph) ? .either : .opening, 1)
        case (0xE2, 0x80, 0x99):  // ’
            return singleSide(index, paragraph) == .closing ? (.single, .closing, 1) : nil
        case (0xE2, 0x80, 0xB9), (0xE2, 0x80, 0xBA): return (.smallAngle, .either, 1)  // ‹ ›
        case (0xE3, 0x80, 0x8C): return (.corner, .opening, 1)  // 「
        case (0xE3, 0x80, 0x8D): return (.corner, .closing, 1)  // 」
        case (0xE3, 0x80, 0x8E): return (.whiteCorner, .opening, 1)  // 『
        case (0xE3, 0x80, 0x8F): return (.whiteCorner, .closing, 1)  // 』
        default: return nil
        }
    }

    /// A straight mark opens behind white space or an opening mark, and closes behind a word or punctuation.
    private func straightSide(_ index: Int, _ paragraph: Range<Int>) -> Side {
        let (before, after) = (hasWordBefore(index, paragraph), hasWordAfter(index, paragraph))
        return before == after ? .either : before ? .closing : .opening
    }

    /// A single mark is mostly an apostrophe. It opens behind white space and before a word, and closes behind a word or
    /// punctuation with no letter behind it.
    private func singleSide(_ index: Int, _ paragraph: Range<Int>) -> Side? {
        let (before, after) = (hasWordBefore(index, paragraph), hasWordAfter(index, paragraph))
        return before == after ? nil : before ? .closing : .opening
    }

    private func hasWordBefore(_ index: Int, _ paragraph: Range<Int>) -> Bool {
        guard index > paragraph.lowerBound, text.touches(index - 1, index) else { return false }
        let token = text.tokens[index - 1]
        if token.kind != .mark { return true }
        // Brackets and dashes before a mark do not belong to the words it would close.
        if text.isDash(index - 1) { return false }
        return ![0x28, 0x5B].contains(text.bytes[token.start]) && !isOpeningQuote(index - 1)
    }

    private func hasWordAfter(_ index: Int, _ paragraph: Range<Int>) -> Bool {
        guard index + 1 < paragraph.upperBound, text.touches(index, index + 1) else { return false }
        let token = text.tokens[index + 1]
        if token.kind != .mark { return true }
        if isOpeningQuote(index + 1) { return true }
        return [0x5B, 0x28, 0x24, 0x23, 0x40].contains(text.bytes[token.start])
            || token.count == 3 && text.bytes[token.start + 2] == 0xA6
    }

    private func isOpeningQuote(_ index: Int) -> Bool {
        let token = text.tokens[index]
        return token.count == 3 && text.bytes[token.start] == 0xE2 && text.bytes[token.start + 1] == 0x80
            && [0x98, 0x9A, 0x9C, 0x9E].contains(text.bytes[token.start + 2])
    }

    /// Whether a single mark that opens here is closed within the paragraph, near enough to be a quotation.
    private func singleCloses(_ index: Int, _ paragraph: Range<Int>) -> Bool {
        var cursor = index + 1
        while cursor < paragraph.upperBound, cursor - index < 120 {
            let token = text.tokens[cursor]
            if token.kind == .mark,
                token.count == 1 && text.bytes[token.start] == UInt8(ascii: "'")
                    || token.count == 3 && [0x98, 0x99].contains(text.bytes[token.start + 2])
                        && text.bytes[token.start + 1] == 0x80,
                singleSide(cursor, paragraph) == .closing
            {
                return true
            }
            cursor += 1
        }
        return false
    }
}
