import HeadwaterPluginKit

/// How central each sentence is among all, 1 for the most central one.
enum Centrality {
    /// More than the usual 0.85, since ties between sentences are weak: found on labelled summaries of one and of many documents.
    private static let damping = 0.95
    /// Enough for the order to stand still; a fixed number, so that no threshold decides when to stop.
    private static let iterations = 40

    /// - Parameter documents: the document of each sentence, by number.
    static func of(
        _ vectors: SentenceVectors, _ graph: SimilarityGraph, _ documents: [Int], by method: SummaryRequest.Method
    ) -> [Double] {
        switch method {
        case .lexrank: rank(across(documents, graph.neighbours))
        case .textrank: rank(across(documents, overlaps(vectors)))
        case .centroid: likenessToCentroid(vectors)
        case .coverage: scaled(graph.neighbours.map { $0.reduce(1) { $0 + $1.weight } })
        }
    }

    /// How much a tie between two sentences of one document counts beside one between documents.
    private static let within = 0.25

    /// The edges of several documents: what another document says too tells more of what all are about than what its own
    /// says again (Wan and Yang, "Improved affinity graph based multi-document summarization", NAACL 2006).
    private static func across(_ documents: [Int], _ edges: [[SimilarityGraph.Edge]]) -> [[SimilarityGraph.Edge]] {
        guard let first = documents.first, documents.contains(where: { $0 != first }) else { return edges }
        return edges.enumerated().map { index, edges in
            edges.map { documents[$0.other] == documents[index] ? ($0.other, $0.weight * within) : $0 }
        }
    }

    /// The power method on a graph with weighted edges. With the cosine as weight it is LexRank (Erkan and Radev, "LexRank:
    /// Graph-based lexical centrality as salience in text summarization", JAIR 22, 2004), in its continuous form.
    private static func rank(_ edges: [[SimilarityGraph.Edge]]) -> [Double] {
        let count = edges.count
        guard count > 0 else { return [] }
        let out = edges.map { $0.reduce(0) { $0 + $1.weight } }
        var ranks = [Double](repeating: 1 / Double(count), count: count)
        for _ in 0..<iterations {
            var next = [Double](repeating: (1 - damping) / Double(count), count: count)
            for index in 0..<count where out[index] > 0 {
                let share = damping * ranks[index] / out[index]
                for (other, weight) in edges[index] { next[other] += share * weight }
            }
            ranks = next
        }
        return scaled(ranks)
    }

    /// The edges of TextRank (Mihalcea and Tarau, "TextRank: Bringing order into texts", EMNLP 2004): the terms that two
    /// sentences share, over the logarithms of their lengths. What the paper leaves out by parts of speech, function words, is
    /// left out here by how common it is.
    private static func overlaps(_ vectors: SentenceVectors) -> [[SimilarityGraph.Edge]] {
        let common = vectors.rarity.map { $0 < NaturalLogarithm.of(1 + 1 / commonShare) }
        let lengths = vectors.rows.map { row in
            NaturalLogarithm.of(Double(max(2, row.count { !common[$0.term] })))
        }
        var edges = SimilarityGraph.edges(vectors, atLeast: 0.5) { part, _ in common[part.term] ? 0 : 1 }
        for index in edges.indices {
            for edge in edges[index].indices {
                edges[index][edge].weight /= lengths[index] + lengths[edges[index][edge].other]
            }
        }
        return edges
    }

    /// A term in so many of the sentences says nothing about any.
    private static let commonShare = 0.2

    /// The cosine with the sum of all vectors (Radev, Jing, Styś and Tam, "Centroid-based summarization of multiple
    /// documents", Information Processing and Management 40, 2004).
    private static func likenessToCentroid(_ vectors: SentenceVectors) -> [Double] {
        let centroid = vectors.postings.map { $0.reduce(0) { $0 + $1.weight } }
        return scaled(vectors.rows.map { row in row.reduce(0) { $0 + $1.weight * centroid[$1.term] } })
    }

    private static func scaled(_ values: [Double]) -> [Double] {
        guard let largest = values.max(), largest > 0 else { return values }
        return values.map { $0 / largest }
    }
}
