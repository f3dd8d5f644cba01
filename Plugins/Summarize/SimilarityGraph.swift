import HeadwaterPluginKit

/// How alike sentences are, and how central each is among all: LexRank (Erkan and Radev, "LexRank: Graph-based lexical
/// centrality as salience in text summarization", JAIR 22, 2004).
///
/// A sentence is the vector of its terms, weighted by their rarity among all sentences; two sentences are as alike as
/// the cosine of the angle between their vectors. All sums run in a fixed order, so the same sentences give the same bits.
struct SimilarityGraph {
    /// The sentences that are at all like one, with how alike, by index.
    private(set) var neighbours: [[(other: Int, cosine: Double)]]
    /// 1 for the most central sentence.
    private(set) var centrality: [Double]

    /// Below it, likeness is chance: the threshold of Erkan and Radev's best runs.
    private static let leastCosine = 0.1
    /// A term in more sentences than this tells none from another, and would make the work quadratic.
    private static let mostSentencesOfTerm = 400
    private static let damping = 0.85
    /// Enough for the order to stand still; a fixed number, so that no threshold decides when to stop.
    private static let iterations = 40

    init(_ sentences: [Terms]) {
        var postings: [UInt32: [(sentence: Int, weight: Double)]] = [:]
        for (index, terms) in sentences.enumerated() {
            for (term, count) in terms.counts { postings[term, default: []].append((index, Double(count))) }
        }
        let rarity = postings.mapValues { NaturalLogarithm.of(1 + Double(sentences.count) / Double($0.count)) }
        let vectors = sentences.map { terms in
            let weights = terms.counts.map {
                (term: $0.term, weight: (1 + NaturalLogarithm.of(Double($0.count))) * (rarity[$0.term] ?? 0))
            }
            let length = weights.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
            return length > 0 ? weights.map { (term: $0.term, weight: $0.weight / length) } : []
        }
        for (term, list) in postings where list.count > SimilarityGraph.mostSentencesOfTerm { postings[term] = [] }
        for (index, vector) in vectors.enumerated() {
            for (term, weight) in vector {
                guard let list = postings[term], let place = SimilarityGraph.place(of: index, in: list) else { continue }
                postings[term]?[place].weight = weight
            }
        }
        neighbours = Array(repeating: [], count: sentences.count)
        centrality = []
        findNeighbours(vectors, postings)
        rank()
    }

    /// The cosine of two sentences; 0 where it is too small to be known.
    func cosine(_ a: Int, _ b: Int) -> Double {
        if a == b { return 1 }
        return neighbours[a].first { $0.other == b }?.cosine ?? 0
    }

    private mutating func findNeighbours(
        _ vectors: [[(term: UInt32, weight: Double)]], _ postings: [UInt32: [(sentence: Int, weight: Double)]]
    ) {
        var sums = [Double](repeating: 0, count: vectors.count)
        for (index, vector) in vectors.enumerated() {
            var met: [Int] = []
            for (term, weight) in vector {
                for (other, otherWeight) in postings[term] ?? [] where other != index {
                    if sums[other] == 0 { met.append(other) }
                    sums[other] += weight * otherWeight
                }
            }
            for other in met.sorted() {
                if sums[other] >= SimilarityGraph.leastCosine { neighbours[index].append((other, sums[other])) }
                sums[other] = 0
            }
        }
    }

    /// The power method on the graph whose edges are weighted by likeness.
    private mutating func rank() {
        let count = neighbours.count
        guard count > 0 else { return }
        let out = neighbours.map { $0.reduce(0) { $0 + $1.cosine } }
        var ranks = [Double](repeating: 1 / Double(count), count: count)
        for _ in 0..<SimilarityGraph.iterations {
            var next = [Double](repeating: (1 - SimilarityGraph.damping) / Double(count), count: count)
            for index in 0..<count {
                for (other, cosine) in neighbours[index] {
                    next[other] += SimilarityGraph.damping * ranks[index] * cosine / out[index]
                }
            }
            ranks = next
        }
        let largest = ranks.max() ?? 1
        centrality = ranks.map { $0 / largest }
    }

    private static func place(of sentence: Int, in list: [(sentence: Int, weight: Double)]) -> Int? {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle].sentence < sentence { low = middle + 1 } else { high = middle }
        }
        return low < list.count && list[low].sentence == sentence ? low : nil
    }
}
