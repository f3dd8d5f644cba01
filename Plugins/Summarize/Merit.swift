/// What makes a sentence worth choosing, factor by factor.
struct Merit: Equatable {
    /// See `Centrality`; 1 for the most central sentence of the group.
    var centrality: Double
    /// See `SentenceFitness`; 1 without fault.
    var fitness: Double
    /// 1 for the first sentence of its document: news says the most important things first.
    var position: Double
    /// From 1, for none of the title's words, to 1.5.
    var title: Double
    /// 1 where no other source speaks of the same.
    var corroboration = 1.0

    /// What it gains by each further source that says the same or contradicts it, up to a few.
    private static let perSource = 0.4
    private static let mostSources = 5

    init(_ sentence: DocumentOutline.Sentence, centrality: Double, _ weights: SummaryRequest.Weights) {
        self.centrality = centrality
        fitness = Double(sentence.fitness) / 1000
        position = 1 - weights.position * 0.9 * (1 - 1 / (1 + 0.6 * Double(sentence.position)))
        title = 1 + weights.title * 0.5 * Double(sentence.titleShare) / 1000
    }

    mutating func corroborate(by others: Int, _ weights: SummaryRequest.Weights) {
        corroboration = 1 + weights.corroboration * Merit.perSource * Double(min(max(others, 0), Merit.mostSources))
    }

    /// How good it is before others are looked at.
    var prior: Double { fitness * position * title }
    var worth: Double { centrality * prior * corroboration }

    /// What `perMille` gives, in its order.
    static let names = ["centrality", "fitness", "position", "title", "corroboration"]
    var perMille: [Int] { [centrality, fitness, position, title, corroboration].map { Int($0 * 1000) } }
}
