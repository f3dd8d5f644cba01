import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import Plugin

@Suite struct PassagesTests {
    @Test("a passage is a paragraph with the word, cut from its document byte for byte")
    func passage() throws {
        let bench = StageBench()
        let document = bench.cleaned("The river rose.\n\nNobody slept.\n\nBy noon the River fell.")
        let result = try bench.apply(try stage(word: "river"), ["documents": [document]])
        #expect(result.records.map(\.string) == ["The river rose.", "By noon the River fell."])
        #expect(result.records[1].segments.map(\.offset) == [32])
        #expect(result.records[1].fields["match"] == "River")
    }

    @Test("a document without the word is left out, with the reason")
    func drop() throws {
        let bench = StageBench()
        let result = try bench.apply(try stage(word: "sea"), ["documents": [bench.cleaned("Nobody slept.")]])
        #expect(result.records.isEmpty)
        #expect(result.drops.map(\.reason) == ["word-not-found"])
    }

    private func stage(word: JSON) throws -> Passages {
        try Passages(parameters: Parameters(["word": word], declared: Passages.declaration.parameters))
    }
}
