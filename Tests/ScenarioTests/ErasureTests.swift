import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import HeadwaterTesting
import Testing

/// What was erased is gone, stays gone, and nothing else is.
@Suite struct ErasureTests {
    private static let victim = "pages/page-2.txt"

    @Test(
        "after erasing, nothing in the store and nothing that is published has any byte run of the source's text",
        arguments: ["copy", "reference"])
    func noText(snapshot: String) throws {
        let bench = try ErasureBench(snapshot: snapshot)
        try bench.run()
        try bench.workspace.write(
            try bench.workspace.read(ErasureTests.victim) + Array("It rained on the second lamp all night.\n".utf8),
            to: ErasureTests.victim)
        try bench.run()
        try bench.run()
        let text = try bench.workspace.read(ErasureTests.victim)
        let others = try (0..<6).filter { $0 != 2 }.map { try bench.workspace.read("pages/page-\($0).txt") }
        let runs = ErasureBench.runs(of: text, butNotIn: others)
        #expect(runs.count > 200)
        #expect(ErasureBench.firstHit(of: runs, in: try ErasureBench.contents(bench.path)) != nil, "the test finds what is there")

        let answer = try bench.erase("source:page-2.txt")
        #expect(answer["counts"]?["sources"]?.integer == 2, "both versions")
        #expect(ErasureBench.firstHit(of: runs, in: try ErasureBench.contents(bench.path)) == nil)
        for file in ["out/brief.md", "out/texts/page-0.txt.txt"] {
            #expect(ErasureBench.firstHit(of: runs, in: [try bench.workspace.read(file)]) == nil)
        }
        #expect(!bench.workspace.exists("out/texts/page-2.txt.txt"))
        #expect(bench.workspace.exists(ErasureTests.victim), "the original is the user's")
        try bench.check()
        // Names of it neither, in any spelling of a digest.
        let digest = Digest(of: text)
        let contents = try ErasureBench.contents(bench.path)
        for name in [digest.bytes, Array(digest.hex.utf8), Array("page-2.txt".utf8)] {
            #expect(contents.allSatisfy { $0.firstRange(of: name) == nil }, "\(String(decoding: name, as: UTF8.self))")
        }
    }

