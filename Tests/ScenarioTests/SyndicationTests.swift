import Foundation
import HeadwaterModel
import Testing

/// What dedupe finds out about who carried whose text, as a table and as an answer.
@Suite struct SyndicationTests {
    private static let pipeline = """
        headwater: 1
        name: carried
        stages:
          fetch: {plugin: fetch, with: {from: [../pages/*.jsonl], carry: [published, title]}}
          dedupe: {plugin: dedupe, needs: fetch, with: {levels: [text, near, containment, passages], syndication: true}}
        publish:
          rows: {from: dedupe, notes: syndication, format: csv, to: ../out/rows.csv,
            fields: [group, rank, locator, published, share, level, order, sources]}
          page: {from: dedupe, notes: syndication, to: ../out/rows.md}
          lines: {from: dedupe, notes: syndication, format: json, to: ../out/rows.json}
          none: {from: dedupe, notes: nothing, format: jsonl, to: ../out/none.jsonl}

        """

    private static func words(_ seed: Int, _ count: Int) -> String {
        (0..<count).map { "w\((seed &* 7919 &+ $0 &* 104_729) % 9973)" }.joined(separator: " ")
    }

    private static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        let pages = [
            ("agency", "2025-01-01", words(1, 80)), ("paper", "2025-01-02", words(1, 80) + " " + words(2, 40)),
            ("blog", "2025-01-03", words(3, 150) + " " + words(1, 40)), ("other", "2025-01-04", words(4, 90)),
        ]
        let lines = pages.map { id, published, text in
            JSON.object([
                "id": .string(id), "published": .string(published), "title": .string("The \(id)"), "text": .string(text),
            ]).description
        }
        try workspace.write(lines.joined(separator: "\n") + "\n", to: "pages/p.jsonl")
        try workspace.write(pipeline, to: "pipelines/carried.yaml")
        return workspace
    }

    @Test("the table of carriers names origin, share and order of each, and cites the bytes that were carried")
    func table() throws {
        let workspace = try SyndicationTests.workspace()
        let run = try workspace.run("run", "pipelines/carried.yaml")
        #expect(run.status == 0, "\(run.errors)")
        #expect((run.output + run.errors).contains("no notes of the kind nothing"), "\(run.errors)")
        let rows = try workspace.text("out/rows.csv").split(separator: "\n")
        #expect(rows.count == 3)
        #expect(rows[0] == "group,rank,locator,published,share,level,order,sources")
        let paper = try #require(rows.first { $0.contains("/paper,") })
        #expect(
            paper.hasPrefix("p.jsonl!/agency,1,p.jsonl!/paper,2025-01-02,666,containment,published,source:p.jsonl!/paper:"),
            "\(rows)")
        let blog = try #require(rows.first { $0.contains("/blog,") })
        #expect(blog.hasPrefix("p.jsonl!/agency,1,p.jsonl!/blog,2025-01-03,"), "\(rows)")
        #expect(blog.contains(",passages,published,source:p.jsonl!/blog:"), "\(rows)")
        let reference = try #require(paper.split(separator: ",").last).description
        let shown = try workspace.run("show", reference)
        #expect(shown.output.contains(SyndicationTests.words(1, 80).prefix(60)), "\(shown.output)")
        let page = try workspace.text("out/rows.md")
        #expect(page.contains("## p.jsonl!/agency") && page.contains("- The paper [") && page.contains("## Sources"), "\(page)")
        #expect(try JSON(parsing: workspace.read("out/rows.json"))["records"]?.array?.count == 2)
        #expect(try workspace.read("out/none.jsonl").isEmpty)
        let verified = try workspace.run("verify", "--all")
        #expect(verified.status == 0, "\(verified.output)")
        #expect(try workspace.run("plan", "pipelines/carried.yaml", "--check").status == 0)
    }

    @Test("explain tells of a record why a stage behind left it out, with the bytes on both sides, and what was noted")
    func explain() throws {
        let workspace = try SyndicationTests.workspace()
        try #require(try workspace.run("run", "pipelines/carried.yaml").status == 0)
        let line = try workspace.run("records", "dedupe", "--dropped", "--json").output.split(separator: "\n").first
        let first = try JSON(parsing: Array((line ?? "").utf8))
        let id = try #require(first["record"]?.string)
        let dropped = try workspace.run("explain", id)
        #expect(dropped.output.contains("contained-duplicate, stands for it: p.jsonl!/agency"), "\(dropped.output)")
        #expect(dropped.output.contains("\"ranges\":[[0,") && dropped.output.contains("\"there\":[[0,"), "\(dropped.output)")
        let json = try JSON(parsing: Array(try workspace.run("explain", id, "--json").output.utf8))
        #expect(json["drops"]?.array?.first?["stage"] == "dedupe")
        let kept = try workspace.run("explain", "dedupe#1")
        #expect(
            kept.output.contains("stands-for p.jsonl!/agency") && kept.output.contains("\"levels\":[\"containment\"]"),
            "\(kept.output)")
    }

    @Test("notes cannot be written as texts or files, and have a kind")
    func faults() throws {
        let workspace = try SyndicationTests.workspace()
        for (written, said) in [
            ("notes: syndication, format: text", "notes have no text"), ("notes: [a]", "\"notes\" cannot be"),
        ] {
            let file = SyndicationTests.pipeline.replacingOccurrences(of: "notes: nothing, format: jsonl", with: written)
            try workspace.write(file, to: "pipelines/carried.yaml")
            let answer = try workspace.run("lint", "pipelines/carried.yaml")
            #expect(answer.status == 2 && (answer.output + answer.errors).contains(said), "\(answer.output)\(answer.errors)")
        }
    }
}

extension Workspace {
    fileprivate func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }
}
