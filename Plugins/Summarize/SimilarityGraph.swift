/// How alike sentences are: the cosine of the angle between their vectors, for every two that share enough. All sums
/// run in a fixed order, so the same sentences give the same bits.
struct SimilarityGraph {
    typealias Edge = (other: Int, weight: Double)

    /// The sentences that are at all like one, with how alike, by index.
    private(set) var neighbours: [[Edge]]

    /// Below it, likeness is chance: the threshold of Erkan and Radev's best runs (see `Centrality`).
    private static let leastCosine = 0.1
    /// A term in more sentences than this tells none from another, and would make the work quadratic.
    private static let mostSentencesOfTerm = 400

    init(_ vectors: SentenceVectors) {
        neighbours = SimilarityGraph.edges(vectors, atLeast: SimilarityGraph.leastCosine) { $0.weight * $1 }
    }

    /// The cosine of two sentences; 0 where it is too small to be known.
    func cosine(_ a: Int, _ b: Int) -> Double {
        if a == b { return 1 }
        return neighbours[a].first { $0.other == b }?.weight ?? 0
    }

    /// Sums up what each two sentences have in common, term by term.
    ///
    /// - Parameter value: what a term adds that stands in one sentence as this part and in the other with this weight.
    static func edges(
        _ vectors: SentenceVectors, atLeast least: Double, _ value: (SentenceVectors.Part, Double) -> Double
    ) -> [[Edge]] {
        var out = [[Edge]](repeating: [], count: vectors.count)
        var sums = [Double](repeating: 0, count: vectors.count)
        var met: [Int] = []
        for (index, row) in vectors.rows.enumerated() {
            for part in row {
                let list = vectors.postings[part.term]
                if list.count > mostSentencesOfTerm { continue }
                for (other, weight) in list where other != index {
                    if sums[other] == 0 { met.append(other) }
                    sums[other] += value(part, weight)
                }
            }
            met.sort()
            for other in met {
                if sums[other] >= least { out[index].append((other, sums[other])) }
                sums[other] = 0
            }
            met.removeAll(keepingCapacity: true)
        }
        return out
    }
}
