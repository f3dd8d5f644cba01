/// Which sentences say the same, and which contradict each other.
extension Candidates {
    /// Sentences at least so alike say the same, whatever figures they have.
    private static let sameContent = 0.6
    /// Sentences at least so alike speak of the same thing: they agree if they share a figure of it, and disagree
    /// if their figures differ.
    private static let sameMatter = 0.3

    /// The documents that have a sentence of the same content, the sentence's own among them.
    func supporters(of index: Int) -> [Int] {
        var out: Set<Int> = [all[index].document]
        for (other, cosine) in graph.neighbours[index] where cosine >= Candidates.sameMatter {
            if !disagree(index, other) && (cosine >= Candidates.sameContent || agree(index, other)) {
                out.insert(all[other].document)
            }
        }
        return out.sorted()
    }

    /// How many sources say it: documents of one site count once.
    func independentSupport(of index: Int) -> Int { Set(supporters(of: index).map { documents[$0].site }).count }

    /// How many sources speak of it, whether they say the same or contradict it: a dispute is as much worth telling.
    func independentMentions(of index: Int) -> Int {
        Set(supporters(of: index).map { documents[$0].site } + contradicting(index).map(site)).count
    }

    /// The sentences of other sources that speak of the same thing and give another figure for it.
    func contradicting(_ index: Int) -> [Int] {
        graph.neighbours[index].filter { $0.weight >= Candidates.sameMatter && disagree(index, $0.other) }.map(\.other)
    }

    /// Whether two sentences that speak of the same thing have a figure in common.
    func agree(_ a: Int, _ b: Int) -> Bool {
        all[a].sentence.figures.contains { figure in all[b].sentence.figures.contains { figure.value == $0.value } }
    }

    private func disagree(_ a: Int, _ b: Int) -> Bool {
        guard site(of: a) != site(of: b) else { return false }
        let (x, y) = (all[a].sentence.figures, all[b].sentence.figures)
        let (values, otherValues) = (x.map(\.value), y.map(\.value))
        return x.contains { figure in
            !otherValues.contains(figure.value)
                && y.contains { figure.isOfSame(as: $0) && !values.contains($0.value) }
        }
    }
}
