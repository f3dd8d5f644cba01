import Foundation
import HeadwaterModel
import Testing

/// The pipeline that ships with the project, over the pages that ship with it.
@Suite struct QuickstartTests {
    static func artifacts(_ run: Workspace.Answer) throws -> [String: String] {
        let stages = try #require(run.json.first?["stages"]?.array)
        return Dictionary(
            stages.compactMap { stage in stage["name"]?.string.map { ($0, stage["artifact"]?.string ?? "none") } },
            uniquingKeysWith: { $1 })
    }

    @Test("a newcomer gets a brief in which every sentence is traced and every byte proven")
    func firstRun() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        let run = try workspace.run("run", "pipelines/quickstart.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let brief = String(decoding: try workspace.read("out/brief.md"), as: UTF8.self)
        #expect(brief.hasPrefix("# Brief\n"))
        #expect(brief.contains("## Sources"))

        let verify = try workspace.run("verify", "--all", "--json")
        #expect(verify.status == 0, "\(verify.output)")
        let report = try #require(verify.json.first)
        #expect(report["faults"]?.array?.isEmpty == true)
        #expect((report["records"]?.integer ?? 0) > 40)
        let modes = try #require(report["bytesByMode"]?.object).compactMapValues(\.integer)
        let all = modes.values.reduce(0, +)
        #expect(modes["synthetic", default: 0] * 50 < all, "synthetic text stays below 2 %: \(modes)")

        let trace = try workspace.run("trace", "summarize#1", "--json")
        let origin = try #require(trace.json.first?["origins"]?.array?.first?["source"])
        let locator = try #require(origin["locator"]?.string)
        let source = try workspace.read("pipelines/samples/news/" + locator)
        let offset = try #require(origin["offset"]?.integer)
        let length = try #require(origin["length"]?.integer)
        let text = try #require(trace.json.first?["text"]?.string)
        #expect(
            String(decoding: source[offset..<offset + length], as: UTF8.self) == text,
            "the first sentence stands in its source as it is")
        let steps = try #require(trace.json.first?["steps"]?.array).compactMap { $0["stage"]?.string }
        #expect(steps == ["summarize", "dedupe", "clean", "fetch"])
    }

    @Test("each line of the brief that shows a sentence leads back to its source")
    func publishedFile() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml").status == 0)
        let lines = String(decoding: try workspace.read("out/brief.md"), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        var traced = 0
        for (index, line) in lines.enumerated() where line.hasPrefix("- ") {
            let trace = try workspace.run("trace", "out/brief.md:\(index + 1)", "--json")
            #expect(trace.status == 0, "\(trace.errors)")
            #expect(trace.json.first?["origins"]?.array?.first?["source"] != nil)
            traced += 1
        }
        #expect(traced >= 5)
        let heading = try workspace.run("trace", "out/brief.md:1")
        #expect(heading.status == 2)
        #expect(heading.errors.contains("written by the format itself"))
        try workspace.write("# Brief\n\n- edited\n", to: "out/brief.md")
        let edited = try workspace.run("trace", "out/brief.md:3")
        #expect(edited.status == 2)
        #expect(edited.errors.contains("no run has published a file with these bytes"))
    }

    @Test("a second run carries nothing out, and plan knows it beforehand")
    func secondRun() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        #expect(try workspace.run("plan", "pipelines/quickstart.yaml", "--check").status == 1)
        let first = try workspace.run("run", "pipelines/quickstart.yaml", "--json")
        #expect(try workspace.run("plan", "pipelines/quickstart.yaml", "--check").status == 0)
        let second = try workspace.run("run", "pipelines/quickstart.yaml", "--json")
        let stages = try #require(second.json.first?["stages"]?.array)
        #expect(stages.allSatisfy { $0["executed"]?.integer == 0 }, "\(second.output)")
        #expect(try QuickstartTests.artifacts(first) == QuickstartTests.artifacts(second))
    }

    @Test("folder, jobs, locale, time zone and hash seed reach no artifact: they equal the pinned ones")
    func pinned() throws {
        var seen: [[String: String]] = []
        let environments = [
            ["LC_ALL": "C", "TZ": "UTC"],
            ["LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "SWIFT_DETERMINISTIC_HASHING": "1"],
        ]
        for (jobs, environment) in zip(["1", "7"], environments) {
            let workspace = try Workspace()
            try workspace.copySamples()
            let run = try workspace.run("run", "pipelines/quickstart.yaml", "--json", "--jobs", jobs, environment: environment)
            try #require(run.status == 0, "\(run.errors)")
            seen.append(try QuickstartTests.artifacts(run))
        }
        #expect(seen[0] == seen[1])
        let pinnedFile = URL(fileURLWithPath: Workspace.repository + "/Tests/ScenarioTests/Pinned/quickstart.json")
        let found = Array((JSON.object(seen[0].mapValues { .string($0) }).description + "\n").utf8)
        if ProcessInfo.processInfo.environment["HEADWATER_REWRITE_GOLDEN"] != nil { try Data(found).write(to: pinnedFile) }
        let pinned = try JSON(parsing: Array(try Data(contentsOf: pinnedFile)))
        #expect(
            seen[0].mapValues { JSON.string($0) } == pinned.object,
            "a stage's behaviour changed: raise its version, then rewrite the pinned file")
    }

    @Test("of the syndicated pair one page is left out, and the drop names the one that stays")
    func duplicates() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml").status == 0)
        let dropped = try workspace.run("records", "dedupe", "--dropped", "--json").json.filter {
            $0["reason"]?.string == "near-duplicate"
        }
        #expect(dropped.count == 1)
        let survivor = try #require(dropped.first?["survivor"]?.string)
        let shown = try workspace.run("records", survivor, "--json")
        #expect(shown.json.first?["fields"]?["locator"]?.string == "spb.example/2025-03-13-judge-to-lead-inquiry.html")
    }
}
