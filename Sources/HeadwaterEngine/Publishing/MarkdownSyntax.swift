import HeadwaterLineage

/// Pages in Markdown (CommonMark 0.31).
struct MarkdownSyntax: PageSyntax {
    func begin(title: String) -> String { "# \(escaped(title))\n\n" }
    func heading(_ text: String) -> String { "## \(escaped(text))\n\n" }
    func subheading(_ text: String) -> String { "### \(escaped(text))\n\n" }
    var itemStart: String { "- " }
    var itemEnd: String { "\n\n" }
    var paragraphStart: String { "" }
    var paragraphEnd: String { "\n\n" }
    func marks(_ numbers: [Int]) -> String { numbers.isEmpty ? "" : " " + numbers.map { "[\($0)]" }.joined() }
    func remark(_ text: String) -> String { " *(\(escaped(text)))*" }
    var sourcesStart: String { "## Sources\n\n" }
    var sourcesEnd: String { "" }
    var end: String { "" }

    func source(number: Int, locator: String, place: String, about: String, excerpt: SourceExcerpt?) -> String {
        "\(number). \(MarkdownSyntax.code(locator))\(place)\(about.isEmpty ? "" : ": \(escaped(about))")\n"
    }

    /// What Markdown would read as more than text.
    private static let marks: Set<Unicode.Scalar> = ["*", "_", "`", "[", "]", "<", "\\"]

    func escape(_ scalar: Unicode.Scalar) -> PageEscape {
        MarkdownSyntax.marks.contains(scalar) ? .before("\\") : visible(scalar)
    }

    /// The mark of a heading, a quotation or a list: CommonMark 4.2, 4.3, 5.1 and 5.2.
    func leadingMark(in text: String) -> Int? {
        let bytes = text.utf8.prefix(11)
        guard let first = bytes.first else { return nil }
        if "#>+-=~".utf8.contains(first) { return 0 }
        let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        guard digits > 0, let mark = bytes.dropFirst(digits).first, ".)".utf8.contains(mark) else { return nil }
        return digits
    }

    /// As a code span. A text with backticks stands between more of them than it has in a row (CommonMark 0.31, 6.1).
    private static func code(_ text: String) -> String {
        let shown = VisibleText.of(text)
        let longest = shown.split(whereSeparator: { $0 != "`" }).map(\.count).max() ?? 0
        if longest == 0 { return "`\(shown)`" }
        let fence = String(repeating: "`", count: longest + 1)
        return "\(fence) \(shown) \(fence)"
    }
}
