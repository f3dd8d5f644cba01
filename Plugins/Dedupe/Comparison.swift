/// How alike two texts are, from their true shingles. Both numbers in per mille, rounded down.
struct Comparison: Equatable {
    /// The share of the shorter text's words that the longer one has too, in the same runs of at least a shingle's
    /// size. Where that would say little (a few words, or a small part of a long text) it is the longer one's share.
    var similarity: Int
    /// Shingles that both have, of all that one or the other has (Jaccard 1912).
    var jaccard: Int

    /// A text of fewer words is too easily found somewhere in another to be its duplicate for that.
    fileprivate static let fewestWords = 25
    /// A text that is less than this part of another is quoted by it rather than a version of it.
    fileprivate static let smallestPart = 8
}

/// Compares the texts of one group, pair by pair. Shingles are numbered once for the group, so that a pair costs one
/// look at each shingle of the two.
struct GroupComparison {
    private var texts: [Text] = []
    private var numbers: [UInt64: Int32] = [:]
    /// For each numbered shingle, the text that `mark` was last called for and that has it.
    private var marks: [Int32] = []

    private struct Text {
        var shingles: [Int32]
        var distinct: Int
        var size: Int
        var wordCount: Int
    }

    mutating func add(_ shingles: Shingles) {
        var numbered: [Int32] = []
        numbered.reserveCapacity(shingles.hashes.count)
        for hash in shingles.hashes {
            if let number = numbers[hash] {
                numbered.append(number)
            } else {
                let number = Int32(numbers.count)
                numbers[hash] = number
                marks.append(-1)
                numbered.append(number)
            }
        }
        texts.append(Text(shingles: numbered, distinct: Set(numbered).count, size: shingles.size, wordCount: shingles.wordCount))
    }

    /// Calls `body` for each pair of texts.
    mutating func forEachPair(_ body: (Int, Int, Comparison) -> Void) {
        for a in texts.indices.dropLast() {
            for b in (a + 1)..<texts.count { body(a, b, compare(a, b)) }
        }
    }

    private mutating func compare(_ a: Int, _ b: Int) -> Comparison {
        let (short, long) = texts[a].wordCount <= texts[b].wordCount ? (a, b) : (b, a)
        let inShort = covered(long, by: short)
        let inLong = covered(short, by: long)
        let all = texts[a].distinct + texts[b].distinct - inLong.distinct
        let shortWords = texts[short].wordCount
        let longWords = texts[long].wordCount
        let isVersion = shortWords >= Comparison.fewestWords && longWords <= shortWords * Comparison.smallestPart
        let ofShort = shortWords == 0 ? 0 : inLong.words * 1000 / shortWords
        let ofLong = longWords == 0 ? 0 : inShort.words * 1000 / longWords
        return Comparison(
            similarity: isVersion ? max(ofShort, shortWords == longWords ? ofLong : 0) : min(ofShort, ofLong),
            jaccard: all == 0 ? 0 : inLong.distinct * 1000 / all)
    }

    /// How many words of one text lie in shingles that the other has too, and how many different such shingles it has.
    private mutating func covered(_ text: Int, by other: Int) -> (words: Int, distinct: Int) {
        for number in texts[other].shingles { marks[Int(number)] = Int32(other) }
        var words = 0
        var distinct = 0
        var coveredTo = 0
        let size = texts[text].size
        for (start, number) in texts[text].shingles.enumerated() where marks[Int(number)] == Int32(other) {
            words += start + size - max(start, coveredTo)
            coveredTo = start + size
        }
        for number in texts[text].shingles where marks[Int(number)] == Int32(other) {
            marks[Int(number)] = -1
            distinct += 1
        }
        return (words, distinct)
    }
}
