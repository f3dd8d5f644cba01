import HeadwaterPluginKit

/// What `NameTagger` sees of each token of a sentence: a few dozen signals, each a hash of what it is and of its value.
///
/// Signals are the usual ones of sequence models for names (words, shapes, affixes, lists, each with what stands beside it;
/// Ratinov and Roth, "Design challenges and misconceptions in named entity recognition", 2009), and what the rules of
/// `EntityFinder` made of the token, which is the strongest.
struct NameSignals {
    private let text: AnnotatedText
    private var views: [View]

    /// What is known of one token by itself.
    private struct View {
        var word: UInt32
        var suffix: UInt32
        var shortSuffix: UInt32
        var prefix: UInt32
        var shape: UInt32
        var listed: UInt32
        var phrase: UInt32 = 0
        var classes: UInt32
        var rule: UInt32 = 0
        /// What rules made of the same word elsewhere in the document.
        var elsewhere: UInt32 = 0
        /// Whether the document writes the word small too.
        var isWrittenSmall: Bool
        /// How many capitalised words stand in the run around it, and its place among them.
        var runLength: UInt32 = 0
        var runPlace: UInt32 = 0
    }

    /// - Parameter mentions: what the rules found.
    init(_ text: AnnotatedText, mentions: [Mention], writtenSmall: Set<UInt64>) {
        self.text = text
        views = text.tokens.indices.map { Self.view(text, $0, writtenSmall) }
        markPhrases()
        markRuns()
        mark(mentions)
    }

    /// Gives each signal of a token to `body`. The sentence bounds what is seen around it.
    @inline(__always)
    func each(of token: Int, in sentence: Range<Int>, _ frame: UInt32, _ body: (UInt32) -> Void) {
        let view = views[token]
        let none = Self.outside
        let before = token > sentence.lowerBound ? views[token - 1] : none
        let after = token + 1 < sentence.upperBound ? views[token + 1] : none
        let before2 = token > sentence.lowerBound + 1 ? views[token - 2] : none
        let after2 = token + 2 < sentence.upperBound ? views[token + 2] : none
        body(Self.signal(0, 0))
        body(Self.signal(1, view.word))
        body(Self.signal(2, before.word))
        body(Self.signal(3, after.word))
        body(Self.signal(4, before2.word))
        body(Self.signal(5, after2.word))
        body(Self.signal(6, view.shape))
        body(Self.signal(7, before.shape, view.shape))
        body(Self.signal(8, view.shape, after.shape))
        body(Self.signal(9, before.shape << 8 | view.shape, after.shape))
        body(Self.signal(10, before.word, view.shape))
        body(Self.signal(11, after.word, view.shape))
        if view.shape < Self.firstMark {
            body(Self.signal(12, view.suffix))
            body(Self.signal(13, view.shortSuffix))
            body(Self.signal(14, view.prefix))
        }
        body(Self.signal(15, view.listed, view.shape))
        body(Self.signal(16, view.listed, after.listed))
        body(Self.signal(17, before.listed, view.listed))
        body(Self.signal(18, view.phrase))
        body(Self.signal(19, before.phrase))
        body(Self.signal(20, after.phrase))
        body(Self.signal(21, view.rule))
        body(Self.signal(22, before.rule, view.rule))
        body(Self.signal(23, view.rule, after.rule))
        body(Self.signal(24, view.rule, view.listed))
        body(Self.signal(25, view.elsewhere, view.rule))
        let isFirst: UInt32 = token == sentence.lowerBound ? 1 : 0
        body(Self.signal(26, isFirst << 1 | (view.isWrittenSmall ? 1 : 0), view.shape << 8 | view.listed & 1))
        body(Self.signal(27, frame, view.shape))
        body(Self.signal(28, view.runLength << 4 | view.runPlace, view.shape))
        body(Self.signal(29, frame, view.rule))
        for (offset, one) in [before, view, after].enumerated() {
            var bits = one.classes
            while bits != 0 {
                body(Self.signal(30 + UInt32(offset), UInt32(bits.trailingZeroBitCount)))
                bits &= bits - 1
            }
            bits = one.listed
            while bits != 0 {
                body(Self.signal(33 + UInt32(offset), UInt32(bits.trailingZeroBitCount)))
                bits &= bits - 1
            }
        }
        body(Self.signal(36, before.classes, view.shape))
        body(Self.signal(37, after.classes, view.shape))
        body(Self.signal(38, view.classes, view.listed))
    }

    /// What kind of line the sentence is: in capitals, a heading, rich in figures, how long.
    func frame(of sentence: Range<Int>) -> UInt32 {
        var (words, capitals, capitalized, numbers) = (0, 0, 0, 0)
        for index in sentence {
            switch text.tokens[index].kind {
            case .word where text.tokens[index].count > 1:
                words += 1
                if text.tokens[index].letterCase == .upper { capitals += 1 }
                if text.tokens[index].isCapitalized { capitalized += 1 }
            case .number: numbers += 1
            default: break
            }
        }
        let isUpper: UInt32 = words > 1 && capitals * 4 >= words * 3 ? 1 : 0
        let isTitle: UInt32 = words > 1 && capitalized * 4 >= words * 3 ? 1 : 0
        let isTable: UInt32 = numbers * 3 >= words + numbers && numbers > 1 ? 1 : 0
        let length: UInt32 = sentence.count < 4 ? 0 : sentence.count < 12 ? 1 : 2
        return isUpper | isTitle << 1 | isTable << 2 | length << 3
    }

