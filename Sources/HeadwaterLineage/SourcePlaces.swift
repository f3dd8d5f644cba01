public import HeadwaterModel

/// Finds the lines and columns of a source's bytes. Offsets asked for in rising order are found without counting
/// anything twice, so that a source that is one long line is no trap.
public struct SourcePlaces: Sendable {
    public let bytes: [UInt8]
    public let charset: Charset
    private var last = Place(offset: 0, line: 1, lineStart: 0, column: 1)

    public init(_ bytes: [UInt8], charset: Charset) {
        self.bytes = bytes
        self.charset = charset
    }

    /// Where a byte stands.
    public struct Place: Sendable, Equatable {
        /// In the source's bytes.
        public var offset: Int
        /// From 1. Lines end with a line feed; a carriage return before it belongs to the line's end.
        public var line: Int
        /// The first byte of the line.
        public var lineStart: Int
        /// From 1, in Unicode scalars of the decoded line, as most editors count. A byte order mark is none.
        public var column: Int
    }

    /// - Parameter offset: 0 to the number of bytes.
    public mutating func place(of offset: Int) -> Place {
        if offset < last.offset { last = Place(offset: 0, line: 1, lineStart: 0, column: 1) }
        var lineStart = last.lineStart
        var line = last.line
        var next = last.offset
        while let feed = lineFeed(from: next, before: offset) {
            line += 1
            lineStart = feed + unit
            next = lineStart
        }
        let counted = line == last.line ? last.offset : lineStart
        let text = decode(counted..<max(counted, offset))
        let column = (line == last.line ? last.column : 1) + text.unicodeScalars.count
        last = Place(offset: offset, line: line, lineStart: lineStart, column: column)
        return last
    }

    /// The first line feed that begins in this range; in UTF-16 a byte that looks like one may be half of another
    /// character.
    func lineFeed(from start: Int, before end: Int) -> Int? {
        let end = min(end, bytes.count)
        guard start < end else { return nil }
        if !isWide { return bytes[start..<end].firstIndex(of: UInt8(ascii: "\n")) }
        let low = charset == .utf16LE ? 0 : 1
        var index = start + start % 2
        while index + 1 < bytes.count, index < end {
            if bytes[index + low] == UInt8(ascii: "\n"), bytes[index + 1 - low] == 0 { return index }
            index += 2
        }
        return nil
    }

    func decode(_ range: Range<Int>) -> String {
        let charset = charset.starting(at: range.lowerBound, in: bytes)
        return String(decoding: charset.decode(Array(bytes[range]), isStart: range.lowerBound == 0).text, as: UTF8.self)
    }

    /// The largest offset not behind this one at which a character begins.
    func characterStart(_ offset: Int) -> Int {
        var start = offset
        if isWide {
            start -= start % 2
            if start >= 2, isSecondOfPair(start) { start -= 2 }
        } else if charset == .utf8 {
            while start > 0, offset - start < 3, !UTF8Scan.isBoundary(bytes, start) { start -= 1 }
            if !UTF8Scan.isBoundary(bytes, start) { return offset }
        }
        return start
    }

    /// The smallest offset not before this one at which a character begins, or the end.
    func characterEnd(_ offset: Int) -> Int {
        let start = characterStart(offset)
        guard start < offset else { return offset }
        if isWide { return min(bytes.count, start + (start + 2 < bytes.count && isSecondOfPair(start + 2) ? 4 : 2)) }
        var end = offset
        while end - start < 4, !UTF8Scan.isBoundary(bytes, end) { end += 1 }
        return end
    }

    private var isWide: Bool { charset == .utf16LE || charset == .utf16BE }
    /// Bytes of a line feed.
    private var unit: Int { isWide ? 2 : 1 }

    private func isSecondOfPair(_ offset: Int) -> Bool {
        let high = offset + (charset == .utf16LE ? 1 : 0)
        return high < bytes.count && bytes[high] & 0xFC == 0xDC
    }
}
