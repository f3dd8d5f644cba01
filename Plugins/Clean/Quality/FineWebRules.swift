/// FineWeb's rules: whether the lines of a text look like those of one that is written out.
struct FineWebRules {
    private let thresholds: [String: Int]
    private let shortLine: Int

    /// - Parameter shortLine: characters below which a line is short.
    init(_ thresholds: [String: Int], shortLine: Int) { (self.thresholds, self.shortLine) = (thresholds, shortLine) }

    func failure(of text: QualityText) -> QualityFilters.Failure? {
        var measuring = Measuring("fineweb", thresholds)
        let ended = text.lines.count { QualityText.endsWithPunctuation(text.text(of: $0)) }
        measuring.want("line-punctuation", share: ended, of: text.lines.count, >)
        let characters = text.lines.reduce(0) { $0 + $1.characterCount }
        measuring.want(
            "duplicate-line-characters", share: text.repeats(text.lines.map(\.range)).characters, of: characters, <)
        measuring.want("short-lines", share: text.lines.count { $0.characterCount < shortLine }, of: text.lines.count, <)
        return measuring.failure
    }
}
