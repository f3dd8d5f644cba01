/// The second opinion on a flattened page: trees weigh each line that the rules have judged, and the run of lines that
/// weighs most is the text.
///
/// The rules know phrases and shapes, the trees how much each of them is worth beside the others: they were trained on
/// labelled pages (`Tests/Quality/train_lines.py`).
enum LineJudge {
    private static let unit = LineTrees.unit
    /// What is added to each score: a line in doubt is text as long as it stands among text.
    private static let bias = unit * 5 / 4
    /// No line is surer than this, so that no single one decides.
    private static let surest = 3 * unit
    /// A line that the rules keep is dropped below this score, one that they drop is kept above that one.
    private static let surelyFurniture = -3 * unit
    private static let surelyText = unit / 2

    private static let trees = TreeEnsemble(LineTrees.table)

    /// Sets the reasons of lines anew.
    ///
    /// - Parameter title: the page's title; empty if it is not known.
    static func judge(_ blocks: inout [Block], title: [UInt8]) {
        let scores = scores(of: blocks, title: title)
        let run = heaviestRun(blocks, scores)
        guard !run.isEmpty else { return }
        for index in blocks.indices {
            if !run.contains(index) {
                if blocks[index].reason == nil { blocks[index].reason = .outside }
            } else if blocks[index].reason == nil {
                if scores[index] <= surelyFurniture { blocks[index].reason = .outside }
            } else if scores[index] > surelyText {
                blocks[index].reason = nil
            }
        }
    }

    private static func scores(of blocks: [Block], title: [UInt8]) -> [Int] {
        var signals = LineSignals(blocks, title: title)
        return blocks.indices.map { trees.score(signals.row($0)) }
    }

    /// The run of lines with the largest sum of scores times words (maximum subarray, Kadane).
    private static func heaviestRun(_ blocks: [Block], _ scores: [Int]) -> Range<Int> {
        var best = (weight: 0, range: 0..<0)
        var weight = 0
        var start = 0
        for index in blocks.indices {
            if weight <= 0 {
                weight = 0
                start = index
            }
            let score = min(max(scores[index] + bias, -surest), surest)
            weight += score * (min(TextShape.wordCount(blocks[index].text), 60) + 3)
            if weight > best.weight { best = (weight, start..<index + 1) }
        }
        return best.range
    }
}
