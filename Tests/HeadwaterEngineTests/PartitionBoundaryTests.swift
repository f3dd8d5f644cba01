import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterEngine

@Suite struct PartitionBoundaryTests {
    private func sources(_ locators: some Sequence<String>, size: Int = 0) -> [FoundSource] {
        locators.sorted().map { FoundSource(locator: $0, place: .request(url: $0), size: size) }
    }

    private func split(_ sources: [FoundSource]) throws -> [[FoundSource]] {
        let located = try LocatedSources(FoundSources(sources.shuffled()))
        return try (0..<located.count).map { try located.partition($0) }
    }

    private func partitions(_ sources: [FoundSource]) throws -> Set<[String]> {
        Set(try split(sources).map { $0.map(\.locator) })
    }

    @Test("partitions cover all sources in order and keep their bounds", arguments: [0, 1, 15, 16, 17, 1000, 20_000])
    func covers(count: Int) throws {
        let all = sources((0..<count).map { "page-\($0)" })
        let partitions = try split(all)
        #expect(partitions.flatMap(\.self) == all)
        #expect(partitions.allSatisfy { $0.count <= PartitionBoundary.maximum })
        #expect(partitions.dropLast().allSatisfy { $0.count >= PartitionBoundary.minimum })
    }

    /// They are part of what artifacts hold, so that other boundaries would carry out all that is known.
    @Test("boundaries stay where they are")
    func pinned() throws {
        let locators = sources((0..<1000).map { "folder/page-\($0).html" }, size: 4096)
        #expect(
            try split(locators).map(\.count) == [43, 49, 17, 39, 38, 10, 62, 34, 57, 55, 38, 25, 90, 36, 73, 175, 119, 28, 12])
    }

    @Test("a partition is called by its first and last source, and one of its sources is told from others")
    func ranges() throws {
        let located = try LocatedSources(FoundSources(sources((0..<1000).map { "page-\($0)" })))
        #expect(located.sourceCount == 1000)
        for (index, range) in located.ranges.enumerated() {
            let locators = try located.partition(index).map(\.locator)
            #expect(range == KeyRange(first: locators.first ?? "", last: locators.last ?? ""))
        }
        #expect(located.has("page-0") && located.has("page-999") && located.has("page-500"))
        #expect(!located.has("page") && !located.has("page-1000") && !located.has("q"))
    }

    @Test("an inserted or a removed source disturbs at most two partitions, nearly always", arguments: 0..<40)
    func stable(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        let locators = (0..<5000).map { "folder/page-\($0)" }
        let before = try partitions(sources(locators))
        let added = try partitions(sources(locators + ["folder/page-\(Int.random(in: 0..<5000, using: &random))-new"]))
        // The minimum can carry a moved boundary on to the next one; with a mean of 64 and a minimum of 16 it ends soon.
        #expect(before.subtracting(added).count <= 3, "seed \(seed)")
    }

    @Test("large sources as well: where their bytes end a partition is for each of them alone", arguments: 0..<20)
    func stableWithBytes(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        let locators = (0..<2000).map { "folder/page-\($0)" }
        let size = Int.random(in: 50_000...2_000_000, using: &random)
        let before = try partitions(sources(locators, size: size))
        let added = try partitions(
            sources(locators + ["folder/page-\(Int.random(in: 0..<2000, using: &random))-new"], size: size))
        #expect(before.subtracting(added).count <= 4, "seed \(seed)")
    }

    @Test("a partition ends once it holds enough bytes, so that one task's memory is bounded", arguments: [4 << 20, Int.max, -1])
    func bytes(size: Int) throws {
        let large = (0..<10).map { FoundSource(locator: "\($0)", place: .request(url: ""), size: size) }
        #expect(try split(large).count == (size < 0 ? 1 : 10))
    }
}
