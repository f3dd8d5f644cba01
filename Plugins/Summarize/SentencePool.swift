import HeadwaterModel

/// The sentences that are compared: those of the language of most documents, since a summary is written in one, and of
/// these the best. Takes in documents one by one, in any order, and lets go of what cannot be among the best any more, so
/// that a large corpus takes no more memory than a small one.
struct SentencePool {
    /// So many sentences are compared: the best of each document, then the second best …
    static let mostCandidates = 2000

    private struct Language {
        /// Documents that have a sentence to offer.
        var documents = 0
        var outlines: [DocumentOutline] = []
        /// Where each of them lies. One that was let go of and comes again is let go of again.
        var partitions: [RecordID: Int] = [:]
        var sentences = 0

        mutating func add(_ outline: DocumentOutline, _ partition: Int, _ weights: SummaryRequest.Weights) {
            if partitions[outline.id] != nil { return }
            partitions[outline.id] = partition
            documents += 1
            outlines.append(outline)
            sentences += outline.sentences.count
            // Rarely enough that sorting costs little for each sentence.
            guard sentences > 8 * SentencePool.mostCandidates else { return }
            outlines = SentencePool.best(outlines, weights)
            sentences = SentencePool.mostCandidates
            let kept = Set(outlines.map(\.id))
            partitions = partitions.filter { kept.contains($0.key) }
        }
    }

    private let weights: SummaryRequest.Weights
    private var languages: [String: Language] = [:]

    init(_ weights: SummaryRequest.Weights) { self.weights = weights }

    /// Documents of the main language with their best sentences alone, each document's best first.
    var outlines: [DocumentOutline] {
        let main = languages.min { (-$0.value.documents, $0.key) < (-$1.value.documents, $1.key) }
        return main.map { SentencePool.best($0.value.outlines, weights) } ?? []
    }

    /// - Parameter partition: where the document lies; of one that comes again nothing is taken.
    mutating func add(_ outline: DocumentOutline, partition: Int) {
        if outline.sentences.isEmpty { return }
        languages[outline.language, default: Language()].add(outline, partition, weights)
    }

    /// Where a document lies that is among `outlines`.
    func partition(of document: RecordID) -> Int? { languages.lazy.compactMap { $0.value.partitions[document] }.first }

    /// What the outlines hold of the best sentences: by their turn within the document, then by how good they are.
    private static func best(_ outlines: [DocumentOutline], _ weights: SummaryRequest.Weights) -> [DocumentOutline] {
        var outlines = outlines
        var all: [(turn: Int, prior: Double, document: Int)] = []
        for document in outlines.indices {
            let priors = outlines[document].sentences.map { (sentence: $0, prior: Merit($0, centrality: 1, weights).prior) }
                .sorted { (-$0.prior, $0.sentence.start) < (-$1.prior, $1.sentence.start) }
            outlines[document].sentences = priors.map(\.sentence)
            for (turn, sentence) in priors.enumerated() { all.append((turn, sentence.prior, document)) }
        }
        all.sort { ($0.turn, -$0.prior, outlines[$0.document].id) < ($1.turn, -$1.prior, outlines[$1.document].id) }
        // A document's better sentences come before its others, so that those which stay are its first.
        var kept = [Int](repeating: 0, count: outlines.count)
        for place in all.prefix(mostCandidates) { kept[place.document] += 1 }
        for document in outlines.indices {
            outlines[document].sentences = Array(outlines[document].sentences.prefix(kept[document]))
        }
        return outlines.filter { !$0.sentences.isEmpty }
    }
}
