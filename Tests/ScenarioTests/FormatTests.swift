import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// Every format from the command line: written, traced, proven, and kept up to date.
@Suite struct FormatTests {
    /// With how many lines there are before the first record, where they can be counted.
    private static let formats: [(settings: String, to: String, line: Int)] = [
        ("format: markdown", "brief.md", 1), ("format: html", "brief.html", 1), ("format: json", "brief.json", 2),
        ("format: jsonl", "brief.jsonl", 1), ("format: csv", "brief.csv", 2), ("format: text", "texts", 1),
        ("format: markdown", "pages/", 1), ("format: html", "site/", 1), ("format: json, fields: text", "objects/", 1),
    ]

    private func workspace(from stage: String) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        let publications = FormatTests.formats.enumerated().map { index, format in
            "  p\(index): {from: \(stage), \(format.settings), to: ../out/\(format.to)}"
        }
        let text = """
            headwater: 1
            name: formats
            stages:
              fetch: {with: {from: "samples/news/**/*.{txt,html}"}}
              clean: {needs: fetch}
              extract: {needs: clean}
            publish:
            \(publications.joined(separator: "\n"))

            """
        try workspace.write(text, to: "pipelines/formats.yaml")
        return workspace
    }

    @Test(
        "each format shows any kind of record, each of its lines can be traced, and all of it is proven",
        arguments: ["clean", "extract"])
    func everyFormat(stage: String) throws {
        let workspace = try workspace(from: stage)
        let ran = try workspace.run("run", "pipelines/formats.yaml")
        #expect(ran.status == 0, "\(ran.errors)")
        for format in FormatTests.formats {
            var path = "out/" + format.to
            if let first = try? FileManager.default.subpathsOfDirectory(atPath: workspace.path + "/" + path).sorted()
                .first(where: { !$0.hasSuffix("example") })
            {
                path += (path.hasSuffix("/") ? "" : "/") + first
            }
            let lines = String(decoding: try workspace.read(path), as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            // Of a page the first line that is neither markup alone nor a heading.
            let first =
                format.settings.hasSuffix("html")
                ? lines.firstIndex { $0.hasPrefix("<p") }
                : format.settings.hasSuffix("markdown") ? lines.firstIndex { !$0.isEmpty && !$0.hasPrefix("#") } : 0
            let line = (first ?? 0) + format.line
            let traced = try workspace.run("trace", "\(path):\(line)", "--json")
            #expect(traced.status == 0, "\(path):\(line): \(traced.errors)")
            #expect(traced.json.first?["origins"]?.array?.first?["source"] != nil, "\(path)")
        }
        let verified = try workspace.run("verify", "--all")
        #expect(verified.status == 0, "\(verified.output)")
        let planned = try workspace.run("plan", "pipelines/formats.yaml", "--check")
        #expect(planned.status == 0, "\(planned.output)")
        #expect(try workspace.run("gc", "--keep", "1", "--keep-days", "0").status == 0)
        #expect(try workspace.run("verify", "--all").status == 0, "what was published outlives a collection")
    }

    @Test("a folder follows its sources: what is gone goes, what somebody put there stays")
    func folder() throws {
        let workspace = try workspace(from: "clean")
        #expect(try workspace.run("run", "pipelines/formats.yaml").status == 0)
        let page = "hasklantern.example/2025-03-15-a-thousand-bowls.html"
        #expect(workspace.exists("out/texts/\(page).txt"))
        try workspace.write("mine", to: "out/texts/mine.txt")
        try workspace.remove("pipelines/samples/news/" + page)
        let planned = try workspace.run("plan", "pipelines/formats.yaml")
        #expect(planned.output.contains("fetch"))
        #expect(try workspace.run("run", "pipelines/formats.yaml").status == 0)
        #expect(!workspace.exists("out/texts/hasklantern.example"))
        #expect(workspace.exists("out/texts/mine.txt"))
        try workspace.remove("out/site/briefsaldria.example/grayle-dam-what-we-know.txt.html")
        let missing = try workspace.run("plan", "pipelines/formats.yaml", "--check")
        #expect(missing.status == 1)
        #expect(missing.output.contains("briefsaldria.example/grayle-dam-what-we-know.txt.html is not there"))
    }

    @Test("a folder that holds the store, the pipeline or sources is refused", arguments: ["..", ".", "samples/news"])
    func misplaced(to: String) throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        let text = """
            headwater: 1
            name: misplaced
            stages:
              fetch: {with: {from: "samples/news/**/*.{txt,html}"}}
              clean: {needs: fetch}
            publish:
              texts: {from: clean, format: text, to: \(to)/}

            """
        try workspace.write(text, to: "pipelines/misplaced.yaml")
        let answer = try workspace.run("lint", "pipelines/misplaced.yaml")
        #expect(answer.status == 2, "\(answer.output)")
        #expect(answer.errors.contains("pipelines/misplaced.yaml:7:"), "\(answer.errors)")
    }
}
