import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// The page on what was kept and what was left out.
@Suite struct ReportTests {
    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--quiet").status == 0)
        return workspace
    }

    private func text(_ markup: String) -> String {
        markup.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }

    @Test("every paragraph that was kept and every block that was left out is on the page, in the order of its source")
    func complete() throws {
        let workspace = try workspace()
        let answer = try workspace.run("report", "clean", "--json")
        #expect(answer.status == 0, "\(answer.errors)")
        let report = try #require(answer.json.first)
        #expect(report["path"]?.string == "clean-report.html")
        let records = try workspace.run("records", "clean", "--json").json
        #expect(report["documents"]?.integer == records.count)
        let page = String(decoding: try workspace.read("clean-report.html"), as: UTF8.self)
        let sections = page.components(separatedBy: "<section>").dropFirst()
        let notes = try workspace.run("records", "clean", "--dropped", "--json").json.filter { $0["kind"] == "block" }
        try #require(!records.isEmpty && sections.count >= records.count && !notes.isEmpty)
        for (record, section) in zip(records, sections) {
            let paragraphs = (record["text"]?.string ?? "").components(separatedBy: "\n\n")
            let about = notes.filter { $0["record"] == record["id"] }
            let shown = text(section)
            for paragraph in paragraphs { #expect(shown.contains(paragraph), "\(paragraph)") }
            #expect(section.components(separatedBy: "<tr><td></td>").count - 1 == about.count)
            for note in about { #expect(section.contains("<b class=\"reason\">\(note["reason"]?.string ?? "?")</b>")) }
            let places = section.matches(of: /<small>byte (\d+)<\/small><\/td>/).compactMap { Int($0.output.1) }
            #expect(places == places.sorted() && places.count == paragraphs.count + about.count)
        }
    }

    @Test("a page loads nothing, runs nothing, and what a source says is text on it")
    func harmless() throws {
        let workspace = try Workspace()
        let prose = String(repeating: "The ferry to Vell did not run on Monday, and nobody said why. ", count: 8)
        let page =
            "<h1>A &lt;script>alert(1)&lt;/script></h1><p>\(prose)&lt;img src=x onerror=alert(2)></p>\n<nav><a>&lt;script></a></nav>"
        try workspace.write(Array(page.utf8), to: "pages/<b>.html")
        try workspace.write(
            Array(
                "headwater: 1\nname: odd\nstages:\n  fetch: {plugin: fetch, with: {from: [../pages]}}\n  clean: {plugin: clean, needs: fetch}\n"
                    .utf8), to: "pipelines/odd.yaml")
        try #require(try workspace.run("run", "pipelines/odd.yaml", "--quiet").status == 0)
        let report = try workspace.run("report", "clean", "--to", "-")
        #expect(report.status == 0, "\(report.errors)")
        #expect(report.output.contains("&lt;img src=x onerror=alert(2)&gt;"))
        for wrong in ["<script", "<img", "src=\"", "http:", "<b>.html"] { #expect(!report.output.contains(wrong), "\(wrong)") }
        #expect(try workspace.run("report", "clean#1", "--to", "one.html").status == 0)
        #expect(try workspace.run("report", "clean", "--to", "nowhere/one.html").errors.contains("cannot write nowhere/one.html"))
    }

    @Test("documents beyond the limit are not shown, and the counts are of all")
    func limited() throws {
        let workspace = try workspace()
        let whole = try workspace.run("report", "clean", "--to", "-").output
        let part = try workspace.run("report", "clean", "--limit", "2", "--to", "-").output
        #expect(part.components(separatedBy: "<table class=\"blocks\">").count - 1 == 2)
        let counts = { (page: String) in page.components(separatedBy: "<section>").first }
        #expect(counts(part) == counts(whole))
        let dropped = try workspace.run("report", "dedupe", "--to", "-").output
        #expect(dropped.contains("<b class=\"reason\">near-duplicate</b>"))
    }
}
