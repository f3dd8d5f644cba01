import HeadwaterPluginKit

/// How well a sentence can stand by itself, out of the text around it: 1000 for one without fault, 0 for none at all.
///
/// The faults are those that editors strike from extracts (Mani, "Automatic Summarization", 2001, chapter 4: dangling
/// references, fragments), each with the share of its worth that a sentence with it keeps.
enum SentenceFitness {
    /// In per mille.
    private static let keptAsFragment = 100
    private static let keptAsQuestion = 300
    private static let keptWithDanglingOpener = 450
    private static let keptWithUnbalancedMarks = 400
    private static let keptAsBareQuotation = 500
    /// Spoken by somebody whom the sentence does not name.
    private static let keptInFirstPerson = 500
    /// By words: too few to say much, or too many to be read at a glance.
    private static let keptByLength: [(upTo: Int, kept: Int)] = [
        (4, 50), (7, 400), (10, 800), (45, 1000), (65, 700), (100, 250), (Int.max, 50),
    ]

    static func perMille(_ bytes: [UInt8], _ tokens: ArraySlice<Token>) -> Int {
        let words = tokens.filter { $0.kind == .word || $0.kind == .number }
        guard let first = words.first, let last = tokens.last else { return 0 }
        var kept = keptByLength.first(where: { words.count <= $0.upTo })?.kept ?? 0
        var marks = Marks()
        for token in tokens where token.kind == .mark { marks.add(bytes, token) }
        if !endsSentence(bytes, last, tokens) || startsInside(bytes, first) { kept = kept * keptAsFragment / 1000 }
        if marks.hasQuestion { kept = kept * keptAsQuestion / 1000 }
        if !marks.isBalanced { kept = kept * keptWithUnbalancedMarks / 1000 }
        let startsQuoted = tokens.first.map { Marks.isQuote(bytes, $0) } ?? false
        if startsQuoted && endsQuoted(bytes, tokens) { kept = kept * keptAsBareQuotation / 1000 }
        if DanglingWords.openers.contains(bytes, first) { kept = kept * keptWithDanglingOpener / 1000 }
        if words.contains(where: { DanglingWords.firstPerson.contains(bytes, $0) }) {
            kept = kept * keptInFirstPerson / 1000
        }
        return kept
    }

    private static func endsSentence(_ bytes: [UInt8], _ last: Token, _ tokens: ArraySlice<Token>) -> Bool {
        tokens.suffix(3).contains { token in
            if token.count == 1, token.kind == .mark { return ".!?".utf8.contains(bytes[token.start]) }
            if token.kind == .word { return bytes[token.end - 1] == UInt8(ascii: ".") }
            return switch String(decoding: bytes[token.range], as: UTF8.self) {
            case "…", "。", "！", "？", "।", "۔", "؟": true
            default: false
            }
        } && !(last.kind == .mark && bytes[last.start] == UInt8(ascii: ":"))
    }

    private static func endsQuoted(_ bytes: [UInt8], _ tokens: ArraySlice<Token>) -> Bool {
        tokens.suffix(2).contains { Marks.isQuote(bytes, $0) }
    }

    /// Whether a sentence of a script with capitals begins without one.
    private static func startsInside(_ bytes: [UInt8], _ first: Token) -> Bool {
        guard first.kind == .word, !first.isCapitalized else { return false }
        return String(decoding: bytes[first.range], as: UTF8.self).unicodeScalars.first?.properties.isLowercase ?? false
    }
}

/// Quotation marks and brackets of a sentence, counted.
private struct Marks {
    private var straight = 0
    private var curly = 0
    private var angled = 0
    private var brackets = 0
    private(set) var hasQuestion = false

    /// Whether each mark that opens also closes. Single quotation marks are not told from apostrophes, so not asked.
    var isBalanced: Bool { straight.isMultiple(of: 2) && curly == 0 && angled == 0 && brackets == 0 }

    mutating func add(_ bytes: [UInt8], _ token: Token) {
        if token.count == 1, Marks.isPlain(bytes[token.start]) { return }
        switch String(decoding: bytes[token.range], as: UTF8.self) {
        case "\"": straight += 1
        case "“", "„": curly += 1
        case "”": curly -= 1
        case "«": angled += 1
        case "»": angled -= 1
        case "(", "[": brackets += 1
        case ")", "]": brackets -= 1
        case "?", "？", "؟": hasQuestion = true
        default: break
        }
    }

    /// Whether it is one of the marks that most sentences have and that tell nothing here.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    static func isQuote(_ bytes: [UInt8], _ token: Token) -> Bool {
        guard token.kind == .mark else { return false }
        return ["\"", "'", "“", "”", "„", "«", "»", "‘", "’"].contains(String(decoding: bytes[token.range], as: UTF8.self))
    }
}

/// Words that lean on a sentence before: pronouns, connectives, and the first person of an unnamed speaker. English,
/// with the most frequent of German, French, Spanish and Russian; other languages lose no more than a penalty.
private enum DanglingWords {
    static let openers: WordSet = [
        "he", "she", "it", "they", "his", "her", "its", "their", "this", "that", "these", "those", "such", "but", "and", "or",
        "so", "however", "meanwhile", "also", "then", "there", "yet", "still", "instead", "therefore", "thus", "moreover",
        "furthermore", "nevertheless", "otherwise", "besides", "nor", "because", "both", "another", "others", "here", "later",
        "er", "sie", "es", "aber", "und", "doch", "jedoch", "dies", "diese", "dieser", "dabei", "damit", "außerdem",
        "il", "elle", "ils", "elles", "mais", "et", "cela", "cette", "ce", "ces", "pourtant", "cependant", "ainsi",
        "él", "ella", "ellos", "pero", "y", "esto", "este", "esta", "además", "también",
        "он", "она", "оно", "они", "это", "этот", "эта", "эти", "но", "а", "и", "однако", "также", "кроме", "затем", "его",
        "её", "их", "поэтому", "при", "там", "тогда",
    ]
    static let firstPerson: WordSet = [
        "i", "we", "my", "our", "me", "us", "i'm", "we're", "i've", "we've", "ich", "wir", "je", "nous", "yo", "nosotros", "я",
        "мы", "мой", "наш", "меня", "нас", "мне", "нам",
    ]
}
