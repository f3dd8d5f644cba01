import HeadwaterModel
import HeadwaterPluginKit

/// The blocks of a partition's pages that belong to their hosts' templates, as `combine` found out.
struct TemplateBlocks {
    /// In rising order.
    let hashes: [UInt64]

    /// A page that would lose more than this of its kept bytes, in percent, is a version of others rather than made by the
    /// same template, and loses nothing.
    private static let largestShare = 50

    init(hashes: [UInt64]) { self.hashes = hashes }

    /// Leaves out the kept blocks that are a template's, and headings that then head nothing.
    func leaveOut(of blocks: inout [Block], locator: String) {
        if hashes.isEmpty { return }
        let host = TemplateHost(locator: locator).hash
        let kept = blocks.indices.filter { blocks[$0].reason == nil }
        var isTemplate = kept.map { contains(TemplateSketch.hash(of: blocks[$0], host: host)) }
        // Standing headings structure the article. One goes when what it heads does.
        for position in kept.indices.reversed() where isTemplate[position] && blocks[kept[position]].isHeading {
            if position + 1 < kept.count, !isTemplate[position + 1] { isTemplate[position] = false }
        }
        let all = kept.reduce(0) { $0 + blocks[$1].text.count }
        let lost = zip(kept, isTemplate).reduce(0) { $0 + ($1.1 ? blocks[$1.0].text.count : 0) }
        guard lost * 100 <= all * TemplateBlocks.largestShare else { return }
        for (index, isTemplate) in zip(kept, isTemplate) where isTemplate { blocks[index].reason = .template }
    }

    private func contains(_ hash: UInt64) -> Bool {
        var (low, high) = (0, hashes.count)
        while low < high {
            let middle = (low + high) / 2
            if hashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low < hashes.count && hashes[low] == hash
    }
}

// MARK: As bytes

extension TemplateBlocks {
    private static let format: StaticString = "clean.template"
    private static let version: UInt8 = 1

    /// None, for pages that are looked at one by one.
    static let none = TemplateBlocks(hashes: [])

    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes, format: TemplateBlocks.format, version: TemplateBlocks.version)
        hashes = try reader.list(ofAtLeast: 8) { try $0.hash() }
        try reader.end()
        guard zip(hashes, hashes.dropFirst()).allSatisfy(<) else { throw StageError("the blocks of a template are not in order") }
    }

    var bytes: [UInt8] {
        var writer = PackedWriter(format: TemplateBlocks.format, version: TemplateBlocks.version)
        writer.list(hashes) { $0.hash($1) }
        return writer.bytes
    }
}
