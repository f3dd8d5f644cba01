import Foundation
import HeadwaterPluginKit
import HeadwaterTesting
import Synchronization
import Testing

@testable import HeadwaterFetch

/// A server that does as it should.
@Suite struct HTTPClientTests {
    @Test("an answer's bytes come with its content type, and the server is told who asks")
    func answer() throws {
        let server = try WebServer { _ in
            .page(headers: ["Content-Type: text/html; charset=windows-1251", "ETag: \"a\""], body: [1, 2])
        }
        let client = HTTPClient(try quick { $0.userAgent = "headwater/0.1.0 (+https://crawler.example)" })
        let answer = try client.get(server.url("/page?x=1"))
        #expect(answer.bytes == [1, 2] && answer.contentType == "text/html; charset=windows-1251")
        #expect(answer.response.url == server.url("/page?x=1") && answer.response.redirects.isEmpty)
        #expect(answer.response.validators == Validators(entityTag: "\"a\""))
        let head = try #require(server.requests.first?.head)
        #expect(head.hasPrefix("GET /page?x=1 HTTP/1.1\r\n"))
        #expect(head.contains("\r\nUser-Agent: headwater/0.1.0 (+https://crawler.example)\r\n"))
    }

    @Test(
        "many are asked at once over few connections, each answered once, never more at a host than allowed",
        arguments: [1, 2, 5])
    func keepAlive(perHost: Int) throws {
        let server = try WebServer { request in
            usleep(1000)
            return .page("page \(request.path)")
        }
        let client = HTTPClient(try quick { $0.perHost = perHost })
        let paths = (0..<60).map { "/\($0)" }
        let answers = try client.get(paths.map(server.url)).map { try #require(try $0?.get()) }
        #expect(answers.map { String(decoding: $0.bytes, as: UTF8.self) } == paths.map { "page \($0)" })
        #expect(server.mostActive <= perHost)
        #expect(server.connections <= perHost)
        #expect(server.requests.count == 60)
    }

    @Test("two requests to a host begin no closer together than the delay says")
    func delay() throws {
        let starts = Mutex<[DispatchTime]>([])
        let server = try WebServer { _ in
            starts.withLock { $0.append(.now()) }
            return .page("x")
        }
        _ = try HTTPClient(try quick { $0.delay = 40 }).get((0..<4).map { server.url("/\($0)") })
        let times = starts.withLock { $0.map(\.uptimeNanoseconds) }
        let whole = (try #require(times.last) - times[0]) / 1_000_000
        #expect(whole >= 3 * 40 - 20, "\(whole) ms")
    }

    @Test("chunked and compressed answers come decoded")
    func encodings() throws {
        let server = try WebServer { request in
            switch request.path {
            case "/chunked":
                .text(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
                    stays: true)
            default: .page(headers: ["Content-Encoding: gzip"], body: gzip(Array("compressed".utf8)))
            }
        }
        let client = HTTPClient(try quick())
        #expect(try client.get(server.url("/chunked")).bytes == Array("abcde".utf8))
        #expect(try client.get(server.url("/gzip")).bytes == Array("compressed".utf8))
        #expect(server.connections == 1)
    }

    @Test("redirects are followed, ten at most, each recorded with its status, and their own bodies are not taken")
    func redirects() throws {
        let server = try WebServer { request in
            let step = Int(request.path.dropFirst()) ?? 0
            return step == 0
                ? .page("end")
                : .page(status: step.isMultiple(of: 2) ? 301 : 307, headers: ["Location: \(step - 1)"], body: [1, 2])
        }
        let client = HTTPClient(try quick())
        let answer = try client.get(server.url("/10"))
        #expect(answer.bytes == Array("end".utf8))
        #expect(answer.response.url == server.url("/0"))
        #expect(answer.response.redirects.first == .init(url: server.url("/10"), status: 301))
        #expect(answer.response.redirects.map(\.status) == (0..<5).flatMap { _ in [301, 307] })
        let failure = try client.failure(server.url("/11"))
        #expect(failure.reason == "it redirects more than 10 times" && failure.isLasting && !failure.isTransient)
        #expect(failure.facts["redirects"]?.hasPrefix("307 \(server.url("/11")), 301 \(server.url("/10")), ") == true)
    }

    @Test("what has not changed is not sent again")
    func conditional() throws {
        let server = try WebServer { request in
            request.headers["if-none-match"] == "\"a\"" || request.headers["if-modified-since"] == "Sat, 01 Nov 2025 10:00:00 GMT"
                ? .status(304) : .page("x", "ETag: \"a\"")
        }
        let client = HTTPClient(try quick())
        #expect(try !client.get(server.url("/")).response.isUnchanged)
        for known in [Validators(entityTag: "\"a\""), Validators(lastModified: "Sat, 01 Nov 2025 10:00:00 GMT")] {
            #expect(try client.get(server.url("/"), known: known).response.isUnchanged)
        }
        #expect(try client.get(server.url("/"), known: Validators(entityTag: "\"b\"")).bytes == Array("x".utf8))
    }

    @Test(
        "a status of 400 and above is a failure that says it, and lasts unless the server may be better soon",
        arguments: [400, 401, 404, 410, 451, 501])
    func status(_ status: Int) throws {
        let server = try WebServer { _ in .page(status: status, body: Array("sorry".utf8)) }
        let failure = try HTTPClient(try quick()).failure(server.url("/"))
        #expect(failure.reason == "the server answers with status \(status)" && failure.facts["status"] == "\(status)")
        #expect(failure.isLasting && !failure.isTransient)
        #expect(server.requests.count == 1, "it is not asked again")
    }

    @Test("a busy server is asked again, as often as allowed", arguments: [408, 429, 500, 502, 503, 504])
    func busy(_ status: Int) throws {
        let server = try WebServer { request in .status(status) }
        let failure = try HTTPClient(try quick { $0.retries = 2 }).failure(server.url("/"))
        #expect(failure.isTransient && !failure.isLasting)
        #expect(server.requests.count == 3)
        let count = Mutex(0)
        let better = try WebServer { _ in
            count.withLock {
                $0 += 1; return $0
            } < 3 ? .status(status) : .page("at last")
        }
        #expect(try HTTPClient(try quick { $0.retries = 2 }).get(better.url("/")).bytes == Array("at last".utf8))
    }

    @Test("Retry-After holds the whole host back; one that asks for too long ends the tries")
    func retryAfter() throws {
        let starts = Mutex<[DispatchTime]>([])
        let server = try WebServer { _ in
            let count = starts.withLock {
                $0.append(.now()); return $0.count
            }
            return count == 1 ? .status(429, "Retry-After: 1") : .page("x")
        }
        let answers = try HTTPClient(try quick { $0.perHost = 1 }).get([server.url("/a"), server.url("/b")])
        for answer in answers { #expect(try answer?.get().bytes == [0x78]) }
        let times = starts.withLock { $0.map(\.uptimeNanoseconds) }
        #expect(times.count == 3 && times[1] - times[0] >= 900_000_000, "the other page of the host waits as well")
        let slow = try WebServer { _ in .status(503, "Retry-After: 4000") }
        #expect(try HTTPClient(try quick()).failure(slow.url("/")).isTransient)
        #expect(slow.requests.count == 1)
    }

    @Test(
        "seconds and all three forms of a date are read",
        arguments: [
            ("120", 120), (" 0 ", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sunday, 06-Nov-94 08:49:37 GMT", 37),
            ("Sun Nov  6 08:49:37 1994", 37), ("Sun, 06 Nov 1994 08:48:00 GMT", 0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("99999999999999999999", 1_000_000_000),
        ])
    func dates(_ text: String, _ seconds: Int) {
        #expect(RetryAfter.seconds(text, now: 784_111_740) == (seconds == 37 ? 37 : seconds))
    }

    @Test(
        "what is no time is none",
        arguments: ["", "soon", "-1", "1:2", "06 Nov 1994", "Sun, 99 Nov 1994 08:49:37 GMT", "::: : :"])
    func noDates(_ text: String) { #expect(RetryAfter.seconds(text, now: 0) == nil) }

    @Test("stopping ends what is under way and what waits, at once")
    func stop() throws {
        let server = try WebServer { _ in .silence }
        let client = HTTPClient(try quick())
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(50)) { client.stop() }
        let began = Date()
        let results = try client.get((0..<10).map { server.url("/\($0)") })
        for result in results { #expect(throws: StageStopped.self) { _ = try result?.get() } }
        #expect(throws: StageStopped.self) { _ = try client.get(server.url("/later")) }
        #expect(Date().timeIntervalSince(began) < 2)
    }

    @Test("who has enough of the answers gets no more, and nothing goes on")
    func enough() throws {
        let server = try WebServer { request in request.path == "/0" ? .page("x") : .silence }
        let client = HTTPClient(try quick { $0.perHost = 10 })
        #expect(throws: CocoaError.self) {
            try client.get((0..<4).map { (url: server.url("/\($0)"), known: Validators()) }) { _, _ in
                throw CocoaError(.fileNoSuchFile)
            }
        }
        #expect(try client.get(server.url("/0")).bytes == [0x78])
    }

    @Test("answers beyond what may be held wait, and all come")
    func held() throws {
        let server = try WebServer { _ in .page(body: [UInt8](repeating: 0x61, count: 200_000)) }
        let client = HTTPClient(
            try quick { settings in
                settings.heldBytes = 50_000
                settings.perHost = 8
            })
        for answer in try client.get((0..<20).map { server.url("/\($0)") }) { #expect(try answer?.get().bytes.count == 200_000) }
    }

    @Test("what went over the wire is kept as WARC records, chunks, encoding and redirects as they were")
    func archive() throws {
        let body = gzip(Array("text of the page".utf8))
        let raw =
            Array(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n\(String(body.count, radix: 16))\r\n"
                    .utf8)
            + body + Array("\r\n0\r\n\r\n".utf8)
        let server = try WebServer { request in
            request.path == "/old"
                ? .text("HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 4\r\n\r\ngone", stays: true)
                : .raw(raw, stays: true)
        }
        let answer = try HTTPClient(try quick { $0.archives = true }).get(server.url("/old"))
        #expect(answer.bytes == Array("text of the page".utf8))
        let archived = try #require(answer.response.archived)
        let text = String(decoding: archived, as: UTF8.self)
        #expect(text.components(separatedBy: "WARC/1.1\r\n").count == 5)
        #expect(text.components(separatedBy: "WARC-Type: response\r\n").count == 3)
        #expect(
            text.contains("WARC-Target-URI: \(server.url("/old"))\r\n")
                && text.contains("WARC-Target-URI: \(server.url("/new"))\r\n"))
        #expect(text.contains("\r\n\r\nHTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 4\r\n\r\ngone\r\n\r\n"))
        #expect(text.contains("\r\n\r\nGET /new HTTP/1.1\r\n"))
        let block = Data(archived).range(of: Data(raw))
        #expect(block != nil, "the answer stands there byte for byte")
        #expect(text.contains("Content-Length: \(raw.count)\r\n\r\nHTTP/1.1 200 OK\r\n"))
    }
}

/// Bytes as the system's gzip compresses them, so that the test trusts nothing of ours.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-c"]
    let input = Pipe()
    let output = Pipe()
    (process.standardInput, process.standardOutput) = (input, output)
    guard (try? process.run()) != nil else { return [] }
    Thread.detachNewThread {
        input.fileHandleForWriting.write(Data(bytes))
        try? input.fileHandleForWriting.close()
    }
    let all = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(all)
}
