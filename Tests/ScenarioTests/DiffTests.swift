import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// What differs between runs, as the command tells it.
@Suite struct DiffTests {
    private static func page(_ name: String, _ sentence: String) -> String {
        "Report on the \(name)\n\nThe \(name) was seen by many people on that long day in March. \(sentence)\n\n"
            + "Nobody in the town had expected the \(name) to be so near to the old harbour wall.\n"
    }

    static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        for name in ["barge", "crane", "ferry", "mayor"] {
            try workspace.write(page(name, "It stayed there until the evening."), to: "pages/\(name).txt")
        }
        try workspace.write(
            """
            headwater: 1
            name: report
            parameters: {similarity: 0.8}
            stages:
              fetch: {plugin: fetch, with: {from: ["pages/*.{txt,html}"]}}
              clean: {plugin: clean, needs: fetch}
              dedupe: {plugin: dedupe, needs: clean, with: {similarity: "${similarity}"}}
            publish:
              pages: {from: dedupe, format: jsonl, to: out/pages.jsonl}

            """, to: "report.yaml")
        return workspace
    }

    static func run(_ workspace: Workspace, _ more: String...) throws -> String {
        let answer = Workspace.answer(try workspace.start(["run", "report.yaml", "--json", "--store", "store"] + more))
        try #require(answer.status == 0, "\(answer.errors)")
        return try #require(answer.json.first?["run"]?.string ?? answer.json.first?["id"]?.string)
    }

    @Test("runs of equal sources do not differ, and the status says so; an edit is shown with its byte, and the status is 1")
    func edit() throws {
        let workspace = try DiffTests.workspace()
        let first = try DiffTests.run(workspace)
        let second = try DiffTests.run(workspace)
        let equal = try workspace.run("diff", "report", "--store", "store")
        #expect(equal.status == 0 && equal.output.contains("no stage and no published file differs"), "\(equal.output)")
        #expect(try workspace.run("diff", "run:\(first)/clean", "run:\(second)/clean", "--store", "store").status == 0)

        try workspace.write(DiffTests.page("ferry", "It stayed there until the midday."), to: "pages/ferry.txt")
        let third = try DiffTests.run(workspace)
        let edited = try workspace.run("diff", "report", "--store", "store")
        #expect(edited.status == 1)
        #expect(edited.output.contains("source ferry.txt changed"), "\(edited.output)")
        #expect(edited.output.contains("[evening]") && edited.output.contains("[midday]"), "\(edited.output)")
        #expect(edited.output.contains("clean made something else"))
        #expect(try workspace.run("diff", "run:\(first)", "run:\(third)", "--store", "store").output.contains("run:\(first)"))

        let told = try workspace.run("diff", "report", "--json", "--store", "store").json
        #expect(told.first?["equal"] == false && told.first?["after"]?["run"]?.string == third)
        let change = try #require(told.first { $0["stage"] == "clean" && $0["change"] == "changed" })
        let hunk = try #require(change["text"]?.array?.first)
        #expect(hunk["before"]?["text"] == "evening" && hunk["after"]?["text"] == "midday")
        #expect(change["before"]?["locator"] == "ferry.txt")
        // Without its time and place, the record of before and the bytes named are what a reader finds there.
        let number = try #require(change["after"]?["number"]?.integer)
        let bytes = (hunk["after"]?["bytes"]?.array ?? []).compactMap(\.integer)
        try #require(bytes.count == 2)
        #expect(
            try workspace.run("show", "clean#\(number):\(bytes[0])-\(bytes[1])", "--store", "store").output == "midday\n")
        let lines = try #require(told.first?["publications"]?.array?.first?["files"]?.array?.first?["hunks"]?.array)
        #expect(lines.count == 1 && lines.first?["before"]?["text"]?.string?.contains("evening") == true)
    }

    @Test("a parameter is named with both values, and a page that is a duplicate now with what stands for it")
    func parameter() throws {
        let workspace = try DiffTests.workspace()
        try workspace.write(
            DiffTests.page("ferry", "It stayed there until the evening. Then it left for the islands in the north."),
            to: "pages/ferry-2.txt")
        _ = try DiffTests.run(workspace, "--set", "similarity=0.99")
        _ = try DiffTests.run(workspace, "--set", "similarity=0.5")
        let answer = try workspace.run("diff", "report", "--store", "store")
        #expect(answer.status == 1)
        #expect(answer.output.contains("parameter similarity: 0.99 became 0.5"), "\(answer.output)")
        #expect(answer.output.contains("stands for it"), "\(answer.output)")
        let lines = answer.output.split(separator: "\n").filter { $0.hasPrefix("  - dedupe#") }
        #expect(!lines.isEmpty && lines.allSatisfy { $0.contains("dedupe left it out as") }, "\(answer.output)")
    }

    @Test("what cannot be compared, and a run before which there is none, are refused with what to do")
    func refused() throws {
        let workspace = try DiffTests.workspace()
        _ = try DiffTests.run(workspace)
        let alone = try workspace.run("diff", "report", "--store", "store")
        #expect(alone.status == 2 && alone.errors.contains("first run of report"), "\(alone.errors)")
        let mixed = try workspace.run("diff", "report", "clean#1", "--store", "store")
        #expect(mixed.status == 2 && mixed.errors.contains("cannot be compared"), "\(mixed.errors)")
        #expect(try workspace.run("diff", "clean#1", "clean#1", "--store", "store").status == 0)
        let records = try workspace.run("diff", "clean#1", "clean#2", "--store", "store")
        #expect(records.status == 1 && records.output.contains("[barg]"), "\(records.output)")
    }
}
