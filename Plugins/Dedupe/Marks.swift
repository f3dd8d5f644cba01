/// The marks of a text: a few of its runs of words, chosen so that texts which share a passage have marks in common
/// wherever it lies in them.
///
/// Winnowing (Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003): of each
/// `window` neighbouring runs the one with the smallest hash, the last of equal ones. A passage of `run + window - 1`
/// words has at least one; a text has about two in `window + 1` words.
struct Marks {
    /// Words of a run. Fewer words in a row are said by chance.
    static let run = 6
    /// So a passage of 13 words is found. Texts edited in one word of 20 have such passages.
    static let window = 8

    /// In text order.
    private(set) var values: [UInt32] = []
    /// The word that each begins with.
    private(set) var places: [Int32] = []

    init(_ words: [UInt64]) {
        let runs = Shingles(words, size: Marks.run).hashes
        guard !runs.isEmpty else { return }
        let expected = runs.count * 2 / (Marks.window + 1) + 2
        values.reserveCapacity(expected)
        places.reserveCapacity(expected)
        var smallest = -1
        // A text shorter than a window is one.
        for end in min(Marks.window, runs.count) - 1..<runs.count {
            let start = max(0, end - Marks.window + 1)
            let known = smallest
            if smallest < start {
                smallest = start
                for index in start...end where runs[index] <= runs[smallest] { smallest = index }
            } else if runs[end] <= runs[smallest] {
                smallest = end
            }
            if smallest != known {
                // The low half of a hash says nothing of how small it is, so that values are spread evenly.
                values.append(UInt32(truncatingIfNeeded: runs[smallest]))
                places.append(Int32(smallest))
            }
        }
    }

    /// How many words lie between each mark and the next; those before the first count to it, those behind the last too.
    func spans(wordCount: Int) -> [Int] {
        places.indices.map { index in
            let start = index == 0 ? 0 : Int(places[index])
            return (index + 1 < places.count ? Int(places[index + 1]) : wordCount) - start
        }
    }
}
