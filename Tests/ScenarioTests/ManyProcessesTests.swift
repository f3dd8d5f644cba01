import Foundation
import HeadwaterModel
import HeadwaterTesting
import Testing

/// Many runs on one store at once, and runs that are killed: no error, nothing lost, the same artifacts as alone.
@Suite struct ManyProcessesTests {
    private static func workspace() throws -> Workspace {
        let workspace = try Workspace()
        var random = SplitMix(seed: 7)
        let words = ["ferry", "harbour", "council", "bridge", "storm", "market", "tide", "school", "crane", "mayor"]
        for page in 0..<60 {
            let text = (0..<30).map { _ in words.randomElement(using: &random) ?? "" }.joined(separator: " ")
            try workspace.write("On 3 March 2025 the \(text) cost \(page) euros.\n", to: "pages/\(page).txt")
        }
        for (name, length, more) in [
            ("a", 20, "  extract: {needs: dedupe}\n"), ("b", 20, "  summarize: {needs: dedupe}\n"), ("c", 30, ""),
        ] {
            try workspace.write(
                "headwater: 1\nname: \(name)\nstages:\n  fetch: {with: {from: [pages]}}\n"
                    + "  clean: {needs: fetch, with: {minimumLength: \(length)}}\n  dedupe: {needs: clean}\n\(more)"
                    + "publish:\n  all: {from: dedupe, format: markdown, to: out/\(name).md}\n", to: "\(name).yaml")
        }
        return workspace
    }

    @Test(
        "eight runs of equal and different pipelines at once, and collections meanwhile: all end well, with the artifacts of a run alone"
    )
    func writers() throws {
        let workspace = try ManyProcessesTests.workspace()
        var alone: [String: [String: String]] = [:]
        for name in ["a", "b", "c"] {
            alone[name] = try QuickstartTests.artifacts(
                try workspace.run("run", "\(name).yaml", "--store", "alone-\(name)", "--json"))
        }
        let names = ["a", "b", "c", "a", "b", "c", "a", "a"]
        // The first round begins without a store, so that all of them create it at once.
        for round in 1...2 {
            let runs = try names.map { ($0, try workspace.start(["run", "\($0).yaml", "--store", "store", "--json"])) }
            let collections =
                round == 1 ? [] : try (0..<2).map { _ in try workspace.start(["gc", "--keep", "100", "--store", "store"]) }
            for (name, started) in runs {
                let answer = Workspace.answer(started)
                #expect(answer.status == 0, "\(name): \(answer.errors)")
                #expect(!answer.errors.contains("warning"), "\(name): \(answer.errors)")
                #expect(try QuickstartTests.artifacts(answer) == alone[name], "\(name)")
            }
            for started in collections {
                let answer = Workspace.answer(started)
                // Two collections at once are one; the other says so.
                #expect(answer.status == 0 || answer.errors.contains("another process collects"), "\(answer.errors)")
            }
            #expect(try workspace.run("log", "--store", "store").output.split(separator: "\n").count == round * names.count)
            #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path + "/store/tmp") == [])
            #expect(try workspace.run("verify", "--all", "--store", "store").status == 0)
        }
        for name in ["a", "b", "c"] {
            let again = try workspace.run("run", "\(name).yaml", "--store", "store", "--json")
            #expect(again.json.first?["stages"]?.array?.allSatisfy { $0["executed"] == 0 } == true, "\(again.output)")
        }
    }

    @Test("a few runs killed outright over a corpus that changes; make storm-runs kills thousands")
    func storm() throws {
        let folder = try TemporaryFolder(inMemory: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Workspace.command).deletingLastPathComponent().appendingPathComponent(
            "storm")
        process.arguments = ["runs", "--kills", "6", "--longest", "500", "--folder", folder("storm")]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        print("storm of runs: \(said)")
        #expect(process.terminationStatus == 0, "\(said)")
        #expect(said.contains("no failure"))
    }
}
