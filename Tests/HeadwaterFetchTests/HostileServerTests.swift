import Foundation
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

/// Servers that do as they should not: each ends in a failure that says what was wrong, and none takes long.
@Suite struct HostileServerTests {
    private static let ok = "HTTP/1.1 200 OK\r\n"

    private func failure(_ reply: WebServer.Reply, _ change: (inout HTTPSettings) -> Void = { _ in }) throws -> SourceFailure {
        let server = try WebServer { _ in reply }
        let began = Date()
        let client = HTTPClient(
            try quick { settings in
                settings.retries = 0
                change(&settings)
            })
        defer { #expect(Date().timeIntervalSince(began) < 5) }
        return try client.failure(server.url("/"))
    }

    @Test("a server that sends a byte now and then is given up")
    func drip() throws {
        let failure = try failure(.endless(Array("\(HostileServerTests.ok)\r\n".utf8), part: [0x61], milliseconds: 50)) {
            $0.timeout = 60_000
        }
        #expect(failure.reason == "its server is too slow" && failure.isTransient)
    }

    @Test("a head that comes byte by byte, and one that never comes, are given up")
    func slowHead() throws {
        #expect(
            try failure(.endless(Array("HTTP/1.1 200 OK\r\nX: ".utf8), part: [0x61], milliseconds: 50)) { $0.timeout = 300 }.cause
                == "time")
        #expect(try failure(.silence) { $0.timeout = 200 }.cause == "time")
    }

    @Test("an endless body ends where the limit is, and one that says how long it is at its first byte")
    func endless() throws {
        let part = [UInt8](repeating: 0x61, count: 10_000)
        let endless = try failure(.endless(Array("\(HostileServerTests.ok)\r\n".utf8), part: part)) { $0.maximumSize = 1_000_000 }
        #expect(endless.reason == "the answer is larger than 1000000 bytes" && endless.isLasting)
        let told = try failure(.text("\(HostileServerTests.ok)Content-Length: 99999999999\r\n\r\nabc")) {
            $0.maximumSize = 1_000_000
        }
        #expect(told.cause == "size")
        let exact = try WebServer { _ in .page(body: [UInt8](repeating: 0x61, count: 5000)) }
        #expect(try HTTPClient(try quick { $0.maximumSize = 5000 }).get(exact.url("/")).bytes.count == 5000)
        #expect(try HTTPClient(try quick { $0.maximumSize = 4999 }).failure(exact.url("/")).cause == "size")
    }

