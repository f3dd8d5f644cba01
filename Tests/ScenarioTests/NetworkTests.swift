import Foundation
import HeadwaterModel
import HeadwaterTesting
import Synchronization
import Testing

/// Pages from a web server, as a user has them fetched: what is had stays had, and what is not is said.
@Suite struct NetworkTests {
    /// A pipeline that fetches these from a server of the test.
    private static func workspace(_ from: [String], _ parameters: String = "") throws -> Workspace {
        let workspace = try Workspace()
        try write(from, parameters, to: workspace)
        return workspace
    }

    private static func write(_ from: [String], _ parameters: String = "", to workspace: Workspace) throws {
        let with = [
            "from: [\(from.map { "'\($0)'" }.joined(separator: ", "))]", "allow: [127.0.0.1], delay: 0, retries: 0", parameters,
        ]
        try workspace.write(
            """
            headwater: 1
            name: net
            stages:
              fetch: {plugin: fetch, with: {\(with.filter { !$0.isEmpty }.joined(separator: ", "))}}

            """, to: "net.yaml")
    }

    private func run(_ workspace: Workspace, _ arguments: String...) throws -> Workspace.Answer {
        Workspace.answer(try workspace.start(["run", "net.yaml", "--store", "store", "--json"] + arguments))
    }

    private func dropped(_ workspace: Workspace) throws -> [JSON] {
        try workspace.run("records", "fetch", "--dropped", "--json", "--store", "store").json
    }

    private func locators(_ workspace: Workspace) throws -> [String] {
        try workspace.run("records", "fetch", "--json", "--store", "store").json.compactMap { $0["fields"]?["locator"]?.string }
    }

    /// Without what is asked of the site itself.
    private func pages(_ server: WebServer) -> [String] { server.paths.filter { $0 != "/robots.txt" }.sorted() }

