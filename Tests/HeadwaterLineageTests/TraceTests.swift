import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterLineage

@Suite struct TraceTests {
    /// One source in three encodings, and a record that takes it as it is, decoded, resolved, cut and joined.
    static let cyrillic = Array("Третий мост".utf8)
    static let windows: [UInt8] = [0xD2, 0xF0, 0xE5, 0xF2, 0xE8, 0xE9, 0x20, 0xEC, 0xEE, 0xF1, 0xF2]
    static let wide: [UInt8] = [0x61, 0x00, 0x3D, 0xD8, 0x00, 0xDE, 0xE9, 0x00]
    static let page = Array("e\u{301}t\u{e9} &eacute;&amp; \u{FF}".utf8)

    static let record: Record = {
        func rewritten(_ chain: String) -> Segment.Mode { Segment.Mode("rewritten:" + chain) ?? .verbatim }
        let parts: [(text: String, source: Int, offset: Int, length: Int, mode: Segment.Mode)] = [
            ("Третий мост", 0, 0, 11, rewritten("charset(windows-1251)")),
            ("e\u{301}t\u{e9} ", 2, 0, 7, .verbatim), ("é&", 2, 7, 13, rewritten("entity")),
            ("a😀é", 1, 0, 8, rewritten("charset(utf-16le)")), ("é", 2, 0, 3, rewritten("unicode(nfc)")),
            ("ий", 0, 4, 2, rewritten("charset(windows-1251)")),
        ]
        return Record(
            kind: "x", text: parts.flatMap { Array($0.text.utf8) },
            segments: parts.map {
                Segment(length: $0.text.utf8.count, source: $0.source, offset: $0.offset, sourceLength: $0.length, mode: $0.mode)
            }, sources: [windows, wide, page].map { Digest(of: $0) })
    }()

    @Test("the record is sound, so that its parts can be")
    func sound() throws {
        var proof = RecordProof()
        let sources = [TraceTests.windows, TraceTests.wide, TraceTests.page]
        try proof.check(TraceTests.record) { digest in sources.first { Digest(of: $0) == digest } ?? [] }
    }

    @Test("of any bytes of a text each part's rules give exactly the part's text, and the parts are all of the bytes")
    func parts() throws {
        let record = TraceTests.record
        let sources = [TraceTests.windows, TraceTests.wide, TraceTests.page]
        for start in 0..<record.text.count {
            for end in start + 1...record.text.count {
                var next = start
                for part in SegmentSlice.parts(of: record, in: start..<end) {
                    #expect(part.text.lowerBound == next)
                    next = part.text.upperBound
                    let citation = try #require(part.citation)
                    let bytes = Array(sources[citation.source][try #require(citation.range.checked(within: 100))])
                    var given: [UInt8]? = bytes
                    if case .rewritten(let rewriting) = part.mode { given = rewriting.apply(to: bytes) }
                    #expect(given == Array(record.text[part.text]), "bytes \(start)..<\(end): \(part)")
                }
                #expect(next == end)
            }
        }
    }

    @Test("a range that begins or ends inside a character is widened to whole ones, and no further")
    func wholeCharacters() {
        let text = Array("aé€😀".utf8)
        let borders = [0, 1, 3, 6, 10]
        for start in 0..<text.count {
            for end in start + 1...text.count {
                let range = Tracer.wholeCharacters(start..<end, of: text)
                #expect(range.lowerBound == borders.last { $0 <= start })
                #expect(range.upperBound == borders.first { $0 >= end })
            }
        }
    }

    @Test("the trace of a record in a store says line, column, bytes and mode, and the stages on the way")
    func trace() throws {
        let ledger = try Ledger()
        let page = try ledger.source("a.html", "first\n<p>Schön war's</p>\n")
        let text = "ön"
        let clean = Record(
            kind: "document", text: Array(text.utf8),
            segments: [Segment(length: 3, source: 0, offset: 12, sourceLength: 3, mode: .verbatim)], sources: page.sources,
            parents: [page.id])
        let upstream = try ledger.artifact([try ledger.shard([page])])
        let shard = try ledger.shard([clean])
        let artifact = try ledger.artifact([shard])
        let run = try ledger.run([("fetch", upstream), ("clean", artifact)])
        let place = Resolver.RecordPlace(
            artifact: .init(run: run, stage: run.stages[1], digest: artifact, content: .dataset(Dataset(shards: [shard]))),
            record: clean,
            number: 0, shard: 0)
        let trace = try Tracer(store: ledger.store).trace(place, bytes: 1..<3)
        #expect(trace.bytes == 0..<3)
        let source = try #require(trace.origins.first?.source)
        #expect(source.locator == "a.html")
        #expect((source.excerpt.line, source.excerpt.column) == (2, 7))
        #expect((source.excerpt.before, source.excerpt.marked, source.excerpt.after) == ("<p>Sch", "ön", " war's</p>"))
        #expect(trace.steps.map(\.stage.name) == ["clean", "fetch"])
        #expect(throws: ReferenceError.self) { try Tracer(store: ledger.store).trace(place, bytes: 0..<4) }
    }
}
