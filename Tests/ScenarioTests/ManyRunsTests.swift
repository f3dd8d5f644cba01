import Foundation
import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import Testing

/// A log of very many runs: what is asked every day does not take longer with each run that was.
///
/// `make many-runs` has 100,000 of them and the release build, and prints what each command took.
@Suite struct ManyRunsTests {
    private static let runs = ProcessInfo.processInfo.environment["HEADWATER_RUNS"].flatMap { Int($0) } ?? 2_000
    private static let command = ProcessInfo.processInfo.environment["HEADWATER_COMMAND"] ?? Workspace.command

    private static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        for page in 0..<20 {
            try workspace.write("Page \(page) tells of the ferry to the island and of its crew.\n", to: "pages/\(page).txt")
        }
        try workspace.write(
            "headwater: 1\nname: p\nstages:\n  fetch: {with: {from: [../pages]}}\n  clean: {needs: fetch, with: {minimumLength: 10}}\n"
                + "publish:\n  all: {from: clean, format: markdown, to: ../all.md}\n", to: "pipelines/p.yaml")
        try #require(try workspace.run("run", "pipelines/p.yaml", "--quiet").status == 0)
        return workspace
    }

    /// Keeps so many more runs that found nothing to do, as they would have kept themselves; names as they are left when packs
    /// have been put together: of the last runs only.
    private static func keep(_ count: Int, in workspace: Workspace, packs: Int = 1) throws {
        var store = try Store.open(at: workspace.path + "/artifacts", .write)
        let names = ["p", "p/clean", "p/fetch"]
        var heads = try Dictionary(uniqueKeysWithValues: names.map { ($0, try store.heads(of: $0)) })
        var run = try #require(try History(store: store).latest("p"))
        for number in 0..<count {
            if number > 0 && number.isMultiple(of: max(1, count / packs)) {
                try store.close()
                store = try Store.open(at: workspace.path + "/artifacts", .write)
            }
            run.follows = heads["p"]?.map(\.value) ?? []
            run.id = RunID(random: UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15)
            run.started += 1
            run.order += 1
            let digest = try store.put(run.json.canonical)
            try store.bind(Binding(kind: .run, key: run.id.description, value: digest))
            for name in names {
                let binding = Binding(kind: .name, key: name, value: digest, supersedes: heads[name]?.map(\.digest) ?? [])
                if count - number <= 2 * Store.mostSmallPacks { try store.bind(binding) }
                heads[name] = [binding]
            }
        }
        try store.close()
    }

    /// Seconds of processor time that a command took, and what it said.
    private static func timed(_ arguments: [String], in workspace: Workspace) throws -> (
        seconds: Double, answer: Workspace.Answer
    ) {
        // The shell's `times` prints its own time and, in a second line, that of what it started: 0m0.010s 0m0.002s
        let line = "\"$0\" \"$@\"; status=$?; times; exit $status"
        var answer = Workspace.answer(try workspace.start("/bin/sh", ["-c", line, command] + arguments, [:]))
        var lines = answer.output.split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        let times = lines.suffix(2).last ?? ""
        lines.removeLast(2)
        answer.output = lines.joined(separator: "\n")
        let seconds = times.split(separator: " ").reduce(0) { sum, time in
            let parts = time.dropLast().split(separator: "m")
            return sum + (Double(parts.first ?? "") ?? 0) * 60 + (Double(parts.last ?? "") ?? 0)
        }
        return (seconds, answer)
    }

    @Test("log --limit, show, trace, explain, run and plan read the runs they tell of, and not all that were")
    func quick() throws {
        let workspace = try ManyRunsTests.workspace()
        try ManyRunsTests.keep(ManyRunsTests.runs, in: workspace)
        let latest = try #require(try workspace.run("log", "--limit", "1", "--json").json.first)
        let id = try #require(latest["id"]?.string)
        for arguments in [
            ["log", "--limit", "10"], ["show", "p"], ["show", "clean"], ["show", "run:\(id)"],
            ["records", "clean", "--limit", "1"],
            ["trace", "all.md:5"], ["explain", "clean"], ["plan", "pipelines/p.yaml", "--check"], ["run", "pipelines/p.yaml"],
        ] {
            let (seconds, answer) = try ManyRunsTests.timed(arguments, in: workspace)
            #expect(answer.status == 0, "\(arguments): \(answer.errors)")
            print("\(ManyRunsTests.runs) runs: \(String(format: "%5.2f", seconds)) s  \(arguments.joined(separator: " "))")
        }
        let (seconds, all) = try ManyRunsTests.timed(["log"], in: workspace)
        print("\(ManyRunsTests.runs) runs: \(String(format: "%5.2f", seconds)) s  log")
        #expect(all.output.split(separator: "\n").count == ManyRunsTests.runs + 2, "and all are there")
    }

    @Test("when runs have left many packs, the next puts them together, and everything is there as before")
    func packs() throws {
        let workspace = try ManyRunsTests.workspace()
        try ManyRunsTests.keep(Store.mostSmallPacks + 10, in: workspace, packs: Store.mostSmallPacks + 10)
        func packs() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/artifacts/packs").count
        }
        #expect(try packs() > Store.mostSmallPacks)
        let before = try workspace.run("log", "--json").output
        #expect(try workspace.run("plan", "pipelines/p.yaml", "--check").status == 0)
        #expect(try packs() > Store.mostSmallPacks, "who only reads touches nothing")
        for round in 1...3 {
            let run = try workspace.run("run", "pipelines/p.yaml", "--json")
            #expect(run.status == 0 && !run.errors.contains("warning"), "\(run.errors)")
            #expect(run.json.first?["stages"]?.array?.allSatisfy { $0["executed"] == 0 } == true)
            #expect(try packs() < 10)
            let log = try workspace.run("log", "--json").output
            #expect(log.hasSuffix(before) && log.split(separator: "\n").count == before.split(separator: "\n").count + round)
            #expect(try workspace.run("verify", "--all").status == 0)
            #expect(try workspace.run("trace", "all.md:5").status == 0)
        }
    }
}
