import HeadwaterModel

/// A passage that two surviving documents share, by their indices.
struct SharedPassage {
    /// The one that survivor rules prefer: here it stays.
    var holder: Int
    var other: Int
    /// First the holder's.
    var ranges: MatchingRanges
    var words: Int
    /// Per mille.
    var similarity: Int

    /// So many passages are told of at the document that holds them; all are at the others.
    private static let mostAtHolder = 64

    /// Deals passages out to the partitions of both documents.
    static func deal(_ passages: [SharedPassage], _ documents: [DuplicateCandidates.Document], _ out: inout [Decision]) {
        var atHolder: [Int: Int] = [:]
        let order = passages.sorted { x, y in
            (x.holder, x.other, x.ranges.b.lowerBound, x.ranges.a.lowerBound) < (
                y.holder, y.other, y.ranges.b.lowerBound, y.ranges.a.lowerBound
            )
        }
        for passage in order {
            func told(_ record: Int, _ with: Int, _ ranges: MatchingRanges, isHolder: Bool) -> Decision.Passage {
                Decision.Passage(
                    record: documents[record].id, with: documents[with].id, ranges: ranges, words: passage.words,
                    similarity: passage.similarity, isHolder: isHolder)
            }
            out[documents[passage.other].partition].passages.append(
                told(passage.other, passage.holder, passage.ranges.reversed, isHolder: false))
            atHolder[passage.holder, default: 0] += 1
            if atHolder[passage.holder, default: 0] <= mostAtHolder {
                out[documents[passage.holder].partition].passages.append(
                    told(passage.holder, passage.other, passage.ranges, isHolder: true))
            }
        }
    }
}
