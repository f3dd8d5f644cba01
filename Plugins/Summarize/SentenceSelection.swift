import HeadwaterModel

/// Chooses the sentences of the summary: the most central and fit ones that do not repeat each other (maximal marginal
/// relevance, Carbonell and Goldstein 1998), with both sides where sources give different figures.
struct SentenceSelection {
    private struct Candidate {
        var document: Int
        var sentence: DocumentOutline.Sentence
        /// How good it is before the others are looked at.
        var prior: Double
    }

    /// Of a large corpus only so many sentences are compared: the best of each document, then the second best …
    private static let mostCandidates = 2000
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

    /// - Parameter outlines: in any order; the choice does not depend on it.
    init(_ outlines: [DocumentOutline]) {
        let language = SentenceSelection.mainLanguage(outlines)
        let documents = outlines.filter { $0.language == language }.sorted {
            ($0.published.isEmpty ? 1 : 0, $0.published, $0.locator, $0.id) < (
                $1.published.isEmpty ? 1 : 0, $1.published, $1.locator, $1.id
            )
        }
        var all: [(candidate: Candidate, turn: Int)] = []
        for (index, document) in documents.enumerated() {
            let offered = document.sentences.map { Candidate(document: index, sentence: $0, prior: SentenceSelection.prior($0)) }
                .sorted { (-$0.prior, $0.sentence.start) < (-$1.prior, $1.sentence.start) }
            for (turn, candidate) in offered.enumerated() { all.append((candidate, turn)) }
        }
        all.sort { a, b in
            (a.turn, -a.candidate.prior, documents[a.candidate.document].id) < (
                b.turn, -b.candidate.prior, documents[b.candidate.document].id
            )
        }
        let candidates = all.prefix(SentenceSelection.mostCandidates).map(\.candidate)
            .sorted { ($0.document, $0.sentence.start) < ($1.document, $1.sentence.start) }
        graph = SimilarityGraph(candidates.map(\.sentence.terms))
        worth = zip(candidates, graph.centrality).map { $0.prior * $1 }
        self.documents = documents
        self.candidates = candidates
    }

    /// The language of most documents: a summary is written in one.
    private static func mainLanguage(_ outlines: [DocumentOutline]) -> String {
        var counts: [String: Int] = [:]
        for outline in outlines where !outline.sentences.isEmpty { counts[outline.language, default: 0] += 1 }
        return counts.min { (-$0.value, $0.key) < (-$1.value, $1.key) }?.key ?? ""
    }

    /// Fitness, place and title: what is known of a sentence by itself. News says the most important things first.
    private static func prior(_ sentence: DocumentOutline.Sentence) -> Double {
        let place = 0.3 + 0.7 / (1 + 0.2 * Double(sentence.position))
        let title = 1 + 0.5 * Double(sentence.titleShare) / 1000
        return Double(sentence.fitness) / 1000 * place * title
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
