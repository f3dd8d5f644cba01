import HeadwaterLineage

/// The frame of a report: a page that loads nothing and runs nothing.
enum ReportMarkup {
    static func begin(title: String, about: String) -> String {
        HTMLText.begin(title: HTMLText.of(title), style: style) + """
            <h1>\(HTMLText.of(title))</h1>
            <p>\(HTMLText.of(about))</p>

            """
    }

    static let end = "</body>\n</html>\n"

    private static let style = """
        :root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 18%, Canvas); }
        body { margin: 2rem auto; padding: 0 1.5rem; max-width: 80rem; font: 0.9375rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
        h1, h2 { line-height: 1.25; }
        section { margin-top: 3rem; border-top: 2px solid var(--line); }
        table { border-collapse: collapse; }
        th { text-align: start; font-weight: 600; }
        th, td { padding: 0.375rem 0.75rem; vertical-align: top; border-bottom: 1px solid var(--line); }
        .counts { display: inline-table; margin: 0 2rem 1rem 0; }
        .counts td + td { text-align: end; font-variant-numeric: tabular-nums; }
        .blocks { width: 100%; table-layout: fixed; }
        .blocks td:first-child { white-space: pre-line; font-family: Georgia, serif; }
        .blocks td:last-child { opacity: 0.8; }
        .reason { font-size: 0.8125rem; padding: 0.0625rem 0.375rem; border-radius: 0.25rem; background: var(--line); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 0.75rem; font-size: 0.8125rem; }
        dd { margin: 0; }
        small { opacity: 0.6; font: 0.75rem system-ui, sans-serif; }
        """
}
