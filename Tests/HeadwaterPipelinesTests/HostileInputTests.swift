import HeadwaterModel
import HeadwaterPipelines
import HeadwaterTesting
import Testing

/// Whatever the bytes: a pipeline or diagnostics, soon.
@Suite struct HostileInputTests {
    @Test("random bytes, and random characters of YAML, end in diagnostics", .timeLimit(.minutes(1)))
    func random() {
        var random = SplitMix.printed("random bytes")
        let alphabet = Array("{}[]:,-?*&!|>'\"%@`#<~$ \t\n\r.0ax\u{85}é".utf8)
        for round in 0..<1_000 {
            let bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ in
                round.isMultiple(of: 2) ? UInt8.random(in: 0...255, using: &random) : alphabet.randomElement(using: &random) ?? 0
            }
            #expect(throws: PipelineFaults.self, "\(bytes)") { try ScriptedPlugins.parse(bytes) }
            checkRendering(bytes)
        }
    }

    @Test("a valid file with random changes is a pipeline or ends in diagnostics", .timeLimit(.minutes(1)))
    func mutations() {
        var random = SplitMix.printed("mutations")
        let files = Fixture.all(in: "valid").map(\.bytes) + Fixture.all(in: "invalid").map(\.bytes).filter { $0.count < 2_000 }
        for _ in 0..<1_500 {
            var bytes = files.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, files, &random) }
            checkRendering(bytes)
        }
    }

    /// Parses, and if that gives diagnostics, checks that each can be shown.
    private func checkRendering(_ bytes: [UInt8]) {
        do {
            let pipeline = try ScriptedPlugins.parse(bytes)
            #expect(!pipeline.stages.isEmpty && !pipeline.name.isEmpty, "\(bytes)")
        } catch {
            #expect(!error.diagnostics.isEmpty, "\(bytes)")
            for diagnostic in error.diagnostics {
                #expect(diagnostic.line >= 1 && diagnostic.column >= 1 && diagnostic.length >= 1, "\(bytes)")
                #expect(!DiagnosticText.render(diagnostic, color: true).isEmpty)
            }
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ others: [[UInt8]], _ random: inout SplitMix) {
        let index = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, index + Int.random(in: 0...20, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.removeSubrange(index..<end)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case 2: bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 3:
            let other = others.randomElement(using: &random) ?? []
            let start = Int.random(in: 0...other.count, using: &random)
            bytes.insert(contentsOf: other[start..<min(other.count, start + 30)], at: index)
        default: bytes.insert(Array("{}[]:,-?*&!|>'\"$\t\n ".utf8).randomElement(using: &random) ?? 0, at: index)
        }
    }

    @Test("no large file takes long", .timeLimit(.minutes(1)), arguments: LargeFile.all)
    func large(_ file: LargeFile) {
        let time = ProcessorTime.of { checkRendering(file.bytes) }
        #expect(time < .seconds(10), "\(file.testDescription)")
    }
}
