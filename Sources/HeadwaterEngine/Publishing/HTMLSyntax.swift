import HeadwaterLineage

/// Pages in HTML that need nothing but themselves: no script, and nothing is loaded. On a wide screen the sources stand
/// beside the text, else below it.
struct HTMLSyntax: PageSyntax {
    func begin(title: String) -> String {
        HTMLText.begin(title: escaped(title), style: HTMLSyntax.style) + """
            <main>
            <h1 dir="auto">\(escaped(title))</h1>

            """
    }

    private static let style = """
        :root { color-scheme: light dark; }
        body { margin: 2rem auto; padding: 0 1.5rem; max-width: 42rem; font: 1.0625rem/1.6 Georgia, serif; }
        body, code { overflow-wrap: anywhere; }
        h1, h2, h3 { line-height: 1.25; }
        h3 { font-weight: normal; font-style: italic; }
        main a { font: 0.75em system-ui, sans-serif; text-decoration: none; vertical-align: super; line-height: 0; }
        small, aside { font: 0.8125rem/1.5 system-ui, sans-serif; opacity: 0.85; }
        q { display: block; quotes: none; margin: 0.25rem 0 0.75rem; padding-left: 0.75rem; border-left: 2px solid; opacity: 0.75; }
        mark { background: none; color: inherit; }
        li:target { outline: 2px solid; outline-offset: 0.25rem; }
        li:target q { opacity: 1; }
        li:target mark { background: Mark; color: MarkText; }
        table { border-collapse: collapse; }
        th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid; text-align: start; vertical-align: top; }
        @media (min-width: 64rem) {
          body { max-width: 74rem; display: grid; grid-template-columns: 42rem 1fr; gap: 3rem; }
          aside { position: sticky; top: 2rem; max-height: calc(100vh - 4rem); overflow-y: auto; }
        }
        """

    func heading(_ text: String) -> String { "<h2 dir=\"auto\">\(escaped(text))</h2>\n" }
    func subheading(_ text: String) -> String { "<h3 dir=\"auto\">\(escaped(text))</h3>\n" }
    var itemStart: String { "<p dir=\"auto\">" }
    var itemEnd: String { "</p>\n" }
    var paragraphStart: String { itemStart }
    var paragraphEnd: String { itemEnd }

    func marks(_ numbers: [Int]) -> String {
        numbers.isEmpty ? "" : " " + numbers.map { "<a href=\"#source-\($0)\">[\($0)]</a>" }.joined()
    }

    func remark(_ text: String) -> String { " <small>(\(escaped(text)))</small>" }
    var sourcesStart: String { "</main>\n<aside>\n<h2>Sources</h2>\n<ol>\n" }

    func source(number: Int, locator: String, place: String, about: String, excerpt: SourceExcerpt?) -> String {
        "<li id=\"source-\(number)\"><code>\(escaped(locator))</code>\(place)"
            + "\(about.isEmpty ? "" : ": <span dir=\"auto\">\(escaped(about))</span>")\(excerpt.map(quoted) ?? "")</li>\n"
    }

    /// What stands in a source, with the cited bytes marked.
    private func quoted(_ excerpt: SourceExcerpt) -> String {
        "<q dir=\"auto\">\(escaped(excerpt.before))<mark>\(escaped(excerpt.marked))</mark>\(escaped(excerpt.after))</q>"
    }

    var sourcesEnd: String { "</ol>\n</aside>\n</body>\n</html>\n" }
    var end: String { "</main>\n</body>\n</html>\n" }

    func escape(_ scalar: Unicode.Scalar) -> PageEscape {
        HTMLText.reference(scalar).map { .instead($0) } ?? visible(scalar)
    }
}
