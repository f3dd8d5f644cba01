public import HeadwaterModel

/// A place in a source as a person finds it: line and column, and what stands there.
public struct SourceExcerpt: Sendable, Equatable {
    /// From 1. Lines end with a line feed; a carriage return before it belongs to the line's end.
    public var line: Int
    /// From 1, in characters of the decoded line.
    public var column: Int
    /// The decoded line or lines that the range touches, shortened around it.
    public var text: String
    /// Where in the text the range lies, in characters.
    public var marked: Range<Int>

    /// Characters of context on each side of the range.
    static let context = 60
    /// Characters of a long range that are shown at its start and at its end.
    static let longest = 240

    /// - Parameters:
    ///   - bytes: the whole source.
    ///   - range: within it.
    public init(_ range: Range<Int>, of bytes: [UInt8], charset: Charset) {
        func decode(_ part: Range<Int>) -> String { String(decoding: charset.decode(Array(bytes[part])).text, as: UTF8.self) }
        // In UTF-16 a byte that looks like a line feed may be half of another character, so the text is searched.
        let isWide = charset == .utf16LE || charset == .utf16BE
        let lineStart = isWide ? 0 : bytes[..<range.lowerBound].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let lineEnd = isWide ? bytes.count : bytes[range.upperBound...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        var before = Array(decode(lineStart..<range.lowerBound))
        let inside = Array(decode(range))
        var after = Array(decode(range.upperBound..<lineEnd))
        var line = 1 + bytes[..<lineStart].count { $0 == UInt8(ascii: "\n") }
        if isWide {
            line = 1 + before.count(where: \.isNewline)
            before = Array(before[((before.lastIndex(where: \.isNewline) ?? -1) + 1)...])
            after = Array(after.prefix { !$0.isNewline })
        }
        self.line = line
        column = before.count + 1
        let head = before.count > SourceExcerpt.context ? ["…"] + before.suffix(SourceExcerpt.context) : before
        let shown =
            inside.count > SourceExcerpt.longest
            ? inside.prefix(SourceExcerpt.longest / 2) + [" ", "…", " "] + inside.suffix(SourceExcerpt.longest / 2) : inside[...]
        let tail = after.count > SourceExcerpt.context ? after.prefix(SourceExcerpt.context) + ["…"] : after[...]
        let visible = { (characters: [Character]) in String(characters.map { $0.isNewline || $0 == "\t" ? " " : $0 }) }
        text = visible(Array(head)) + visible(Array(shown)) + visible(Array(tail))
        marked = head.count..<head.count + shown.count
    }
}
