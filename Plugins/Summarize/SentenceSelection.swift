import HeadwaterModel

/// Chooses the sentences of the summary: the most central and fit ones that do not repeat each other (maximal marginal
/// relevance, Carbonell and Goldstein 1998), with both sides where sources give different figures.
struct SentenceSelection {
    private struct Candidate {
        var document: Int
        var sentence: DocumentOutline.Sentence
    }

    /// Sentences at least so alike say the same, whatever figures they have.
    private static let sameContent = 0.6
    /// Sentences at least so alike speak of the same thing: they agree if they share a figure of it, and disagree
    /// if their figures differ.
    private static let sameMatter = 0.3

    /// How much more alike than their words say two sentences are that share a figure: one fact, told twice.
    private static let sharedFigure = 0.25

    private let documents: [DocumentOutline]
    private let candidates: [Candidate]
    private let graph: SimilarityGraph
    private let worth: [Double]

    /// - Parameter outlines: of one language, with the sentences that are to be compared; in any order, on which the choice
    ///   does not depend.
    init(_ outlines: [DocumentOutline]) {
        let documents = outlines.sorted {
            ($0.published.isEmpty ? 1 : 0, $0.published, $0.locator, $0.id) < (
                $1.published.isEmpty ? 1 : 0, $1.published, $1.locator, $1.id
            )
        }
        let candidates = documents.enumerated().flatMap { index, document in
            document.sentences.sorted { $0.start < $1.start }.map { Candidate(document: index, sentence: $0) }
        }
        graph = SimilarityGraph(candidates.map(\.sentence.terms))
        worth = zip(candidates, graph.centrality).map { $0.sentence.prior * $1 }
        self.documents = documents
        self.candidates = candidates
    }

    /// The chosen sentences in reading order: by the time their documents were published, then as they stand there.
    func chosen(count: Int, redundancy: Double) -> [ChosenSentence] {
        var picked: [Int] = []
        var isOpen = [Bool](repeating: true, count: candidates.count)
        var likeness = [Double](repeating: 0, count: candidates.count)
        func pick(_ index: Int) {
            picked.append(index)
            isOpen[index] = false
            for (other, cosine) in graph.neighbours[index] {
                likeness[other] = max(likeness[other], agree(index, other) ? cosine + SentenceSelection.sharedFigure : cosine)
            }
        }
        while picked.count < count {
            var best: (index: Int, value: Double)?
            for index in candidates.indices where isOpen[index] && likeness[index] <= redundancy {
                let value = worth[index] * (1 - min(likeness[index], 1))
                if value > best?.value ?? 0 { best = (index, value) }
            }
            guard let best else { break }
            pick(best.index)
            // The other side of a disputed figure is worth a place even though most of its words are the same.
            let others = contradicting(best.index)
            if picked.count < count, !others.contains(where: { !isOpen[$0] }),
                let other = others.max(by: { (worth[$0], $1) < (worth[$1], $0) })
            {
                pick(other)
            }
        }
        let largest = worth.max() ?? 0
        let ranks = Dictionary(picked.enumerated().map { ($1, $0 + 1) }, uniquingKeysWith: { first, _ in first })
        return picked.sorted().map { index in
            let candidate = candidates[index]
            let supporters = supporters(of: index)
            return ChosenSentence(
                document: documents[candidate.document].id, start: candidate.sentence.start, length: candidate.sentence.length,
                rank: ranks[index] ?? 0, score: largest > 0 ? Int(worth[index] / largest * 1000) : 0,
                support: Set(supporters.map { documents[$0].site }).count,
                supportedBy: Set(supporters.map { documents[$0].locator }).sorted(), isDisputed: !contradicting(index).isEmpty)
        }
    }

    /// The documents that have a sentence of the same content, the sentence's own among them.
    private func supporters(of index: Int) -> [Int] {
        var out: Set<Int> = [candidates[index].document]
        for (other, cosine) in graph.neighbours[index] where cosine >= SentenceSelection.sameMatter {
            if !disagree(index, other) && (cosine >= SentenceSelection.sameContent || agree(index, other)) {
                out.insert(candidates[other].document)
            }
        }
        return out.sorted()
    }

    /// The sentences of other sources that speak of the same thing and give another figure for it.
    private func contradicting(_ index: Int) -> [Int] {
        graph.neighbours[index].filter { $0.cosine >= SentenceSelection.sameMatter && disagree(index, $0.other) }.map(\.other)
    }

    /// Whether two sentences that speak of the same thing have a figure in common.
    private func agree(_ a: Int, _ b: Int) -> Bool {
        candidates[a].sentence.figures.contains { figure in candidates[b].sentence.figures.contains { figure.value == $0.value } }
    }

    private func disagree(_ a: Int, _ b: Int) -> Bool {
        let (x, y) = (candidates[a], candidates[b])
        guard documents[x.document].site != documents[y.document].site else { return false }
        let (values, otherValues) = (x.sentence.figures.map(\.value), y.sentence.figures.map(\.value))
        return x.sentence.figures.contains { figure in
            !otherValues.contains(figure.value)
                && y.sentence.figures.contains { figure.isOfSame(as: $0) && !values.contains($0.value) }
        }
    }
}
