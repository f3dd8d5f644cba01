/// How alike two texts are, from their true shingles; all in per mille, rounded down.
struct Comparison: Equatable {
    /// What decides: the share of the shorter text's words that the longer one has too, in the same runs of at least a
    /// shingle's size. Where that would say little (a few words, or a small part of a long text) it is the longer one's share.
    var similarity: Int
    /// Shingles that both have, of all that one or the other has (Jaccard 1912).
    var jaccard: Int
    /// The smaller of the two shares: near-duplicates have as much of each other as `similarity` asks for.
    var mutual: Int

    /// A text of fewer words is too easily found somewhere in another to be its duplicate for that.
    static let fewestWords = 25

    /// One text of two, as far as it counts.
    struct Side {
        var words: Int
        /// Of these, the ones that lie in shingles which the other has.
        var covered: Int

        var share: Int { words == 0 ? 0 : covered * 1000 / words }
    }

    /// - Parameter smallestPart: what is less than this part of another text, in per mille, is quoted by it rather than a
    ///   version of it.
    init(_ a: Side, _ b: Side, jaccard: Int, smallestPart: Int) {
        let (short, long) = a.words <= b.words ? (a, b) : (b, a)
        mutual = min(short.share, long.share)
        let isVersion = short.words >= Comparison.fewestWords && long.words * smallestPart <= short.words * 1000
        similarity = isVersion ? max(short.share, a.words == b.words ? long.share : 0) : mutual
        self.jaccard = jaccard
    }

    init(similarity: Int, jaccard: Int, mutual: Int) {
        (self.similarity, self.jaccard, self.mutual) = (similarity, jaccard, mutual)
    }
}

/// Bytes of two texts that say the same.
struct MatchingRanges: Equatable {
    var a: Range<Int>
    var b: Range<Int>

    var reversed: MatchingRanges { MatchingRanges(a: b, b: a) }

    /// More of them say no more to a reader; the longest are told.
    static let most = 8
}
