import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// Questions about what came of what: traces, graphs, logs and notes, over several runs.
@Suite struct LineageQuestionTests {
    private func workspace(runs count: Int) throws -> (workspace: Workspace, runs: [String]) {
        let workspace = try DiffTests.workspace()
        var runs: [String] = []
        for number in 0..<count {
            try workspace.write(
                "Day \(number)\n\nOn day \(number) the lamp at the pier was lit by the keeper at nine in the evening. "
                    + "She had climbed the stairs alone, since her brother was still at sea with the others from the village.\n",
                to: "pages/day.txt")
            if number == 2 { try workspace.remove("pages/crane.txt") }
            runs.append(try DiffTests.run(workspace))
        }
        return (workspace, runs)
    }

    @Test("an artifact of any kept run is traced after any number of later runs over other pages, to the bytes of that day")
    func history() throws {
        let (workspace, runs) = try workspace(runs: 4)
        for (number, run) in runs.enumerated() {
            let records = try workspace.run("records", "run:\(run)/clean", "--json", "--store", "store").json
            let place = try #require(records.firstIndex { $0["fields"]?["locator"] == "day.txt" })
            let trace = try workspace.run("trace", "run:\(run)/clean#\(place + 1)", "--json", "--store", "store")
            #expect(trace.status == 0, "\(trace.errors)")
            let origins = try #require(trace.json.first?["origins"]?.array)
            #expect(origins.contains { $0["source"]?["excerpt"]?.string?.contains("On day \(number) the lamp") ?? false })
            let steps = try #require(trace.json.first?["steps"]?.array)
            #expect(steps.map { $0["stage"]?.string } == ["clean", "fetch"])
            #expect(steps.allSatisfy { $0["run"]?.string == run && $0["version"] != nil && $0["parameters"] != nil })
            let whole = try workspace.run("trace", "run:\(run)/clean", "--json", "--store", "store")
            #expect(whole.json.first?["sources"]?.array?.count == (number < 2 ? 5 : 4))
            #expect(
                try workspace.run("graph", "--lineage", "run:\(run)/dedupe", "--store", "store").output.contains("source day.txt")
            )
        }
    }

    @Test("an artifact's text is shared out among its sources to the byte")
    func shares() throws {
        let (workspace, _) = try workspace(runs: 1)
        let trace = try #require(try workspace.run("trace", "clean", "--json", "--store", "store").json.first)
        let records = try workspace.run("records", "clean", "--json", "--store", "store").json
        let bytes = records.reduce(0) { $0 + ($1["text"]?.string?.utf8.count ?? 0) }
        let shared = (trace["sources"]?.array ?? []).reduce(0) { $0 + ($1["bytes"]?.integer ?? 0) }
        #expect(trace["bytes"]?.integer == bytes && shared + (trace["unsourced"]?.integer ?? 0) == bytes && bytes > 0)
        #expect(trace["records"]?.integer == records.count)
    }

    @Test("a field is traced to the bytes that state it, by # and @ and by --field; one that there is not has a near one")
    func field() throws {
        let workspace = try DiffTests.workspace()
        try workspace.write(
            """
            <html><head><title>Ferry stays in port</title></head><body><h1>Ferry stays in port</h1>
            <p>The ferry to the islands stayed in port for the whole day, since the wind was too strong for it.</p></body></html>

            """, to: "pages/a.html")
        _ = try DiffTests.run(workspace)
        let answer = try workspace.run("trace", "clean#1@title", "--json", "--store", "store")
        let trace = try #require(answer.json.first, "\(answer.errors)")
        let value = try #require(trace["value"]?.string)
        let source = try #require(trace["sources"]?.array?.first)
        let locator = try #require(source["locator"]?.string)
        let (offset, length) = (try #require(source["offset"]?.integer), try #require(source["length"]?.integer))
        let page = try workspace.read("pages/\(locator)")
        #expect(String(decoding: page[offset..<offset + length], as: UTF8.self) == value)
        #expect(trace["steps"]?.array?.count == 2)
        let same = try workspace.run("trace", "clean#1", "--field", "title", "--json", "--store", "store")
        #expect(same.output == answer.output)
        let wrong = try workspace.run("trace", "clean#1@titel", "--store", "store")
        #expect(wrong.status == 2 && wrong.errors.contains("did you mean title?"), "\(wrong.errors)")
        #expect(try workspace.run("show", "clean#1@title", "--store", "store").status == 2)
        #expect(try workspace.run("trace", "clean", "--field", "title", "--store", "store").status == 2)
    }

    @Test("a published file is traced by its digest when it is gone, and log tells who published it, by name and by bytes")
    func published() throws {
        let (workspace, runs) = try workspace(runs: 3)
        let path = "out/pages.jsonl"
        let digest = Digest(of: try workspace.read(path))
        try workspace.write(try workspace.read(path), to: "elsewhere/copy.txt")
        let byPath = try workspace.run("trace", path, "--json", "--store", "store")
        let byCopy = try workspace.run("trace", "elsewhere/copy.txt", "--json", "--store", "store")
        try workspace.remove("out")
        let byDigest = try workspace.run("trace", "\(digest)", "--json", "--store", "store")
        let byStart = try workspace.run("trace", "sha256:\(digest.hex.prefix(12))", "--json", "--store", "store")
        #expect(byPath.status == 0 && byPath.output == byCopy.output && byPath.output == byDigest.output)
        #expect(byPath.output == byStart.output && !byPath.output.isEmpty)

        let named = try workspace.run("log", path, "--json", "--store", "store").json
        #expect(named.map { $0["run"]?.string } == runs.reversed())
        #expect(named.allSatisfy { $0["isThis"] == false }, "there is no such file now")
        let copied = try workspace.run("log", "elsewhere/copy.txt", "--json", "--store", "store").json
        #expect(copied.map { $0["run"]?.string } == [runs[2]] && copied.first?["isThis"] == true)
        let none = try workspace.run("log", "out/nothing.md", "--store", "store")
        #expect(none.status == 2 && none.errors.contains("no run that is kept has published such a file"))
        let near = try workspace.run("log", "reprot", "--store", "store")
        #expect(near.status == 2 && near.errors.contains("did you mean report?"))
    }

    @Test("a source is traced to the runs that read these bytes")
    func source() throws {
        let (workspace, runs) = try workspace(runs: 3)
        func readers(_ name: String) throws -> [String?] {
            let answer = try workspace.run("trace", "source:\(name)", "--json", "--store", "store")
            return (answer.json.first?["readBy"]?.array ?? []).map { $0["run"]?.string }
        }
        #expect(try readers("ferry.txt") == runs.reversed())
        #expect(try readers("day.txt") == [runs[2]], "other bytes were read under this name before")
        #expect(try readers("crane.txt") == [runs[1], runs[0]])
        let text = try workspace.run("trace", "source:ferry.txt", "--store", "store")
        #expect(text.output.contains("read as ") && text.output.contains("report/fetch, plugin fetch"))
    }

    @Test("notes and tags are shown by log and show, found by log, and stay when a collection takes the rest away")
    func notes() throws {
        let (workspace, runs) = try workspace(runs: 3)
        #expect(try workspace.run("note", "run:\(runs[0])", "sent to the editors", "--store", "store").status == 0)
        #expect(try workspace.run("note", "run:\(runs[1])", "not sent", "--store", "store").status == 0)
        #expect(try workspace.run("note", "run:\(runs[0])/clean", "page three is cut", "--store", "store").status == 0)
        #expect(try workspace.run("tag", "run:\(runs[0])", "march", "--store", "store").status == 0)
        let log = try workspace.run("log", "--note", "Editors", "--store", "store")
        #expect(log.output.contains("run:\(runs[0])") && !log.output.contains("run:\(runs[1])"))
        #expect(log.output.contains("tagged march") && log.output.contains("sent to the editors"))
        #expect(
            try workspace.run("log", "--tag", "march", "--json", "--store", "store").json.map { $0["id"]?.string } == [runs[0]])
        func check() throws {
            let show = try workspace.run("show", "run:\(runs[0])", "--store", "store").output
            for part in [
                "tags      march", "sent to the editors", "page three is cut", "reads     fetch as documents", "published pages",
            ] {
                #expect(show.contains(part), "\(part): \(show)")
            }
        }
        try check()
        let json = try #require(try workspace.run("show", "run:\(runs[0])", "--json", "--store", "store").json.first)
        #expect(json["tags"] == ["march"] && json["notes"]?.array?.count == 1)
        #expect(try workspace.run("gc", "--keep", "1", "--keep-days", "0", "--store", "store").status == 0)
        #expect(try workspace.run("gc", "--keep", "1", "--keep-days", "0", "--store", "store").status == 0)
        try check()
        #expect(try workspace.run("note", "--json", "--store", "store").json.count == 2, "that on the forgotten run went with it")
        #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        #expect(try workspace.run("fsck", "--store", "store").status == 0)

        let gone = try workspace.run("show", "run:\(runs[1])", "--store", "store")
        #expect(gone.status == 2 && gone.errors.contains("forgot"), "\(gone.errors)")
        let id = try #require(try workspace.run("note", "run:\(runs[0])", "--json", "--store", "store").json.first?["id"]?.string)
        #expect(try workspace.run("note", "--remove", "\(id.prefix(8))", "--store", "store").status == 0)
        #expect(try workspace.run("note", "run:\(runs[0])", "--json", "--store", "store").json.isEmpty)
        #expect(try workspace.run("note", "--remove", "\(id)", "--store", "store").status == 2)
        #expect(try workspace.run("note", "clean#1", "no", "--store", "store").status == 2)
    }

    @Test("show says what changed since the run that a run follows, and log takes times and states")
    func shown() throws {
        let (workspace, runs) = try workspace(runs: 2)
        let show = try workspace.run("show", "run:\(runs[1])", "--store", "store").output
        #expect(
            show.contains("follows   run:\(runs[0])") && show.contains("fetch made something else: sources: 1 changed"), "\(show)"
        )
        let json = try #require(try workspace.run("show", "run:\(runs[1])", "--json", "--store", "store").json.first)
        #expect(json["changes"]?["since"]?.string == runs[0])
        func listed(_ arguments: String...) throws -> Int {
            Workspace.answer(try workspace.start(["log", "--json", "--store", "store"] + arguments)).json.count
        }
        #expect(try listed("report") == 2 && listed("--state", "done") == 2 && listed("--state", "failed") == 0)
        #expect(try listed("--since", "2001-01-01") == 2 && listed("--until", "2001-01-01") == 0)
        #expect(try listed("--since", "2999-12-31T23:59:59Z") == 0)
        #expect(try workspace.run("log", "--since", "yesterday", "--store", "store").status == 2)
    }

    @Test("names that are nearly right are answered with what was meant, of every kind of reference")
    func nearMatches() throws {
        let (workspace, runs) = try workspace(runs: 1)
        _ = try workspace.run("tag", "report", "march", "--store", "store")
        for (reference, meant) in [
            ("claen", "clean"), ("report/claen", "report/clean"), ("run:\(runs[0])/dedup", "dedupe"), ("tag:marhc", "march"),
            ("source:fery.txt", "ferry.txt"), ("reprot", "report"),
        ] {
            let answer = try workspace.run("show", reference, "--store", "store")
            #expect(answer.status == 2 && answer.errors.contains("did you mean \(meant)"), "\(reference): \(answer.errors)")
        }
        for reference in ["run:0000000000000000", "sha256:00000000", "0123456789"] {
            let answer = try workspace.run("show", reference, "--store", "store")
            #expect(answer.status == 2 && !answer.errors.contains("forgot"), "\(reference): \(answer.errors)")
        }
        try workspace.write("headwater store 2\n", to: "store/format")
        let newer = try workspace.run("show", "clean", "--store", "store")
        #expect(newer.status == 1 && newer.errors.contains("newer"), "\(newer.errors)")
    }

    @Test("graphs are drawn of pipelines and of all that has a lineage; what is cut is told, and never in silence")
    func graphs() throws {
        let (workspace, _) = try workspace(runs: 1)
        let declared = try workspace.run("graph", "report.yaml", "--format", "mermaid", "--store", "store")
        #expect(
            declared.status == 0 && declared.output.contains("flowchart LR") && declared.output.contains("pages/*.{txt,html}"))
        for reference in ["report", "clean", "dedupe#1", "out/pages.jsonl", "out/pages.jsonl:1", "source:ferry.txt"] {
            for format in ["text", "dot", "mermaid", "svg"] {
                let answer = try workspace.run("graph", "--lineage", reference, "--format", format, "--store", "store")
                #expect(answer.status == 0 && answer.errors.isEmpty && !answer.output.isEmpty, "\(reference): \(answer.errors)")
            }
        }
        let record = try workspace.run("graph", "--lineage", "dedupe#1", "--store", "store").output
        #expect(
            record.contains("passed on by dedupe") && record.contains("<- clean ") && record.contains("<- fetch "), "\(record)")
        let cut = try workspace.run("graph", "--lineage", "dedupe", "--limit", "5", "--store", "store")
        #expect(cut.output.contains("cut at 5 boxes") && cut.errors.contains("warning: cut at 5 boxes"), "\(cut.output)")
        #expect(
            try workspace.run("graph", "--lineage", "dedupe", "--json", "--limit", "5", "--store", "store").json.first?["nodes"]?
                .array?.count == 5)
        #expect(try workspace.run("graph", "--store", "store").status == 2)
    }
}