    @Test(
        "a suppressed source does not come back with the next run: not from its place, not with other bytes, not under another name"
    )
    func suppression() throws {
        for snapshot in ["copy", "reference"] {
            let bench = try ErasureBench(snapshot: snapshot)
            try bench.run()
            try bench.erase("source:page-2.txt")
            let again = try bench.run()
            #expect(again["suppressed"] == 1)
            #expect(
                again["stages"]?.array?.allSatisfy { $0["executed"] == 0 } == true,
                "the redone run had what the next one wants: \(again)")
            try bench.check("\(snapshot)")
            try bench.workspace.write(try bench.workspace.read(ErasureTests.victim), to: "pages/aa-renamed.txt")
            try bench.workspace.write(Array("Something else about lemons and lamps.\n".utf8), to: ErasureTests.victim)
            #expect(try bench.run()["suppressed"] == 2)
            #expect(try bench.locators() == [0, 1, 3, 4, 5].map { "page-\($0).txt" })
            try bench.check("\(snapshot)")
            let shown = try bench.workspace.run("run", ErasureBench.pipeline)
            #expect(shown.errors.contains("2 sources are left out: erased before"), "\(shown.errors)")
            #expect(try bench.workspace.run("erase", "--list").output.contains("1 locator, 1 source"))
            #expect(try bench.workspace.run("gc", "--keep", "1", "--keep-days", "0").status == 0)
            #expect(try bench.run()["suppressed"] == 2, "what was taken out stays out, whatever is collected")
        }
    }

    @Test("what comes of a redone run is what a run without the source would have come to")
    func sameAsWithout() throws {
        let bench = try ErasureBench(pages: 12)
        try bench.run()
        try bench.erase("page-0.txt", "page-1*.txt")
        let redone = try bench.run()
        let fresh = try ErasureBench(pages: 12)
        for number in [0, 1, 10, 11] { try fresh.workspace.remove("pages/page-\(number).txt") }
        let expected = try fresh.run()
        func artifacts(_ run: JSON) -> [JSON?] { run["stages"]?.array?.map { $0["artifact"] } ?? [] }
        #expect(artifacts(redone) == artifacts(expected))
        #expect(try bench.workspace.read("out/brief.md") == fresh.workspace.read("out/brief.md"))
        try bench.check()
    }

    @Test("a copy that was dropped in favour of the erased survivor comes back into its place")
    func survivor() throws {
        let bench = try ErasureBench()
        // The longer of the two survives.
        let text = try bench.workspace.read(ErasureTests.victim)
        try bench.workspace.write(text.dropLast() + Array(" Everybody went home.\n".utf8), to: "pages/longer.txt")
        try bench.run()
        let dropped = try bench.workspace.run("records", "dedupe", "--dropped", "--json").json
        #expect(dropped.count { $0["survivor"] != nil } == 1)
        let survivor = try #require(
            try bench.workspace.run("records", "dedupe", "--json").json.compactMap { $0["fields"]?["locator"]?.string }
                .first { ["longer.txt", "page-2.txt"].contains($0) })
        let other = survivor == "longer.txt" ? "page-2.txt" : "longer.txt"
        try bench.erase("source:\(survivor)")
        let kept = try bench.workspace.run("records", "dedupe", "--json").json.compactMap { $0["fields"]?["locator"]?.string }
        #expect(kept.contains(other) && !kept.contains(survivor))
        #expect(try bench.workspace.run("records", "dedupe", "--dropped", "--json").json.isEmpty)
        try bench.check()
    }

    @Test("equal bytes elsewhere go, too, and the plan says so; what only lies beside them stays")
    func copies() throws {
        let bench = try ErasureBench()
        try bench.workspace.write(try bench.workspace.read(ErasureTests.victim), to: "pages/mirror/again.txt")
        try bench.run()
        let plan = try bench.plan("source:page-2.txt")
        #expect(plan["copies"]?.array?.compactMap { $0["locator"]?.string } == ["mirror/again.txt"])
        #expect(try bench.workspace.run("erase", "page-2.txt").output.contains("THEY GO, TOO"))
        try bench.erase("source:page-2.txt")
        #expect(try bench.locators() == [0, 1, 3, 4, 5].map { "page-\($0).txt" })
        try bench.check()
        // By digest: the bytes are meant, and not the place.
        try bench.erase("source:\(try bench.digest(of: "pages/page-4.txt"))")
        try bench.workspace.write(Array("Another report that lies at the same place.\n".utf8), to: "pages/page-4.txt")
        try bench.run()
        #expect(try bench.locators() == [0, 1, 3, 4, 5].map { "page-\($0).txt" })
        try bench.check()
    }

    @Test("a run that did not read the source is untouched, byte for byte, and so are its published files")
    func untouched() throws {
        let bench = try ErasureBench()
        try bench.workspace.write("A page of another kind tells of tides and of nothing else.\n", to: "others/tides.txt")
        try bench.workspace.write(
            "headwater: 1\nname: tides\nstages:\n  fetch: {with: {from: [../others]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n"
                + "publish:\n  all: {from: clean, format: markdown, to: ../out/tides.md}\n", to: "pipelines/tides.yaml")
        try #require(try bench.workspace.run("run", "pipelines/tides.yaml").status == 0)
        try bench.run()
        try #require(try bench.workspace.run("run", "pipelines/tides.yaml").status == 0)
        func tides() throws -> [Digest: [UInt8]] {
            let history = History(store: try Store.open(at: bench.path, .read))
            var out: [Digest: [UInt8]] = [:]
            for run in try history.runs().readable where run.pipeline == "tides" {
                var reach = Reachability(history: history)
                let digest = try #require(try history.store.bindings(.run, run.id.description).first?.value)
                try reach.add(run: digest)
                for blob in reach.blobs { out[blob] = try history.store.blob(blob) }
            }
            return out
        }
        let before = try tides()
        let log = try bench.workspace.run("log", "--json").json
        #expect(before.count > 10)
        try bench.erase("source:page-2.txt")
        #expect(try tides() == before)
        let after = try bench.workspace.run("log", "--json").json
        #expect(after.map { $0["pipeline"] } == log.map { $0["pipeline"] }, "the order of runs is as it was")
        #expect(after.map { $0["started"] } == log.map { $0["started"] })
        #expect(after.first?["id"] == log.first?["id"] && after[1]["id"] != log[1]["id"])
        let tidesAgain = try bench.workspace.run("run", "pipelines/tides.yaml", "--json")
        #expect(tidesAgain.json.first?["stages"]?.array?.allSatisfy { $0["executed"] == 0 } == true)
        try bench.check()
    }

    @Test("tags and names go over to the redone runs; a run that cannot be redone is forgotten with what it published")
    func names() throws {
        let bench = try ErasureBench()
        try bench.run()
        #expect(try bench.workspace.run("tag", "harbour", "edition").status == 0)
        try bench.workspace.write(
            try bench.workspace.read("pages/page-1.txt") + Array("One more line.\n".utf8), to: "pages/page-1.txt")
        try bench.run()
        let receipt = try bench.erase("source:page-2.txt")
        #expect(receipt["redone"] == 2 && receipt["forgotten"] == 0)
        #expect(try bench.workspace.run("show", "tag:edition").status == 0)
        #expect(try bench.workspace.run("trace", "tag:edition/summarize#1").status == 0)
        #expect(try bench.workspace.run("trace", "summarize#1").status == 0)
        #expect(try bench.workspace.run("log", "--json").json.count == 2)
        try bench.check()
    }

    @Test(
        "a run whose plugin is another by now is forgotten, which the plan says; what it published goes, and others take over its names"
    )
    func forgotten() throws {
        let bench = try ErasureBench(publish: false)
        #expect(try bench.workspace.run("plugin", "new", "lamps", "--language", "python").status == 0)
        let file = String(decoding: try bench.workspace.read(ErasureBench.pipeline), as: UTF8.self)
        try bench.workspace.write(
            file + "  lamps: {plugin: lamps, needs: clean, with: {word: lamp}}\npublish:\n"
                + "  lamps: {from: lamps, format: markdown, to: ../out/lamps.md}\n", to: ErasureBench.pipeline)
        // The first run has not read what is erased later on.
        let text = try bench.workspace.read(ErasureTests.victim)
        try bench.workspace.remove(ErasureTests.victim)
        let first = try #require(try bench.run()["run"]?.string)
        try bench.workspace.write(text, to: ErasureTests.victim)
        let second = try #require(try bench.run()["run"]?.string)
        #expect(try bench.workspace.run("tag", "harbour", "edition").status == 0)
        let manifest = String(decoding: try bench.workspace.read("Plugins/lamps/plugin.yaml"), as: UTF8.self)
        try bench.workspace.write(manifest.replacing("version: \"1\"", with: "version: \"2\""), to: "Plugins/lamps/plugin.yaml")
        let plan = try bench.plan("source:page-2.txt")
        #expect(plan["counts"]?["forgotten"] == 1 && plan["counts"]?["untouched"] == 1)
        #expect(plan["runs"]?.array?.first?["reason"]?.string?.contains("ran with version 1 of lamps; there is 2 now") == true)
        #expect(bench.workspace.exists("out/lamps.md"))
        let done = try bench.erase("source:page-2.txt")
        #expect(done["forgotten"] == 1)
        #expect(!bench.workspace.exists("out/lamps.md"))
        #expect(try bench.workspace.run("show", "harbour", "--json").json.first?["id"]?.string == first)
        #expect(try bench.workspace.run("show", "run:\(second)").status == 2)
        #expect(try bench.workspace.run("tag").output == "no tags yet\n")
        #expect(try bench.workspace.run("records", "lamps").status == 0)
        try bench.check()
    }

    @Test("one member of a file is erased and its siblings stay, traced to where they lie")
    func member() throws {
        let bench = try ErasureBench(pages: 1, publish: false)
        func line(_ name: String) -> String {
            "{\"id\":\"\(name)\",\"text\":\"The keeper of light \(name) counted the ships of the \(name) fleet until dawn, and wrote \(name).\"}\n"
        }
        let lines = ["alpha", "bravo", "carol"].map(line).joined()
        try bench.workspace.write(lines, to: "pages/lines.jsonl")
        try bench.run()
        let text = Array(line("bravo").utf8)
        let runs = ErasureBench.runs(of: text, butNotIn: [Array(line("alpha").utf8), Array(line("carol").utf8)], length: 16)
        #expect(try bench.plan("lines.jsonl!/bravo")["containers"]?.array?.first?["locator"] == "lines.jsonl")
        try bench.erase("source:lines.jsonl!/bravo")
        #expect(try bench.locators() == ["lines.jsonl!/alpha", "lines.jsonl!/carol", "page-0.txt"])
        #expect(ErasureBench.firstHit(of: runs, in: try ErasureBench.contents(bench.path), length: 16) == nil)
        let trace = try bench.workspace.run("trace", "clean#2:0-9", "--json").json.first
        #expect(trace?["origins"]?.array?.first?["source"]?["container"]?["number"] == 3)
        try bench.check()
        // The file is read again: it has grown.
        try bench.workspace.write(lines + line("delta"), to: "pages/lines.jsonl")
        #expect(try bench.run()["suppressed"] == 1)
        #expect(try bench.locators() == ["lines.jsonl!/alpha", "lines.jsonl!/carol", "lines.jsonl!/delta", "page-0.txt"])
        #expect(ErasureBench.firstHit(of: runs, in: try ErasureBench.contents(bench.path), length: 16) == nil)
        try bench.check()
    }

    @Test(
        "what the network answered goes with its pin and its archived exchange, and with the answer that held it; others are not asked for again"
    )
    func network() throws {
        @Sendable func line(_ id: String) -> String {
            "{\"id\":\"\(id)\",\"text\":\"The ferry of line \(id) did not run on Monday, the harbour office of \(id) said.\"}\n"
        }
        let server = try WebServer { request in
            switch request.path {
            case "/export": .page(line("alpha") + line("bravo"), "Content-Type: application/x-ndjson")
            case "/secret": .page("The secret page tells of the vault under the quay and of its three keys.")
            default: .page("Another page tells of gulls over the mole and of their cries at night.")
            }
        }
        let (export, secret, other) = (server.url("/export"), server.url("/secret"), server.url("/other"))
        let bench = try ErasureBench(pages: 1, publish: false)
        try bench.workspace.write(
            """
            headwater: 1
            name: harbour
            stages:
              fetch: {with: {from: ['\(export)', '\(secret)', '\(other)'], allow: [127.0.0.1], delay: 0, retries: 0, robots: ignore, archive: true}}
              clean: {needs: fetch, with: {minimumLength: 10}}

            """, to: ErasureBench.pipeline)
        try bench.run()
        let text = Array("The secret page tells of the vault under the quay and of its three keys.".utf8)
        let gone = ErasureBench.runs(of: text, butNotIn: []).union(
            ErasureBench.runs(of: Array(line("bravo").utf8), butNotIn: [Array(line("alpha").utf8)]))
        #expect(try bench.plan(secret, export + "!/bravo")["pins"]?.array?.count == 2)
        try bench.erase(secret, export + "!/bravo")
        func contents() throws -> [[UInt8]] { try ErasureBench.contents(bench.path) }
        #expect(ErasureBench.firstHit(of: gone, in: try contents()) == nil)
        // The pipeline file names the address, which is its owner's business.
        let file = try bench.workspace.read(ErasureBench.pipeline)
        #expect(try contents().allSatisfy { $0 == file || $0.firstRange(of: Array(secret.utf8)) == nil })
        let proof = try bench.workspace.run("verify", "--erased", "receipt.json", "--json")
        #expect(proof.status == 0 && proof.json.first?["remarks"]?.array?.count == 1, "\(proof.output)")
        #expect(try bench.run()["suppressed"] == 2)
        #expect(try bench.locators() == [export + "!/alpha", other])
        #expect(ErasureBench.firstHit(of: gone, in: try contents()) == nil)
        let asked = server.paths.filter { $0 == "/other" || $0 == "/secret" }.sorted()
        #expect(asked == ["/other", "/secret"], "what is erased is not even asked for again, and what is pinned neither")
        try bench.check()
    }

    @Test("a receipt reveals no locator, digest or text; it tells counts and runs")
    func receipt() throws {
        let bench = try ErasureBench()
        try bench.run()
        let ids = try bench.workspace.run("log", "--json").json.compactMap { $0["id"]?.string }
        let digest = try bench.digest(of: ErasureTests.victim)
        let records = try bench.workspace.run("records", "clean", "--json").json
        let record = try #require(records.first { $0["fields"]?["locator"] == "page-2.txt" }?["id"]?.string)
        let text = try bench.workspace.read(ErasureTests.victim)
        try bench.erase("source:page-2.txt")
        let bytes = try bench.workspace.read("receipt.json")
        for name in ["page-2", "txt", "pages", digest.hex, record] {
            #expect(bytes.firstRange(of: Array(name.utf8)) == nil, "\(name)")
        }
        #expect(ErasureBench.firstHit(of: ErasureBench.runs(of: text, butNotIn: []), in: [bytes]) == nil)
        let receipt = try ErasureReceipt(json: JSON(parsing: bytes))
        #expect(receipt.redone.map(\.run.description) == ids && receipt.forgotten.isEmpty)
        #expect(receipt.sources == [receipt.salt.digest(of: digest)])
        #expect(receipt.records.contains(receipt.salt.digest(of: try #require(RecordID(record)))))
        // The proof finds what is put back.
        let store = try Store.open(at: bench.path, .write)
        try store.put(text)
        try store.close()
        let found = try bench.workspace.run("verify", "--erased", "receipt.json")
        #expect(found.status == 1 && found.output.contains("\(digest)"), "\(found.output)")
        #expect(try bench.workspace.run("verify", "--erased", ErasureBench.pipeline).status == 2)
    }

    @Test("the text of a source that came into another pipeline as its published file goes with it")
    func publishedIsSource() throws {
        let bench = try ErasureBench()
        try bench.run()
        try bench.workspace.write(
            "headwater: 1\nname: digest\nstages:\n  fetch: {with: {from: [../out/texts]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n"
                + "publish:\n  all: {from: clean, format: markdown, to: ../all.md}\n", to: "pipelines/digest.yaml")
        try #require(try bench.workspace.run("run", "pipelines/digest.yaml").status == 0)
        let text = try bench.workspace.read(ErasureTests.victim)
        let others = try (0..<6).filter { $0 != 2 }.map { try bench.workspace.read("pages/page-\($0).txt") }
        let plan = try bench.plan("source:page-2.txt")
        #expect(plan["published"]?.array?.count == 1 && plan["counts"]?["redone"] == 2, "\(plan["counts"] ?? .null)")
        try bench.erase("source:page-2.txt")
        let runs = ErasureBench.runs(of: text, butNotIn: others)
        #expect(ErasureBench.firstHit(of: runs, in: try ErasureBench.contents(bench.path)) == nil)
        #expect(ErasureBench.firstHit(of: runs, in: [try bench.workspace.read("all.md")]) == nil)
        try bench.check()
    }

    @Test("what only a forgotten run has read is found and goes as well, while a collection has left it to wait")
    func forgottenBefore() throws {
        let bench = try ErasureBench()
        try bench.run()
        let text = try bench.workspace.read(ErasureTests.victim)
        try bench.workspace.remove(ErasureTests.victim)
        try bench.run()
        #expect(try bench.workspace.run("note", "harbour", "looked through").status == 0)
        let writer = try Store.open(at: bench.path, .write)
        #expect(try bench.workspace.run("gc", "--keep", "1", "--keep-days", "0").status == 0)
        try writer.close()
        #expect(try bench.workspace.run("log", "--json").json.count == 1)
        let others = try [0, 1, 3, 4, 5].map { try bench.workspace.read("pages/page-\($0).txt") }
        let runs = ErasureBench.runs(of: text, butNotIn: others)
        #expect(ErasureBench.firstHit(of: runs, in: try ErasureBench.contents(bench.path)) != nil)
        let done = try bench.erase("source:page-2.txt")
        #expect(done["redone"] == 0 && done["counts"]?["blobs"]?.integer ?? 0 > 3)
        #expect(ErasureBench.firstHit(of: runs, in: try ErasureBench.contents(bench.path)) == nil)
        try bench.workspace.write(text, to: ErasureTests.victim)
        #expect(try bench.run()["suppressed"] == 1)
        try bench.check()
        // A note on a run that is redone goes over.
        #expect(try bench.workspace.run("note", "harbour", "looked through again").status == 0)
        try bench.erase("source:page-4.txt")
        #expect(try bench.workspace.run("show", "harbour").output.contains("looked through again"))
        try bench.check()
    }

    @Test("the only source, an empty one, and all at once can be erased; the pipeline then runs on nothing")
    func edges() throws {
        let bench = try ErasureBench(pages: 1)
        try bench.workspace.write([UInt8](), to: "pages/empty.txt")
        try bench.run()
        try bench.erase("source:empty.txt")
        #expect(try bench.locators() == ["page-0.txt"])
        try bench.check()
        try bench.erase("source:page-0.txt")
        try bench.check()
        let nothing = try bench.run()
        #expect(nothing["suppressed"] == 2)
        #expect(try bench.locators().isEmpty)
        try bench.check()
    }

    @Test("a source that no run has read is an error with near names; a damaged store and a running run are refused")
    func refusals() throws {
        let bench = try ErasureBench()
        try bench.run()
        let unknown = try bench.workspace.run("erase", "source:age-2.txt", "--execute")
        #expect(
            unknown.status == 2 && unknown.errors.contains("did you mean") && unknown.errors.contains("page-2.txt"),
            "\(unknown.errors)")
        #expect(try bench.workspace.run("erase", "*.pdf").status == 2)
        let before = try ErasureBench.contents(bench.path)
        let store = try Store.open(at: bench.path, .write)
        let refused = try bench.workspace.run("erase", "page-2.txt", "--execute", "--receipt", "r.json")
        #expect(refused.status == 1 && refused.errors.contains("may be writing this store"), "\(refused.errors)")
        #expect(!bench.workspace.exists("r.json") && !bench.workspace.exists("artifacts/erasure"))
        try store.close()
        #expect(try ErasureBench.contents(bench.path) == before, "who is refused has changed nothing")
        // Plans only look.
        _ = try bench.plan("page-2.txt")
        #expect(try ErasureBench.contents(bench.path) == before)
    }
}
