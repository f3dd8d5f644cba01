import HeadwaterPluginKit

/// Finds the words by which a sentence keeps its distance from what it says: `reportedly`, `may`, `about`.
///
/// The classes are those of hedges in Hyland, "Hedging in scientific research articles" (1998): modal verbs, adverbs,
/// adjectives, and verbs of appearance; with what stands before a number, approximators (Prince, Frader, Bosk 1982).
struct HedgeFinder {
    let text: AnnotatedText

    /// Runs of tokens in text order.
    ///
    /// - Parameter figures: the quantities of the sentence.
    func hedges(in sentence: Range<Int>, figures: [Range<Int>]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var index = sentence.lowerBound
        while index < sentence.upperBound {
            let length = self.length(at: index, in: sentence, figures)
            if length > 0 { out.append(index..<index + length) }
            index += max(1, length)
        }
        return out
    }

    private func length(at index: Int, in sentence: Range<Int>, _ figures: [Range<Int>]) -> Int {
        guard text.isWord(index) else { return 0 }
        let isName = text.tokens[index].isCapitalized && index > sentence.lowerBound
        if isName { return 0 }
        let hash = text.hashes[index]
        if HedgeWords.single.contains(hash) {
            // The month of May begins a sentence too; `could not` says that it was not so.
            if text.equals(index, "may"), index == sentence.lowerBound || text.isNumber(index + 1) { return 0 }
            return text.equals(index, "could") && text.equals(index + 1, "not") ? 0 : 1
        }
        if HedgeWords.approximators.contains(hash) {
            return figures.contains { $0.contains(index) || $0.lowerBound == index + 1 } ? 1 : 0
        }
        guard HedgeWords.appearances.contains(hash), index + 1 < sentence.upperBound, text.equals(index + 1, "to") else {
            return 0
        }
        return 2
    }
}

/// The words that hedge, by their hashes.
private enum HedgeWords {
    static let single = hashes(
        """
        may might could reportedly allegedly apparently possibly probably perhaps maybe likely unlikely seemingly supposedly \
        purportedly presumably potentially conceivably purported alleged suspected unconfirmed rumoured rumored
        """)
    static let approximators = hashes("about around approximately roughly nearly almost some circa estimated")
    /// With `to` behind them.
    static let appearances = hashes(
        "appears appeared appear seems seemed seem believed thought understood feared rumoured rumored")

    private static func hashes(_ words: String) -> Set<UInt64> {
        Set(
            words.utf8.split(separator: 0x20).map { word in
                let bytes = Array(word)
                return Lexicon.hash(of: bytes, 0..<bytes.count)
            })
    }
}
