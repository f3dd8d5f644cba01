/// Sums up to each block, so that any stretch of blocks is counted at once. A page has at most a gigabyte, so that numbers of
/// four bytes hold them: there may be hundreds of thousands of blocks.
struct RunningSums {
    private(set) var bytes = Numbers([0])
    private(set) var keptBytes = Numbers([0])
    private(set) var kept = Numbers([0])
    private(set) var prose = Numbers([0])
    private(set) var looks = Numbers([0])
    /// Short blocks that end no sentence.
    private(set) var labels = Numbers([0])
    private(set) var runBefore = Numbers()
    private(set) var runAfter = Numbers()
    private(set) var lastRelated = Numbers()
    private(set) var lastComments = Numbers()
    private(set) var lastKeptBefore = Numbers()
    private(set) var nextKept = Numbers()
    let firstKept: Int
    let lastKept: Int

    /// Whole numbers of four bytes each.
    struct Numbers {
        private var values: [Int32]

        init(_ values: [Int32] = []) { self.values = values }

        subscript(_ index: Int) -> Int { Int(values[index]) }

        var last: Int? { values.last.map { Int($0) } }

        mutating func reserve(_ count: Int) { values.reserveCapacity(count) }
        mutating func append(_ value: Int) { values.append(Int32(clamping: value)) }
        mutating func reverse() { values.reverse() }
    }

    init(_ blocks: [Block], looks given: [DropReason?]) {
        firstKept = blocks.firstIndex { $0.reason == nil } ?? blocks.count
        lastKept = blocks.lastIndex { $0.reason == nil } ?? -1
        for column in [
            \RunningSums.bytes, \.keptBytes, \.kept, \.prose, \.looks, \.labels, \.runBefore, \.runAfter, \.lastRelated,
            \.lastComments, \.lastKeptBefore, \.nextKept,
        ] { self[keyPath: column].reserve(blocks.count + 1) }
        var (run, related, comments, kept) = (0, -1000, -1000, -1000)
        for (index, block) in blocks.enumerated() {
            let isKept = block.reason == nil
            runBefore.append(run)
            run = isKept ? run + 1 : 0
            lastRelated.append(related)
            lastComments.append(comments)
            lastKeptBefore.append(kept)
            if given[index] == .related { related = index }
            if given[index] == .comments { comments = index }
            if isKept { kept = index }
            bytes.append((bytes.last ?? 0) + block.count)
            keptBytes.append((keptBytes.last ?? 0) + (isKept ? block.count : 0))
            self.kept.append((self.kept.last ?? 0) + (isKept ? 1 : 0))
            prose.append((prose.last ?? 0) + (block.isProse ? block.count : 0))
            looks.append((looks.last ?? 0) + (given[index] == nil ? 0 : 1))
            labels.append((labels.last ?? 0) + (block.isProse || block.endsSentence ? 0 : 1))
        }
        var next = blocks.count + 1000
        run = 0
        for (index, block) in blocks.enumerated().reversed() {
            runAfter.append(run)
            nextKept.append(next)
            run = block.reason == nil ? run + 1 : 0
            if block.reason == nil { next = index }
        }
        runAfter.reverse()
        nextKept.reverse()
    }
}
