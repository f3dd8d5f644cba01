/// How long a summary may be, in sentences, words and bytes; 0 is no limit of that kind. A sentence is taken whole or not
/// at all.
struct SummaryLimit: Equatable {
    var sentences = 0
    var words = 0
    var bytes = 0

    var isSet: Bool { sentences > 0 || words > 0 || bytes > 0 }

    /// Counts what was taken.
    struct Use {
        private(set) var sentences = 0
        private(set) var words = 0
        private(set) var bytes = 0

        mutating func take(_ sentence: DocumentOutline.Sentence) {
            sentences += 1
            words += sentence.words
            bytes += sentence.length
        }
    }

    /// Whether no further sentence can fit, however short.
    func isReached(_ use: Use) -> Bool {
        sentences > 0 && use.sentences >= sentences || words > 0 && use.words >= words || bytes > 0 && use.bytes >= bytes
    }

    func fits(_ sentence: DocumentOutline.Sentence, after use: Use) -> Bool {
        !isReached(use) && (words == 0 || use.words + sentence.words <= words)
            && (bytes == 0 || use.bytes + sentence.length <= bytes)
    }
}
