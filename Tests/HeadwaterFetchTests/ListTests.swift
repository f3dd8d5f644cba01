import HeadwaterModel
import HeadwaterPluginKit
import Testing

@testable import HeadwaterFetch

/// Feeds, sitemaps and texts that name URLs.
@Suite struct ListTests {
    private static let base = WebAddress("https://site.example/news/feed.xml")

    /// What a list names, and which further lists were asked for.
    private func read(_ text: String, _ further: [String: String] = [:]) throws -> (urls: [String], asked: [String]) {
        var asked: [String] = []
        var list = URLList { url in
            asked.append(url)
            guard let text = further[url] else { throw PatternFault("there is no \(url)") }
            return Array(text.utf8)
        }
        try list.take(Array(text.utf8), base: ListTests.base)
        return (list.urls, asked)
    }

    @Test("RSS 2.0: the link of each item, else its permanent guid, in their order, each once")
    func rss() throws {
        let urls = try read(
            """
            <?xml version="1.0"?>
            <!-- <item><link>https://site.example/comment</link></item> -->
            <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
            <channel><title>News</title><link>https://site.example/</link><atom:link rel="self" href="feed.xml"/>
            <image><link>https://site.example/logo</link></image>
            <item><title>A &amp; B</title><link> https://site.example/a?x=1&amp;y=2#top </link><guid>https://site.example/?p=1</guid></item>
            <item><link><![CDATA[/b]]></link></item>
            <item><guid>https://site.example/c</guid></item>
            <item><guid isPermaLink="false">https://site.example/no</guid></item>
            <item><guid>tag:site.example,2025:7</guid></item>
            <item><link>b</link><media:link>https://site.example/film</media:link></item>
            <item><link>/b</link></item>
            </channel></rss>
            """
        ).urls
        #expect(
            urls == [
                "https://site.example/a?x=1&y=2", "https://site.example/b", "https://site.example/c",
                "https://site.example/news/b",
            ])
    }

    @Test("RSS 1.0")
    func rdf() throws {
        let urls = try read(
            """
            <rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <channel rdf:about="x"><link>https://site.example/</link></channel>
            <item rdf:about="https://site.example/a"><title>A</title><link>https://site.example/a</link></item></rdf:RDF>
            """
        ).urls
        #expect(urls == ["https://site.example/a"])
    }

    @Test("Atom: the alternate link of each entry, a page before other forms of it, counted from xml:base")
    func atom() throws {
        let urls = try read(
            """
            <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/x/">
            <link href="https://site.example/"/>
            <entry><link rel="edit" href="edit"/><link href="a"/></entry>
            <entry xml:base="y/"><link rel='alternate' type='application/pdf' href='b.pdf'/><link type="text/html" href="b"/></entry>
            <entry><content type="xhtml"><div><link href="inside"/></div></content><link href="//third.example/c"/></entry>
            </feed>
            """
        ).urls
        #expect(urls == ["https://other.example/x/a", "https://other.example/x/y/b", "https://third.example/c"])
    }

    @Test("sitemaps: pages and not their pictures, under any prefix; an index leads to its sitemaps, each asked for once")
    func sitemaps() throws {
        let map = """
            <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://x.example/image">
            <url><loc>https://site.example/a</loc><image:image><image:loc>https://site.example/a.png</image:loc></image:image></url>
            <url><loc>\n https://site.example/b\n</loc><lastmod>2025-01-01</lastmod><image:loc>https://site.example/no</image:loc></url></urlset>
            """
        #expect(try read(map).urls == ["https://site.example/a", "https://site.example/b"])
        #expect(
            try read("<s:urlset><s:url><s:loc>https://site.example/s</s:loc></s:url></s:urlset>").urls == [
                "https://site.example/s"
            ])
        let index =
            "<sitemapindex><sitemap><loc>1.xml</loc></sitemap><sitemap><loc>2.xml</loc></sitemap><sitemap><loc>1.xml</loc></sitemap></sitemapindex>"
        let all = try read(
            index,
            [
                "https://site.example/news/1.xml": map,
                "https://site.example/news/2.xml": "<urlset><url><loc>https://site.example/c</loc></url></urlset>",
            ])
        #expect(all.urls == ["https://site.example/a", "https://site.example/b", "https://site.example/c"])
        #expect(all.asked == ["https://site.example/news/1.xml", "https://site.example/news/2.xml"])
    }

    @Test("a text has a URL a line, relative ones from where it lies")
    func text() throws {
        #expect(
            try read("# pages\n/a\r\n\nhttps://other.example/é\nhttps://site.example/a\n").urls == [
                "https://site.example/a", "https://other.example/%c3%a9",
            ])
    }

    @Test("a compressed list is read")
    func compressed() throws {
        var list = URLList { _ in [] }
        try list.take(gzip(Array("<urlset><url><loc>https://site.example/a</loc></url></urlset>".utf8)), base: nil)
        #expect(list.urls == ["https://site.example/a"])
        #expect(throws: PatternFault.self) {
            try list.take(gzip([UInt8](repeating: 0x0A, count: FileList.maximumSize + 1)), base: nil)
        }
        #expect(throws: PatternFault.self) { try list.take(Array(gzip([1, 2, 3]).dropLast(4)), base: nil) }
    }

    @Test("entities are not expanded, and nothing outside is looked up")
    func entities() throws {
        let bomb = """
            <!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>
            <rss><channel><item><link>https://site.example/&b;&x;&#97;&#x62;&#0;&#xFFFFFFFFFF;</link></item></channel></rss>
            """
        let url = try #require(try read(bomb).urls.first)
        #expect(url.hasPrefix("https://site.example/&b;&x;ab&"))
    }

    @Test("lists that lead on and on come to an end")
    func endless() throws {
        var count = 0
        var list = URLList { _ in
            count += 1
            return Array("<sitemapindex><sitemap><loc>https://site.example/\(count)</loc></sitemap></sitemapindex>".utf8)
        }
        let fault = #expect(throws: PatternFault.self) {
            try list.take(
                Array("<sitemapindex><sitemap><loc>https://site.example/0</loc></sitemap></sitemapindex>".utf8), base: nil)
        }
        #expect(fault?.reason.contains("more than 3 deep") == true && count == 3)
        #expect(throws: PatternFault.self) { try read("<rss>" + String(repeating: "<a>", count: 100_000)) }
        let large = "<urlset>" + (0..<6_000).map { "<url><loc>https://site.example/\($0)</loc></url>" }.joined() + "</urlset>"
        #expect(try read(large).urls.count == 6_000)
    }

    @Test("whatever stands in it, it is read to its end", arguments: 0..<300)
    func damage(seed: Int) throws {
        let whole = Array(
            "<?xml?><!DOCTYPE a [<b>]><rss a='b'><item><link><![CDATA[x]]>&amp;&#65;</link><guid c=d/></item><!-- x --></rss>"
                .utf8)
        var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            random ^= random << 13
            random ^= random >> 7
            random ^= random << 17
            return Int(random % UInt64(bound))
        }
        var bytes = whole
        for _ in 0..<(1 + next(8)) { bytes[next(bytes.count)] = Array("<>![]-&;#/='\"x\u{0}".utf8)[next(15)] }
        bytes = Array(bytes.prefix(next(bytes.count + 1)))
        var list = URLList { _ in [] }
        try? list.take(bytes, base: ListTests.base)
        #expect(list.urls.count < 10, "seed \(seed)")
    }

    @Test("a feed among files is told from a list of paths by what it is")
    func file() throws {
        let work = try WorkFolder()
        try work.write("feed.xml", "<rss><channel><item><link>https://site.example/a</link></item></channel></rss>")
        try work.write("pages/b.txt")
        try work.write("list.txt", "pages/b.txt\nhttps://site.example/c\n")
        #expect(
            try work.locators("@feed.xml", "@list.txt") == ["https://site.example/a", "https://site.example/c", "pages/b.txt"])
    }

    @Test("a list behind a URL is asked for through the engine, and what is wrong with it is said at its element")
    func remote() throws {
        let fetch = try Fetch(parameters: Parameters([:], declared: Fetch.declaration.parameters))
        func locate(_ elements: [String], _ answer: @escaping @Sendable (String) throws -> [UInt8]) throws -> [String] {
            try fetch.sources(Places(["from": elements.map { .init(text: $0, base: "/") }], answer: answer)).map(\.locator)
        }
        #expect(
            try locate(["@https://site.example/urls.txt"]) { _ in Array("a\nftp://x.example/b\n".utf8) } == [
                "ftp://x.example/b", "https://site.example/a",
            ])
        let fault = #expect(throws: StageError.self) {
            try locate(["https://site.example/", "@https://site.example/feed"]) { _ in
                throw SourceFailure("the server answers with status 404", cause: "status")
            }
        }
        #expect(fault?.element == 1)
        #expect(
            fault?.description
                == "'@https://site.example/feed': the server answers with status 404; expected a feed, a sitemap or a text with a URL a line"
        )
        #expect(throws: StageStopped.self) { try locate(["@https://site.example/feed"]) { _ in throw StageStopped() } }
        #expect(throws: StageError.self) {
            try locate(["@https://site.example/feed"]) { _ in Array("http://user:word@x.example/".utf8) }
        }
        #expect(throws: StageError.self) { try locate(["@https://site.example/feed"]) { _ in Array("<rss></rss>".utf8) } }
    }
}
