import Foundation
import HeadwaterModel
import Testing

@Suite struct DocumentationTests {
    @Test("every session that the documentation shows goes as it is shown")
    func sessions() throws {
        let workspace = try Workspace()
        let answer = try workspace.execute("python3", "-B", Workspace.repository + "/docs/check.py", Workspace.command)
        #expect(answer.status == 0, "\(answer.output) \(answer.errors)")
    }

    @Test("the demo shows the brief, where a sentence came from, and that every byte is proven")
    func demo() throws {
        let workspace = try Workspace()
        try workspace.copySamples()
        let answer = try workspace.execute("bash", Workspace.repository + "/.ci/demo", Workspace.command)
        #expect(answer.status == 0, "\(answer.output) \(answer.errors)")
        for shown in ["# Brief", "## Sources", ", line ", "^^^^", "every byte proven, no faults", "What to try next"] {
            #expect(answer.output.contains(shown), "\(shown)")
        }
    }

    @Test("a pipeline written by init for a folder of one's own runs as it is")
    func ownFolder() throws {
        let workspace = try Workspace()
        try workspace.write(
            "The ferry to the island ran aground on Monday, the harbour office said. All 41 passengers were brought ashore by noon.\n\n"
                + "“We heard a long scraping sound and then nothing,” said Tomas Verrin, who was on board with his two sons.\n",
            to: "My Pages/ferry.txt")
        let made = try workspace.run("init", "My Pages")
        #expect(made.status == 0, "\(made.errors)")
        #expect(workspace.exists("pipelines/my-pages.yaml"))
        let run = try workspace.run("run", "pipelines/my-pages.yaml")
        #expect(run.status == 0, "\(run.errors)")
        #expect(String(decoding: try workspace.read("out/my-pages.md"), as: UTF8.self).contains("ran aground"))
        #expect(try workspace.run("init", "My Pages").status == 2, "what is there already is not written over")
        let quotations = try workspace.run("records", "extract", "--kind", "quotation", "--json")
        #expect(quotations.json.first?["fields"]?["speaker"]?.string == "Tomas Verrin")
    }
}
