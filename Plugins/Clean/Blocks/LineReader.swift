import HeadwaterModel

/// Reads the blocks of a page that was flattened to text: one a line, or one a paragraph where lines are wrapped.
enum LineReader {
    static func blocks(of page: [UInt8]) -> [Block] {
        var blocks: [Block] = []
        blocks.reserveCapacity(lineCount(page))
        var blankLines = 1
        var start = 0
        while start < page.count {
            var end = start
            while end < page.count, lineEnd(page, end).length == 0 { end += 1 }
            if let block = line(page, start..<end, afterBlank: blankLines > 0) {
                blocks += splittingHashtags(block, of: page)
                blankLines = 0
            } else {
                blankLines += 1
            }
            let ending = lineEnd(page, end)
            if ending.isParagraph { blankLines += 1 }
            start = end + max(ending.length, 1)
        }
        return isWrapped(blocks) ? joined(blocks) : blocks
    }

    /// How many lines have more than white space, where each ends with a line feed.
    private static func lineCount(_ page: [UInt8]) -> Int {
        var count = 0
        var isBlank = true
        for byte in page {
            if byte == 0x0A { isBlank = true } else if byte > 0x20, isBlank { (count, isBlank) = (count + 1, false) }
        }
        return count
    }

    /// How many bytes the end of a line at `index` takes, 0 where there is none: LF, CR, both, NEL, LS, PS (Unicode, section
    /// 5.8). Only the last says by itself that a paragraph ends.
    static func lineEnd(_ page: [UInt8], _ index: Int) -> (length: Int, isParagraph: Bool) {
        guard index < page.count else { return (0, false) }
        switch page[index] {
        case 0x0A: return (1, false)
        case 0x0D: return (index + 1 < page.count && page[index + 1] == 0x0A ? 2 : 1, false)
        case 0xC2: return (index + 1 < page.count && page[index + 1] == 0x85 ? 2 : 0, false)
        case 0xE2:
            guard index + 2 < page.count, page[index + 1] == 0x80, 0xA8...0xA9 ~= page[index + 2] else { return (0, false) }
            return (3, page[index + 2] == 0xA9)
        default: return (0, false)
        }
    }

    private static func line(_ page: [UInt8], _ range: Range<Int>, afterBlank: Bool) -> Block? {
        var start = range.lowerBound
        while start < range.upperBound, case let space = WhiteSpace.length(page, start), space > 0 { start += space }
        start = min(start, range.upperBound)
        let mark = bulletLength(page, start, upTo: range.upperBound)
        var plain = PlainText()
        plain.append(page, start + mark..<range.upperBound, isMarkup: false)
        guard !plain.bytes.isEmpty else { return nil }
        var block = Block(
            shape: mark > 0 ? .item : .loose, pieces: [Block.Piece(range: start + mark..<range.upperBound, hasReferences: false)],
            text: plain.bytes)
        block.separation = afterBlank ? .paragraph : .line
        return block
    }

    /// A paragraph and the hashtags that trail it are two blocks.
    private static func splittingHashtags(_ block: Block, of page: [UInt8]) -> [Block] {
        var start = block.range.upperBound
        var tags = 0
        var end = start
        while end > block.range.lowerBound {
            var word = end
            while word > block.range.lowerBound, page[word - 1] != 0x20, page[word - 1] != 0x09, page[word - 1] != 0x0D {
                word -= 1
            }
            if word < end {
                guard page[word] == UInt8(ascii: "#"), end - word > 2, !ASCII.isDigit(page[word + 1]) else { break }
                tags += 1
                start = word
            }
            end = word - 1
        }
        guard tags > 0, start > block.range.lowerBound else { return [block] }
        return [block.range.lowerBound..<start, start..<block.range.upperBound].enumerated().compactMap { place, range in
            var part = block
            var plain = PlainText()
            plain.append(page, range, isMarkup: false)
            part.pieces = [Block.Piece(range: range, hasReferences: false)]
            part.text = plain.bytes
            if place == 1 { part.separation = .line }
            return part.text.isEmpty ? nil : part
        }
    }

    /// The length of a list mark and the white space behind it; 0 where there is none.
    private static func bulletLength(_ page: [UInt8], _ start: Int, upTo end: Int) -> Int {
        guard start < end else { return 0 }
        let mark: Int
        switch page[start] {
        case UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "+"): mark = 1
        case 0xC2 where start + 1 < end && page[start + 1] == 0xB7: mark = 2
        // Bullets, squares and their like.
        case 0xE2
        where start + 2 < end && (page[start + 1] == 0x80 && [0xA2, 0xA3].contains(page[start + 2]) || page[start + 1] == 0x97):
            mark = 3
        default: return 0
        }
        let space = WhiteSpace.end(page, from: start + mark)
        return space > start + mark && space <= end ? space - start : 0
    }

    /// Whether paragraphs run over several lines: many lines of nearly one length that go on in small letters.
    private static func isWrapped(_ blocks: [Block]) -> Bool {
        guard blocks.count >= 6 else { return false }
        var continued = 0
        var long = 0
        for index in 1..<blocks.count {
            if blocks[index].count > 110 { long += 1 }
            let first = blocks[index].text[0]
            if blocks[index].separation == .line, blocks[index].shape == .loose, (40...110).contains(blocks[index - 1].count),
                first &- 0x61 < 26, !TextShape.endsSentence(blocks[index - 1].text[...])
            {
                continued += 1
            }
        }
        return continued * 3 > blocks.count && long * 10 < blocks.count
    }

    private static func joined(_ lines: [Block]) -> [Block] {
        var out: [Block] = []
        for line in lines {
            if line.separation == .line, line.shape == .loose, let start = out.last?.range.lowerBound {
                // In place: a paragraph may have very many lines.
                let last = out.count - 1
                out[last].pieces = [Block.Piece(range: start..<line.range.upperBound, hasReferences: false)]
                out[last].text.append(0x20)
                out[last].text.append(contentsOf: line.text)
            } else {
                out.append(line)
            }
        }
        return out
    }
}
