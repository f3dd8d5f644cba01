import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

@Suite struct PartitionBoundaryTests {
    private func sources(_ locators: some Sequence<String>, size: Int = 0) -> [FoundSource] {
        locators.sorted().map { FoundSource(locator: $0, place: .request(url: $0), size: size) }
    }

    private func partitions(_ sources: [FoundSource]) -> Set<[String]> {
        Set(PartitionBoundary.split(sources).map { sources[$0].map(\.locator) })
    }

    @Test("partitions cover all sources in order and keep their bounds", arguments: [0, 1, 15, 16, 17, 1000, 20_000])
    func covers(count: Int) {
        let all = sources((0..<count).map { "page-\($0)" })
        let ranges = PartitionBoundary.split(all)
        #expect(ranges.flatMap { Array($0) } == Array(0..<count))
        #expect(ranges.allSatisfy { $0.count <= PartitionBoundary.maximum })
        #expect(ranges.dropLast().allSatisfy { $0.count >= PartitionBoundary.minimum })
    }

    @Test("an inserted or a removed source disturbs at most two partitions, nearly always", arguments: 0..<40)
    func stable(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let locators = (0..<5000).map { "folder/page-\($0)" }
        let before = partitions(sources(locators))
        let added = partitions(sources(locators + ["folder/page-\(Int.random(in: 0..<5000, using: &random))-new"]))
        // The minimum can carry a moved boundary on to the next one; with a mean of 64 and a minimum of 16 it ends soon.
        #expect(before.subtracting(added).count <= 3, "seed \(seed)")
    }

    @Test("large sources as well: where their bytes end a partition is for each of them alone", arguments: 0..<20)
    func stableWithBytes(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        let locators = (0..<2000).map { "folder/page-\($0)" }
        let size = Int.random(in: 50_000...2_000_000, using: &random)
        let before = partitions(sources(locators, size: size))
        let added = partitions(sources(locators + ["folder/page-\(Int.random(in: 0..<2000, using: &random))-new"], size: size))
        #expect(before.subtracting(added).count <= 4, "seed \(seed)")
    }

    @Test("a partition ends once it holds enough bytes, so that one task's memory is bounded", arguments: [4 << 20, Int.max, -1])
    func bytes(size: Int) {
        let large = (0..<10).map { FoundSource(locator: "\($0)", place: .request(url: ""), size: size) }
        #expect(PartitionBoundary.split(large).count == (size < 0 ? 1 : 10))
    }
}
