import HeadwaterLineage
import HeadwaterModel
import HeadwaterStore
import Testing

/// A clock that is put back, or was wrong: which run is the latest is told by what each run found, not by the time.
@Suite struct ClockTests {
    private static let pipeline = """
        headwater: 1
        name: news
        parameters: {length: 20}
        stages:
          fetch: {with: {from: [../pages]}}
          clean: {needs: fetch, with: {minimumLength: "${length}"}}
        publish:
          all: {from: clean, format: markdown, to: ../all.md}

        """

    /// Keeps a run as it would have been kept if the clock had stood elsewhere when it was: a copy of the latest, moved.
    private static func keepAgain(in workspace: Workspace, started: Int) throws -> RunManifest {
        let store = try Store.open(at: workspace.path + "/artifacts", .write)
        var run = try #require(try History(store: store).latest("news"))
        let heads = try store.heads(of: "news")
        run.id = RunID(random: UInt64(started))
        run.order = RunManifest.order(started: started, after: [run.order])
        run.follows = heads.map(\.value)
        run.started = started
        run.finished = started + 5
        let digest = try store.put(run.json.canonical)
        try store.bind(Binding(kind: .run, key: run.id.description, value: digest))
        for name in ["news", "news/fetch", "news/clean"] {
            try store.bind(Binding(kind: .name, key: name, value: digest, supersedes: try store.heads(of: name).map(\.digest)))
        }
        try store.close()
        return run
    }

    @Test("after a run of the future, runs of today are later: in the log, in what names mean, in plans and in reasons")
    func backwards() throws {
        let workspace = try Workspace()
        try workspace.write(ClockTests.pipeline, to: "pipelines/news.yaml")
        for page in 0..<3 {
            try workspace.write("Page \(page) tells of the ferry to the island and of its crew.\n", to: "pages/\(page).txt")
        }
        func run(_ arguments: String...) throws -> String {
            let answer = Workspace.answer(try workspace.start(["run", "pipelines/news.yaml", "--json"] + arguments))
            try #require(answer.status == 0, "\(answer.errors)")
            return try #require(answer.json.first?["run"]?.string)
        }
        let first = try run()
        let future = try ClockTests.keepAgain(in: workspace, started: 4_000_000_000_000)
        let past = try ClockTests.keepAgain(in: workspace, started: 1_000)
        let second = try run("--set", "length=30")
        let third = try run("--set", "length=40")

        let expected = [third, second, past.id.description, future.id.description, first]
        #expect(try workspace.run("log", "--json").json.compactMap { $0["id"]?.string } == expected)
        for limit in 1...6 {
            let log = try workspace.run("log", "--json", "--limit", "\(limit)").json.compactMap { $0["id"]?.string }
            #expect(log == Array(expected.prefix(limit)))
        }
        #expect(try workspace.run("show", "news", "--json").json.first?["id"]?.string == third)
        #expect(try workspace.run("show", "clean").output.contains("made by   run:\(third)"))
        #expect(try workspace.run("trace", "all.md:5").output.contains("run:\(third)"))
        #expect(
            try workspace.run("plan", "pipelines/news.yaml", "--check", "--set", "length=40").status == 0,
            "nothing would run, and the published file is known")
        let plan = try workspace.run("plan", "pipelines/news.yaml", "--set", "length=50")
        #expect(plan.output.contains("parameter minimumLength: 40 became 50"), "\(plan.output)")
        #expect(try workspace.run("verify", "--all").status == 0)
    }
}
