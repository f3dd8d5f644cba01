/// The bytes of a pipeline file, with the way from byte offsets to lines and columns and back.
///
/// A class, so that a thousand diagnostics share one text.
public final class SourceText: Sendable {
    /// The file as it was named.
    public let file: String
    /// Without a byte order mark.
    public let bytes: [UInt8]
    /// Where its first byte lies among those of all files of a pipeline: ranges count through all of them, so that each says
    /// which file it is of.
    let base: Int
    private let lineStarts: [Int]
    /// How many characters begin before each block of `blockSize` bytes: neither way needs to walk a whole long line.
    private let charactersBeforeBlock: [Int]

    private static let blockSize = 256

    init(file: String, bytes: [UInt8], base: Int = 0) {
        self.file = file
        self.base = base
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let text = start == 0 ? bytes : Array(bytes[start...])
        self.bytes = text
        var lineStarts = [0]
        var counts: [Int] = []
        counts.reserveCapacity(text.count / SourceText.blockSize + 1)
        var characters = 0
        for index in text.indices {
            if index % SourceText.blockSize == 0 { counts.append(characters) }
            let byte = text[index]
            if SourceText.beginsCharacter(byte) { characters += 1 }
            let isLineFeed = byte == UInt8(ascii: "\n")
            let isLoneReturn = byte == UInt8(ascii: "\r") && !(index + 1 < text.count && text[index + 1] == UInt8(ascii: "\n"))
            if isLineFeed || isLoneReturn { lineStarts.append(index + 1) }
        }
        self.lineStarts = lineStarts
        charactersBeforeBlock = counts
    }

    /// The position of these bytes, as far as they lie on the first one's line.
    func position(of range: Range<Int>) -> SourcePosition {
        let start = min(max(range.lowerBound - base, 0), bytes.count)
        let line = SourceText.lastIndex(in: lineStarts, notAbove: start)
        let content = contentRange(ofLine: line)
        let end = min(max(range.upperBound - base, start), max(content.upperBound, start))
        let before = characters(before: start)
        return SourcePosition(
            file: file, line: line + 1, column: before - characters(before: lineStarts[line]) + 1,
            length: max(1, characters(before: end) - before))
    }

    /// The bytes of a line, counted from 1, without its line break; nil if there is no such line.
    func lineRange(_ line: Int) -> Range<Int>? {
        lineStarts.indices.contains(line - 1) ? contentRange(ofLine: line - 1) : nil
    }

    /// How many characters begin before a byte.
    func characters(before offset: Int) -> Int {
        guard !charactersBeforeBlock.isEmpty else { return 0 }
        let block = min(offset / SourceText.blockSize, charactersBeforeBlock.count - 1)
        return bytes[block * SourceText.blockSize..<offset].reduce(charactersBeforeBlock[block]) {
            $0 + (SourceText.beginsCharacter($1) ? 1 : 0)
        }
    }

    /// Where the character of this number, counted from 0, begins; the end of the text past the last one.
    func offset(ofCharacter number: Int) -> Int {
        guard !charactersBeforeBlock.isEmpty, number >= 0 else { return 0 }
        let block = SourceText.lastIndex(in: charactersBeforeBlock, notAbove: number)
        var remaining = number - charactersBeforeBlock[block]
        for index in block * SourceText.blockSize..<bytes.count where SourceText.beginsCharacter(bytes[index]) {
            if remaining == 0 { return index }
            remaining -= 1
        }
        return bytes.count
    }

    private func contentRange(ofLine line: Int) -> Range<Int> {
        let start = lineStarts[line]
        var end = line + 1 < lineStarts.count ? lineStarts[line + 1] : bytes.count
        while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    private static func beginsCharacter(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

    /// The last index whose value is not above `limit`; the values rise and the first is not above it.
    private static func lastIndex(in values: [Int], notAbove limit: Int) -> Int {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if values[middle] <= limit { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
