import Foundation
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

/// A server that speaks HTTP/2 over TLS and nothing else, see `Fixtures/servers/http2.py`.
@Suite(
    .enabled(
        if: TestCertificate.isPossible && TestCertificate.has("python3"), "there is no openssl or python3 command here"))
struct HTTP2Tests {
    @Test("pages come over HTTP/2 where the server speaks it: many over one connection, and the archive says so")
    func pages() throws {
        let server = try HTTP2Server(name: "h2.example")
        let client = HTTPClient(
            try quick(allow: ["*.example"]) { settings in
                settings.resolved = ["h2.example:\(server.port):127.0.0.1"]
                settings.authorities = server.certificate.path
                settings.archives = true
            })
        let page = Array("a page over HTTP/2\n".utf8)
        let first = try client.get("https://h2.example:\(server.port)/0")
        #expect(first.bytes == page && first.contentType == "text/plain")
        let archived = try #require(first.response.archived)
        #expect(String(decoding: archived, as: UTF8.self).contains("\r\n\r\nHTTP/2 200"))

        let others = try client.get((1...6).map { "https://h2.example:\(server.port)/\($0)" })
        for answer in others { #expect(try #require(answer).get().bytes == page) }
        // Streams of clients have odd numbers (RFC 9113, section 5.1.1).
        let expected = ["connection 1 h2"] + (0...6).map { "request 1 \(2 * $0 + 1)" }
        #expect(try server.said(lines: expected.count) == expected)

        // What was archived is read as other archives are.
        let work = try WorkFolder()
        try work.write(Array("crawl.warc".utf8), archived)
        let found = try work.locate(["crawl.warc"])
        #expect(found.map(\.locator) == ["crawl.warc!/https://h2.example:\(server.port)/0"])
        let fetch = try Fetch(parameters: Parameters([:], declared: Fetch.declaration.parameters))
        let read = try fetch.retrieve(try #require(found.first))
        #expect(read.bytes == page && read.facts == [MemberFact.contentType: "text/plain"])
    }
}

/// The server's process, for the time of a test.
private final class HTTP2Server {
    let certificate: TestCertificate
    let port: Int
    private let folder: TemporaryFolder
    private let process = Process()
    private let output = Pipe()
    private var lines: [String] = []
    private var rest = ""

    init(name: String) throws {
        folder = try TemporaryFolder()
        certificate = try TestCertificate(name: name, in: folder)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", Bundle.module.bundlePath + "/Fixtures/servers/http2.py", certificate.path, certificate.key,
        ]
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var said = ""
        while !said.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the server did not start: \(said)")
            said += String(decoding: data, as: UTF8.self)
        }
        port = try #require(said.split(separator: " ").last.flatMap { Int($0.dropLast()) })
    }

    /// Its next so many lines, waited for.
    func said(lines count: Int) throws -> [String] {
        while lines.count < count {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the server ended after \(lines)")
            rest += String(decoding: data, as: UTF8.self)
            while let end = rest.firstIndex(of: "\n") {
                lines.append(String(rest[..<end]))
                rest = String(rest[rest.index(after: end)...])
            }
        }
        defer { lines.removeFirst(count) }
        return Array(lines.prefix(count))
    }

    deinit {
        // It is started with the signals blocked that this process blocks.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
