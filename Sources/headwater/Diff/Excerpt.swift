import HeadwaterModel

/// Pieces of texts that fit on a line of a terminal.
enum Excerpt {
    /// Characters of a piece that are shown.
    private static let longest = 100
    /// Bytes of the text that are shown on each side of a piece.
    private static let context = 24

    /// The bytes in marks, with what stands around them on the same line.
    static func within(_ text: [UInt8], _ range: Range<Int>) -> String {
        var start = max(0, range.lowerBound - context)
        while start > 0, start < range.lowerBound, text[start] & 0xC0 == 0x80 { start += 1 }
        var end = min(text.count, range.upperBound + context)
        while end > range.upperBound, end < text.count, text[end] & 0xC0 == 0x80 { end -= 1 }
        let before = tail(text[start..<range.lowerBound])
        let after = head(text[range.upperBound..<end])
        return (start > 0 ? "…" : "") + before + "[" + shortened(text, range) + "]" + after + (end < text.count ? "…" : "")
    }

    static func quoted(_ text: [UInt8], _ range: Range<Int>) -> String { "“\(shortened(text, range))”" }

    /// On one line, and its middle left out where it is long.
    private static func shortened(_ text: [UInt8], _ range: Range<Int>) -> String {
        // So many bytes hold more characters than are shown.
        if range.count > longest * 8 {
            let (start, end) = (shown(text[range.prefix(longest * 4)]), shown(text[range.suffix(longest * 4)]))
            return "\(start.prefix(longest / 2)) … \(end.suffix(longest / 2))"
        }
        let all = shown(text[range])
        return all.count <= longest ? all : "\(all.prefix(longest / 2)) … \(all.suffix(longest / 2))"
    }

    private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\n", with: "\\n")
    }

    private static func tail(_ bytes: ArraySlice<UInt8>) -> String {
        shown(bytes[(bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.startIndex)...])
    }

    private static func head(_ bytes: ArraySlice<UInt8>) -> String {
        shown(bytes[..<(bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex)])
    }

    /// These lines of a text, each shortened.
    ///
    /// - Parameter limit: of more lines only so many are given, and how many there are besides.
    static func lines(_ lines: Range<Int>, of text: [UInt8], limit: Int?) -> [String] {
        let all = text.split(
            separator: UInt8(ascii: "\n"), maxSplits: lines.upperBound, omittingEmptySubsequences: false
        ).dropFirst(lines.lowerBound).prefix(lines.count)
        let shown = all.prefix(limit ?? .max).map { shortened(text, $0.startIndex..<$0.endIndex) }
        return shown.count < all.count ? shown + ["… and \(all.count - shown.count) more lines"] : shown
    }
}
