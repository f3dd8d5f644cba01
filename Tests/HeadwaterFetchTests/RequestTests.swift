import HeadwaterModel
import HeadwaterPluginKit
import Testing

@testable import HeadwaterFetch

@Suite struct RequestTests {
    /// How each message of a request ends.
    private static let remedy = "correct the URL, try again later, or take it out of what 'from' names"

    @Test("an answer's bytes come with its content type, and the record follows it")
    func answer() throws {
        let server = try TestServer { _, _ in
            Array("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\nContent-Length: 2\r\n\r\n\u{1}\u{2}".utf8)
        }
        let fetch = try Fetch(parameters: Parameters([:], declared: Fetch.declaration.parameters))
        let url = server.url("/page?x=1")
        let found = try fetch.locate(Places(["from": [.init(text: url, base: "/")]]))
        #expect(found == [FoundSource(locator: url, place: .request(url: url), size: 0)])
        let retrieved = try fetch.retrieve(try #require(found.first))
        #expect(retrieved.bytes == [1, 2])
        #expect(retrieved.facts == ["contentType": "text/html; charset=windows-1251"] && retrieved.stamp == nil)
        let head = try #require(server.heads.first)
        #expect(head.hasPrefix("GET /page?x=1 HTTP/1.1\r\n"))
        #expect(head.contains("\r\nUser-Agent: headwater/0.1\r\n"))
    }

    @Test("redirects are followed, ten at most, and their own bodies are not taken")
    func redirects() throws {
        let server = try TestServer { path, port in
            let step = Int(path.dropFirst()) ?? 0
            if step == 0 { return Array("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend".utf8) }
            return Array(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(port)/\(step - 1)\r\nContent-Length: 4\r\n\r\nmore".utf8)
        }
        #expect(try Request.get(server.url("/10")).bytes == Array("end".utf8))
        let error = fault { try Request.get(server.url("/11")) }
        #expect(error == "'\(server.url("/11"))' cannot be fetched: it redirects more than 10 times; \(RequestTests.remedy)")
    }

    @Test("a redirect to anything but HTTP is refused")
    func redirectToFile() throws {
        let server = try TestServer { _, _ in
            Array("HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n".utf8)
        }
        #expect(fault { try Request.get(server.url("/")) }?.contains("cannot be fetched") == true)
    }

    @Test("a status of 400 and above is an error that says it", arguments: [400, 404, 410, 500, 503])
    func status(_ status: Int) throws {
        let server = try TestServer { _, _ in Array("HTTP/1.1 \(status) No\r\nContent-Length: 5\r\n\r\nsorry".utf8) }
        #expect(
            fault { try Request.get(server.url("/")) }
                == "'\(server.url("/"))' cannot be fetched: the server answers with status \(status); \(RequestTests.remedy)")
    }

    @Test("an answer that is too large, cut short or no HTTP is an error")
    func brokenAnswers() throws {
        let server = try TestServer { path, _ in
            switch path {
            case "/large": Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + [UInt8](repeating: 0x61, count: 5000)
            case "/short": Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8)
            case "/none": []
            default: Array("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc".utf8)
            }
        }
        #expect(
            fault { try Request.get(server.url("/large"), maximumSize: 4999) }?.contains("the answer is larger than 4999 bytes; ")
                == true)
        #expect(try Request.get(server.url("/large"), maximumSize: 5000).bytes.count == 5000)
        for path in ["/short", "/none", "/badly-encoded"] {
            #expect(fault { try Request.get(server.url(path)) }?.contains("cannot be fetched: ") == true, "\(path)")
        }
    }

    @Test("a server that is not there is an error, at once")
    func refused() throws {
        let url = "http://127.0.0.1:\(try TestServer.closedPort())/"
        #expect(fault { try Request.get(url) }?.hasPrefix("'\(url)' cannot be fetched: ") == true)
    }

    private func fault(_ body: () throws -> Request.Answer) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? StageError)?.description
        }
    }
}
