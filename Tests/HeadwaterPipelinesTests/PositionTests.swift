import HeadwaterModel
import HeadwaterPipelines
import HeadwaterTesting
import Testing

@Suite struct PositionTests {
    @Test("a list element's position is where its text stands, whatever line breaks and letters come before it")
    func elements() throws {
        var random = SplitMix.printed("element positions")
        let words = ["texts", "Überblick", "日本語", "e\u{301}", "😀", "a b", "\u{7FF}"]
        for _ in 0..<200 {
            var text = "headwater: 1\nname: test\nstages:\n  fetch:\n    with:\n      from:\n"
            var line = 7
            var expected: [SourcePosition] = []
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                if Bool.random(using: &random) {
                    text += "      # \(words.randomElement(using: &random) ?? "")" + lineBreak(&random)
                    line += 1
                }
                let word = words.randomElement(using: &random) ?? ""
                let indentation = String(repeating: " ", count: Int.random(in: 1...4, using: &random))
                text += "      -\(indentation)\(word)" + lineBreak(&random)
                expected.append(
                    SourcePosition(
                        file: "pipelines/test.yaml", line: line, column: 8 + indentation.count, length: word.unicodeScalars.count)
                )
                line += 1
            }
            let stage = try #require(ScriptedPlugins.parse(text).stage(named: "fetch"))
            #expect(expected.indices.map { stage.position(of: "from", element: $0) } == expected, "\(text.debugDescription)")
        }
    }

    private func lineBreak(_ random: inout SplitMix) -> String { ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n" }

    @Test("a parameter's position is its value, or the stage's name where the file leaves it out")
    func parameters() throws {
        let pipeline = try ScriptedPlugins.parse(
            """
            headwater: 1
            name: test
            parameters: {folders: [a, b]}
            stages:
              fetch:
                with: {from: "${folders}", follow: true}
              more: {plugin: fetch, with: {from: one}}
            """)
        let fetch = try #require(pipeline.stage(named: "fetch"))
        #expect(fetch.position.description == "pipelines/test.yaml:5:3")
        #expect(fetch.position(of: "follow").description == "pipelines/test.yaml:6:40")
        #expect(fetch.position(of: "exclude").description == "pipelines/test.yaml:5:3")
        #expect(fetch.position(of: "exclude", element: 0).description == "pipelines/test.yaml:5:3")
        #expect(fetch.position(of: "from", element: 1).description == "pipelines/test.yaml:6:18")
        #expect(fetch.position(of: "from", element: 7).description == "pipelines/test.yaml:6:18")
        let more = try #require(pipeline.stage(named: "more"))
        #expect(more.position(of: "from", element: 0).description == "pipelines/test.yaml:7:38")
    }

    @Test("a fault that shows only at run time is reported like one of the file")
    func later() throws {
        let pipeline = try ScriptedPlugins.parse("headwater: 1\nname: test\nstages: {fetch: {with: {from: [none/*.txt]}}}\n")
        let stage = try #require(pipeline.stage(named: "fetch"))
        let diagnostic = pipeline.diagnostic(
            at: stage.position(of: "from", element: 0), "nothing matches", expected: "at least one file")
        #expect(
            DiagnosticText.render(diagnostic) == """
                pipelines/test.yaml:3:32: error: nothing matches
                  3 | stages: {fetch: {with: {from: [none/*.txt]}}}
                    |                                ^~~~~~~~~~
                  expected at least one file

                """)
    }
}
