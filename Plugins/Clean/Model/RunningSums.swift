/// Sums up to each block, so that any stretch of blocks is counted at once.
struct RunningSums {
    var bytes = [0]
    var keptBytes = [0]
    var kept = [0]
    var prose = [0]
    var looks = [0]
    /// Short blocks that end no sentence.
    var labels = [0]
    var runBefore: [Int] = []
    var runAfter: [Int] = []
    var lastRelated: [Int] = []
    var lastComments: [Int] = []
    var lastKeptBefore: [Int] = []
    var nextKept: [Int] = []
    var firstKept: Int
    var lastKept: Int

    init(_ blocks: [Block], looks given: [DropReason?]) {
        firstKept = blocks.firstIndex { $0.reason == nil } ?? blocks.count
        lastKept = blocks.lastIndex { $0.reason == nil } ?? -1
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
