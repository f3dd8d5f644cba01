/// How much of all sentences a choice stands for, and what one more would add: the saturated coverage of Lin and Bilmes ("A
/// class of submodular functions for document summarization", ACL 2011, equation 4), with their reward for what is new, here
/// for terms that no chosen sentence has (Filatova and Hatzivassiloglou, "Event-based extractive summarization", 2004). What a
/// greedy choice by it reaches is within 1 - 1/e of the best.
struct Coverage {
    private let vectors: SentenceVectors
    private let neighbours: [[SimilarityGraph.Edge]]
    /// A sentence counts as covered from here on.
    private let enough: [Double]
    private var covered: [Double]
    private var isSaid: [Bool]
    /// The weight of each term: how much of the text it stands for.
    private let terms: [Double]
    private let allTerms: Double
    private let allSentences: Double

    /// The share of a sentence's ties that cover it. Lin and Bilmes found 5 / N and more; with sentences in hundreds this is
    /// among the values that do equally well.
    private static let saturation = 0.1
    /// How much terms count beside sentences.
    private static let reward = 1.0

    init(_ vectors: SentenceVectors, _ graph: SimilarityGraph) {
        self.vectors = vectors
        neighbours = graph.neighbours
        enough = neighbours.map { 1 + Coverage.saturation * $0.reduce(0) { $0 + $1.weight } }
        covered = [Double](repeating: 0, count: neighbours.count)
        terms = vectors.postings.map { list in list.count > 1 ? list.reduce(0) { $0 + $1.weight } : 0 }
        isSaid = [Bool](repeating: false, count: terms.count)
        allTerms = max(terms.reduce(0, +), 1e-9)
        allSentences = max(enough.reduce(0, +), 1e-9)
    }

    func gain(of sentence: Int) -> Double {
        var ties = min(covered[sentence] + 1, enough[sentence]) - covered[sentence]
        for (other, weight) in neighbours[sentence] {
            ties += max(0, min(covered[other] + weight, enough[other]) - covered[other])
        }
        var new = 0.0
        for part in vectors.rows[sentence] where !isSaid[part.term] { new += terms[part.term] }
        return ties / allSentences + Coverage.reward * new / allTerms
    }

    mutating func add(_ sentence: Int) {
        covered[sentence] = min(covered[sentence] + 1, enough[sentence])
        for (other, weight) in neighbours[sentence] { covered[other] = min(covered[other] + weight, enough[other]) }
        for part in vectors.rows[sentence] { isSaid[part.term] = true }
    }
}
