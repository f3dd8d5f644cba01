/// Finds the runs of words that two texts share, or that one text says twice, and joins them to passages.
///
/// From each word on the longest run is taken, as greedy string tiling does (Wise 1993), with at most `mostPlaces` places tried;
/// so the work grows with the length of the texts, whatever they repeat.
struct SharedRuns {
    /// Words that both have, in the same order and without any between.
    struct Run {
        var a: Int
        var b: Int
        var words: Int
    }

    /// Runs close to one another, with what was altered between them.
    struct Passage: Equatable {
        var a: Range<Int>
        var b: Range<Int>
        /// Words that both have.
        var equal: Int

        /// Per mille of the longer side.
        var similarity: Int { equal * 1000 / max(1, max(a.count, b.count)) }
    }

    private static let mostPlaces = 16
    /// Words altered or put in between two runs of one passage.
    private static let largestGap = 8

    /// For each number, the first place in the other text; for each place, the next with the same number.
    private var heads: [Int32]
    private var nexts: [Int32] = []

    init(numberCount: Int) { heads = Array(repeating: -1, count: numberCount) }

    /// - Parameters:
    ///   - least: shingles of a run.
    ///   - isOneText: whether the two are one text; then runs are looked for before their own place, and do not overlap it.
    mutating func runs(of a: NumberedTexts.Text, in b: NumberedTexts.Text, least: Int, isOneText: Bool = false) -> [Run] {
        nexts = Array(repeating: -1, count: b.shingles.count)
        for place in b.shingles.indices.reversed() {
            let number = Int(b.shingles[place])
            nexts[place] = heads[number]
            heads[number] = Int32(place)
        }
        defer { for number in b.shingles { heads[Int(number)] = -1 } }
        var out: [Run] = []
        var start = 0
        while start < a.shingles.count {
            var best = (place: 0, length: 0)
            var place = Int(heads[Int(a.shingles[start])])
            var tried = 0
            while place >= 0, tried < SharedRuns.mostPlaces {
                var most = min(a.shingles.count - start, b.shingles.count - place)
                // The words of the two must not overlap.
                if isOneText { most = min(most, start - place - b.size + 1) }
                if most <= 0 { break }
                var length = 0
                while length < most, a.shingles[start + length] == b.shingles[place + length] { length += 1 }
                if length > best.length { best = (place, length) }
                place = Int(nexts[place])
                tried += 1
            }
            if best.length >= least {
                out.append(Run(a: start, b: best.place, words: best.length + a.size - 1))
                start += best.length
            } else {
                start += 1
            }
        }
        return out
    }

    /// Passages of at least so many words on both sides, and of which at least such a share is equal.
    ///
    /// - Parameters:
    ///   - runs: in the order of `a`.
    ///   - similarity: per mille.
    static func passages(_ runs: [Run], words: Int, similarity: Int) -> [Passage] {
        var out: [Passage] = []
        var open: [Passage] = []
        for run in runs {
            let next = Passage(a: run.a..<run.a + run.words, b: run.b..<run.b + run.words, equal: run.words)
            // A run elsewhere between two parts of a passage does not end it.
            if let index = open.lastIndex(where: { joined($0, next, similarity) != nil }),
                let passage = joined(open[index], next, similarity)
            {
                open[index] = passage
            } else {
                open.append(next)
            }
            let done = open.filter { $0.a.upperBound + largestGap < run.a }
            if !done.isEmpty {
                out += done
                open.removeAll { $0.a.upperBound + largestGap < run.a }
            }
        }
        return (out + open).filter { $0.a.count >= words && $0.b.count >= words && $0.similarity >= similarity }
            .sorted { ($0.a.lowerBound, $0.b.lowerBound) < ($1.a.lowerBound, $1.b.lowerBound) }
    }

    private static func joined(_ a: Passage, _ b: Passage, _ similarity: Int) -> Passage? {
        let (gapA, gapB) = (b.a.lowerBound - a.a.upperBound, b.b.lowerBound - a.b.upperBound)
        // The last words of one run may be the first of the next.
        let overlap = max(0, max(-gapA, -gapB))
        guard gapA <= largestGap, gapB <= largestGap, overlap < b.equal, b.b.upperBound > a.b.upperBound else { return nil }
        let joined = Passage(
            a: a.a.lowerBound..<max(a.a.upperBound, b.a.upperBound), b: a.b.lowerBound..<b.b.upperBound,
            equal: a.equal + b.equal - overlap)
        return joined.similarity >= similarity ? joined : nil
    }
}
