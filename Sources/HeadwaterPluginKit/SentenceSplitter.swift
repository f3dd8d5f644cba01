import HeadwaterModel

/// Finds where paragraphs and sentences begin and end.
///
/// A paragraph ends at an empty line. A sentence ends at a full stop, question or exclamation mark, with the closing
/// marks behind it, where the next word can begin a sentence and the stop does not belong to an abbreviation
/// (the rules of Grefenstette and Tapanainen, "What is a word, what is a sentence?", 1994, without a lexicon of the language).
public enum SentenceSplitter {
    /// The sentences of a text as byte ranges, in order, without white space at their ends.
    public static func sentences(_ bytes: [UInt8]) -> [Range<Int>] { sentences(bytes, tokens: Tokenizer.tokens(bytes)) }

    /// The same for a text whose tokens are known.
    public static func sentences(_ bytes: [UInt8], tokens: [Token]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        let lines = LineLayout(bytes)
        var first = 0
        var index = 0
        while index < tokens.count {
            let last = lastOfSentence(bytes, tokens, index)
            let endsParagraph = index + 1 < tokens.count && lines.isBreak(bytes, tokens[index].end..<tokens[index + 1].start)
            guard last != nil || endsParagraph || index + 1 == tokens.count else {
                index += 1
                continue
            }
            let end = max(last ?? index, index)
            out.append(tokens[first].start..<tokens[end].end)
            index = end + 1
            first = index
        }
        return out
    }

    /// The paragraphs of a text as byte ranges, in order, without white space at their ends.
    public static func paragraphs(_ bytes: [UInt8]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        var start = WhiteSpace.end(bytes, from: 0)
        var textEnd = start
        var index = start
        while index < bytes.count {
            let space = WhiteSpace.end(bytes, from: index)
            if space == index {
                index += 1
                textEnd = index
                continue
            }
            if isParagraphBreak(bytes, index..<space) {
                out.append(start..<textEnd)
                start = space
            }
            index = space
        }
        if textEnd > start { out.append(start..<textEnd) }
        return out
    }

    /// Whether the white space between two tokens holds an empty line.
    static func isParagraphBreak(_ bytes: [UInt8], _ gap: Range<Int>) -> Bool {
        var lines = 0
        for index in gap where bytes[index] == 0x0A { lines += 1 }
        return lines > 1
    }

    /// If the mark at `index` ends a sentence, the last token of that sentence: the mark or what closes behind it.
    private static func lastOfSentence(_ bytes: [UInt8], _ tokens: [Token], _ index: Int) -> Int? {
        let token = tokens[index]
        guard let stop = Stop(bytes, token) else { return nil }
        // Further stops and closing marks without white space between them belong to the sentence: a few, so that a run of
        // them is not read again from each one.
        var last = index
        while last - index < 8, last + 1 < tokens.count, tokens[last + 1].start == tokens[last].end,
            isClosing(bytes, tokens[last + 1])
        { last += 1 }
        if stop == .ideographic { return last }
        guard last + 1 < tokens.count else { return last }
        let next = tokens[last + 1]
        // Without white space behind it a stop is part of an address, a number or a name.
        guard next.start > tokens[last].end else { return nil }
        guard let opener = opener(bytes, tokens, from: last + 1) else { return last }
        if opener.kind == .word && !opener.isCapitalized && isCased(bytes, opener) { return nil }
        if stop == .point, isAbbreviation(bytes, tokens, before: index, opener: opener) { return nil }
        return last
    }

    /// The kinds of sentence ends.
    private enum Stop {
        case point, strong, ideographic

