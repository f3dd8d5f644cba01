import Foundation
import HeadwaterModel
import Testing

/// `plan` says what `run` would do: no more, no less, and the same each time.
@Suite struct PlanTests {
    private func workspaceAfterRun() throws -> Workspace {
        let workspace = try Workspace()
        try workspace.copySamples()
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--quiet").status == 0)
        return workspace
    }

    @Test("after a run there is nothing to do")
    func current() throws {
        let workspace = try workspaceAfterRun()
        let plan = try workspace.run("plan", "pipelines/quickstart.yaml", "--check", "--json")
        #expect(plan.status == 0)
        #expect(plan.json.first?["wouldRun"] == false)
        #expect(plan.json.first?["publications"] == [["name": "brief", "path": "../out/brief.md", "state": "current"]])
        #expect(try workspace.run("plan", "pipelines/quickstart.yaml", "--check").output.contains("publish") == false)
    }

    @Test("a published file that is gone or edited would be written, and --check says so", arguments: [nil, "by hand"])
    func publishedFile(content: String?) throws {
        let workspace = try workspaceAfterRun()
        if let content { try workspace.write(content, to: "out/brief.md") } else { try workspace.remove("out/brief.md") }
        let plan = try workspace.run("plan", "pipelines/quickstart.yaml", "--check")
        #expect(plan.status == 1)
        #expect(plan.output.contains("publish brief: out/brief.md would be written"), "\(plan.output)")
        let json = try workspace.run("plan", "pipelines/quickstart.yaml", "--json")
        #expect(json.status == 0)
        #expect(json.json.first?["wouldRun"] == true)
        #expect(json.json.first?["publications"]?.array?.first?["state"] == "written")
        try #require(try workspace.run("run", "pipelines/quickstart.yaml", "--quiet").status == 0)
        #expect(try workspace.run("plan", "pipelines/quickstart.yaml", "--check").status == 0)
    }

    @Test("a publication behind a stage that would run waits")
    func waiting() throws {
        let workspace = try workspaceAfterRun()
        let plan = try workspace.run("plan", "pipelines/quickstart.yaml", "--force", "clean", "--json")
        #expect(plan.json.first?["publications"]?.array?.first?["state"] == "waits")
    }

    @Test("tasks are listed by partition, in the same order each time")
    func order() throws {
        let workspace = try Workspace()
        for page in 0..<400 { try workspace.write("Page \(page).", to: "pages/\(page).txt") }
        try workspace.write(
            "headwater: 1\nname: many\nstages:\n  fetch: {with: {from: [pages]}}\n  clean: {needs: fetch}\n", to: "many.yaml")
        try #require(try workspace.run("run", "many.yaml", "--quiet").status == 0)
        var plans: Set<String> = []
        for _ in 0..<5 {
            let plan = try workspace.run("plan", "many.yaml", "--force", "fetch", "--json")
            let tasks = try #require(plan.json.first?["stages"]?.array?.first?["tasks"]?.array)
            let partitions = tasks.compactMap { $0["partition"]?.string }
            #expect(partitions.count > 3 && partitions == partitions.sorted())
            plans.insert(plan.output)
        }
        #expect(plans.count == 1)
    }

    @Test("damage in what is stored stops neither plan nor run: what is harmed is carried out again")
    func damage() throws {
        let workspace = try workspaceAfterRun()
        let brief = try workspace.read("out/brief.md")
        // Every stored document is cut or flipped somewhere: whatever is read first is damaged.
        let packs = try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/artifacts/packs")
        for pack in packs where pack.hasSuffix(".pack") {
            var bytes = try workspace.read("artifacts/packs/" + pack)
            for index in stride(from: 4096, to: bytes.count - 4096, by: 512) { bytes[index] ^= 0x10 }
            try workspace.write(bytes, to: "artifacts/packs/" + pack)
        }
        try workspace.remove("out/brief.md")
        let plan = try workspace.run("plan", "pipelines/quickstart.yaml", "--check")
        #expect(plan.status == 1, "\(plan.errors)")
        let run = try workspace.run("run", "pipelines/quickstart.yaml")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try workspace.read("out/brief.md") == brief)
        // The damaged manifest of the first run is named beside the answer, and shows in the exit status.
        let trace = try workspace.run("trace", "out/brief.md:5")
        #expect(trace.output.contains("verbatim") && trace.output.contains("made by"), "\(trace.errors)")
    }
}
