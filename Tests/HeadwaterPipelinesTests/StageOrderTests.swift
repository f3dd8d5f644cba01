import HeadwaterModel
import HeadwaterPipelines
import HeadwaterTesting
import Testing

@Suite struct StageOrderTests {
    @Test("each stage follows what it needs, and of those that could come next the first in the file does")
    func law() throws {
        var random = SplitMix.printed("stage orders")
        for _ in 0..<200 {
            let needs = acyclic(count: Int.random(in: 1...12, using: &random), &random)
            let names = try ScriptedPlugins.parse(file(needs)).stages.map(\.name)
            #expect(names == expectedOrder(needs).map { "s\($0)" }, "\(needs)")
        }
    }

    @Test("a circle is reported exactly if there is one")
    func circles() throws {
        var random = SplitMix.printed("circles")
        for _ in 0..<200 {
            let count = Int.random(in: 1...8, using: &random)
            let needs = (0..<count).map { _ in
                (0..<Int.random(in: 0...2, using: &random)).map { _ in Int.random(in: 0..<count, using: &random) }
            }
            let isAcyclic = expectedOrder(needs).count == count
            let report = ScriptedPlugins.faults(file(needs))
            #expect(report.isEmpty == isAcyclic, "\(needs)")
            #expect(isAcyclic || report.contains("needs"), "\(needs)")
        }
    }

    @Test("a circle through two thousand stages is found without running out of stack")
    func longCircle() {
        let count = 2_000
        let report = ScriptedPlugins.faults(file((0..<count).map { [($0 + 1) % count] }))
        #expect(report.contains("s0 needs s1 needs s2 needs s3 needs s4 needs s5 needs s6 needs s7 needs … needs s0"))
    }

    /// Stages with up to two needs each, none in a circle, in an order of the file that means nothing.
    private func acyclic(count: Int, _ random: inout SplitMix) -> [[Int]] {
        let rank = Array(0..<count).shuffled(using: &random)
        return (0..<count).map { stage in
            let earlier = (0..<count).filter { rank[$0] < rank[stage] }
            return Array(earlier.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)))
        }
    }

    /// The law itself, spelled out: again and again the first stage of the file that has all it needs.
    private func expectedOrder(_ needs: [[Int]]) -> [Int] {
        var order: [Int] = []
        while let next = needs.indices.first(where: { !order.contains($0) && needs[$0].allSatisfy(order.contains) }) {
            order.append(next)
        }
        return order
    }

    private func file(_ needs: [[Int]]) -> String {
        "headwater: 1\nname: test\nstages:\n"
            + needs.enumerated().map { index, needed in
                switch needed.count {
                case 0: "  s\(index): {plugin: fetch, with: {from: texts}}\n"
                case 1: "  s\(index): {plugin: clean, needs: s\(needed[0])}\n"
                default: "  s\(index): {plugin: join, needs: [s\(needed[0]), s\(needed[1])]}\n"
                }
            }.joined()
    }
}