    @Test("a gzip bomb is refused by how much it grows, long before it is as large as an answer may be")
    func bomb() throws {
        let bomb = gzip([UInt8](repeating: 0, count: 30 << 20))
        let failure = try failure(.page(headers: ["Content-Encoding: gzip"], body: bomb)) { $0.maximumSize = 1 << 30 }
        #expect(failure.cause == "bomb" && failure.isLasting)
        let small = try WebServer { _ in
            .page(headers: ["Content-Encoding: gzip"], body: gzip([UInt8](repeating: 0, count: 1 << 20)))
        }
        #expect(
            try HTTPClient(try quick()).get(small.url("/")).bytes.count == 1 << 20, "what is small may be as even as it likes")
        let limited = try self.failure(.page(headers: ["Content-Encoding: gzip"], body: bomb)) { $0.maximumSize = 1 << 20 }
        #expect(limited.cause == "size")
    }

    @Test("redirects in a circle, to itself, to a file, and with a password are told")
    func redirects() throws {
        let server = try WebServer { request in
            switch request.path {
            case "/a": .redirect(to: "/b")
            case "/b": .redirect(to: "/a#there")
            case "/self": .redirect(to: "")
            case "/file": .redirect(to: "file:///etc/hostname")
            case "/password": .redirect(to: "http://user:word@127.0.0.1:\(request.port)/")
            default: .redirect(to: "http://[::1")
            }
        }
        let client = HTTPClient(try quick())
        #expect(try client.failure(server.url("/a")).reason == "it redirects in a circle")
        for path in ["/self", "/file", "/password", "/nonsense"] {
            #expect(try !client.failure(server.url(path)).isTransient, "\(path)")
        }
        #expect(try client.failure(server.url("/file")).reason == "it redirects to what is no http or https URL")
        #expect(try client.failure(server.url("/password")).reason == "it redirects to a URL with a name or password")
    }

    @Test("an answer that is cut short, empty, broken off, no HTTP or badly encoded is a failure")
    func broken() throws {
        let ok = HostileServerTests.ok
        #expect(try failure(.text("\(ok)Content-Length: 10\r\n\r\nabc")).reason == "the answer ends before its end")
        #expect(try failure(.text("\(ok)Transfer-Encoding: chunked\r\n\r\nff\r\nabc")).isTransient)
        #expect(try failure(.text("")).reason == "its server ends the connection without an answer")
        #expect(try failure(.reset(Array("\(ok)Content-Length: 10\r\n\r\nabc".utf8))).isTransient)
        #expect(try failure(.text("SSH-2.0-OpenSSH_9.2\r\n")).cause == "protocol")
        #expect(try failure(.text("\(ok)Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")).cause == "encoding")
        #expect(try failure(.text("\(ok)Content-Length: -5\r\n\r\nabc")).cause != "")
        #expect(try failure(.text("\(ok)Transfer-Encoding: chunked\r\n\r\nzz\r\nabc")).cause != "")
    }

    @Test("floods of heads and of answers before the answer are cut off")
    func floods() throws {
        #expect(
            try failure(
                .endless(
                    Array(HostileServerTests.ok.utf8), part: Array("X-Header: \(String(repeating: "x", count: 500))\r\n".utf8))
            ).cause == "head")
        #expect(
            try failure(.endless(Array("HTTP/1.1 200 OK\r\nX: ".utf8), part: [UInt8](repeating: 0x61, count: 5000))).cause != "")
        #expect(try failure(.endless([], part: Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))).cause == "head")
    }

    @Test("a body behind a redirect or an error does not keep anybody")
    func endlessErrors() throws {
        let part = [UInt8](repeating: 0x61, count: 10_000)
        #expect(try failure(.endless(Array("HTTP/1.1 404 No\r\n\r\n".utf8), part: part)).facts["status"] == "404")
        let target = try WebServer { _ in .page("here") }
        let server = try WebServer { _ in
            .endless(Array("HTTP/1.1 302 Found\r\nLocation: \(target.url("/"))\r\n\r\n".utf8), part: part)
        }
        #expect(try HTTPClient(try quick()).get(server.url("/")).bytes == Array("here".utf8))
    }

    @Test("a server that is not there, and a name that nobody has, are failures that may pass")
    func absent() throws {
        let client = HTTPClient(try quick { $0.retries = 0 })
        let refused = try client.failure("http://127.0.0.1:\(try WebServer.closedPort())/")
        #expect(refused.reason == "its host takes no connection" && refused.isTransient)
        #expect(try client.failure("http://nobody.invalid/").cause == "name")
    }

    @Test("private and local addresses are refused before a connection is made: written, by name, and behind a redirect")
    func privateAddresses() throws {
        let target = try WebServer { _ in .page("secret") }
        let front = try WebServer { request in .redirect(to: "http://inside.example:\(target.port)/") }
        func client(allow: [String]) throws -> HTTPClient {
            HTTPClient(
                try quick(allow: allow) { settings in
                    settings.resolved = ["inside.example:\(target.port):127.0.0.1", "front.example:\(front.port):127.0.0.1"]
                })
        }
        let strict = try client(allow: [])
        for host in [
            "127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "[::ffff:127.0.0.1]", "inside.example", "0.0.0.0",
        ] {
            let failure = try strict.failure("http://\(host):\(target.port)/")
            #expect(failure.cause == "address", "\(host): \(failure)")
            #expect(!failure.isLasting && !failure.isTransient)
        }
        // The front may be asked, and where it leads to not.
        let failure = try client(allow: ["front.example"]).failure("http://front.example:\(front.port)/")
        #expect(failure.reason == "the address of inside.example is loopback, and 'allow' names neither the host nor the address")
        #expect(target.connections == 0)
        for allowed in [["inside.example"], ["*.example"], ["127.0.0.0/8"], ["127.0.0.1"]] {
            #expect(
                try client(allow: allowed).get("http://inside.example:\(target.port)/").bytes == Array("secret".utf8),
                "\(allowed)")
        }
    }

    @Test("behind a proxy, hosts that are private addresses are refused too")
    func proxy() throws {
        let proxy = try WebServer { request in .page("by proxy: \(request.path)") }
        let client = HTTPClient(try quick(allow: []) { $0.proxy = proxy.url("") })
        #expect(try client.get("http://somewhere.example/a").bytes == Array("by proxy: http://somewhere.example/a".utf8))
        #expect(try client.failure("http://10.0.0.1/").cause == "address")
        #expect(proxy.requests.count == 1)
    }
}
