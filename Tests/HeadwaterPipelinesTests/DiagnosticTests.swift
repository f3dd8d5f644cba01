import HeadwaterModel
import HeadwaterPipelines
import HeadwaterTesting
import Testing

@Suite struct DiagnosticTests {
    @Test("one slip of the fingers in a name still leads to the name that was meant")
    func nearest() {
        var random = SplitMix.printed("slips")
        let names = ScriptedPlugins.all.map(\.name)
        for _ in 0..<300 {
            let name = names.randomElement(using: &random) ?? ""
            let slipped = slip(name, &random)
            if names.contains(slipped) { continue }
            let report = ScriptedPlugins.faults("headwater: 1\nname: test\nstages: {stage: {plugin: \"\(slipped)\"}}\n")
            #expect(report.contains("did you mean \"\(name)\"?"), "\(slipped)")
        }
    }

    private func slip(_ name: String, _ random: inout SplitMix) -> String {
        var letters = Array(name)
        let index = Int.random(in: 0..<letters.count - 1, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: letters.remove(at: index)
        case 1: letters.insert("q", at: index)
        case 2: letters[index] = "q"
        case 3: letters.swapAt(index, index + 1)
        default: return name.uppercased()
        }
        return String(letters)
    }

    @Test("a name that is near to none is not guessed at")
    func farAway() {
        for name in ["x", "ab", "translate", "unrelated-things", String(repeating: "clean", count: 100)] {
            let report = ScriptedPlugins.faults("headwater: 1\nname: test\nstages: {stage: {plugin: \(name)}}\n")
            #expect(report.contains("no plugin is named") && !report.contains("did you mean"), "\(name)")
        }
    }

    @Test("colour adds escape sequences and nothing else, and without it nothing reaches a terminal but text")
    func color() throws {
        for fixture in Fixture.all(in: "invalid") {
            do {
                _ = try ScriptedPlugins.parse(fixture.bytes, path: "a\u{1B}[2Jb.yaml", overrides: fixture.overrides)
                Issue.record("\(fixture.name) is valid")
            } catch {
                let plain = DiagnosticText.render(error)
                let colored = DiagnosticText.render(error, color: true)
                #expect(!plain.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" || 0x7F...0x9F ~= $0.value })
                #expect(colored != plain)
                #expect(strippingColor(colored) == plain)
            }
        }
    }

    private func strippingColor(_ text: String) -> String {
        var out = text
        for code in ["0", "1", "1;31", "1;32"] { out = out.replacing("\u{1B}[\(code)m", with: "") }
        return out
    }

    @Test("faults are in the order of their positions, each once, and not more than people read")
    func order() throws {
        let stages = (0..<1_000).map { "  s\($0): {plugin: fetch, with: {from: texts, x: 1}}\n" }.joined()
        do {
            _ = try ScriptedPlugins.parse("headwater: 1\nname: test\nstages:\n" + stages)
            Issue.record("the file is valid")
        } catch {
            #expect(error.diagnostics.count == 100)
            #expect(error.omittedCount == 900)
            #expect(error.diagnostics.map(\.line) == Array(4..<104))
            #expect(error.description.hasSuffix("\n900 more faults are not shown\n"))
        }
        let report = ScriptedPlugins.faults(
            """
            headwater: 1
            name: test
            stages:
              one: &one {plugin: fetch, with: {from: 7}}
              two: *one
              three: *one
            """)
        #expect(report.split(separator: "\n").filter { $0.contains("error:") }.count == 1)
    }
}
