import HeadwaterFetch
import HeadwaterModel
import HeadwaterPluginKit

extension Subject {
    /// Feeds and sitemaps, and whatever is taken for one.
    static let feed = Subject(
        name: "feed", seeds: { feeds.map { Array($0.utf8) } }, grains: [.tags, .tags, .bytes, .lines],
        words: [
            "<item>", "</item>", "<link>", "</link>", "<guid isPermaLink=\"true\">", "<entry>",
            "<link rel=\"alternate\" href=\"/x\"/>", "<url>",
            "<loc>", "</loc>", "<sitemapindex>", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE x [<!ENTITY a \"b\">]>", "<?xml",
            "?>", "&a;",
            "&#x41;", "&#0;", "https://site.example/", "//x", "http://[::1]/", "http://user:word@x/", "xml:base=\"../\"", "\"",
            "'", "/>",
            " href='javascript:x'", "ftp://x", "http://ä.example/ö", "%zz", "http://x:99999/", "http://1.2.3/", "..//../",
        ]
    ) { folder in
        let fetch = try Fetch(parameters: Parameters([:], declared: Fetch.declaration.parameters))
        return { bytes in
            var shape = Shape()
            // One behind a URL: a list in a file that is no feed names places on this machine, and may name all of it. What it
            // leads to is the same again, so that circles and depths are met.
            let places = Places(["from": [.init(text: "@https://site.example/list.xml", base: folder)]]) { _ in bytes }
            do {
                let found = try fetch.locate(places)
                shape.add(found.count)
                try found.forEach { source in
                    if source.locator.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                        throw Fuzz.Broken("a URL holds control characters")
                    }
                }
            } catch let error as StageError {
                shape.add(error.description.utf8.count)
            }
            return shape.number
        }
    }

    private static let feeds = [
        """
        <?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Tide</title><link>https://site.example/</link>
        <item><title>A &amp; B</title><link>https://site.example/a?x=1&amp;y=2#top</link><guid>https://site.example/?p=1</guid></item>
        <item><link><![CDATA[/b]]></link></item><item><guid isPermaLink="false">tag:x</guid></item>
        </channel></rss>
        """,
        """
        <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://site.example/n/"><link rel="self" href="feed"/>
        <entry><link rel="alternate" type="text/html" href="a"/><link rel="edit" href="e"/></entry><entry><link href="../b"/></entry></feed>
        """,
        """
        <rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <channel rdf:about="x"><link>https://site.example/</link></channel>
        <item rdf:about="https://site.example/a"><link>https://site.example/a</link></item></rdf:RDF>
        """,
        """
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://site.example/a</loc><lastmod>2025-03-14</lastmod></url>
        <url><loc> https://site.example/b&amp;c </loc></url></urlset>
        """,
        """
        <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://site.example/s1.xml</loc></sitemap></sitemapindex>
        """,
        "https://site.example/a\n# comment\n\nhttp://site.example/b\r\nnews/c.html\n!**/draft\n",
    ]

    /// What sites allow.
    static let robots = Subject(
        name: "robots",
        seeds: {
            [
                "User-agent: *\nDisallow: /a\nAllow: /a/b$\nDisallow: /*.php\nCrawl-delay: 1.5\n",
                "\u{FEFF}user-agent: Headwater\r\nuser-agent: other # x\r\ndisallow: /%7Ea/*/b*c$\r\nSitemap: https://x/\r\n",
            ].map { Array($0.utf8) }
        },
        words: [
            "User-agent:", "Disallow:", "Allow:", "Crawl-delay:", "*", "$", "%2f", "%zz", "/", "#", "**", "*$", "headwater",
            "1e400", "nan",
        ]
    ) { _ in
        { bytes in
            let rules = RobotsRules(bytes)
            let long = "/" + String(repeating: "ab/", count: 300)
            var shape = Shape()
            for path in ["/", "/a", "/a/b", "/a/b.php?x=%41", "/%7Ea/x/b/c", long] { shape.add(rules.allows(path) ? "1" : "0") }
            guard rules.allows("/robots.txt") else { throw Fuzz.Broken("robots.txt itself may not be asked for") }
            return shape.number
        }
    }

    /// The heads of answers, and when they say to come again.
    static let answerHead = Subject(
        name: "head",
        seeds: {
            [
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=\"utf-8\"\r\nETag: \"a\"\r\nRetry-After: 120\r\n\r\n",
                "HTTP/2 301\nlocation: /b?c#d\nlast-modified: Fri, 14 Mar 2025 08:30:00 GMT\nRetry-After: Fri, 14 Mar 2025 08:30:00 GMT\n\n",
            ].map { Array($0.utf8) }
        },
        words: [
            "HTTP/1.1 ", "Location: ", "Retry-After: ", "Content-Type: ", "charset=", ";", ":", "\r\n", "Thu, 29 Feb 2100", "GMT",
            "+", "-",
        ]
    ) { _ in
        { bytes in
            var head = ResponseHead()
            for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
                (Array(line) + [0x0A]).withUnsafeBytes { head.take($0) }
            }
            var shape = Shape()
            shape.add(head.status)
            for name in ["content-type", "etag", "last-modified", "retry-after", "location"] {
                guard let value = head[name] else { continue }
                shape.add(name)
                if name == "location" { continue }
                if name == "retry-after", let seconds = RetryAfter.seconds(value, now: 1_741_940_000) {
                    guard seconds >= 0 else { throw Fuzz.Broken("it is to be asked again \(seconds) s from now") }
                    shape.add(seconds)
                }
                guard value.utf8.allSatisfy({ 0x20..<0x7F ~= $0 || $0 == 0x09 }) else {
                    throw Fuzz.Broken("\(name) holds what is no plain text")
                }
            }
            guard head.byteCount >= bytes.count else { throw Fuzz.Broken("bytes of the head are not counted") }
            return shape.number
        }
    }
}
