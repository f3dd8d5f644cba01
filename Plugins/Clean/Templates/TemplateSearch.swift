import HeadwaterModel
import HeadwaterPluginKit

/// Finds the blocks that so many pages of a host have in common that they belong to its template.
///
/// It reads the sketches several times and keeps 8 bytes a page, 4 a host, half a byte to a byte a block, and the counts of
/// the blocks that stand on three pages or more.
struct TemplateSearch {
    /// Fewer pages of a host show no template.
    static let fewestPages = 5
    /// A block that stands on fewer pages is no template's.
    static let fewestRepeats = 3
    /// The share of a host's pages, in percent, that a block stands on at least, and the number of pages that is enough
    /// whatever the share. Long prose is repeated by articles that go on with a story, so that more is asked of it.
    /// These are chosen, not fitted: labelled pages at hand come from hosts with a page or two each.
    private static let short = (percent: 10, enough: 20)
    private static let long = (percent: 50, enough: 100)

    private var pages: [UInt64: Int] = [:]
    private var repeats: [UInt64: Int] = [:]

    init(_ sketches: Sketches) throws {
        // Of pages that say the same one counts.
        var seen: Set<UInt64> = []
        var blocks = 0
        for index in 0..<sketches.count {
            for page in try TemplateSketch.decode(sketches[index]) where seen.insert(page.content).inserted {
                pages[page.host, default: 0] += 1
                blocks += page.blocks.count
            }
        }
        // Most blocks stand on one page. Small counters, which several blocks may share, tell which ones to look at.
        var counters = SmallCounters(for: blocks)
        try TemplateSearch.forEachBlock(sketches) { counters.count($0.hash) }
        var counted: [UInt64: Int] = [:]
        try TemplateSearch.forEachBlock(sketches) { block in
            if counters.reaches(TemplateSearch.fewestRepeats, block.hash) { counted[block.hash, default: 0] += 1 }
        }
        repeats = counted.filter { $0.value >= TemplateSearch.fewestRepeats }
    }

    /// Each block once for each page that has it, of pages that say the same only of the first.
    private static func forEachBlock(_ sketches: Sketches, _ body: (TemplateSketch.Block) -> Void) throws {
        var seen: Set<UInt64> = []
        for index in 0..<sketches.count {
            for page in try TemplateSketch.decode(sketches[index]) where seen.insert(page.content).inserted {
                var here: Set<UInt64> = []
                for block in page.blocks where here.insert(block.hash).inserted { body(block) }
            }
        }
    }

    /// For each partition the blocks of its pages that are a template's.
    func slices(_ sketches: Sketches) throws -> [[UInt8]] {
        try (0..<sketches.count).map { index in
            var hashes: Set<UInt64> = []
            for page in try TemplateSketch.decode(sketches[index]) {
                guard let count = pages[page.host], count >= TemplateSearch.fewestPages else { continue }
                for block in page.blocks {
                    guard let repeats = repeats[block.hash] else { continue }
                    let rule = block.isLong ? TemplateSearch.long : TemplateSearch.short
                    let share = repeats.multipliedReportingOverflow(by: 100).partialValue >= rule.percent * count
                    if share || repeats >= rule.enough { hashes.insert(block.hash) }
                }
            }
            return TemplateBlocks(hashes: hashes.sorted()).bytes
        }
    }
}

/// A table of counters that end at 15, two to a byte. A value's counter may count others as well, so that it is never too
/// small.
private struct SmallCounters {
    /// 256 MiB: half a billion blocks before counters are shared by many.
    private static let largestShift = 29
    private var nibbles: [UInt8]
    private let mask: UInt64

    /// - Parameter count: how many values there will be; each gets about four counters.
    init(for count: Int) {
        var shift = 10
        while shift < SmallCounters.largestShift, 1 << shift < count.multipliedReportingOverflow(by: 4).partialValue {
            shift += 1
        }
        mask = 1 << UInt64(shift) - 1
        nibbles = [UInt8](repeating: 0, count: 1 << (shift - 1))
    }

    /// FNV's low bits are even enough; folding mixes the high ones in.
    private func place(_ hash: UInt64) -> (byte: Int, shift: UInt8) {
        let index = (hash ^ hash >> 32) & mask
        return (Int(index >> 1), UInt8(index & 1) * 4)
    }

    mutating func count(_ hash: UInt64) {
        let place = place(hash)
        if nibbles[place.byte] >> place.shift & 15 < 15 { nibbles[place.byte] += 1 << place.shift }
    }

    func reaches(_ count: Int, _ hash: UInt64) -> Bool {
        let place = place(hash)
        return nibbles[place.byte] >> place.shift & 15 >= min(15, count)
    }
}
