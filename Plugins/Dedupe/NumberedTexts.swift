/// The texts of one group as numbers: equal shingles have equal numbers, so that a pair of texts costs one look at each
/// shingle of the two.
struct NumberedTexts {
    struct Text {
        /// By the word it begins with.
        var shingles: [Int32]
        /// Different ones.
        var distinct: Int
        /// Words of a shingle.
        var size: Int
        var wordCount: Int
        /// The bytes of each word.
        var places: [WordHashes.Place]
        /// Words from each mark to the next.
        var spans: [Int]

        /// The bytes that some words take.
        func bytes(of words: Range<Int>) -> Range<Int> {
            words.isEmpty ? 0..<0 : Int(places[words.lowerBound].start)..<Int(places[words.upperBound - 1].end)
        }
    }

    private(set) var texts: [Text] = []
    private var numbers: [UInt64: Int32] = [:]
    private let shingle: Int
    /// For each number, the text that `mark` was last called for and that has it.
    private var marks: [Int32] = []

    /// How many different shingles there are.
    var numberCount: Int { numbers.count }

    init(shingle: Int) { self.shingle = shingle }

    mutating func add(_ text: [UInt8]) {
        let words = WordHashes(text, keepingPlaces: true)
        let shingles = Shingles(words.hashes, size: shingle)
        var numbered: [Int32] = []
        numbered.reserveCapacity(shingles.hashes.count)
        var distinct = 0
        let number = Int32(texts.count)
        for hash in shingles.hashes {
            let known = numbers[hash]
            let value = known ?? Int32(numbers.count)
            if known == nil {
                numbers[hash] = value
                marks.append(-1)
            }
            if marks[Int(value)] != number {
                marks[Int(value)] = number
                distinct += 1
            }
            numbered.append(value)
        }
        for value in numbered { marks[Int(value)] = -1 }
        texts.append(
            Text(
                shingles: numbered, distinct: distinct, size: shingles.size, wordCount: words.hashes.count, places: words.places,
                spans: Marks(words.hashes).spans(wordCount: words.hashes.count)))
    }

    /// What one text has of another.
    struct Coverage: Equatable {
        /// Words that lie in shingles which the other has too.
        var words = 0
        /// Different such shingles.
        var shingles = 0
    }

    mutating func coverage(of text: Int, by other: Int) -> Coverage {
        for number in texts[other].shingles { marks[Int(number)] = Int32(other) }
        var coverage = Coverage()
        var coveredTo = 0
        let size = texts[text].size
        for (start, number) in texts[text].shingles.enumerated() where marks[Int(number)] == Int32(other) {
            coverage.words += start + size - max(start, coveredTo)
            coveredTo = start + size
        }
        for number in texts[text].shingles where marks[Int(number)] == Int32(other) {
            marks[Int(number)] = -1
            coverage.shingles += 1
        }
        for number in texts[other].shingles { marks[Int(number)] = -1 }
        return coverage
    }

    /// For each word of a text, whether it lies in a shingle that the other has too.
    mutating func coveredWords(of text: Int, by other: Int) -> [Bool] {
        for number in texts[other].shingles { marks[Int(number)] = Int32(other) }
        var covered = [Bool](repeating: false, count: texts[text].wordCount)
        var coveredTo = 0
        let size = texts[text].size
        for (start, number) in texts[text].shingles.enumerated() where marks[Int(number)] == Int32(other) {
            for word in max(start, coveredTo)..<start + size { covered[word] = true }
            coveredTo = start + size
        }
        for number in texts[other].shingles { marks[Int(number)] = -1 }
        return covered
    }
}
