import Foundation
import HeadwaterModel
import Testing

/// The pipeline of claims that ships with the project, over the pages that ship with it.
@Suite struct ClaimsTests {
    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        try workspace.copy(Workspace.repository + "/pipelines/claims.yaml", to: "pipelines/claims.yaml")
        return workspace
    }

    @Test("the table names for each statement the sources for it and against it, and every byte of it is proven")
    func table() throws {
        let workspace = try workspace()
        let run = try workspace.run("run", "pipelines/claims.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let statements = try workspace.run("records", "link", "--json").json.filter { $0["kind"]?.string == "statement" }
        func statement(_ words: String) throws -> JSON {
            try #require(
                statements.first { $0["text"]?.string?.contains(words) == true }?["fields"], "no statement says \(words)")
        }
        let passengers = try statement("212 passengers")
        #expect(passengers["support"]?.integer == 3 && passengers["opposition"]?.integer == 1)
        #expect(passengers["against"]?.array?.first?.string?.hasPrefix("torrenlight.example/") == true)
        #expect(passengers["why"]?.array?.first?.string == "numbers: 212 passengers, but 187 passengers")
        for words in ["too fast", "the plan to tow", "close the strait", "23 people"] {
            #expect(try statement(words)["disputed"]?.bool == true, "\(words)")
        }
        let page = String(decoding: try workspace.read("out/claims.md"), as: UTF8.self)
        #expect(page.hasPrefix("# Claims\n\n| text | for | against | why |\n| --- |"))
        #expect(page.contains("numbers: 212 passengers, but 187 passengers ["))
        let table = String(decoding: try workspace.read("out/claims.csv"), as: UTF8.self)
        #expect(table.contains("source:torrenlight.example/2031-04-08-alder-star.html:522-654"))
        #expect(!page.contains("sandrypost"), "a copy is no source")
        let verify = try workspace.run("verify", "--all", "--json")
        #expect(verify.status == 0 && verify.json.first?["faults"]?.array?.isEmpty == true, "\(verify.output)")
    }

    @Test("one name stands for an entity on all pages, and people of one surname stay apart")
    func names() throws {
        let workspace = try workspace()
        try #require(try workspace.run("run", "pipelines/claims.yaml").status == 0)
        let names = try workspace.run("records", "link", "--json").json.filter { $0["kind"]?.string == "name" }.compactMap {
            $0["fields"]
        }
        let marrow = names.compactMap { $0["canonical"]?.string }.filter { $0.hasSuffix("Marrow") }
        #expect(marrow.count == 3 && marrow.contains("Ilse T. Marrow") && marrow.contains("Peter Marrow"), "\(marrow)")
        let authority = try #require(names.first { $0["canonical"]?.string == "Northern Ferry Authority" })
        #expect(authority["variants"] == ["NFA", "Northern Ferry Authority"])
        #expect(authority["documents"]?.integer == 4)
    }

    @Test("a record of link is traced to both pages, explained, and looked up from a line of the table")
    func questions() throws {
        let workspace = try workspace()
        try #require(try workspace.run("run", "pipelines/claims.yaml").status == 0)
        let records = try workspace.run("records", "link", "--json").json
        let link = try #require(
            records.first { $0["kind"]?.string == "link" && $0["fields"]?["relation"]?.string == "contradicts" })
        let id = try #require(link["id"]?.string)
        let trace = try workspace.run("trace", id, "--json")
        let steps = try #require(trace.json.first?["steps"]?.array).compactMap { $0["stage"]?.string }
        #expect(Set(steps) == ["link", "extract", "dedupe", "clean", "fetch"])
        let explained = try workspace.run("explain", id)
        #expect(explained.status == 0 && explained.output.contains("apply of "))
        let line = String(decoding: try workspace.read("out/claims.md"), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).firstIndex { $0.contains("212 passengers") }
        let traced = try workspace.run("trace", "out/claims.md:\(try #require(line) + 1)", "--json")
        #expect(traced.status == 0, "\(traced.errors)")
    }

    @Test("a second run does nothing, and a page about something else leaves what is linked as it is")
    func runAgain() throws {
        let workspace = try workspace()
        let first = try workspace.run("run", "pipelines/claims.yaml", "--json")
        let second = try workspace.run("run", "pipelines/claims.yaml", "--json")
        #expect(try QuickstartTests.artifacts(first) == QuickstartTests.artifacts(second))
        let stages = try #require(second.json.first?["stages"]?.array)
        #expect(stages.allSatisfy { $0["executed"]?.integer == 0 })
        let before = try workspace.read("out/claims.csv")
        try workspace.write(
            "The quarry at Vennholt sold 3,000 tonnes of slate in the winter, manager Tova Brandel said on Friday.\n",
            to: "pipelines/samples/claims/vennholt.example/slate.txt")
        try #require(try workspace.run("run", "pipelines/claims.yaml").status == 0)
        #expect(try workspace.read("out/claims.csv") == before)
    }

    @Test("folder, jobs, locale, time zone and hash seed reach no artifact: they equal the pinned ones")
    func pinned() throws {
        var seen: [[String: String]] = []
        for (jobs, environment) in [
            ("1", ["LC_ALL": "C", "TZ": "UTC"]),
            ("5", ["LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "SWIFT_DETERMINISTIC_HASHING": "1"]),
        ] {
            let run = try workspace().run("run", "pipelines/claims.yaml", "--json", "--jobs", jobs, environment: environment)
            try #require(run.status == 0, "\(run.errors)")
            seen.append(try QuickstartTests.artifacts(run))
        }
        #expect(seen[0] == seen[1])
        let file = URL(fileURLWithPath: Workspace.repository + "/Tests/ScenarioTests/Pinned/claims.json")
        let found = Array((JSON.object(seen[0].mapValues { .string($0) }).description + "\n").utf8)
        if ProcessInfo.processInfo.environment["HEADWATER_REWRITE_GOLDEN"] != nil { try Data(found).write(to: file) }
        let pinned = try JSON(parsing: Array(try Data(contentsOf: file)))
        #expect(
            seen[0].mapValues { JSON.string($0) } == pinned.object,
            "a stage's behaviour changed: raise its version, then rewrite the pinned file")
    }
}
