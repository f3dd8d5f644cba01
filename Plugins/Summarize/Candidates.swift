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
    /// What makes each of them worth something.
    private(set) var merits: [Merit]
    /// The merits multiplied.
    private(set) var worth: [Double]

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
        merits = zip(all, Centrality.of(vectors, graph, all.map(\.document), by: request.method)).map {
            Merit($0.sentence, centrality: $1, request.weights)
        }
        worth = merits.map(\.worth)
        guard documents.count > 1 else { return }
        for index in all.indices {
            merits[index].corroborate(by: independentMentions(of: index) - 1, request.weights)
            worth[index] = merits[index].worth
        }
    }

    func site(of index: Int) -> String { documents[all[index].document].site }
    func locator(of index: Int) -> String { documents[all[index].document].locator }
}
