import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@Suite struct TracedTextTests {
    @Test("a decoded source is one verbatim segment")
    func decoded() throws {
        let text = try StageBench().document(Array("fish & chips".utf8), locator: "a.txt").text()
        #expect(text.segments.count == 1)
        #expect(text.segments.first?.mode == .verbatim)
    }
}
