import Foundation
import HeadwaterCompression
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

/// Archives behind URLs: what a file of that kind is, its answer is too.
@Suite struct AnswerOpeningTests {
    private let fetch: Fetch

    init() throws {
        fetch = try Fetch(
            parameters: Parameters(
                ["allow": ["127.0.0.1"], "delay": 0, "robots": "ignore"], declared: Fetch.declaration.parameters))
    }

    private static func fixture(_ name: String) throws -> [UInt8] {
        Array(try #require(FileManager.default.contents(atPath: "\(ContainerTests.folder)/\(name)")))
    }

    /// What a fixture holds as a file: by name behind the file's own, each with its bytes and facts.
    private func inFile(_ name: String) throws -> [String: Retrieved] {
        let found = try fetch.sources(Places(["from": [.init(text: name, base: ContainerTests.folder)]]))
        return try Dictionary(
            uniqueKeysWithValues: found.map { (String($0.locator.dropFirst(name.count)), try fetch.retrieve($0)) })
    }

    /// What is made of the answer to a request for the URL; nil for one source.
    private func opened(_ url: String) throws -> [(container: Container, part: Retrieved)]? {
        let answer = try fetch.retrieve(FoundSource(locator: url, place: .request(url: url), size: 0))
        guard let parts = answer.parts else { return nil }
        let digest = Digest(of: answer.bytes)
        let source = RetrievedSource(locator: url, digest: digest, facts: answer.facts) { answer.bytes }
        var out: [(container: Container, part: Retrieved)] = []
        guard try fetch.open(source, parts: parts, { out.append(($0, $1)) }) else {
            #expect(out.isEmpty)
            return nil
        }
        for (container, part) in out {
            #expect(container.digest == digest && container.file == url)
            if part.facts[MemberFact.fault] == "damaged" { continue }
            var bytes = answer.bytes
            for layer in container.layers {
                if let range = layer.range { bytes = Array(bytes[try #require(range.checked(within: bytes.count))]) }
                bytes = try Unpacking.bytes(of: bytes, layer.codec, limit: 1 << 20).bytes
            }
            #expect(bytes == part.bytes, "\(container.source)")
        }
        return out
    }

    private static let fixtures = [
        ("gnu.tar", "application/x-tar"), ("posix.tar", "application/x-tar"), ("gzipped.tgz", "application/gzip"),
        ("zstd.tar.zst", "application/zstd"), ("bzip2.tar.bz2", "application/x-bzip2"), ("xz.txz", "application/x-xz"),
        ("bzip2.zip", "application/zip"), ("xz.zip", "application/zip"), ("nested.tar", "application/x-tar"),
        ("infozip.zip", "application/zip"),
        ("encrypted.zip", "application/zip"), ("warcio.warc", "application/warc"), ("warcio.warc.gz", "application/gzip"),
        ("dictionary.warc.zst", "application/zstd"), ("page.html.gz", "application/x-gzip"), ("page.html.xz", "application/x-xz"),
        ("lines.jsonl", "application/x-ndjson"), ("table.csv", "text/csv; charset=utf-8"),
        ("latin.tsv", "text/tab-separated-values"),
    ]

    @Test(
        "an archive behind a URL holds what the same file holds, told by its name, by what the server says or by its bytes",
        arguments: fixtures)
    func kinds(name: String, type: String) throws {
        let bytes = try Self.fixture(name)
        let server = try WebServer { request in
            switch request.path {
            case "/files/\(name)": .page(headers: ["Content-Type: application/octet-stream"], body: bytes)
            case "/typed?id=7": .page(headers: ["Content-Type: \(type)"], body: bytes)
            default: .page(headers: [], body: bytes)
            }
        }
        let expected = try inFile(name)
        let hasMagic = !name.hasSuffix(".jsonl") && !name.hasSuffix("sv")
        for path in ["/files/\(name)", "/typed?id=7"] + (hasMagic ? ["/untold"] : []) {
            let url = server.url(path)
            let parts = try #require(try opened(url), "\(path)")
            #expect(
                parts.map(\.container.source) == expected.keys.map { url + $0 }.sorted { Locator.precedes($0, $1) }, "\(path)")
            for (container, part) in parts {
                let same = expected[String(container.source.dropFirst(url.count))]
                #expect(part.bytes == same?.bytes && part.facts == same?.facts, "\(container.source)")
            }
        }
    }

    @Test("how an answer is packed for its way is undone before, so that it counts what it then is")
    func contentEncoding() throws {
        let plain = try Self.fixture("warcio.warc")
        let packed = try Self.fixture("warcio.warc.gz")
        let server = try WebServer { request in
            let body = Gzip.member(request.path == "/twice.warc.gz" ? packed : plain) ?? []
            return .page(headers: ["Content-Type: application/warc", "Content-Encoding: gzip"], body: body)
        }
        let expected = try inFile("warcio.warc").mapValues(\.bytes)
        for (path, digest) in [("/once.warc.gz", Digest(of: plain)), ("/twice.warc.gz", Digest(of: packed))] {
            let url = server.url(path)
            let parts = try #require(try opened(url))
            #expect(parts.first?.container.digest == digest)
            let read = Dictionary(
                uniqueKeysWithValues: parts.map { (String($0.container.source.dropFirst(url.count)), $0.part.bytes) })
            #expect(read == expected, "\(path)")
        }
    }

    @Test("what a server says of a text that it keeps compressed is said of the text")
    func compressedPage() throws {
        let body = try #require(Gzip.member(Array("<p>\u{e9}t\u{e9}</p>".unicodeScalars.map { UInt8($0.value) })))
        let server = try WebServer { _ in .page(headers: ["Content-Type: text/html; charset=windows-1252"], body: body) }
        let parts = try #require(try opened(server.url("/a.html.gz")))
        let part = try #require(parts.first)
        #expect(parts.count == 1 && part.container.source == server.url("/a.html.gz"))
        let made = try StageBench().describe(fetch, part.part.bytes, locator: part.container.source, facts: part.part.facts)
        #expect(made.records.first?.fields["mediaType"] == "text/html")
        #expect(made.records.first?.fields["charset"] == "windows-1252")
    }

    @Test("pages are pages whatever their URL ends in, and what other programs keep in archives stays whole")
    func notOpened() throws {
        let zip = try Self.fixture("stored.zip")
        let answers: [String: (type: String?, body: [UInt8])] = [
            "/report.csv": ("text/html", Array("<p>id,text</p>".utf8)),
            "/list.tar": ("text/html", Array("<p>About list.tar</p>".utf8)),
            "/page": ("text/html", Array("<p>BZh is how it begins</p>".utf8)),
            "/bzh": ("text/plain", Array("BZh is how it begins".utf8)),
            "/data.json": ("application/json", Array(#"{"text":"one"}"#.utf8)),
            "/letter.docx": (nil, zip),
            "/book": ("application/epub+zip", zip),
            "/nocolumns.csv": ("text/csv", Array("a,b\n1,2\n".utf8)),
            "/empty.zip": ("application/zip", []),
        ]
        let server = try WebServer { request in
            let answer = answers[request.path]
            return .page(headers: (answer?.type).map { ["Content-Type: \($0)"] } ?? [], body: answer?.body ?? [])
        }
        for path in answers.keys.sorted() {
            #expect(try opened(server.url(path)) == nil, "\(path)")
        }
    }

    @Test("an answer of too many parts gives so many and says that there are more")
    func tooMany() throws {
        let lines = Array((0..<10).map { "{\"id\":\"\($0)\",\"text\":\"line\"}\n" }.joined().utf8)
        let opening = Opening(listing: MemberListing(text: ["text"], names: ["id"], carried: []))
        let answer = RetrievedSource(locator: "http://a.example/x", digest: Digest(of: lines), facts: [:]) { lines }
        let format = try #require(ContainerFormat(told: "jsonl"))
        for (limit, last) in [(10, "http://a.example/x!/9"), (4, "http://a.example/x!/further")] {
            var parts: [(String, Retrieved)] = []
            #expect(try opening.open(answer, as: format, limit: limit) { parts.append(($0.source, $1)) })
            #expect(parts.count == min(10, limit + 1) && parts.last?.0 == last)
            #expect(parts.last?.1.facts[MemberFact.fault] == (limit < 10 ? "too-large" : nil))
        }
    }
}
