import HeadwaterClean
import HeadwaterExtract
import HeadwaterFetch
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting

/// Takes a source through the stages that read strangers' bytes, and proves each record that they make of it.
struct Reading {
    private let fetch: Fetch
    private let clean: Clean
    private let extract: Extract

    init() throws {
        fetch = try Fetch(parameters: Parameters(["carry": ["title"]], declared: Fetch.declaration.parameters))
        clean = try Clean(parameters: Parameters(["minimumLength": 1], declared: Clean.declaration.parameters))
        extract = try Extract(parameters: Parameters([:], declared: Extract.declaration.parameters))
    }

    /// What comes out of it, in short.
    func follow(_ bytes: [UInt8], locator: String, facts: [String: String] = [:], into shape: inout Shape) throws {
        let bench = StageBench()
        let described = try bench.describe(fetch, bytes, locator: locator, facts: facts)
        note(described, in: &shape)
        guard described.records.count + described.drops.count == 1 else {
            throw Fuzz.Broken("fetch makes \(described.records.count) records and \(described.drops.count) drops of one source")
        }
        for record in described.records where record.fields["charset"] != nil {
            let text = try DocumentText.of(record) { bytes }
            var proof = RecordProof()
            try proof.check(RecordDraft(kind: "document", text: text, parents: []).sealed()) { _ in bytes }
            let input = InputRecord(record) { try DocumentText.of($0) { bytes } }
            let cleaned = try bench.apply(clean, ["documents": [input]])
            note(cleaned, in: &shape)
            guard cleaned.records.count + cleaned.drops.count == 1 else {
                throw Fuzz.Broken("clean makes \(cleaned.records.count) records and \(cleaned.drops.count) drops of one page")
            }
            note(try bench.apply(extract, ["documents": bench.inputs(cleaned.records)]), in: &shape)
        }
    }

    private func note(_ result: StageBench.Result, in shape: inout Shape) {
        shape.add(result.records.count)
        for record in result.records.prefix(8) {
            shape.add(record.kind)
            shape.add(record.fields.keys.sorted().joined(separator: " "))
            for name in ["mediaType", "charset", "escape", "language"] { shape.add(record.fields[name]?.string ?? "") }
            shape.add(Set(record.segments.map(\.mode.description)).sorted().joined(separator: " "))
            shape.add(record.segments.count)
            shape.add(record.text.count)
        }
        for drop in result.drops { shape.add(drop.reason) }
        for reason in Set(result.notes.map(\.reason)).sorted() { shape.add(reason) }
    }
}

extension Subject {
    private static func reading(_ locator: String) -> @Sendable (String) throws -> ([UInt8]) throws -> Int {
        { _ in
            let reading = try Reading()
            return { bytes in
                var shape = Shape()
                try reading.follow(bytes, locator: locator, into: &shape)
                return shape.number
            }
        }
    }

    private static func fixtures(_ isFlat: Bool) -> [[UInt8]] {
        Fuzz.files("Tests/HeadwaterCleanTests/Fixtures").filter { $0.name.hasSuffix(isFlat ? ".page.txt" : ".html") }.map(\.bytes)
    }

    /// Pages: charset, media type, tree, article, metadata.
    static let page = Subject(
        name: "page", seeds: { fixtures(false) + hostilePages }, grains: [.tags, .tags, .bytes, .lines],
        words: [
            "<p>", "</p>", "<div>", "</div>", "<article>", "<main>", "<b>", "</b>", "<i>", "<a href=\"/x\">", "</a>", "<br>",
            "<ul><li>",
            "<table><tr><td>", "</table>", "<tbody>", "<caption>", "<script>", "</script>", "<style>", "<textarea>", "<title>",
            "</title>", "<plaintext>", "<xmp>", "<noscript>", "<template>", "</template>", "<svg>", "<math><mi>", "<![CDATA[",
            "]]>",
            "<!--", "-->", "--!>", "<!DOCTYPE html>", "<?php", "<select><option>", "<form>", "<frameset>", "<body class=x>",
            "<html lang=de>",
            "<img alt=\"x\">", "<pre>\n", "<h1>", "</h1>", "<blockquote>", "<q>", "<time datetime=2025-03-14>",
            "<meta charset=utf-16>",
            "<meta charset=\"windows-1251\">", "<meta name=author content=\"A\">",
            "<meta property=\"og:title\" content=\"&quot;\">",
            "<script type=\"application/ld+json\">", "{\"@type\":\"NewsArticle\",\"headline\":\"\\ud83d\\u0000\"", "</script ",
            "&amp;",
            "&#0;", "&#x110000;", "&#xD800;", "&#128;", "&notit;", "&NotEqualTilde;", "&", "&#", "&#x", "&nbsp;", "<", ">", "\"",
            "'",
            "=", "/", "<a <b <c", " hidden", " style=\"display:none\"", " class=\"comment share related\"", "</", "</>", "<!>",
        ], reader: reading("page.html"))

    /// Pages that are flattened to text.
    static let flatText = Subject(
        name: "text", seeds: { fixtures(true) + fixtures(false).map { plain($0) } }, grains: [.lines, .lines, .bytes],
        words: [
            "• ", "- ", "| ", "1. ", "“", "”", "\"", "…", "See also", "Share this", "Read more", "By ", "Monday, 14 March 2025",
            "14.3.2025",
            "$1.2 million", "said ", "Mr. ", "#tag", "@name", "https://site.example/a", "(", ")", "—", "\t", "  ", "\n\n", "\r\n",
            "\r",
        ], reader: reading("page.txt"))

    /// Without what stands between angle brackets.
    private static func plain(_ page: [UInt8]) -> [UInt8] {
        var isTag = false
        return page.filter { byte in
            if byte == UInt8(ascii: "<") { isTag = true }
            defer { if byte == UInt8(ascii: ">") { isTag = false } }
            return !isTag
        }
    }

    /// Small ones of what `HostileInput` has in large.
    private static let hostilePages = HostileInput.allCases.map { $0.bytes(count: 300) }
}
