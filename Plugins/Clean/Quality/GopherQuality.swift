/// Gopher's rules of quality: whether a text has the words and lines of one that somebody wrote to be read.
struct GopherQuality {
    private let thresholds: [String: Int]
    /// Nil where no list fits the language.
    private let stopWords: Set<UInt64>?

    /// The paper's list, for texts in English and those whose language is not known.
    private static let english = Set(
        ["the", "be", "to", "of", "and", "that", "have", "with"].map { WordHash.lowercased($0.utf8) })

    static func stopWords(for language: String?) -> Set<UInt64>? {
        guard let language else { return english }
        return language.prefix { $0 != "-" }.lowercased() == "en" ? english : nil
    }

    init(_ thresholds: [String: Int], stopWords: Set<UInt64>?) { (self.thresholds, self.stopWords) = (thresholds, stopWords) }

    func failure(of text: QualityText) -> QualityFilters.Failure? {
        var measuring = Measuring("gopher-quality", thresholds)
        let words = text.words.filter { $0.bareCount > 0 }
        measuring.want("minimum-words", atLeast: words.count)
        measuring.want("maximum-words", atMost: words.count)
        let letters = words.reduce(0) { $0 + $1.bareCount }
        measuring.want("minimum-word-length", share: letters, of: words.count, >=)
        measuring.want("maximum-word-length", share: letters, of: words.count, <=)
        measuring.want("hashes", share: text.bytes.count { $0 == UInt8(ascii: "#") }, of: words.count, <=)
        measuring.want("ellipses", share: GopherQuality.ellipses(text.bytes), of: words.count, <=)
        measuring.want("bullet-lines", share: text.lines.count(where: \.isItem), of: text.lines.count, <=)
        let endless = text.lines.count { QualityText.endsWithEllipsis(text.text(of: $0)) }
        measuring.want("ellipsis-lines", share: endless, of: text.lines.count, <=)
        measuring.want("alphabetic-words", share: text.words.count(where: \.hasLetter), of: text.words.count, >=)
        if let stopWords {
            measuring.want("stop-words", atLeast: Set(words.lazy.map(\.bareHash).filter(stopWords.contains)).count)
        }
        return measuring.failure
    }

    /// Three dots, or the one character for them.
    private static func ellipses(_ bytes: [UInt8]) -> Int {
        var count = 0
        var index = 0
        while index + 2 < bytes.count {
            if QualityText.endsWithEllipsis(bytes[index..<index + 3]) {
                count += 1
                index += 3
            } else {
                index += 1
            }
        }
        return count
    }
}
