import HeadwaterModel
import HeadwaterPluginKit

extension DocumentOutline {
    private static let format: StaticString = "summarize.sketch"
    private static let version: UInt8 = 2

    static func encode(_ outlines: [DocumentOutline]) -> [UInt8] {
        var writer = PackedWriter(format: format, version: version)
        writer.count(outlines.count)
        for outline in outlines {
            writer.id(outline.id)
            writer.text(outline.locator)
            writer.text(outline.title)
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
        title = try reader.text()
        site = try reader.text()
        published = try reader.text()
        language = try reader.text()
        sentences = []
        for _ in 0..<(try reader.elements(ofAtLeast: 10)) { sentences.append(try Sentence(&reader)) }
    }
}

extension DocumentOutline.Sentence {
    fileprivate func write(to writer: inout PackedWriter) {
        for number in [start, length, position, fitness, titleShare, words] { writer.count(number) }
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
        writer.count(names.count)
        for name in names { writer.text(name) }
        writer.count(dates.count)
        for date in dates { date.write(to: &writer) }
    }

    fileprivate init(_ reader: inout PackedReader) throws {
        (start, length, position) = (try reader.count(), try reader.count(), try reader.count())
        (fitness, titleShare, words) = (try reader.count(), try reader.count(), try reader.count())
        var counts: [(term: UInt32, count: Int)] = []
        for _ in 0..<(try reader.elements(ofAtLeast: 5)) { counts.append((try reader.word(), try reader.count())) }
        terms = Terms(counts)
        figures = []
        for _ in 0..<(try reader.elements(ofAtLeast: 5)) {
            let value = try reader.word()
            let nouns = try reader.elements(ofAtLeast: 4)
            figures.append(Figure(value: value, nouns: try (0..<nouns).map { _ in try reader.word() }))
        }
        names = []
        for _ in 0..<(try reader.elements(ofAtLeast: 1)) { names.append(try reader.text()) }
        dates = []
        for _ in 0..<(try reader.elements(ofAtLeast: 35)) { dates.append(try DocumentOutline.Dated(&reader)) }
    }
}

extension DocumentOutline.Dated {
    func write(to writer: inout PackedWriter) {
        writer.text(value)
        writer.raw(source.bytes)
        writer.count(range.start)
        writer.count(range.length)
    }

    init(_ reader: inout PackedReader) throws {
        value = try reader.text()
        guard let source = Digest(bytes: try reader.raw(Digest.byteCount)) else { throw StageError("a date has no source") }
        self.source = source
        range = ByteRange(start: try reader.count(), length: try reader.count())
    }
}
