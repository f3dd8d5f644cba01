import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// What a run makes of files that hold many sources.
@Suite struct MemberTests {
    private static func line(_ number: Int) -> String {
        var random = SplitMix(seed: UInt64(number))
        let words = (0..<40).map { _ in
            ["harbour", "council", "storm", "bridge", "ferry", "tide", "crane", "fog"].randomElement(using: &random) ?? ""
        }
        return
            #"{"id":"line-\#(1000 + number)","text":"Report \#(number)\n\nThe \#(words.joined(separator: " ")) was “seen”.\n"}"#
    }

    private static func workspace(lines: Range<Int>) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write(lines.map { line($0) + "\n" }.joined(), to: "data/reports.jsonl")
        try workspace.write(
            "headwater: 1\nname: members\nstages:\n  fetch: {with: {from: [../data]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n",
            to: "pipelines/p.yaml")
        return workspace
    }

    private func executed(_ workspace: Workspace) throws -> [String: Int] {
        let run = try workspace.run("run", "pipelines/p.yaml", "--json")
        try #require(run.status == 0, "\(run.errors)")
        let stages = try #require(run.json.first?["stages"]?.array)
        return Dictionary(uniqueKeysWithValues: stages.map { ($0["name"]?.string ?? "", $0["executed"]?.integer ?? -1) })
    }

    @Test("lines of one file are partitioned as files of a folder are: one inserted line disturbs at most three partitions")
    func partitions() throws {
        let workspace = try MemberTests.workspace(lines: 0..<400)
        let cold = try executed(workspace)
        #expect(cold["fetch"] ?? 0 > 3)
        #expect(try executed(workspace) == ["fetch": 0, "clean": 0])
        // At the start, so that every other line moves.
        let text = (0..<400).map { MemberTests.line($0) + "\n" }.joined()
        try workspace.write(MemberTests.line(777) + "\n" + text, to: "data/reports.jsonl")
        let inserted = try executed(workspace)
        #expect((1...3).contains(inserted["fetch"] ?? 0) && (1...3).contains(inserted["clean"] ?? 0), "\(inserted) of \(cold)")
    }

    @Test("trace leads to the bytes of the file, after a run that knew everything as well")
    func trace() throws {
        let workspace = try MemberTests.workspace(lines: 0..<20)
        _ = try executed(workspace)
        func container() throws -> JSON {
            let trace = try workspace.run("trace", "clean#5:0-10", "--json")
            return try #require(trace.json.first?["origins"]?.array?.first?["source"]?["container"], "\(trace.errors)")
        }
        func check(_ container: JSON, number: Int) throws {
            let file = Array(try Data(contentsOf: URL(fileURLWithPath: workspace.path + "/data/reports.jsonl")))
            let place = try Container(json: container)
            #expect(place.file == "reports.jsonl" && place.digest == Digest(of: file) && place.number == number)
            let range = try #require(place.layers.first?.range?.checked(within: file.count))
            #expect(String(decoding: file[range], as: UTF8.self) == MemberTests.line(4))
        }
        try check(try container(), number: 5)
        // The line moves: what is made of it is known, and where it stands now is told all the same.
        let text = (0..<20).map { MemberTests.line($0) + "\n" }.joined()
        try workspace.write("\n\n" + text, to: "data/reports.jsonl")
        #expect(try executed(workspace) == ["fetch": 0, "clean": 0])
        try check(try container(), number: 7)
        #expect(try workspace.run("verify", "--all").status == 0)
        #expect(try workspace.run("gc", "--keep", "1").status == 0)
        try check(try container(), number: 7)
        #expect(try workspace.run("fsck").status == 0)
    }

    @Test("a part that cannot be read is left out with the reason, and all others are taken up")
    func damage() throws {
        let workspace = try MemberTests.workspace(lines: 0..<3)
        let line = MemberTests.line(9)
        try workspace.write("\(line)\n{\"id\": \"half\n\(MemberTests.line(10))\n", to: "data/more.jsonl")
        let run = try workspace.run("run", "pipelines/p.yaml")
        #expect(run.status == 0 && run.errors.contains("left out by fetch: more.jsonl!/"), "\(run.errors)")
        let dropped = try workspace.run("records", "fetch", "--dropped")
        #expect(dropped.output.contains("malformed") && dropped.output.contains("the string that begins here does not end"))
        #expect(try executed(workspace) == ["fetch": 0, "clean": 0])
    }
}
