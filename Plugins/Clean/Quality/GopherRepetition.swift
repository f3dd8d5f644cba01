import HeadwaterPluginKit

/// Gopher's rules of repetition: how much of a text it says again.
struct GopherRepetition {
    private let thresholds: [String: Int]

    init(_ thresholds: [String: Int]) { self.thresholds = thresholds }

    func failure(of text: QualityText) -> QualityFilters.Failure? {
        var measuring = Measuring("gopher-repetition", thresholds)
        let lines = text.lines.map(\.range)
        let repeatedLines = text.repeats(lines)
        measuring.want("duplicate-lines", share: repeatedLines.count, of: lines.count, <=)
        let paragraphs = text.paragraphs
        let repeatedParagraphs = text.repeats(paragraphs)
        measuring.want("duplicate-paragraphs", share: repeatedParagraphs.count, of: paragraphs.count, <=)
        measuring.want("duplicate-line-characters", share: repeatedLines.characters, of: text.characterCount, <=)
        measuring.want("duplicate-paragraph-characters", share: repeatedParagraphs.characters, of: text.characterCount, <=)
        for length in 2...4 where measuring.wants("top-\(length)-gram") {
            measuring.want("top-\(length)-gram", share: mostFrequent(length, text.words), of: text.characterCount, <=)
        }
        for length in 5...10 where measuring.wants("duplicate-\(length)-grams") {
            measuring.want("duplicate-\(length)-grams", share: repeated(length, text.words), of: text.characterCount, <=)
        }
        return measuring.failure
    }

    /// The characters in all occurrences of the run of words that occurs most often; of several the longest. What occurs
    /// once is no repetition.
    private func mostFrequent(_ length: Int, _ words: [QualityText.Word]) -> Int {
        var counts: [UInt64: (count: Int, characters: Int)] = [:]
        forEachRun(of: length, in: words) { hash, characters in
            counts[hash, default: (0, characters)].count += 1
            return 1
        }
        guard let most = counts.values.max(by: { ($0.count, $0.characters) < ($1.count, $1.characters) }), most.count > 1 else {
            return 0
        }
        return most.count * most.characters
    }

    /// The characters in runs of words that stood before; none is counted twice.
    private func repeated(_ length: Int, _ words: [QualityText.Word]) -> Int {
        var seen = Set<UInt64>()
        var repeated = 0
        forEachRun(of: length, in: words) { hash, characters in
            if seen.insert(hash).inserted { return 1 }
            repeated += characters
            return length
        }
        return repeated
    }

    /// Looks at runs of words with the spaces between them; `body` says how many words to go on by.
    private func forEachRun(of length: Int, in words: [QualityText.Word], _ body: (UInt64, Int) -> Int) {
        var start = 0
        while start + length <= words.count {
            var hash = FNV1a.empty
            var characters = length - 1
            for word in words[start..<start + length] {
                // A word's hash times an odd number, so that the order of words tells.
                hash = (hash ^ word.hash) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 32
                characters += word.characterCount
            }
            start += body(hash, characters)
        }
    }
}
