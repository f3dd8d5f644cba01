import HeadwaterPipelines
import Testing

/// What part of a pipeline the names on a command line stand for.
@Suite struct StageSelectionTests {
    /// fetch -> clean -> dedupe -> measure -> summarize, and join of fetch and dedupe.
    private static let text = """
        headwater: 1
        name: test
        stages:
          fetch: {with: {from: texts}}
          clean: {needs: fetch}
          dedupe: {needs: clean}
          measure: {needs: dedupe, with: {unit: words}}
          summarize: {needs: [dedupe, measure]}
          join: {needs: [fetch, dedupe]}

        """

    private func select(_ request: StageSelection.Request) throws -> StageSelection {
        try StageSelection(request, of: try ScriptedPlugins.parse(StageSelectionTests.text))
    }

    private func fault(_ request: StageSelection.Request) -> String {
        do {
            _ = try select(request)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("nothing asked for is all of it")
    func all() throws {
        #expect(try select(.init()).wanted == [])
    }

    @Test("from is what comes of a stage, until what it needs, both what lies between, and stage adds to them")
    func combinations() throws {
        #expect(try select(.init(from: ["dedupe"])).wanted == ["dedupe", "measure", "summarize", "join"])
        #expect(try select(.init(until: ["dedupe"])).wanted == ["dedupe"])
        #expect(try select(.init(from: ["clean"], until: ["measure"])).wanted == ["clean", "dedupe", "measure"])
        #expect(try select(.init(from: ["measure", "join"])).wanted == ["measure", "summarize", "join"])
        #expect(
            try select(.init(stages: ["join"], from: ["measure"], until: ["summarize"])).wanted == [
                "join", "measure", "summarize",
            ])
        #expect(try select(.init(forced: ["clean"])).forced == ["clean"])
    }

    @Test("every unknown name is told of, with the nearest")
    func unknown() {
        let said = fault(.init(stages: ["claen"], from: ["dedup"], forced: ["nothing"]))
        #expect(said.contains("--stage claen: error: no stage is named \"claen\""))
        #expect(said.contains("did you mean \"clean\"?") && said.contains("did you mean \"dedupe\"?"))
        #expect(said.contains("--force nothing: error:"))
    }

    @Test("a part that is empty, and a stage that is forced outside the part, are faults")
    func idle() {
        #expect(fault(.init(from: ["summarize"], until: ["clean"])).contains("nothing that comes of it is needed by \"clean\""))
        #expect(fault(.init(until: ["clean"], forced: ["dedupe"])).contains("not among those that are asked for"))
        #expect(fault(.init(until: ["dedupe"], forced: ["clean"])) == "")
    }
}
