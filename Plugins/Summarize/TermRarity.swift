import HeadwaterModel

/// In how many documents each term occurs, so that a document's most telling terms can be told. Grows with the vocabulary.
struct TermRarity {
    private var frequency: [UInt32: Int] = [:]
    private var documents = 0

    mutating func add(_ outline: DocumentOutline) {
        documents += 1
        for term in TermRarity.counts(outline).keys { frequency[term, default: 0] += 1 }
    }

    /// The document as a vector of length 1 of its most telling terms, by term.
    func vector(_ outline: DocumentOutline, most: Int) -> [(term: UInt32, weight: Double)] {
        var weights = TermRarity.counts(outline).compactMap { term, count -> (term: UInt32, weight: Double)? in
            // What no other document has makes none like it.
            guard let others = frequency[term], others > 1 || documents == 1 else { return nil }
            let rarity = NaturalLogarithm.of(Double(documents) / Double(others))
            return rarity > 0 || documents == 1
                ? (term, (1 + NaturalLogarithm.of(Double(count))) * max(rarity, 1e-3)) : nil
        }
        weights.sort { (-$0.weight, $0.term) < (-$1.weight, $1.term) }
        weights = Array(weights.prefix(most))
        weights.sort { $0.term < $1.term }
        let length = weights.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
        return length > 0 ? weights.map { ($0.term, $0.weight / length) } : []
    }

    private static func counts(_ outline: DocumentOutline) -> [UInt32: Int] {
        var counts: [UInt32: Int] = [:]
        for sentence in outline.sentences {
            for (term, count) in sentence.terms.counts { counts[term, default: 0] += count }
        }
        return counts
    }
}
