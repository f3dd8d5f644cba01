import HeadwaterPluginKit

/// Sentences as vectors of their terms, each weighted by how rare it is among all sentences, with length 1. Terms are
/// numbered, so that what is asked of them is an array and no dictionary.
struct SentenceVectors {
    /// One part of a vector.
    struct Part {
        var term: Int
        var weight: Double
        /// How often the sentence has the term.
        var count: Int
    }

    private(set) var rows: [[Part]]
    /// The sentences that have each term, in order, with its weight there.
    private(set) var postings: [[(sentence: Int, weight: Double)]]
    /// By term.
    private(set) var rarity: [Double]

    var count: Int { rows.count }

    init(_ sentences: [Terms]) {
        let known = SentenceVectors.distinct(sentences)
        var frequency = [Int](repeating: 0, count: known.count)
        rows = sentences.map { terms in
            // Both are in order, so that each term is found from where the last one was.
            var place = 0
            return terms.counts.map { term, count in
                place = SentenceVectors.place(of: term, in: known, from: place)
                frequency[place] += 1
                return Part(term: place, weight: 0, count: count)
            }
        }
        rarity = frequency.map { NaturalLogarithm.of(1 + Double(sentences.count) / Double(max($0, 1))) }
        postings = frequency.map { count in
            var list: [(sentence: Int, weight: Double)] = []
            list.reserveCapacity(count)
            return list
        }
        for row in rows.indices {
            var square = 0.0
            for part in rows[row].indices {
                let weight = (1 + NaturalLogarithm.of(Double(rows[row][part].count))) * rarity[rows[row][part].term]
                rows[row][part].weight = weight
                square += weight * weight
            }
            let length = square.squareRoot()
            for part in rows[row].indices where length > 0 {
                rows[row][part].weight /= length
                postings[rows[row][part].term].append((row, rows[row][part].weight))
            }
        }
    }

    private static func distinct(_ sentences: [Terms]) -> [UInt32] {
        var all = sentences.flatMap { $0.counts.lazy.map(\.term) }
        all.sort()
        var out: [UInt32] = []
        for term in all where out.last != term { out.append(term) }
        return out
    }

    private static func place(of term: UInt32, in known: [UInt32], from start: Int) -> Int {
        var (low, high) = (start, known.count)
        while low < high {
            let middle = (low + high) / 2
            if known[middle] < term { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
