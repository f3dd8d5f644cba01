import Foundation
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

/// The archives under Fixtures/containers were written by the tools that people use, see `make.py` there.
@Suite struct ContainerTests {
    static let folder = Bundle.module.bundlePath + "/Fixtures/containers"

    /// As `make.py` writes them.
    static func page(_ number: Int) -> String {
        let lines = (1...5).map { "<p>Paragraph \($0) of page \(number): the ferry to Vell did not run.</p>\n" }.joined()
        return "<!DOCTYPE html>\n<html><head><title>Ferry \(number)</title></head>\n<body>\n\(lines)</body></html>\n"
    }

    static let long = String(repeating: "d", count: 90) + "/" + String(repeating: "e", count: 90) + "/long.html"
    static let inTar = [("./a.html", 1), ("./sub/b.html", 2), ("./\(long)", 3), ("./ümlaut.html", 4)]
    static let inWARC = [
        ("https://ferry.example/1", 1), ("https://ferry.example/1~2", 7), ("https://ferry.example/2", 2),
        ("https://ferry.example/3", 3), ("https://ferry.example/4", 4), ("https://ferry.example/5", 5),
        ("https://ferry.example/9", 9),
    ]

    private static func fetch(_ parameters: [String: JSON] = [:]) throws -> Fetch {
        try Fetch(parameters: Parameters(parameters, declared: Fetch.declaration.parameters))
    }

    private static func find(_ name: String, in folder: String = folder, _ fetch: Fetch) throws -> [FoundSource] {
        try fetch.sources(Places(["from": [.init(text: name, base: folder)]]))
    }

    @Test(
        "an archive's files are sources, with the bytes that its tool packed",
        arguments: [
            ("gnu.tar", inTar), ("posix.tar", inTar), ("gzipped.tgz", inTar), ("zstd.tar.zst", inTar),
            ("bzip2.tar.bz2", inTar), ("xz.txz", inTar), ("bzip2.zip", [("a.html", 1)]), ("xz.zip", [("a.html", 1)]),
            ("nested.tar", inTar.map { ("inner.tar.gz!/" + $0.0, $0.1) } + [("page.html.gz", 5)]),
            ("infozip.zip", [("a.html", 1), ("sub/b.html", 2), ("ümlaut.html", 4)]), ("stored.zip", [("a.html", 1)]),
            ("streamed-zip64.zip", [("a.html", 1)]),
            ("warcio.warc", inWARC), ("warcio.warc.gz", inWARC), ("one-member.warc.gz", inWARC), ("dictionary.warc.zst", inWARC),
            ("wget.warc.gz", [("http://127.0.0.1:8765/1", 1), ("http://127.0.0.1:8765/2", 2)]),
        ])
    func members(archive: String, expected: [(String, Int)]) throws {
        let fetch = try ContainerTests.fetch()
        var read: [String: String] = [:]
        for found in try ContainerTests.find(archive, fetch) {
            let retrieved = try fetch.retrieve(found)
            if retrieved.facts[MemberFact.fault] == nil { read[found.locator] = String(decoding: retrieved.bytes, as: UTF8.self) }
        }
        for (name, number) in expected {
            #expect(read.removeValue(forKey: "\(archive)!/\(name)") == ContainerTests.page(number), "\(name)")
        }
        // The crawl's extracted text, where there is one.
        let text = read.removeValue(forKey: "\(archive)!/https://ferry.example/8")
        #expect(text == nil || text == "The ferry to Vell did not run, and nobody said why.\n")
        #expect(read.isEmpty, "\(read.keys.sorted())")
    }

    /// That each byte of the text is what its source gives.
    private static func prove(_ text: TracedText, _ source: [UInt8]) throws {
        var proof = RecordProof()
        try proof.check(RecordDraft(kind: "document", text: text, parents: []).sealed()) { _ in source }
    }

    @Test(
        "a compressed file that holds one text is a source under its own name, of several streams as well",
        arguments: ["page.html.gz", "page.html.bz2", "page.html.xz"])
    func single(name: String) throws {
        let fetch = try ContainerTests.fetch()
        let found = try #require(try ContainerTests.find(name, fetch).first)
        #expect(found.locator == name)
        let retrieved = try fetch.retrieve(found)
        #expect(String(decoding: retrieved.bytes, as: UTF8.self) == ContainerTests.page(1))
        let made = try StageBench().describe(fetch, retrieved.bytes, locator: found.locator, facts: retrieved.facts)
        #expect(made.records.first?.fields["mediaType"] == "text/html")
    }