    @Test(
        "a page that cannot be had is listed with its reason and fails nothing; what is gone is not asked for again, what was busy is"
    )
    func failures() throws {
        let isCalm = Mutex(false)
        let server = try WebServer { request in
            switch request.path {
            case "/robots.txt": .page("User-agent: *\nDisallow: /no")
            case "/gone": .status(410)
            case "/busy": isCalm.withLock { $0 } ? .page("busy no more") : .status(503)
            case "/hop": .redirect(to: "/missing", status: 301)
            case "/missing": .status(404)
            default: .page("text of \(request.path)")
            }
        }
        let workspace = try NetworkTests.workspace(["/a", "/gone", "/busy", "/hop", "/no/x"].map(server.url))
        let first = try run(workspace)
        #expect(first.status == 0, "\(first.errors)")
        #expect(try locators(workspace) == [server.url("/a")])
        let drops = try dropped(workspace)
        #expect(drops.allSatisfy { $0["reason"]?.string == "not-fetched" })
        let details = Dictionary(
            uniqueKeysWithValues: drops.compactMap { drop in drop["details"].map { ($0["locator"]?.string ?? "", $0) } })
        #expect(details[server.url("/gone")]?["status"] == 410)
        #expect(details[server.url("/gone")]?["reason"] == "the server answers with status 410")
        #expect(details[server.url("/hop")]?["redirects"] == .string("301 \(server.url("/hop"))"))
        #expect(details[server.url("/hop")]?["url"] == .string(server.url("/missing")))
        #expect(details[server.url("/no/x")]?["reason"] == "robots.txt of 127.0.0.1 disallows it")
        #expect(details[server.url("/busy")]?["cause"] == "status")
        #expect(pages(server) == ["/a", "/busy", "/gone", "/hop", "/missing"])

        isCalm.withLock { $0 = true }
        let second = try run(workspace)
        #expect(second.status == 0, "\(second.errors)")
        #expect(pages(server) == ["/a", "/busy", "/busy", "/gone", "/hop", "/missing"], "only what was busy is asked for again")
        #expect(try locators(workspace) == [server.url("/a"), server.url("/busy")])
        let third = try workspace.run("run", "net.yaml", "--store", "store")
        #expect(third.errors.contains("nothing to do"), "\(third.errors)")
        #expect(third.errors.contains("left out by fetch: "), "\(third.errors)")
        #expect(server.paths.filter { $0 == "/robots.txt" }.count == 2, "a run that has all asks for nothing")

        try NetworkTests.write(["/a", "/gone", "/busy", "/hop", "/no/x"].map(server.url), "robots: ignore", to: workspace)
        #expect(try run(workspace).status == 0)
        #expect(
            try locators(workspace).contains(server.url("/no/x")),
            "what was forbidden is asked for when that does not count any more")
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        let collected = try workspace.run("gc", "--store", "store", "--keep", "1", "--keep-days", "0")
        #expect(collected.status == 0, "\(collected.errors)")
        let count = server.requests.count
        #expect(try run(workspace).status == 0)
        #expect(server.requests.count == count, "what is gone is known also after a collection")
    }

    @Test(
        "with require: all one that is missing fails the stage, keeps the rest, and tells of all; with any it takes all of them; with none nothing does"
    )
    func require() throws {
        let server = try WebServer { request in request.path == "/a" ? .page("text") : .status(404) }
        let workspace = try NetworkTests.workspace(["/a", "/b", "/c"].map(server.url), "require: all")
        let all = try run(workspace)
        #expect(all.status == 1)
        for path in ["/b", "/c"] {
            #expect(
                all.errors.contains(
                    "'\(server.url(path))' cannot be fetched: the server answers with status 404; correct the URL"),
                "\(all.errors)")
        }
        try NetworkTests.write(["/a", "/b"].map(server.url), "require: any", to: workspace)
        #expect(try run(workspace).status == 0)
        #expect(pages(server).filter { $0 == "/a" }.count == 1, "what was had stays had though the stage failed")
        try NetworkTests.write(["/b", "/c"].map(server.url), "require: any", to: workspace)
        let any = try run(workspace)
        #expect(any.status == 1)
        #expect(
            any.errors.contains(
                "'\(server.url("/b"))' cannot be fetched, and none of the other 1: the server answers with status 404"),
            "\(any.errors)")
        try NetworkTests.write(["/b", "/c"].map(server.url), "require: none", to: workspace)
        #expect(try run(workspace).status == 0)
    }

    @Test("killed in the middle of a list, a run leaves what it had, and the next one asks for the rest only")
    func kill() throws {
        let isOpen = Mutex(false)
        let server = try WebServer { request in
            let number = Int(request.path.dropFirst()) ?? 0
            return number < 110 || isOpen.withLock { $0 } ? .page("text of page \(number)") : .silence
        }
        let workspace = try NetworkTests.workspace((0..<20).map { server.url("/\(100 + $0)") }, "perHost: 4, robots: ignore")
        let started = try workspace.start(["run", "net.yaml", "--store", "store"])
        let deadline = Date().addingTimeInterval(20)
        // Four that are never answered are under way: whatever came before them was taken.
        while server.paths.count < 14, Date() < deadline { usleep(10_000) }
        usleep(200_000)
        Foundation.kill(started.process.processIdentifier, SIGKILL)
        started.process.waitUntilExit()
        let before = server.requests.count
        #expect(before == 14)
        isOpen.withLock { $0 = true }
        let next = try run(workspace)
        #expect(next.status == 0, "\(next.errors)")
        #expect(Set(server.paths[before...]) == Set((110..<120).map { "/\($0)" }))
        #expect(try locators(workspace).count == 20)
    }

    @Test("Ctrl-C ends requests that are under way")
    func interrupt() throws {
        let server = try WebServer { request in request.path == "/a" ? .page("text") : .silence }
        let workspace = try NetworkTests.workspace(["/a", "/b"].map(server.url), "robots: ignore")
        let started = try workspace.start(["run", "net.yaml", "--store", "store"])
        let deadline = Date().addingTimeInterval(20)
        while server.paths.count < 2, Date() < deadline { usleep(10_000) }
        usleep(100_000)
        let began = Date()
        started.process.interrupt()
        let answer = Workspace.answer(started)
        #expect(answer.status == 130, "\(answer.errors)")
        #expect(Date().timeIntervalSince(began) < 8)
    }

    @Test(
        "--refresh asks whether a page has changed; what has not is not sent again, what a server cannot answer now still counts")
    func refresh() throws {
        let version = Mutex(1)
        let server = try WebServer { request in
            let tag = "\"\(version.withLock { $0 })\""
            if version.withLock({ $0 }) == 3 { return .status(503) }
            if request.path == "/same" {
                return request.headers["if-none-match"] == nil ? .page("same", "ETag: x") : .status(304)
            }
            return request.headers["if-none-match"] == tag ? .status(304) : .page("version \(tag)", "ETag: \(tag)")
        }
        let workspace = try NetworkTests.workspace(["/a", "/same"].map(server.url), "robots: ignore")
        #expect(try run(workspace).status == 0)
        let again = try run(workspace, "--refresh")
        #expect(again.json.first?["stages"]?.array?.first?["executed"] == 0, "\(again.output)")
        #expect(server.requests.suffix(2).allSatisfy { $0.headers["if-none-match"] != nil })
        version.withLock { $0 = 2 }
        let changed = try run(workspace, "--refresh")
        #expect(changed.json.first?["stages"]?.array?.first?["executed"] == 1)
        version.withLock { $0 = 3 }
        let busy = try run(workspace, "--refresh")
        #expect(
            busy.status == 0 && busy.errors.contains("cannot be asked anew: the server answers with status 503"), "\(busy.errors)"
        )
        #expect(busy.json.first?["stages"]?.array?.first?["executed"] == 0)
        #expect(try locators(workspace).count == 2)
    }

    @Test("a feed behind a URL is pinned as pages are, also when a collection has passed")
    func feed() throws {
        let items = Mutex(["/a", "/b"])
        let server = try WebServer { request in
            request.path == "/feed"
                ? .page(
                    "<rss><channel>" + items.withLock { $0 }.map { "<item><link>\($0)</link></item>" }.joined()
                        + "</channel></rss>")
                : .page("text of \(request.path)")
        }
        let workspace = try NetworkTests.workspace(["@" + server.url("/feed")], "robots: ignore")
        #expect(try run(workspace).status == 0)
        #expect(try locators(workspace) == ["/a", "/b"].map(server.url))
        items.withLock { $0 = ["/b", "/c"] }
        #expect(try workspace.run("gc", "--store", "store", "--keep", "1", "--keep-days", "0").status == 0)
        #expect(try run(workspace).status == 0)
        #expect(pages(server) == ["/a", "/b", "/feed"])
        #expect(try run(workspace, "--refresh").status == 0)
        #expect(try locators(workspace) == ["/b", "/c"].map(server.url))
    }

    @Test(
        "lines behind a URL are sources of their own: pinned by one request, traced into the answer, kept when a collection passed"
    )
    func linesBehindURL() throws {
        func line(_ id: String) -> String {
            "{\"id\":\"\(id)\",\"text\":\"The ferry of line \(id) did not run on Monday, the harbour office said, because of a storm.\"}\n"
        }
        let lines = Mutex(line("a") + line("b"))
        let server = try WebServer { request in
            request.path == "/page"
                ? .page("A page.") : .page(lines.withLock { $0 }, "Content-Type: application/x-ndjson")
        }
        let url = server.url("/export")
        let workspace = try NetworkTests.workspace([url, server.url("/page")], "robots: ignore, archive: true")
        let file = String(decoding: try workspace.read("net.yaml"), as: UTF8.self)
        try workspace.write(file + "  clean: {needs: fetch, with: {minimumLength: 10}}\n", to: "net.yaml")
        let first = try run(workspace)
        #expect(first.status == 0, "\(first.errors)")
        #expect(try locators(workspace) == [url + "!/a", url + "!/b", server.url("/page")])
        let trace = try workspace.run("trace", "clean#2:0-9", "--json", "--store", "store")
        let container = try Container(
            json: try #require(trace.json.first?["origins"]?.array?.first?["source"]?["container"], "\(trace.errors)"))
        #expect(container.file == url && container.number == 2 && container.layers.map(\.codec) == [.stored])
        let length = line("a").utf8.count
        #expect(container.layers.first?.range == ByteRange(start: length, length: length - 1))
        #expect(container.digest == Digest(of: Array(lines.withLock { $0 }.utf8)))

        let id = try #require(first.json.first?["run"]?.string)
        #expect(try workspace.run("archive", "run:\(id)", "--to", "crawl.warc", "--store", "store").status == 0)
        let archive = String(decoding: try workspace.read("crawl.warc"), as: UTF8.self)
        #expect(archive.contains("WARC-Target-URI: \(url)\r\n") && archive.contains(line("b")))

        #expect(try workspace.run("gc", "--store", "store", "--keep", "1", "--keep-days", "0").status == 0)
        let second = try run(workspace)
        #expect(second.json.first?["stages"]?.array?.first?["executed"] == 0, "\(second.errors)")
        #expect(pages(server) == ["/export", "/page"], "an answer that is pinned is not asked for again")
        lines.withLock { $0 += line("c") }
        #expect(try run(workspace, "--refresh").status == 0)
        #expect(try locators(workspace) == [url + "!/a", url + "!/b", url + "!/c", server.url("/page")])
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try workspace.run("fsck", "--store", "store").status == 0)
    }

    @Test("archived answers come out of a run as a WARC file, those that failed and redirects included, each record by itself")
    func archive() throws {
        let server = try WebServer { request in
            switch request.path {
            case "/a": .redirect(to: "/b")
            case "/gone": .status(410)
            default: .page("text of \(request.path)", "Date: Fri, 21 Nov 2025 10:00:00 GMT")
            }
        }
        let urls = ["/a", "/gone", "/c"].map(server.url)
        let workspace = try NetworkTests.workspace(urls, "robots: ignore")
        let id = try #require(try run(workspace).json.first?["run"]?.string)
        let none = try workspace.run("archive", "run:\(id)", "--to", "none.warc", "--store", "store")
        #expect(none.status != 0 && none.errors.contains("has no archived answers") && !workspace.exists("none.warc"))

        try NetworkTests.write(urls, "robots: ignore, archive: true", to: workspace)
        let archived = try run(workspace, "--refresh")
        #expect(archived.json.first?["stages"]?.array?.first?["executed"] == 0, "nothing of it is part of a key")
        let second = try #require(archived.json.first?["run"]?.string)
        for name in ["crawl.warc", "crawl.warc.gz"] {
            let answer = try workspace.run("archive", "run:\(second)", "--to", name, "--store", "store")
            #expect(answer.status == 0, "\(answer.errors)")
        }
        let plain = try workspace.read("crawl.warc")
        let text = String(decoding: plain, as: UTF8.self)
        #expect(text.components(separatedBy: "WARC-Type: response\r\n").count - 1 == 4)
        #expect(text.components(separatedBy: "WARC-Type: request\r\n").count - 1 == 4)
        #expect(text.contains("\r\n\r\nHTTP/1.1 410 Word\r\n") && text.contains("text of /b") && text.contains("text of /c"))
        let unpacked = try workspace.execute("gzip", "-dc", "crawl.warc.gz")
        #expect(Array(unpacked.output.utf8) == plain)
        #expect(
            try workspace.run("archive", "run:\(second)", "--to", "crawl.warc", "--store", "store").status != 0,
            "no file is overwritten")
        #expect(try workspace.run("gc", "--store", "store", "--keep", "1", "--keep-days", "0").status == 0)
        #expect(try workspace.run("archive", "run:\(second)", "--to", "later.warc", "--store", "store").status == 0)
        #expect(try workspace.read("later.warc") == plain)
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
    }

    @Test("what was never asked for is missed in no archive")
    func archiveOfRefusals() throws {
        let server = try WebServer { request in
            request.path == "/robots.txt" ? .page("User-agent: *\nDisallow: /b\n") : .page("text of \(request.path)")
        }
        let workspace = try NetworkTests.workspace(["/a", "/b"].map(server.url), "archive: true")
        let id = try #require(try run(workspace).json.first?["run"]?.string)
        let answer = try workspace.run("archive", "run:\(id)", "--to", "crawl.warc", "--store", "store")
        #expect(answer.status == 0 && !answer.errors.contains("warning"), "\(answer.errors)")
        let text = String(decoding: try workspace.read("crawl.warc"), as: UTF8.self)
        #expect(text.contains("text of /a") && !text.contains("text of /b"))
    }

    @Test("no time, port of ours or order of arrival reaches an artifact: equal answers are equal artifacts")
    func deterministic() throws {
        let server = try WebServer { request in
            usleep(UInt32.random(in: 0...20_000))
            return request.path.hasSuffix("3") ? .status(404, "Date: \(Date())") : .page("text of \(request.path)")
        }
        let artifacts = try (0..<2).map { _ in
            let workspace = try NetworkTests.workspace((0..<30).map { server.url("/\($0)") }, "perHost: 8, archive: true")
            return try #require(try run(workspace).json.first?["stages"]?.array?.first?["artifact"]?.string)
        }
        #expect(artifacts[0] == artifacts[1])
    }
}