        init?(_ bytes: [UInt8], _ token: Token) {
            if token.kind == .word {
                // A dotted abbreviation carries its stop: `U.S.`
                guard token.count >= 4, bytes[token.end - 1] == UInt8(ascii: ".") else { return nil }
                self = .point
                return
            }
            guard token.kind == .mark else { return nil }
            switch token.count {
            case 1:
                switch bytes[token.start] {
                case UInt8(ascii: "."): self = .point
                case UInt8(ascii: "!"), UInt8(ascii: "?"): self = .strong
                default: return nil
                }
            case 3:
                switch (bytes[token.start], bytes[token.start + 1], bytes[token.start + 2]) {
                case (0xE2, 0x80, 0xA6): self = .point  // …
                case (0xE2, 0x80, 0xBC...0xBD), (0xE2, 0x81, 0x87...0x89): self = .strong
                case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): self = .ideographic  // 。！？
                default: return nil
                }
            default: return nil
            }
        }
    }

    private static func isClosing(_ bytes: [UInt8], _ token: Token) -> Bool {
        guard token.kind == .mark else { return false }
        switch token.count {
        case 1: return [0x2E, 0x21, 0x3F, 0x22, 0x27, 0x29, 0x5D].contains(bytes[token.start])
        case 2: return bytes[token.start] == 0xC2 && bytes[token.start + 1] == 0xBB  // »
        case 3:
            switch (bytes[token.start], bytes[token.start + 1], bytes[token.start + 2]) {
            // ’ ” … ›, and “ which closes German quotations
            case (0xE2, 0x80, 0x99), (0xE2, 0x80, 0x9C...0x9D), (0xE2, 0x80, 0xA6), (0xE2, 0x80, 0xBA): return true
            case (0xE3, 0x80, 0x8D), (0xE3, 0x80, 0x8F): return true  // 」』
            default: return false
            }
        default: return false
        }
    }

    /// The first word or number behind a stop, past opening marks; nil where a paragraph begins or the text ends before it.
    private static func opener(_ bytes: [UInt8], _ tokens: [Token], from index: Int) -> Token? {
        if index > 0, isParagraphBreak(bytes, tokens[index - 1].end..<tokens[index].start) { return nil }
        // Three marks are enough for a dash, a quotation mark and a bracket.
        for candidate in tokens[index..<min(index + 4, tokens.count)] where candidate.kind != .mark { return candidate }
        return nil
    }

    private static func isCased(_ bytes: [UInt8], _ token: Token) -> Bool {
        if bytes[token.start] < 0x80 { return true }
        guard case .valid(let length) = UTF8Scan.step(bytes, token.start),
            let scalar = Unicode.Scalar(CharacterClass.scalar(bytes, token.start, length))
        else { return false }
        return scalar.properties.isCased
    }

    /// Whether the point belongs to an abbreviation and ends no sentence with it.
    private static func isAbbreviation(_ bytes: [UInt8], _ tokens: [Token], before index: Int, opener: Token) -> Bool {
        let stop = tokens[index]
        let word: Token
        if stop.kind == .word {
            // `U.S.` may end a sentence; it does where the next word is one that mostly begins them.
            return !(opener.kind == .word && Abbreviations.sentenceOpeners.contains(lowered(bytes, opener)))
        } else {
            guard index > 0, tokens[index - 1].end == stop.start else { return false }
            word = tokens[index - 1]
            // `Am 14. März`: an ordinal before a noun that German writes large.
            if word.kind == .number, word.count <= 2 { return Abbreviations.behindOrdinal.contains(lowered(bytes, opener)) }
            guard word.kind == .word else { return false }
        }
        let isInitial = word.count == 1 && word.isCapitalized
        if isInitial {
            // An initial stands in a name: `Ada J. Weir`, `J. Weir`. A lone `I` ends sentences.
            return bytes[word.start] != UInt8(ascii: "I") && opener.kind == .word && opener.isCapitalized
        }
        let key = lowered(bytes, word)
        if Abbreviations.beforeName.contains(key) { return true }
        if Abbreviations.beforeNumber.contains(key) { return opener.kind == .number }
        return false
    }

    private static func lowered(_ bytes: [UInt8], _ token: Token) -> String {
        String(decoding: bytes[token.range].map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

/// Words that are written with a point that ends no sentence, of all languages together: they seldom clash.
private enum Abbreviations {
    /// Titles and the like: a name or another word follows.
    static let beforeName: Set<String> = Set(
        [
            // English
            "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "st", "sen", "rep", "gov", "gen", "lt", "col", "maj", "capt", "cmdr",
            "adm",
            "sgt", "cpl", "pvt", "pres", "supt", "insp", "det", "atty", "messrs", "vs", "viz", "cf", "eg", "ie", "al", "mt", "ft",
            "approx", "ave", "blvd", "rd", "bros", "univ", "assn",
            // German, Dutch, Scandinavian
            "bzw", "ca", "vgl", "dipl", "ing", "hr", "herr", "fr", "str", "geb", "gest", "sog", "ggf", "evtl", "inkl", "dhr",
            "mevr", "drs", "ir", "mgr", "bijv", "kl", "fru", "bl", "esim",
            // French, Spanish, Italian, Portuguese, Romanian
            "mme", "mlle", "mgr", "env", "av", "bd", "sr", "sra", "srta", "dra", "ud", "uds", "núm", "pág", "sig", "dott",
            "avv",
            "exmo", "dl", "dna",
            // Polish, Czech, Slovak, Hungarian, Croatian
            "ul", "godz", "tzn", "tzw", "np", "např", "tzv", "tj", "ún", "gosp", "npr",
            // Russian, Ukrainian
            "г", "гг", "ул", "им", "св", "проф", "акад", "см", "рис", "т", "д", "тыс", "млн", "млрд", "руб", "вул", "ім", "грн",
        ])
    /// Nouns that an ordinal written as `14.` stands before, in languages that write them large.
    static let behindOrdinal: Set<String> = [
        "januar", "jänner", "februar", "feber", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
        "november",
        "dezember", "jahrhundert", "jahrhunderts", "lebensjahr", "geburtstag", "jahrestag", "weltkrieg",
    ]
    /// A number follows: months, page and number signs.
    static let beforeNumber: Set<String> = [
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "no", "nos", "nr", "p", "pp", "vol",
        "fig", "figs", "art", "ch", "sec", "par", "tel", "стр", "гл",
    ]
    /// Words that, capitalised, mostly begin a sentence.
    static let sentenceOpeners: Set<String> = [
        "the", "a", "an", "he", "she", "it", "they", "we", "i", "you", "this", "that", "these", "those", "his", "her", "its",
        "their",
        "our", "my", "in", "at", "for", "from", "by", "with", "to", "of", "and", "but", "or", "so", "if", "when", "while",
        "after", "before", "since", "as", "there", "here", "what", "who", "why", "how", "where", "however", "meanwhile", "yet",
        "no",
        "not", "some", "many", "most", "all", "one", "two", "last", "also", "although", "though", "because",
    ]
}