    @Test("what is said to be in Brotli is unpacked where it can be that, and is left where the crawler had done so")
    func brotli() throws {
        let fetch = try ContainerTests.fetch()
        let found = try ContainerTests.find("brotli.warc", fetch)
        let read = try found.map { try fetch.retrieve($0) }
        #expect(
            found.map { $0.container?.layers.map(\.codec) } == [
                [.stored, .brotli], [.chunked, .brotli], [.stored], [.stored], [.stored, .brotli],
            ])
        for (index, number) in [(0, 1), (1, 2), (2, 3)] {
            #expect(String(decoding: read[index].bytes, as: UTF8.self) == ContainerTests.page(number))
        }
        #expect(read[3].bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) && read[3].facts[MemberFact.fault] == nil)
        #expect(ContainerTests.page(5).utf8.starts(with: read[4].bytes) && read[4].facts[MemberFact.truncated] == "end of file")
    }

    @Test("with open: false each file is one source, as it is")
    func closed() throws {
        let fetch = try ContainerTests.fetch(["open": false])
        for name in ["gnu.tar", "infozip.zip", "warcio.warc.gz", "lines.jsonl", "table.csv"] {
            let found = try ContainerTests.find(name, fetch)
            #expect(found.map(\.locator) == [name])
            let bytes = try #require(FileManager.default.contents(atPath: "\(ContainerTests.folder)/\(name)"))
            #expect(try fetch.retrieve(try #require(found.first)).bytes == Array(bytes))
        }
    }

    @Test("every layer of a container, undone one after the other, leads from the file to the source")
    func layers() throws {
        let fetch = try ContainerTests.fetch()
        for name in try FileManager.default.contentsOfDirectory(atPath: ContainerTests.folder).sorted() where name != "make.py" {
            let file = Array(try #require(FileManager.default.contents(atPath: "\(ContainerTests.folder)/\(name)")))
            for found in try ContainerTests.find(name, fetch) {
                guard let container = found.container else { continue }
                #expect(container.digest == Digest(of: file) && container.file == name)
                #expect(try Container(json: JSON(parsing: container.json.canonical)) == container)
                let retrieved = try fetch.retrieve(found)
                if retrieved.facts[MemberFact.fault] == "damaged" { continue }
                var bytes = file
                for layer in container.layers {
                    if let range = layer.range { bytes = Array(bytes[try #require(range.checked(within: bytes.count))]) }
                    bytes = try Unpacking.bytes(of: bytes, layer.codec, limit: 1 << 20).bytes
                }
                #expect(bytes == retrieved.bytes, "\(found.locator)")
            }
        }
    }

    @Test("what cannot be had is a source that says why")
    func faults() throws {
        let fetch = try ContainerTests.fetch()
        let encrypted = try fetch.retrieve(try #require(try ContainerTests.find("encrypted.zip", fetch).first))
        #expect(encrypted.facts == [MemberFact.fault: "encrypted", MemberFact.message: "it is encrypted"])
        let missing = try #require(try ContainerTests.find("warcio.warc", fetch).first { $0.locator.hasSuffix("/6") })
        let made = try StageBench().describe(
            fetch, Array("no".utf8), locator: missing.locator, facts: try fetch.retrieve(missing).facts)
        #expect(made.records.isEmpty && made.drops.map(\.reason) == ["not-fetched"])
        #expect(made.drops.first?.details["message"] == "the server answered with status 404")
    }

    @Test("a line of JSON is a document: its text the field's, escapes resolved, each with its bytes")
    func lines() throws {
        let fetch = try ContainerTests.fetch(["carry": ["title", "size"]])
        let bench = StageBench()
        var texts: [String: String] = [:]
        var reasons: [String: String] = [:]
        for found in try ContainerTests.find("lines.jsonl", fetch) {
            let retrieved = try fetch.retrieve(found)
            let made = try bench.describe(fetch, retrieved.bytes, locator: found.locator, facts: retrieved.facts)
            for drop in made.drops { reasons[found.locator] = drop.reason }
            for record in made.records {
                let text = try DocumentText.of(record) { retrieved.bytes }
                try ContainerTests.prove(text, retrieved.bytes)
                texts[found.locator] = text.string
                if found.locator == "lines.jsonl!/p2" {
                    #expect(record.fields["title"] == "Fähre \"Vell\"" && record.fields["size"] == "2")
                    let cite = try #require(record.cites["title"]?.first)
                    #expect(retrieved.bytes[try #require(cite.range.checked(within: retrieved.bytes.count))].count > 10)
                }
            }
        }
        for number in 1...3 { #expect(texts.removeValue(forKey: "lines.jsonl!/p\(number)") == ContainerTests.page(number)) }
        #expect(texts.removeValue(forKey: "lines.jsonl!/https://ferry.example/4") == "Die Fähre 🚢 fuhr nicht.\n")
        #expect(texts.values.sorted() == ["A line without a name."])
        #expect(reasons.values.sorted() == ["malformed", "no-text"])
    }

    @Test("a row of a table is a document, quotes and line breaks within its fields included")
    func rows() throws {
        let fetch = try ContainerTests.fetch(["carry": ["title"]])
        let bench = StageBench()
        var texts: [String] = []
        var reasons: [String] = []
        for name in ["table.csv", "latin.tsv"] {
            for found in try ContainerTests.find(name, fetch) {
                let retrieved = try fetch.retrieve(found)
                let made = try bench.describe(fetch, retrieved.bytes, locator: found.locator, facts: retrieved.facts)
                reasons += made.drops.map(\.reason)
                for record in made.records {
                    let text = try DocumentText.of(record) { retrieved.bytes }
                    try ContainerTests.prove(text, retrieved.bytes)
                    texts.append("\(found.locator) \(record.fields["title"]?.string ?? "-"): \(text.string)")
                }
            }
        }
        #expect(
            texts == [
                "table.csv!/1 The \"ferry\": It did not run,\r\nand nobody said why.", "table.csv!/3 Third: Plain; text",
                "latin.tsv!/1 -: Die Fähre fährt für Fußgänger nicht.",
            ])
        #expect(reasons == ["no-text"])
    }

    @Test("a file that is not what its name says is a source as it is")
    func misnamed() throws {
        let work = try WorkFolder()
        for name in ["a.tar", "b.zip", "c.gz", "d.warc.gz", "e.jsonl", "f.csv", "g.tar.zst", "h.warc", "i.bz2", "j.tar.xz"] {
            try work.write(name, "just some words, nothing more\n")
        }
        #expect(
            try work.locators(".") == [
                "a.tar", "b.zip", "c.gz", "d.warc.gz", "e.jsonl", "f.csv", "g.tar.zst", "h.warc", "i.bz2", "j.tar.xz",
            ])
    }

    @Test("a file that changes after its parts were listed is refused")
    func changed() throws {
        let work = try WorkFolder()
        try work.write("a.jsonl", "{\"id\":1,\"text\":\"one\"}\n")
        let fetch = try ContainerTests.fetch()
        let found = try ContainerTests.find("a.jsonl", in: String(decoding: work.path, as: UTF8.self), fetch)
        try work.write("a.jsonl", "{\"id\":1,\"text\":\"two!\"}\n")
        #expect(throws: StageError.self) { try fetch.retrieve(try #require(found.first)) }
    }

    @Test("names stay when lines come and go; equal names are told apart by a number")
    func names() throws {
        let work = try WorkFolder()
        try work.write(
            "a.jsonl",
            "{\"id\":1,\"text\":\"x\"}\n{\"id\":1,\"text\":\"y\"}\n{\"id\":2,\"text\":\"z\"}\n{\"text\":\"nameless\"}\n")
        let before = try work.locators("a.jsonl")
        #expect(before.prefix(3) == ["a.jsonl!/1", "a.jsonl!/1~2", "a.jsonl!/2"])
        try work.write(
            "a.jsonl",
            "{\"id\":0,\"text\":\"new\"}\n\n{\"text\":\"nameless\"}\n{\"id\":2,\"text\":\"z\"}\n{\"id\":1,\"text\":\"x\"}\n")
        let after = try work.locators("a.jsonl")
        #expect(Set(before).subtracting(after) == ["a.jsonl!/1~2"])
        #expect(Set(after).subtracting(before) == ["a.jsonl!/0"])
    }

    @Test("damage anywhere gives parts, or a part that says so; never a crash, a hang or bytes outside of the file")
    func damage() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var chance = SplitMix(seed: seed)
        let work = try WorkFolder()
        let fetch = try ContainerTests.fetch()
        let names = try FileManager.default.contentsOfDirectory(atPath: ContainerTests.folder).sorted().filter { $0 != "make.py" }
        for name in names {
            let whole = Array(try #require(FileManager.default.contents(atPath: "\(ContainerTests.folder)/\(name)")))
            for round in 0..<12 {
                var bytes = whole
                if round % 3 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &chance)) }
                for _ in 0..<(round % 3) * 3 where !bytes.isEmpty {
                    bytes[Int.random(in: 0..<bytes.count, using: &chance)] = UInt8.random(in: 0...255, using: &chance)
                }
                try work.write(Array(name.utf8), bytes)
                for found in try ContainerTests.find(name, in: String(decoding: work.path, as: UTF8.self), fetch) {
                    let retrieved = try fetch.retrieve(found)
                    if let range = found.container?.layers.first?.range { #expect(range.checked(within: bytes.count) != nil) }
                    let made = try StageBench().describe(fetch, retrieved.bytes, locator: found.locator, facts: retrieved.facts)
                    #expect(made.records.count + made.drops.count == 1, "\(found.locator)")
                }
            }
        }
    }
}
