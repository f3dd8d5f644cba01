import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterFetch

@Suite struct RobotsTests {
    private func allows(_ text: String, _ path: String) -> Bool { RobotsRules(Array(text.utf8)).allows(path) }

    @Test("the longest rule that matches decides, and of two equally long ones the one that allows")
    func longest() {
        let text = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /x\nDisallow: /x\n"
        #expect(
            allows(text, "/") && !allows(text, "/a") && !allows(text, "/ab") && allows(text, "/a/b") && !allows(text, "/a/b/c?d"))
        #expect(allows(text, "/x"))
        #expect(allows("User-agent: *\nDisallow: /", "/robots.txt"))
    }

    @Test(
        "a star stands for any bytes, a dollar at the end for the end",
        arguments: [
            ("/*.php", "/index.php", false), ("/*.php", "/index.php?x", false), ("/*.php$", "/index.php?x", true),
            ("/*.php$", "/a/b.php", false),
            ("/fish*", "/fish", false), ("/a*b*c", "/aXXbYYcZZ", false), ("/a*b*c$", "/aXXbYYcZZ", true),
            ("/a*b*c$", "/abccc", false),
            ("*", "/x", false), ("/$", "/", false), ("/$", "/x", true), ("/a$b", "/a$b", false), ("/**/x", "/a/x", false),
            ("/a*$", "/abc", false),
        ])
    func wildcards(_ pattern: String, _ path: String, _ isAllowed: Bool) {
        #expect(allows("User-agent: *\nDisallow: \(pattern)", path) == isAllowed)
    }

    @Test("of groups those for us count, all of them, and else those for everybody")
    func groups() {
        let text = """
            User-agent: other\r
            User-agent: Headwater # that is us\r
            Disallow: /ours\r
            \r
            User-agent: *\r
            Disallow: /all\r
            \r
            User-agent: headwater/2.0\r
            Disallow: /too\r
            """
        #expect(!allows(text, "/ours") && !allows(text, "/too") && allows(text, "/all"))
        #expect(!allows("User-agent: headwaters\nDisallow: /x\nUser-agent: *\nDisallow: /y", "/y"))
        #expect(allows("User-agent: headwater\nDisallow:\nUser-agent: *\nDisallow: /", "/x"), "an empty rule forbids nothing")
        #expect(allows("Disallow: /\n", "/x"), "a rule in no group is none")
    }

    @Test("a path is compared as it is meant, however it is encoded")
    func encodings() {
        #expect(!allows("User-agent: *\nDisallow: /caf%C3%A9", "/caf%c3%a9/x"))
        #expect(!allows("User-agent: *\nDisallow: /café", "/caf%C3%A9"))
        #expect(!allows("User-agent: *\nDisallow: /%61", "/a"))
        #expect(allows("User-agent: *\nDisallow: /a%2Fb", "/a/b"))
    }

    @Test("nothing that a file holds makes it fail or slow")
    func hostile() {
        let stars = "User-agent: *\n" + String(repeating: "Disallow: /*a*a*a*a*b\n", count: 20_000)
        #expect(allows(stars, "/" + String(repeating: "a", count: 4000)))
        #expect(RobotsRules([UInt8](repeating: 0xFF, count: 600 << 10)).allows("/"))
        #expect(RobotsRules(Array("\u{FEFF}User-agent:*\rDisallow:/x".utf8)).allows("/x") == false)
        #expect(RobotsRules(Array("User-agent: *\nCrawl-delay: 1.5\nCrawl-delay: x".utf8)).delay == 1500)
    }

    private func client(_ change: (inout HTTPSettings) -> Void = { _ in }) throws -> HTTPClient {
        HTTPClient(
            try quick { settings in
                settings.honoursRobots = true
                settings.retries = 0
                change(&settings)
            })
    }

    @Test("a site is asked for its rules once, and pages that it forbids are not asked for")
    func once() throws {
        let server = try WebServer { request in
            request.path == "/robots.txt"
                ? .page("User-agent: *\nDisallow: /no") : request.path == "/hop" ? .redirect(to: "/no/b") : .page("x")
        }
        let results = try client().get(["/a", "/no/a", "/b", "/hop"].map(server.url))
        #expect(try results[0]?.get().bytes == [0x78] && results[2]?.get().bytes == [0x78])
        for index in [1, 3] {
            let failure = #expect(throws: SourceFailure.self) { _ = try results[index]?.get() }
            #expect(failure?.reason == "robots.txt of 127.0.0.1 disallows it" && failure?.isLasting == true)
        }
        #expect(server.paths.sorted() == ["/a", "/b", "/hop", "/robots.txt"])
        #expect(server.paths.first == "/robots.txt")
    }

    @Test("without rules all is allowed; where they cannot be read nothing is")
    func missing() throws {
        for status in [404, 401, 410] {
            let server = try WebServer { request in request.path == "/robots.txt" ? .status(status) : .page("x") }
            #expect(try client().get(server.url("/a")).bytes == [0x78], "\(status)")
        }
        for reply in [WebServer.Reply.status(503), .text("nonsense")] {
            let server = try WebServer { request in request.path == "/robots.txt" ? reply : .page("x") }
            let failure = try client().failure(server.url("/a"))
            #expect(failure.cause == "robots" && failure.isTransient && !failure.isLasting)
            #expect(server.paths == ["/robots.txt"])
        }
        let gone = "http://127.0.0.1:\(try WebServer.closedPort())/"
        #expect(try client().failure(gone).reason == "its host takes no connection")
    }

    @Test("of rules without end the first 500 KiB count")
    func endless() throws {
        let server = try WebServer { request in
            request.path == "/robots.txt"
                ? .endless(
                    Array("HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /no\n".utf8),
                    part: Array(repeating: 0x23, count: 10_000)) : .page("x")
        }
        let results = try client().get([server.url("/a"), server.url("/no")])
        #expect(try results[0]?.get().bytes == [0x78])
        #expect(throws: SourceFailure.self) { _ = try results[1]?.get() }
    }
}
