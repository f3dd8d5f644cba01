import HeadwaterPluginKit

/// C4's rules: lines that are no sentences of a text go, and with them a document in which too few are left.
struct C4Rules {
    private let rules: Set<String>
    private let thresholds: [String: Int]

    private static let policies: [StaticString] = [
        "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies",
    ]

    init(_ rules: Set<String>, _ thresholds: [String: Int]) { (self.rules, self.thresholds) = (rules, thresholds) }

    func apply(to article: inout Article) -> QualityFilters.Failure? {
        let bytes = article.body.text.bytes
        if rules.contains("c4:lorem-ipsum"), bytes.containsLowercased("lorem ipsum") {
            return QualityFilters.Failure(rule: "c4:lorem-ipsum", measured: 1)
        }
        if rules.contains("c4:curly-bracket") {
            let brackets = bytes.count { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
            if brackets > 0 { return QualityFilters.Failure(rule: "c4:curly-bracket", measured: brackets) }
        }
        article.leaveOutLines { reason(for: bytes[$0]) }
        let kept = article.body
        let sentences = kept.lines.reduce(0) { $0 + SentenceSplitter.sentences(Array(kept.text.bytes[$1.range])).count }
        var measuring = Measuring("c4", thresholds)
        measuring.want("sentences", atLeast: sentences)
        return measuring.failure
    }

    /// Why a line is left out; nil where it stays.
    private func reason(for line: ArraySlice<UInt8>) -> DropReason? {
        let words = line.split(separator: 0x20)
        if let longest = thresholds["c4:word-length"], words.contains(where: { QualityText.characters($0) > longest }) {
            return .c4WordLength
        }
        if rules.contains("c4:terminal-punctuation"),
            !QualityText.endsWithPunctuation(line) || QualityText.endsWithEllipsis(line)
        {
            return .c4TerminalPunctuation
        }
        if let fewest = thresholds["c4:line-words"], words.count < fewest { return .c4LineWords }
        if rules.contains("c4:javascript"), line.containsLowercased("javascript") { return .c4JavaScript }
        if rules.contains("c4:policy"), C4Rules.policies.contains(where: { line.containsLowercased($0) }) { return .c4Policy }
        return nil
    }
}
