import HeadwaterModel
import HeadwaterPluginKit

/// What a source stage found, divided into partitions. The sources of one are read when they are wanted.
struct LocatedSources: Sendable {
    private let found: FoundSources
    /// The locators of the first and the last source of each partition.
    let ranges: [KeyRange]
    /// Where each partition ends among the elements.
    private let ends: [Int]

    /// - Throws: `StageError` if what was found cannot be read.
    init(_ found: FoundSources) throws {
        self.found = found
        var boundary = PartitionBoundary()
        var ranges: [KeyRange] = []
        var ends: [Int] = []
        var first: String?
        var last: [UInt8] = []
        var end = found.elements.range.lowerBound
        try found.elements.forEach { source in
            if first == nil { first = String(decoding: source.key, as: UTF8.self) }
            end = source.range.upperBound
            if boundary.isReached(by: source.key, size: try FoundSources.size(source)) {
                ranges.append(KeyRange(first: first ?? "", last: String(decoding: source.key, as: UTF8.self)))
                ends.append(end)
                first = nil
            } else {
                last.removeAll(keepingCapacity: true)
                last.append(contentsOf: source.key)
            }
        }
        if let first {
            ranges.append(KeyRange(first: first, last: String(decoding: last, as: UTF8.self)))
            ends.append(end)
        }
        (self.ranges, self.ends) = (ranges, ends)
    }

    /// Partitions.
    var count: Int { ends.count }
    var sourceCount: Int { found.count }

    func partition(_ index: Int) throws -> [FoundSource] {
        try found.sources(in: (index == 0 ? found.elements.range.lowerBound : ends[index - 1])..<ends[index])
    }

    /// Whether there is a source of this locator, as far as what was found can be read.
    func has(_ locator: String) -> Bool {
        func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
        guard let index = ranges.firstIndex(where: { !precedes($0.last, locator) }), let sources = try? partition(index) else {
            return false
        }
        return sources.contains { $0.locator.utf8.elementsEqual(locator.utf8) }
    }
}
