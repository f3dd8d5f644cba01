import HeadwaterModel
import HeadwaterPluginKit

/// A text without some passages, and without the punctuation and white space that only belonged to them.
struct PassageCut {
    let rest: TracedText

    /// - Parameter ranges: bytes of the text; those that are not in it are passed over.
    init(_ text: TracedText, _ ranges: [Range<Int>]) {
        let bytes = text.bytes
        let wide = ranges.compactMap { PassageCut.checked($0, text) }.map { PassageCut.widened($0, bytes) }
            .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        var rest = TracedText()
        var start = 0
        for range in wide {
            if range.lowerBound > start { rest.append(text, start..<range.lowerBound) }
            start = max(start, range.upperBound)
        }
        if start < text.count { rest.append(text, start..<text.count) }
        self.rest = rest
    }

    /// A range of whole characters within the text; nil for any other.
    static func checked(_ range: Range<Int>, _ text: TracedText) -> Range<Int>? {
        guard range.lowerBound >= 0, range.upperBound <= text.count, !range.isEmpty else { return nil }
        func isBoundary(_ offset: Int) -> Bool { offset == text.count || text.bytes[offset] & 0xC0 != 0x80 }
        return isBoundary(range.lowerBound) && isBoundary(range.upperBound) ? range : nil
    }

    private static func widened(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        var mark = end
        while mark < bytes.count, let length = punctuation(bytes, at: mark) { mark += length }
        // Only where a word ends with it: of `state-owned` nothing is cut beyond a passage that ends within.
        if mark == bytes.count || WhiteSpace.end(bytes, from: mark) > mark { end = mark }
        mark = start
        while mark > 0, let length = punctuation(bytes, before: mark) { mark -= length }
        if mark == 0 || isSpace(bytes, before: mark) { start = mark }
        let isAtStart = start == 0 || isBreak(bytes, before: start)
        let space = WhiteSpace.end(bytes, from: end)
        if isAtStart {
            // The paragraph or line begins with what comes after; a paragraph that is gone takes its break along.
            end = space
            if end == bytes.count { while start > 0, isSpace(bytes, before: start) { start = before(bytes, start) } }
        } else if space > end {
            let hasBreak = bytes[end..<space].contains(UInt8(ascii: "\n"))
            if hasBreak || space == bytes.count {
                while start > 0, isSpace(bytes, before: start) { start = before(bytes, start) }
            } else if isSpace(bytes, before: start) {
                end = space
            }
        }
        return start..<end
    }

    private static func before(_ bytes: [UInt8], _ offset: Int) -> Int {
        var offset = offset - 1
        while offset > 0, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }

    private static func isSpace(_ bytes: [UInt8], before offset: Int) -> Bool {
        let start = before(bytes, offset)
        return WhiteSpace.length(bytes, start) == offset - start
    }

    private static func isBreak(_ bytes: [UInt8], before offset: Int) -> Bool { bytes[offset - 1] == UInt8(ascii: "\n") }

    /// Bytes of the punctuation mark at an offset; nil for anything else. ASCII, quotation marks and dashes.
    private static func punctuation(_ bytes: [UInt8], at offset: Int) -> Int? {
        switch bytes[offset] {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return 1
        case 0xC2 where offset + 1 < bytes.count: return bytes[offset + 1] == 0xAB || bytes[offset + 1] == 0xBB ? 2 : nil
        case 0xE2 where offset + 2 < bytes.count:
            return bytes[offset + 1] == 0x80 && (0x90...0xBA).contains(bytes[offset + 2]) && bytes[offset + 2] != 0xAF ? 3 : nil
        default: return nil
        }
    }

    private static func punctuation(_ bytes: [UInt8], before offset: Int) -> Int? {
        let start = before(bytes, offset)
        return punctuation(bytes, at: start).flatMap { $0 == offset - start ? $0 : nil }
    }
}