    // MARK: Views

    private static let outside = View(
        word: 1, suffix: 0, shortSuffix: 0, prefix: 0, shape: 127, listed: 0, classes: 0, isWrittenSmall: false)

    private static func signal(_ kind: UInt32, _ value: UInt32) -> UInt32 { signal(kind, value, 0) }

    /// Mixes as the finalizer of MurmurHash3 does (Appleby).
    private static func signal(_ kind: UInt32, _ value: UInt32, _ other: UInt32) -> UInt32 {
        var hash = kind &* 0x9E37_79B1 &+ value &* 0x85EB_CA77 &+ (other &* 0xC2B2_AE3D ^ other >> 15)
        hash ^= hash >> 16
        hash = hash &* 0x85EB_CA6B
        hash ^= hash >> 13
        hash = hash &* 0xC2B2_AE35
        // No signal is 0, which marks free slots.
        return (hash ^ hash >> 16) | 1
    }

    private static func view(_ text: AnnotatedText, _ index: Int, _ writtenSmall: Set<UInt64>) -> View {
        let token = text.tokens[index]
        let hash = text.hashes[index]
        return View(
            word: UInt32(truncatingIfNeeded: hash ^ hash >> 32),
            suffix: affix(text, token, from: max(token.start, token.end - 3)),
            shortSuffix: affix(text, token, from: max(token.start, token.end - 2)),
            prefix: affix(text, token, from: token.start, to: min(token.end, token.start + 3)), shape: shape(text, token),
            listed: token.kind == .word ? UInt32(NameTable.shared.classes(of: hash).rawValue) : 0,
            classes: UInt32(truncatingIfNeeded: text.classes[index].rawValue), isWrittenSmall: writtenSmall.contains(hash))
    }

    private static func affix(_ text: AnnotatedText, _ token: Token, from start: Int, to end: Int? = nil) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<(end ?? token.end) { value = value << 8 | UInt32(Lowercase.byte(text.bytes, index)) }
        return value
    }

    private static let firstMark: UInt32 = 16

    private static func shape(_ text: AnnotatedText, _ token: Token) -> UInt32 {
        switch token.kind {
        case .number: return token.count == 4 ? 10 : token.count < 3 ? 11 : 12
        case .possessive: return 13
        case .mark: return token.count == 1 ? firstMark + UInt32(text.bytes[token.start] & 0x7F) : 14
        case .word:
            if token.count == 1 { return token.isCapitalized ? 1 : 2 }
            switch token.letterCase {
            case .lower: return text.bytes[token.range].contains { 0x41...0x5A ~= $0 } ? 3 : 4
            case .upper:
                if text.bytes[token.end - 1] == UInt8(ascii: ".") { return 5 }
                return token.count <= 4 ? 6 : 7
            case .capitalized: return text.bytes[token.start + 1..<token.end].contains { 0x41...0x5A ~= $0 } ? 8 : 9
            }
        }
    }

    /// Listed names of two to four tokens.
    private mutating func markPhrases() {
        for sentence in text.sentences {
            for start in sentence where text.tokens[start].isCapitalized {
                var hash = text.hashes[start]
                var best: (end: Int, classes: NameTable.Classes)?
                for index in start + 1..<max(start + 1, min(start + 4, sentence.upperBound)) {
                    hash = Lexicon.hash(of: text.bytes, text.tokens[index].range, after: hash)
                    guard text.tokens[index].kind != .word || text.tokens[index].isCapitalized || index + 1 < sentence.upperBound
                    else { break }
                    let classes = NameTable.shared.classes(of: hash)
                    if !classes.isEmpty { best = (index + 1, classes) }
                }
                guard let best, text.tokens[best.end - 1].isCapitalized else { continue }
                for index in start..<best.end {
                    views[index].phrase = UInt32(best.classes.rawValue) << 1 | (index == start ? 1 : 0)
                }
            }
        }
    }

    private mutating func markRuns() {
        for sentence in text.sentences {
            var index = sentence.lowerBound
            while index < sentence.upperBound {
                var end = index
                while end < sentence.upperBound, text.tokens[end].kind == .word, text.tokens[end].isCapitalized { end += 1 }
                for token in index..<end {
                    views[token].runLength = UInt32(min(end - index, 5))
                    views[token].runPlace = UInt32(min(token - index, 3))
                }
                index = max(end, index + 1)
            }
        }
    }

    private mutating func mark(_ mentions: [Mention]) {
        var votes: [UInt64: [Int]] = [:]
        for mention in mentions {
            for (place, token) in mention.tokens.enumerated() {
                views[token].rule = 1 + mention.type.number * 6 + UInt32(mention.certainty.rawValue) * 2 + (place == 0 ? 0 : 1)
                if text.tokens[token].isCapitalized {
                    votes[text.hashes[token], default: [0, 0, 0, 0]][Int(mention.type.number)] += 1 + mention.certainty.rawValue
                }
            }
        }
        for index in views.indices where text.tokens[index].isCapitalized {
            guard let counts = votes[text.hashes[index]], let most = counts.max(), let type = counts.firstIndex(of: most) else {
                continue
            }
            views[index].elsewhere = UInt32(type + 1)
        }
    }
}

extension EntityType {
    /// Its place in the tables of the tagger.
    fileprivate var number: UInt32 {
        switch self {
        case .person: 0
        case .organization: 1
        case .place: 2
        case .event, .demonym, .work: 3
        }
    }
}
