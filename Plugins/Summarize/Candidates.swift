import HeadwaterModel

/// The sentences that one summary chooses among, with how much each is worth and how alike they are.
struct Candidates {
    struct Candidate {
        var document: Int
        var sentence: DocumentOutline.Sentence
    }

    /// In the order of publication, those without a date last.
    let documents: [DocumentOutline]
    /// In reading order.
    let all: [Candidate]
    let vectors: SentenceVectors
    let graph: SimilarityGraph
    /// Centrality, fitness, place, title and corroboration together.
    private(set) var worth: [Double]

    /// What a sentence gains by each further source that says the same, up to a few.
    private static let perSource = 0.15
    private static let mostSources = 5

    /// - Parameter outlines: of one language, with the sentences that are to be compared; in any order, on which nothing
    ///   depends.
    init(_ outlines: [DocumentOutline], _ request: SummaryRequest) {
        let documents = outlines.sorted {
            ($0.published.isEmpty ? 1 : 0, $0.published, $0.locator, $0.id) < (
                $1.published.isEmpty ? 1 : 0, $1.published, $1.locator, $1.id
            )
        }
        let all = documents.enumerated().flatMap { index, document in
            document.sentences.sorted { $0.start < $1.start }.map { Candidate(document: index, sentence: $0) }
        }
        vectors = SentenceVectors(all.map(\.sentence.terms))
        graph = SimilarityGraph(vectors)
        self.documents = documents
        self.all = all
        worth = zip(all, Centrality.of(vectors, graph, all.map(\.document), by: request.method)).map {
            $0.sentence.prior(request.weights) * $1
        }
        if request.weights.corroboration > 0 && documents.count > 1 {
            for index in all.indices {
                let others = min(independentSupport(of: index) - 1, Candidates.mostSources)
                worth[index] *= 1 + request.weights.corroboration * Candidates.perSource * Double(others)
            }
        }
    }

    func site(of index: Int) -> String { documents[all[index].document].site }
    func locator(of index: Int) -> String { documents[all[index].document].locator }
}

extension DocumentOutline.Sentence {
    /// How good it is before others are looked at: fitness, place and title, what is known of a sentence by itself. News
    /// says the most important things first.
    func prior(_ weights: SummaryRequest.Weights) -> Double {
        let place = 0.1 + 0.9 / (1 + 0.6 * Double(position))
        let title = 0.5 * Double(titleShare) / 1000
        return Double(fitness) / 1000 * (1 - weights.position * (1 - place)) * (1 + weights.title * title)
    }
}
