import HeadwaterPluginKit

/// A document's text cut into tokens, sentences and paragraphs, with what the lexicon knows of each token.
struct AnnotatedText {
    let bytes: [UInt8]
    let tokens: [Token]
    /// What each token can be; empty for numbers and marks.
    let classes: [WordClasses]
    /// The hash of each token's lower-cased bytes: equal words have equal ones.
    let hashes: [UInt64]
    /// Sentences as ranges of tokens; they cover all tokens.
    let sentences: [Range<Int>]
    /// Paragraphs as ranges of tokens; they cover all tokens.
    let paragraphs: [Range<Int>]
    private let sentenceOfToken: [Int32]
    private let paragraphOfToken: [Int32]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let tokens = Tokenizer.tokens(bytes)
        self.tokens = tokens
        let lexicon = Lexicon.english
        let hashes = tokens.map { Lexicon.hash(of: bytes, $0.range) }
        self.hashes = hashes
        classes = tokens.indices.map { Self.classes(of: tokens[$0], bytes, lexicon, hashes[$0]) }
        sentences = Self.tokenRanges(of: SentenceSplitter.sentences(bytes, tokens: tokens), tokens).flatMap(Self.bounded)
        paragraphs = Self.tokenRanges(of: SentenceSplitter.paragraphs(bytes), tokens)
        sentenceOfToken = Self.owners(sentences, count: tokens.count)
        paragraphOfToken = Self.owners(paragraphs, count: tokens.count)
    }

    var count: Int { tokens.count }

    func sentenceIndex(of token: Int) -> Int { Int(sentenceOfToken[token]) }
    func sentence(of token: Int) -> Range<Int> { sentences[sentenceIndex(of: token)] }
    func paragraphIndex(of token: Int) -> Int { Int(paragraphOfToken[token]) }
    func paragraph(of token: Int) -> Range<Int> { paragraphs[paragraphIndex(of: token)] }

    /// The bytes of a run of tokens.
    func byteRange(_ range: Range<Int>) -> Range<Int> { tokens[range.lowerBound].start..<tokens[range.upperBound - 1].end }

    func string(_ range: Range<Int>) -> String { String(decoding: bytes[byteRange(range)], as: UTF8.self) }

    /// The text of a run of tokens with single spaces where white space stands.
    func name(_ range: Range<Int>) -> String {
        var out: [UInt8] = []
        for index in range {
            if index > range.lowerBound, tokens[index].start > tokens[index - 1].end { out.append(0x20) }
            out.append(contentsOf: bytes[tokens[index].range])
        }
        return String(decoding: out, as: UTF8.self)
    }

    func lowercased(_ index: Int) -> String { Lowercase.text(bytes, tokens[index].range) }

    func isWord(_ index: Int) -> Bool { index >= 0 && index < count && tokens[index].kind == .word }
    func isNumber(_ index: Int) -> Bool { index >= 0 && index < count && tokens[index].kind == .number }

    /// The classes of a token, empty for one that is not there.
    func has(_ index: Int, _ classes: WordClasses) -> Bool {
        index >= 0 && index < count && self.classes[index].isAny(classes)
    }

    /// Whether token `index` is there and is this lower-cased text, whatever its own case.
    func equals(_ index: Int, _ text: String) -> Bool {
        guard index >= 0, index < count else { return false }
        let token = tokens[index]
        guard token.count == text.utf8.count else { return false }
        var position = token.start
        for byte in text.utf8 {
            if Lowercase.byte(bytes, position) != byte { return false }
            position += 1
        }
        return true
    }

    func equalsAny(_ index: Int, _ texts: [String]) -> Bool { texts.contains { equals(index, $0) } }

    /// The single byte of an ASCII mark; nil for anything else.
    func mark(_ index: Int) -> UInt8? {
        guard index >= 0, index < count, tokens[index].kind == .mark, tokens[index].count == 1 else { return nil }
        return bytes[tokens[index].start]
    }

    func isComma(_ index: Int) -> Bool { mark(index) == UInt8(ascii: ",") }

    /// A hyphen or a dash that may stand between two numbers or join words.
    func isDash(_ index: Int) -> Bool {
        guard index >= 0, index < count, tokens[index].kind == .mark else { return false }
        let token = tokens[index]
        if token.count == 1 { return bytes[token.start] == UInt8(ascii: "-") }
        // U+2010 to U+2015
        return token.count == 3 && bytes[token.start] == 0xE2 && bytes[token.start + 1] == 0x80
            && 0x90...0x95 ~= bytes[token.start + 2]
    }

    /// Whether nothing stands between two neighbouring tokens.
    func touches(_ index: Int, _ next: Int) -> Bool {
        index >= 0 && next < count && tokens[index].end == tokens[next].start
    }

    /// Whether a paragraph is a heading: short, no full stop at its end.
    func isHeading(_ paragraph: Range<Int>) -> Bool {
        guard paragraph.count <= 16, let last = paragraph.last else { return false }
        if let mark = mark(last), [0x2E, 0x21, 0x3F, 0x3A, 0x22, 0x2C].contains(mark) { return false }
        return tokens[last].kind != .mark
    }

    private static func classes(of token: Token, _ bytes: [UInt8], _ lexicon: Lexicon, _ hash: UInt64) -> WordClasses {
        guard token.kind == .word else { return [] }
        let known = lexicon.classes(of: bytes, token.range, hash: hash)
        // The lists have straight apostrophes: `I’ll` is looked up as `I'll`.
        guard known.isEmpty, token.count <= 16, let mark = token.range.first(where: { bytes[$0] == 0xE2 }), mark + 2 < token.end,
            bytes[mark + 1] == 0x80, bytes[mark + 2] == 0x99
        else { return known }
        let straight = Array(bytes[token.start..<mark] + [UInt8(ascii: "'")] + bytes[mark + 3..<token.end])
        let range = 0..<straight.count
        return lexicon.classes(of: straight, range, hash: Lexicon.hash(of: straight, range))
    }

    /// Sentences and paragraphs come as bytes in order; here they become runs of tokens that cover all of them.
    private static func tokenRanges(of ranges: [Range<Int>], _ tokens: [Token]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var index = 0
        for range in ranges {
            let start = index
            while index < tokens.count, tokens[index].start < range.upperBound { index += 1 }
            if index > start { out.append(start..<index) }
        }
        if index < tokens.count { out.append(index..<tokens.count) }
        return out
    }

    /// A sentence cut into parts of at most 300 tokens. Real ones are shorter; the bound keeps the work on a text without
    /// full stops proportional to its length.
    private static func bounded(_ sentence: Range<Int>) -> [Range<Int>] {
        guard sentence.count > 300 else { return [sentence] }
        return stride(from: sentence.lowerBound, to: sentence.upperBound, by: 300).map { $0..<min($0 + 300, sentence.upperBound) }
    }

    private static func owners(_ ranges: [Range<Int>], count: Int) -> [Int32] {
        var out = [Int32](repeating: 0, count: count)
        for (number, range) in ranges.enumerated() {
            for index in range { out[index] = Int32(truncatingIfNeeded: number) }
        }
        return out
    }
}
