import HeadwaterModel
import HeadwaterPluginKit

/// The sources of a stage, divided into partitions. Those of one are read when they are wanted.
struct LocatedSources: Sendable {
    private let content: Content
    /// The locators of the first and the last source of each partition.
    let ranges: [KeyRange]
    let sourceCount: Int

    private enum Content: Sendable {
        /// With where each partition ends among the elements.
        case found(FoundSources, ends: [Int])
        case recorded(RecordedPartitions)
    }

    /// The sources of a past run.
    init(_ recorded: RecordedPartitions) {
        (content, ranges, sourceCount) = (.recorded(recorded), recorded.ranges, recorded.sourceCount)
    }

    /// - Throws: `StageError` if what was found cannot be read.
    init(_ found: FoundSources) throws {
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
        (content, self.ranges, sourceCount) = (.found(found, ends: ends), ranges, found.count)
    }

    /// Partitions.
    var count: Int { ranges.count }

    /// Where the sources come from that need not be looked for.
    var recorded: RecordedPartitions? { if case .recorded(let recorded) = content { recorded } else { nil } }

    /// What was found of one partition; nothing where it is recorded.
    func partition(_ index: Int) throws -> [FoundSource] {
        guard case .found(let found, let ends) = content else { return [] }
        return try found.sources(in: (index == 0 ? found.elements.range.lowerBound : ends[index - 1])..<ends[index])
    }

    /// Whether there is a source of this locator, as far as what was found can be read.
    func has(_ locator: String) -> Bool {
        if let recorded { return recorded.has(locator) }
        func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }
        guard let index = ranges.firstIndex(where: { !precedes($0.last, locator) }), let sources = try? partition(index) else {
            return false
        }
        return sources.contains { $0.locator.utf8.elementsEqual(locator.utf8) }
    }
}
