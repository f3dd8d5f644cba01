import HeadwaterModel
import HeadwaterPluginKit

extension DocumentOutline {
    private static let format: StaticString = "summarize.sketch"
    private static let version: UInt8 = 2

    static func encode(_ outlines: [DocumentOutline]) -> [UInt8] {
        PackedWriter.list(outlines, format: format, version: version) { writer, outline in
            writer.id(outline.id)
            writer.text(outline.locator)
            writer.text(outline.title)
            writer.text(outline.site)
            writer.text(outline.published)
            writer.text(outline.language)
            writer.list(outline.sentences) { $1.write(to: &$0) }
        }
    }

    static func decode(_ bytes: [UInt8]) throws -> [DocumentOutline] {
        try PackedReader.list(of: bytes, format: format, version: version, ofAtLeast: RecordID.byteCount) {
            try DocumentOutline(&$0)
        }
    }

    private init(_ reader: inout PackedReader) throws {
        id = try reader.id()
        locator = try reader.text()
        title = try reader.text()
        site = try reader.text()
        published = try reader.text()
        language = try reader.text()
        sentences = try reader.list(ofAtLeast: 10) { try Sentence(&$0) }
    }
}

extension DocumentOutline.Sentence {
    fileprivate func write(to writer: inout PackedWriter) {
        for number in [start, length, position, fitness, titleShare, words] { writer.count(number) }
        writer.list(terms.counts) { writer, term in
            writer.word(term.term)
            writer.count(term.count)
        }
        writer.list(figures) { writer, figure in
            writer.word(figure.value)
            writer.list(figure.nouns) { $0.word($1) }
        }
        writer.list(names) { $0.text($1) }
        writer.list(dates) { $1.write(to: &$0) }
    }

    fileprivate init(_ reader: inout PackedReader) throws {
        (start, length, position) = (try reader.count(), try reader.count(), try reader.count())
        (fitness, titleShare, words) = (try reader.count(), try reader.count(), try reader.count())
        terms = Terms(try reader.list(ofAtLeast: 5) { (term: try $0.word(), count: try $0.count()) })
        figures = try reader.list(ofAtLeast: 5) { reader in
            Figure(value: try reader.word(), nouns: try reader.list(ofAtLeast: 4) { try $0.word() })
        }
        names = try reader.list(ofAtLeast: 1) { try $0.text() }
        dates = try reader.list(ofAtLeast: 35) { try DocumentOutline.Dated(&$0) }
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
