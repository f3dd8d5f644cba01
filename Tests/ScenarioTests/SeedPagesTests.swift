import Foundation
import HeadwaterModel
import Testing

/// Two real crawled pages that were annotated by hand. They are not part of the project: where they are absent the test
/// is skipped.
@Suite struct SeedPagesTests {
    static let evaluation = URL(fileURLWithPath: Workspace.repository + "/../shared/eval").standardizedFileURL.path
    static let isPresent = FileManager.default.fileExists(atPath: evaluation + "/seeds/gold")

    @Test(
        "on real pages the article is kept and nothing else, and quotations are found, as a careful reader would",
        .enabled(if: isPresent, "needs the annotated pages beside the project, in ../shared/eval/seeds"))
    func seeds() throws {
        let workspace = try Workspace()
        let pages = try FileManager.default.contentsOfDirectory(atPath: SeedPagesTests.evaluation + "/seeds").filter {
            $0.hasSuffix(".txt")
        }
        for page in pages {
            try workspace.write(
                Array(try Data(contentsOf: URL(fileURLWithPath: SeedPagesTests.evaluation + "/seeds/" + page))),
                to: "pages/" + page)
        }
        try FileManager.default.createDirectory(atPath: workspace.path + "/pipelines", withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: Workspace.repository + "/pipelines/quickstart.yaml", toPath: workspace.path + "/pipelines/quickstart.yaml")
        let run = try workspace.run("run", "pipelines/quickstart.yaml", "--set", "corpus=pages")
        try #require(run.status == 0, "\(run.errors)")
        #expect(try workspace.run("verify", "--all").status == 0)

        let predict = """
            import json, sys
            sys.path.insert(0, sys.argv[1])
            import adapters
            run = adapters.Run(sys.argv[2], sys.argv[3], adapters.FULL)
            with open(sys.argv[4], "w", encoding="utf-8") as file:
                for prediction in adapters.seed_predictions(run):
                    file.write(json.dumps(prediction, ensure_ascii=False) + "\\n")
            """
        try workspace.write(predict, to: "predict.py")
        try python(
            workspace,
            [
                "predict.py", Workspace.repository + "/Tests/Quality", Workspace.command, workspace.path + "/pages",
                workspace.path + "/predictions.jsonl",
            ])
        let scores = try JSON(
            parsing: Array(
                try python(
                    workspace,
                    [
                        SeedPagesTests.evaluation + "/tools/score_seeds.py", SeedPagesTests.evaluation + "/seeds/gold",
                        "predictions.jsonl", "--json",
                    ]
                ).utf8))
        let content = try #require(scores["scores"]?["content"]?["ALL"]?["f1"]?.decimal)
        let quotations = try #require(scores["scores"]?["quote"]?["ALL"]?["f1"]?.decimal)
        #expect(content >= 0.97)
        #expect(quotations >= 0.85)
    }

    @discardableResult
    private func python(_ workspace: Workspace, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-B"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: workspace.path)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
