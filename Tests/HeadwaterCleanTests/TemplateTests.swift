import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterClean

/// What many pages of a host have in common, when `templates: corpus` has clean look for it.
@Suite struct TemplateTests {
    private static let parameters = Parameters(["templates": "corpus"], declared: Clean.declaration.parameters)
    /// Prose that no rule on single pages takes for furniture.
    private static let standing = "The Vell Courier was founded by two printers, and it belongs to its readers to this day."

    /// An article of its own, with the standing sentence where a reader would not look for a template.
    private static func page(_ number: Int, standing: String = TemplateTests.standing) -> String {
        let names = ["ferry", "bridge", "market", "school", "harbour", "mill", "orchard", "station"]
        let name = names[number % names.count]
        let paragraphs = (1...4).map { part in
            "<p>On day \(number * 7 + part) the \(name) stood still for \(part + number) hours, and \(number * part + 3) people "
                + "waited at its gate until the evening came and somebody told them to go home.</p>"
        }
        return "<html><head><title>The \(name), day \(number)</title></head><body><article><h1>The \(name), day \(number)</h1>"
            + "\(paragraphs[0])\(paragraphs[1])<p>\(standing)</p>\(paragraphs[2])\(paragraphs[3])</article></body></html>"
    }

    private static func run(_ pages: [(locator: String, text: String)], inPartitionsOf size: Int = 3) throws -> [StageBench
        .Result]
    {
        let bench = StageBench()
        let documents = pages.map { bench.document(Array($0.text.utf8), locator: $0.locator) }
        let partitions = stride(from: 0, to: documents.count, by: size).map {
            ["documents": Array(documents[$0..<min($0 + size, documents.count)])]
        }
        return try bench.run(try Clean(parameters: parameters), partitions, parameters: parameters)
    }

    private static func texts(_ results: [StageBench.Result]) -> [String] { results.flatMap { $0.records.map(\.string) } }

    @Test("what stands on many pages of one host is left out of each, with the reason, and nothing else is")
    func found() throws {
        let pages = (0..<8).map { ("https://courier.example/\($0)", TemplateTests.page($0)) }
        let results = try TemplateTests.run(pages)
        let plain = try TemplateTests.run((0..<8).map { ("https://courier.example/\($0)", TemplateTests.page($0, standing: "")) })
        #expect(TemplateTests.texts(results) == TemplateTests.texts(plain))
        let notes = results.flatMap(\.notes).filter { $0.reason == "template" }
        #expect(notes.count == 8)
    }

    @Test("partitions do not change what is found")
    func partitions() throws {
        let pages = (0..<8).map { ("https://courier.example/\($0)", TemplateTests.page($0)) }
        let once = TemplateTests.texts(try TemplateTests.run(pages, inPartitionsOf: 8))
        for size in 1...5 { #expect(TemplateTests.texts(try TemplateTests.run(pages, inPartitionsOf: size)) == once) }
    }

    @Test("a host with few pages shows no template, and hosts do not share one")
    func hosts() throws {
        let few = (0..<4).map { ("https://courier.example/\($0)", TemplateTests.page($0)) }
        #expect(TemplateTests.texts(try TemplateTests.run(few)).allSatisfy { $0.contains(TemplateTests.standing) })
        let spread = (0..<8).map { ("https://paper\($0).example/news", TemplateTests.page($0)) }
        #expect(TemplateTests.texts(try TemplateTests.run(spread)).allSatisfy { $0.contains(TemplateTests.standing) })
    }

    @Test("copies and versions of one page are no template: the article stays")
    func versions() throws {
        let copies = (0..<9).map { ("https://courier.example/\($0)?print", TemplateTests.page(1)) }
        #expect(TemplateTests.texts(try TemplateTests.run(copies)).allSatisfy { $0.contains(TemplateTests.standing) })
        let versions = (0..<9).map {
            ("https://courier.example/v\($0)", TemplateTests.page(1, standing: "Corrected at \($0 + 10):00 by the desk."))
        }
        let texts = TemplateTests.texts(try TemplateTests.run(versions))
        #expect(texts.count == 9 && texts.allSatisfy { $0.contains("stood still for 5 hours") })
    }

    @Test("a standing heading stays while what it heads does")
    func headings() throws {
        let pages = (0..<8).map { number in
            let page = TemplateTests.page(number)
            let heading = page.replacing("<p>\(TemplateTests.standing)</p>", with: "<h2>What comes next</h2>")
            return ("https://courier.example/\(number)", heading)
        }
        #expect(TemplateTests.texts(try TemplateTests.run(pages)).allSatisfy { $0.contains("What comes next") })
    }

    @Test("hosts are those of URLs, those in an archive too, and folders elsewhere")
    func host() {
        func hash(_ locator: String) -> UInt64 { TemplateHost(locator: locator).hash }
        #expect(hash("https://www.Courier.example/a/b") == hash("http://courier.example/c?x=1"))
        #expect(hash("crawl.warc.gz!/https://courier.example/a") == hash("other.warc!/https://courier.example/"))
        #expect(hash("https://courier.example/a") != hash("https://post.example/a"))
        #expect(hash("courier/a.html") == hash("courier/b.html") && hash("courier/a.html") != hash("post/a.html"))
    }

    @Test("damaged sketches and slices are refused, and no length in them is believed", arguments: 0..<200)
    func damaged(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let results = TemplateBlocks(hashes: [1, 5, 9]).bytes
        var bytes = results
        bytes[Int.random(in: bytes.indices, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
        _ = try? TemplateBlocks(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
        _ = try? TemplateSketch.decode(bytes)
        #expect(try TemplateBlocks(results).hashes == [1, 5, 9])
    }
}
