import HeadwaterModel
import HeadwaterTesting
import Testing

/// Stages that are expanded over lists, from the command line.
@Suite struct MatrixTests {
    private func workspace() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        let text = """
            headwater: 1
            name: matrix
            stages:
              fetch: {with: {from: "samples/news/**/*.{txt,html}"}}
              clean: {needs: fetch}
              dedupe:
                needs: clean
                matrix: {similarity: [0.6, 0.9]}
                with: {similarity: "${similarity}"}
              summarize:
                needs: dedupe
                matrix: {sentences: [2, 3], similarity: [0.6, 0.9]}
                with: {sentences: "${sentences}"}
            publish:
              brief: {from: summarize, to: "../out/brief-${sentences}-${similarity}.md"}
              one: {from: dedupe@0.9, format: csv, fields: [text], to: "../out/${similarity}.csv"}

            """
        try workspace.write(text, to: "pipelines/matrix.yaml")
        return workspace
    }

    @Test("each instance is a stage of its own: run, named, published, traced and planned by its name")
    func instances() throws {
        let workspace = try workspace()
        let ran = try workspace.run("run", "pipelines/matrix.yaml", "--json")
        #expect(ran.status == 0, "\(ran.errors)")
        let stages = try #require(ran.json.last?["stages"]?.array).compactMap { $0["name"]?.string }
        #expect(
            stages == [
                "fetch", "clean", "dedupe@0.6", "dedupe@0.9", "summarize@2,0.6", "summarize@2,0.9", "summarize@3,0.6",
                "summarize@3,0.9",
            ])
        for name in ["brief-2-0.6.md", "brief-2-0.9.md", "brief-3-0.6.md", "brief-3-0.9.md", "0.9.csv"] {
            #expect(workspace.exists("out/" + name), "\(name)")
        }
        let brief = String(decoding: try workspace.read("out/brief-3-0.9.md"), as: UTF8.self)
        #expect(brief.hasPrefix("# Brief (3,0.9)\n"))
        #expect(brief.split(separator: "\n").count { $0.hasPrefix("- ") } == 3)
        let traced = try workspace.run("trace", "summarize@2,0.6#1", "--json")
        #expect(
            traced.json.first?["steps"]?.array?.compactMap { $0["stage"]?.string }.prefix(2) == ["summarize@2,0.6", "dedupe@0.6"])
        let vague = try workspace.run("trace", "summarize#1")
        #expect(vague.status == 2)
        #expect(vague.errors.contains("summarize has 4 instances: summarize@2,0.6, "))
        #expect(try workspace.run("verify", "--all").status == 0)
        #expect(try workspace.run("plan", "pipelines/matrix.yaml", "--check").status == 0)
    }

    @Test("a stage's name stands for all its instances, an instance's for itself")
    func selection() throws {
        let workspace = try workspace()
        func stages(_ arguments: String...) throws -> [String] {
            let answer = try Workspace.answer(
                workspace.start(["run", "pipelines/matrix.yaml", "--json"] + arguments))
            return answer.json.last?["stages"]?.array?.compactMap { $0["name"]?.string } ?? [answer.errors]
        }
        #expect(try stages("--until", "dedupe@0.6") == ["fetch", "clean", "dedupe@0.6"])
        #expect(try stages("--until", "dedupe") == ["fetch", "clean", "dedupe@0.6", "dedupe@0.9"])
        #expect(
            try stages("--from", "dedupe@0.6", "--until", "summarize@3,0.6") == [
                "fetch", "clean", "dedupe@0.6", "summarize@3,0.6",
            ])
        let wrong = try workspace.run("plan", "pipelines/matrix.yaml", "--stage", "dedupe@0.7")
        #expect(wrong.status == 2 && wrong.errors.contains("did you mean \"dedupe@0.6\"?"), "\(wrong.errors)")
    }

    @Test("a value more leaves what is known of the others")
    func growing() throws {
        let workspace = try workspace()
        #expect(try workspace.run("run", "pipelines/matrix.yaml").status == 0)
        let text = String(decoding: try workspace.read("pipelines/matrix.yaml"), as: UTF8.self)
        try workspace.write(text.replacing("[0.6, 0.9]", with: "[0.5, 0.6, 0.9]"), to: "pipelines/matrix.yaml")
        let again = try workspace.run("run", "pipelines/matrix.yaml", "--json")
        let executed = try #require(again.json.last?["stages"]?.array).filter { $0["executed"]?.integer ?? 0 > 0 }
        let names = executed.compactMap { $0["name"]?.string }
        #expect(names.first == "dedupe@0.5" && names.allSatisfy { $0.hasSuffix("0.5") }, "\(names)")
    }
}
