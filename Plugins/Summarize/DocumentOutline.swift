import HeadwaterModel
import HeadwaterPluginKit

/// What `combine` knows of one document: its best sentences as terms and figures, not as text.
struct DocumentOutline: Equatable {
    struct Sentence: Equatable {
        /// Bytes of the document's text.
        var start: Int
        var length: Int
        /// Which sentence of the document it is.
        var position: Int
        /// See `SentenceFitness`.
        var fitness: Int
        /// The share of the title's terms that it has, in per mille; 0 where there is no title.
        var titleShare: Int
        var terms: Terms
        var figures: [Figure]
    }

    var id: RecordID
    var locator: String
    /// Two documents of one site are one source; its locator where the site is not known.
    var site: String
    /// As the document gives it; empty where it does not.
    var published: String
    /// The primary subtag of the document's language (BCP 47); empty where it is not known.
    var language: String
    var sentences: [Sentence]

    /// A document offers no more sentences than this, the first that are fit to stand alone.
    private static let mostSentences = 60
    /// A sentence below this fitness is never chosen nor counted.
    private static let leastFitness = 100
    /// Longer sentences are lists or tables that lost their marks.
    private static let longestSentence = 2000

    init(_ document: InputRecord, _ annotated: AnnotatedFigures) throws {
        let text = try document.text()
        let bytes = text.bytes
        let tokens = Tokenizer.tokens(bytes)
        id = document.id
        locator = document.fields["locator"]?.string ?? ""
        site = document.fields["site"]?.string ?? locator
        published = document.fields["published"]?.string ?? ""
        language = String((document.fields["language"]?.string ?? "").prefix { $0 != "-" && $0 != "_" }).lowercased()
        sentences = []
        let title = Array((document.fields["title"]?.string ?? "").utf8)
        let titleTerms = Terms(title, Tokenizer.tokens(title))
        var first = 0
        for (position, range) in SentenceSplitter.sentences(bytes, tokens: tokens).enumerated() {
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
            sentences.append(
                Sentence(
                    start: range.lowerBound, length: range.count, position: position, fitness: fitness,
                    titleShare: titleTerms.counts.isEmpty ? 0 : shared * 1000 / titleTerms.counts.count, terms: terms,
                    figures: Figure.figures(bytes, part) + annotated.figures(of: id, in: text[range])))
            if sentences.count == DocumentOutline.mostSentences { break }
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

// MARK: As bytes

extension DocumentOutline {
    private static let format: StaticString = "summarize.sketch"
    private static let version: UInt8 = 1

    static func encode(_ outlines: [DocumentOutline]) -> [UInt8] {
        var writer = PackedWriter(format: format, version: version)
        writer.count(outlines.count)
        for outline in outlines {
            writer.id(outline.id)
            writer.text(outline.locator)
            writer.text(outline.site)
            writer.text(outline.published)
            writer.text(outline.language)
            writer.count(outline.sentences.count)
            for sentence in outline.sentences { sentence.write(to: &writer) }
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> [DocumentOutline] {
        var reader = try PackedReader(bytes, format: format, version: version)
        var out: [DocumentOutline] = []
        for _ in 0..<(try reader.elements(ofAtLeast: RecordID.byteCount)) { out.append(try DocumentOutline(&reader)) }
        try reader.end()
        return out
    }

    private init(_ reader: inout PackedReader) throws {
        id = try reader.id()
        locator = try reader.text()
        site = try reader.text()
        published = try reader.text()
        language = try reader.text()
        sentences = []
        for _ in 0..<(try reader.elements(ofAtLeast: 7)) { sentences.append(try Sentence(&reader)) }
    }
}

extension DocumentOutline.Sentence {
    fileprivate func write(to writer: inout PackedWriter) {
        for number in [start, length, position, fitness, titleShare] { writer.count(number) }
        writer.count(terms.counts.count)
        for (term, count) in terms.counts {
            writer.word(term)
            writer.count(count)
        }
        writer.count(figures.count)
        for figure in figures {
            writer.word(figure.value)
            writer.count(figure.nouns.count)
            for noun in figure.nouns { writer.word(noun) }
        }
    }

    fileprivate init(_ reader: inout PackedReader) throws {
        (start, length, position) = (try reader.count(), try reader.count(), try reader.count())
        (fitness, titleShare) = (try reader.count(), try reader.count())
        var counts: [(term: UInt32, count: Int)] = []
        for _ in 0..<(try reader.elements(ofAtLeast: 5)) { counts.append((try reader.word(), try reader.count())) }
        terms = Terms(counts)
        figures = []
        for _ in 0..<(try reader.elements(ofAtLeast: 5)) {
            let value = try reader.word()
            let nouns = try reader.elements(ofAtLeast: 4)
            figures.append(Figure(value: value, nouns: try (0..<nouns).map { _ in try reader.word() }))
        }
    }
}
