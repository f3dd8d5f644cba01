import HeadwaterModel
import HeadwaterPluginKit

/// What `combine` knows of one document: its best sentences as terms and figures, not as text.
struct DocumentOutline: Equatable {
    struct Sentence: Equatable {
        /// Bytes of the document's text.
        var start: Int
        var length: Int
        /// How many before it in the document are offered; 0 in a list, where place tells nothing.
        var position: Int
        /// See `SentenceFitness`.
        var fitness: Int
        /// The share of the title's terms that it has, in per mille; 0 where there is no title.
        var titleShare: Int
        /// Words and numbers.
        var words: Int
        var terms: Terms
        var figures: [Figure]
        /// Entities that are named in it, sorted; see `Annotations`.
        var names: [String] = []
        var dates: [Dated] = []
    }

    /// A date that a sentence gives, and where.
    struct Dated: Equatable {
        var value: String
        var source: Digest
        var range: ByteRange
    }

    var id: RecordID
    var locator: String
    /// As the document gives it, its first characters; empty where it does not.
    var title: String
    /// Two documents of one site are one source; its locator where the site is not known.
    var site: String
    /// As the document gives it; empty where it does not.
    var published: String
    /// The primary subtag of the document's language (BCP 47); empty where it is not known.
    var language: String
    var sentences: [Sentence]

    /// A document offers no more sentences than this to a group of documents, the first that are fit to stand alone.
    static let mostSentences = 100
    /// To a summary of itself.
    static let mostSentencesAlone = SentencePool.mostCandidates
    /// A sentence below this fitness is never chosen nor counted.
    private static let leastFitness = 100
    /// Longer sentences are lists or tables that lost their marks.
    private static let longestSentence = 2000
    /// Of a title, which names a group; in characters.
    private static let longestTitle = 200

    init(_ document: InputRecord, _ annotations: Annotations, mostSentences: Int) throws {
        let text = try document.text()
        let bytes = text.bytes
        let tokens = Tokenizer.tokens(bytes)
        id = document.id
        locator = document.fields["locator"]?.string ?? ""
        site = document.fields["site"]?.string ?? locator
        published = document.fields["published"]?.string ?? ""
        language = String((document.fields["language"]?.string ?? "").prefix { $0 != "-" && $0 != "_" }).lowercased()
        sentences = []
        let fullTitle = document.fields["title"]?.string ?? ""
        title = String(fullTitle.prefix(DocumentOutline.longestTitle))
        let titleBytes = fullTitle.isEmpty ? DocumentShape.heading(bytes) : Array(fullTitle.utf8)
        let titleTerms = Terms(titleBytes, Tokenizer.tokens(titleBytes))
        let ranges = SentenceSplitter.sentences(bytes, tokens: tokens)
        let isList = DocumentShape.isList(bytes, sentences: ranges.count)
        var first = 0
        for range in ranges {
            while first < tokens.count && tokens[first].start < range.lowerBound { first += 1 }
            var end = first
            while end < tokens.count && tokens[end].start < range.upperBound { end += 1 }
            let part = tokens[first..<end].drop { DocumentOutline.isBullet(bytes, $0) }
            first = end
            guard let range = part.first.map({ $0.start..<range.upperBound }), range.count <= DocumentOutline.longestSentence
            else { continue }
            let fitness = SentenceFitness.perMille(bytes, part)
            guard fitness >= DocumentOutline.leastFitness else { continue }
            let terms = Terms(bytes, part)
            let shared = titleTerms.counts.count { terms.contains($0.term) }
            var sentence = Sentence(
                start: range.lowerBound, length: range.count, position: isList ? 0 : sentences.count, fitness: fitness,
                titleShare: titleTerms.counts.isEmpty ? 0 : shared * 1000 / titleTerms.counts.count,
                words: part.count { $0.kind == .word || $0.kind == .number }, terms: terms, figures: Figure.figures(bytes, part))
            for (finding, source) in annotations.findings(of: id, in: text[range]) { sentence.add(finding, from: source) }
            sentence.names = Array(Set(sentence.names)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            sentences.append(sentence)
            if sentences.count == mostSentences { break }
        }
    }
}

extension DocumentOutline.Sentence {
    fileprivate mutating func add(_ finding: Annotations.Finding, from source: Digest) {
        switch finding {
        case .figure(let figure): figures.append(figure)
        case .name(let name): names.append(name)
        case .date(let value, let range): dates.append(.init(value: value, source: source, range: range))
        }
    }
}

extension DocumentOutline {
    /// Whether the token is a mark that lists and dialogues put before a sentence.
    private static func isBullet(_ bytes: [UInt8], _ token: Token) -> Bool {
        guard token.kind == .mark else { return false }
        return ["•", "·", "‣", "▪", "■", "●", "◦", "*", "-", "–", "—", ">", "»"].contains(
            String(decoding: bytes[token.range], as: UTF8.self))
    }
}
