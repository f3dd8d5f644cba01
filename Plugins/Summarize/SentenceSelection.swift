/// Chooses the sentences of a summary, the best first: worthy ones that do not repeat each other (maximal marginal
/// relevance, Carbonell and Goldstein 1998), or those that together cover most (`Coverage`).
struct SentenceSelection {
    /// How much more alike than their words say two sentences are that share a figure: one fact, told twice.
    private static let sharedFigure = 0.25

    private let candidates: Candidates
    private let request: SummaryRequest

    init(_ candidates: Candidates, _ request: SummaryRequest) {
        self.candidates = candidates
        self.request = request
    }

    /// - Parameters:
    ///   - isOpen: whether a sentence may be chosen at all.
    ///   - bonus: what a sentence's worth is multiplied by.
    ///   - withOtherSide: whether a disputed sentence takes the best one that contradicts it along.
    func chosen(
        where isOpen: (Int) -> Bool = { _ in true }, bonus: (Int) -> Double = { _ in 1 }, withOtherSide: Bool = true
    ) -> [Int] {
        var picked: [Int] = []
        var use = SummaryLimit.Use()
        var open = candidates.all.indices.filter(isOpen)
        let worth = candidates.worth.indices.map { candidates.worth[$0] * bonus($0) }
        var likeness = [Double](repeating: 0, count: candidates.all.count)
        var coverage = request.method == .coverage ? Coverage(candidates.vectors, candidates.graph) : nil
        func pick(_ index: Int) {
            picked.append(index)
            use.take(candidates.all[index].sentence)
            coverage?.add(index)
            for (other, cosine) in candidates.graph.neighbours[index] {
                let alike = candidates.agree(index, other) ? cosine + SentenceSelection.sharedFigure : cosine
                likeness[other] = max(likeness[other], alike)
            }
        }
        while !request.limit.isReached(use) {
            open.removeAll { likeness[$0] > request.redundancy || !request.limit.fits(candidates.all[$0].sentence, after: use) }
            var best: (index: Int, value: Double)?
            for index in open {
                let value =
                    coverage.map { $0.gain(of: index) * bonus(index) * candidates.merits[index].prior }
                    ?? worth[index] * (1 - min(likeness[index], 1))
                if value > best?.value ?? 0 { best = (index, value) }
            }
            guard let best else { break }
            pick(best.index)
            open.removeAll { $0 == best.index }
            // The other side of a disputed figure is worth a place even though most of its words are the same.
            guard withOtherSide else { continue }
            let others = candidates.contradicting(best.index)
            if !others.contains(where: picked.contains),
                let other = others.max(by: { (worth[$0], $1) < (worth[$1], $0) }),
                isOpen(other), request.limit.fits(candidates.all[other].sentence, after: use)
            {
                pick(other)
                open.removeAll { $0 == other }
            }
        }
        return picked
    }
}
