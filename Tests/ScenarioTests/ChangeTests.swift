import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// What runs again when something changes: only that, and what really changes behind it.
@Suite struct ChangeTests {
    /// A folder of plain articles, enough of them for several partitions.
    private static func workspace(pages: Int) throws -> Workspace {
        let workspace = try Workspace()
        for page in 0..<pages { try workspace.write(article(page), to: "pages/page-\(1000 + page).txt") }
        try workspace.write(
            """
            headwater: 1
            name: changes
            parameters: {corpus: pages, similarity: 0.8}
            stages:
              fetch: {plugin: fetch, with: {from: ["${corpus}/*.txt"]}}
              clean: {plugin: clean, needs: fetch}
              dedupe: {plugin: dedupe, needs: clean, with: {similarity: "${similarity}"}}

            """, to: "pipelines.yaml")
        return workspace
    }

    /// An article of its own words: no page is another one's near-duplicate.
    private static func article(_ page: Int) -> String {
        var random = SplitMix(seed: UInt64(page))
        let words = (0..<90).map { _ in
            ["harbour", "council", "storm", "bridge", "market", "ferry", "mayor", "school", "tide", "barge", "crane", "fog"]
                .randomElement(using: &random) ?? ""
        }
        let sentence = { (part: ArraySlice<String>) in
            "The " + part.joined(separator: " ") + " number \(page) was seen by many people on that long day."
        }
        return "Report \(page) from the harbour\n\n"
            + stride(from: 0, to: 90, by: 30).map { sentence(words[$0..<$0 + 30]) }.joined(separator: "\n\n") + "\n"
    }

    private func run(_ workspace: Workspace, _ more: String...) throws -> (
        executed: [String: Int], hits: [String: Int], artifacts: [String: String]
    ) {
        let started = try workspace.start(["run", "pipelines.yaml", "--json", "--store", "store"] + more)
        let answer = Workspace.answer(started)
        try #require(answer.status == 0, "\(answer.errors)")
        let stages = try #require(answer.json.first?["stages"]?.array)
        func numbers(_ member: String) -> [String: Int] {
            Dictionary(stages.map { ($0["name"]?.string ?? "", $0[member]?.integer ?? -1) }, uniquingKeysWith: { $1 })
        }
        return (numbers("executed"), numbers("hits"), try QuickstartTests.artifacts(answer))
    }

    @Test("an edited page carries out its own partition's tasks again and no other's; undone, everything is a hit")
    func edit() throws {
        let workspace = try ChangeTests.workspace(pages: 300)
        let first = try run(workspace)
        let partitions = try #require(first.executed["fetch"])
        #expect(partitions >= 3)
        try workspace.write(ChangeTests.article(123).replacing("many people", with: "few people"), to: "pages/page-1123.txt")
        let edited = try run(workspace)
        #expect(edited.executed["fetch"] == 1)
        #expect(edited.executed["clean"] == 1)
        #expect(edited.hits["clean"] == partitions - 1)
        // A sketch, combine, decide, the groups that the page is in and its own partition: other partitions' slices stay equal.
        #expect((edited.executed["dedupe"] ?? 99) <= 6)
        #expect((edited.hits["dedupe"] ?? 0) >= 2 * (partitions - 1))
        #expect(edited.artifacts != first.artifacts)

        try workspace.write(ChangeTests.article(123), to: "pages/page-1123.txt")
        let restored = try run(workspace)
        #expect(restored.executed.values.allSatisfy { $0 == 0 }, "everything about the first state is still known")
        #expect(restored.artifacts == first.artifacts)
    }

    @Test("an added, a renamed and a removed page are seen without any flag, and disturb at most two partitions")
    func addRenameRemove() throws {
        let workspace = try ChangeTests.workspace(pages: 300)
        let first = try run(workspace)
        try workspace.write(ChangeTests.article(7777), to: "pages/page-1123-b.txt")
        let added = try run(workspace)
        #expect((1...2).contains(added.executed["fetch"] ?? 0))
        #expect(added.artifacts["dedupe"] != first.artifacts["dedupe"])
        try FileManager.default.moveItem(
            atPath: workspace.path + "/pages/page-1123-b.txt", toPath: workspace.path + "/pages/page-1123-c.txt")
        let renamed = try run(workspace)
        #expect((1...2).contains(renamed.executed["fetch"] ?? 0))
        try workspace.remove("pages/page-1123-c.txt")
        let removed = try run(workspace)
        #expect(removed.executed.values.allSatisfy { $0 == 0 })
        #expect(removed.artifacts == first.artifacts)
    }

    @Test("a page that keeps its size and times but not its bytes is seen when it was read just now")
    func racy() throws {
        let workspace = try ChangeTests.workspace(pages: 3)
        _ = try run(workspace)
        let path = workspace.path + "/pages/page-1001.txt"
        let times = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
        try workspace.write(ChangeTests.article(1).replacing("many people", with: "most people"), to: "pages/page-1001.txt")
        try FileManager.default.setAttributes([.modificationDate: try #require(times)], ofItemAtPath: path)
        #expect(try run(workspace).executed["fetch"] == 1)
    }

    @Test("a changed parameter runs the stage that has it, and plan names the parameter with both values")
    func parameter() throws {
        let workspace = try ChangeTests.workspace(pages: 40)
        _ = try run(workspace)
        let plan = try workspace.run("plan", "pipelines.yaml", "--store", "store", "--set", "similarity=0.7")
        #expect(plan.output.contains("parameter similarity: 0.8 became 0.7"), "\(plan.output)")
        let changed = try run(workspace, "--set", "similarity=0.7")
        #expect(changed.executed["fetch"] == 0)
        #expect(changed.executed["clean"] == 0)
        #expect((changed.executed["dedupe"] ?? 0) > 0)
    }

    @Test("plan names the source that changed")
    func planNamesSource() throws {
        let workspace = try ChangeTests.workspace(pages: 40)
        _ = try run(workspace)
        try workspace.write(ChangeTests.article(17) + "One more sentence stands here now.\n", to: "pages/page-1017.txt")
        let plan = try workspace.run("plan", "pipelines.yaml", "--store", "store")
        #expect(plan.output.contains("source page-1017.txt changed"), "\(plan.output)")
        #expect(plan.output.contains("clean        waits for what comes before it"))
    }

    @Test("forcing a stage carries it out again and gives the same artifact")
    func force() throws {
        let workspace = try ChangeTests.workspace(pages: 40)
        let first = try run(workspace)
        let forced = try run(workspace, "--force", "clean")
        #expect((forced.executed["clean"] ?? 0) > 0)
        #expect(forced.executed["dedupe"] == 0)
        #expect(forced.artifacts == first.artifacts)
    }

    @Test("asked for one stage, a run carries out that stage and what it needs")
    func oneStage() throws {
        let workspace = try ChangeTests.workspace(pages: 5)
        let only = try run(workspace, "--stage", "clean")
        #expect(only.executed.keys.sorted() == ["clean", "fetch"])
        let wrong = try workspace.run("run", "pipelines.yaml", "--store", "store", "--stage", "cleen")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("expected one of: fetch, clean, dedupe\n  did you mean \"clean\"?"))
    }
}
