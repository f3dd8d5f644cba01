import HeadwaterModel
import HeadwaterTesting
import Testing

@testable import HeadwaterLineage

@Suite("Words of other standards")
struct ExportTests {
    @Test("a name is valid in PROV-N whatever it is made of, and different texts give different names")
    func names() {
        let seed: UInt64 = 20
        var random = SplitMix(seed: seed)
        var known: [String: String] = [:]
        let alphabet: [Unicode.Scalar] = [
            "a", "Z", "7", "-", ".", "/", "_", "%", ":", " ", "'", "\"", "\\", ",", ")", "é", "漢", "\u{0}", "😀",
        ]
        // PN_LOCAL of PROV-N, of the characters that names are left with.
        let valid = #/(?:[A-Za-z0-9_\/]|%[0-9A-F]{2})(?:(?:[A-Za-z0-9_\/.\-]|%[0-9A-F]{2})*(?:[A-Za-z0-9_\/\-]|%[0-9A-F]{2}))?/#
        for _ in 0..<3000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
            }
            for name in [QualifiedName(.source, String(text)), QualifiedName(.source, "ab", String(text))] {
                #expect(name.local.wholeMatch(of: valid) != nil, "\(name.local) of \(text.map(\.value)), seed \(seed)")
                let spelled = String(text).utf8.map(String.init).joined(separator: " ")
                #expect(known.updateValue(spelled, forKey: name.local) ?? spelled == spelled, "\(name.local), seed \(seed)")
            }
        }
    }

    @Test("a UUID of a name is that of RFC 9562, appendix B.2")
    func uuid() {
        let dns: [UInt8] = [0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8]
        #expect(NamedUUID.text("www.example.com", in: dns) == "5c146b14-3c52-8afd-938a-375d0df1fbf6")
    }

    @Test("a moment has all its parts, in UTC")
    func times() {
        #expect(UTCTime.text(0) == "1970-01-01T00:00:00.000Z")
        #expect(UTCTime.text(951_868_799_007) == "2000-02-29T23:59:59.007Z")
        #expect(UTCTime.text(253_402_300_800_000) == "10000-01-01T00:00:00.000Z")
    }

    /// What is exported of a run, as one text.
    private func export(
        _ subject: ExportSubject, _ format: ExportFormat, _ detail: ExportDetail = .stages, of ledger: Ledger
    ) throws -> String {
        var bytes: [UInt8] = []
        try Exporter(store: ledger.store).write(subject, as: format, detail) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A store in which a stage `label` took the text from `clean` and only a hint from `hints`, both made from one page.
    private func store() throws -> (ledger: Ledger, run: RunManifest) {
        let ledger = try Ledger()
        let page = try ledger.source("page.html", "<p>Night fell.</p>")
        func derived(
            _ kind: String, _ range: Range<Int>, _ parent: Record, fields: [String: JSON] = [:], cites: [String: [Citation]] = [:]
        ) -> Record {
            Record(
                kind: kind, text: Array(Array("<p>Night fell.</p>".utf8)[range]),
                segments: [
                    Segment(length: range.count, source: 0, offset: range.lowerBound, sourceLength: range.count, mode: .verbatim)
                ],
                sources: parent.sources, parents: [parent.id], fields: fields, cites: cites)
        }
        let clean = derived("document", 3..<14, page, fields: ["locator": "page.html", "words": 2])
        let hint = derived("hint", 3..<8, clean)
        let label = derived(
            "label", 3..<8, clean, fields: ["locator": "page.html", "words": 1, "verb": "fell", "tag": "p"],
            cites: [
                "verb": [Citation(source: 0, range: ByteRange(start: 9, length: 4))],
                "tag": [Citation(source: 0, range: ByteRange(start: 0, length: 3))],
            ])
        var run = try ledger.run([
            ("fetch", try ledger.artifact([ledger.shard([page])])), ("clean", try ledger.artifact([ledger.shard([clean])])),
            ("hints", try ledger.artifact([ledger.shard([hint])])), ("label", try ledger.artifact([ledger.shard([label])])),
        ])
        run.stages[3].inputs = [.init(role: "documents", stage: "clean"), .init(role: "hints", stage: "hints")]
        return (ledger, run)
    }

    @Test("what text derives from and what only steered it are two relations")
    func relations() throws {
        let (ledger, run) = try store()
        let lines = try export(ExportSubject(run), .provN, of: ledger).split(separator: "\n")
        func relation(_ kind: String, _ upstream: String) -> Bool {
            lines.contains { $0.contains("\(kind)(output:\(run.id)/label, output:\(run.id)/\(upstream)") }
        }
        #expect(relation("wasDerivedFrom", "clean") && !relation("wasDerivedFrom", "hints"))
        #expect(relation("wasInfluencedBy", "hints") && !relation("wasInfluencedBy", "clean"))
    }

    @Test("an artifact's export leaves out what it does not come from")
    func upstream() throws {
        let (ledger, run) = try store()
        let stage = try #require(run.stage("clean"))
        let digest = try #require(stage.artifact)
        let content = try DatasetReader(store: ledger.store).artifact(digest)
        let place = Resolver.ArtifactPlace(run: run, stage: stage, digest: digest, content: content)
        let text = try export(ExportSubject(place), .provN, of: ledger)
        #expect(text.contains("stage:\(run.id)/fetch") && text.contains("stage:\(run.id)/clean"))
        #expect(!text.contains("stage:\(run.id)/hints") && !text.contains("stage:\(run.id)/label"))
    }

    @Test("PROV-JSON and PROV-N have the same number of statements of each kind")
    func sameStatements() throws {
        let (ledger, run) = try store()
        for detail in ExportDetail.allCases {
            let lines = try export(ExportSubject(run), .provN, detail, of: ledger).split(separator: "\n").map {
                $0.drop { $0 == " " }
            }
            let json = try JSON(parsing: Array(export(ExportSubject(run), .provJSON, detail, of: ledger).utf8))
            for kind in ProvenanceStatement.Kind.allCases {
                let noted = lines.count { $0.hasPrefix(kind.rawValue + "(") }
                #expect(json[kind.rawValue]?.object?.count ?? 0 == noted, "\(kind.rawValue)")
            }
        }
    }

    @Test("a column comes from the text that it cites, from the same field where it is always equal, and else from nothing known")
    func columns() throws {
        let (ledger, run) = try store()
        let stage = try #require(run.stage("label"))
        let columns = try Columns(of: stage, in: run, store: ledger.store)
        let text = Columns.Origin(input: 0, column: "text", isSame: false)
        #expect(columns.origins["text"] == [text])
        #expect(columns.origins["verb"] == [text])
        #expect(columns.origins["tag"] == nil, "the bytes it cites are not in the parent's text")
        #expect(columns.origins["locator"] == [Columns.Origin(input: 0, column: "locator", isSame: true)])
        #expect(columns.origins["words"] == nil)
        #expect(columns.types["words"] == ["integer"])
    }

    @Test("parents that lie in another partition are found, however many records there are")
    func regrouped() throws {
        let ledger = try Ledger()
        let pages = try (0..<40).map { try ledger.source("\($0).txt", "page \($0)") }
        let gathered = pages.reversed().map { page in
            Record(
                kind: "line", text: Array("page".utf8),
                segments: [Segment(length: 4, source: 0, offset: 0, sourceLength: 4, mode: .verbatim)], sources: page.sources,
                parents: [page.id])
        }
        var shards = try pages.map { try ledger.shard([$0]) }
        for index in shards.indices { shards[index].range = KeyRange(group: "\(index)") }
        var group = try ledger.shard(gathered)
        group.range = KeyRange(group: "all")
        let run = try ledger.run([("fetch", try ledger.artifact(shards)), ("gather", try ledger.artifact([group]))])
        var met = 0
        try UpstreamRecords(of: run.stages[1], in: run, DatasetReader(store: ledger.store)).forEach { made in
            #expect(made.parents.map(\.record.id) == made.record.parents)
            met += 1
            return true
        }
        #expect(met == 40)
    }

    @Test("OpenLineage has no words for a single record, and says which formats have")
    func records() throws {
        let (ledger, run) = try store()
        let stage = try #require(run.stage("clean"))
        let digest = try #require(stage.artifact)
        let reader = DatasetReader(store: ledger.store)
        let place = Resolver.ArtifactPlace(run: run, stage: stage, digest: digest, content: try reader.artifact(digest))
        let record = try #require(try reader.record(0, of: place.dataset))
        let subject = ExportSubject(Resolver.RecordPlace(artifact: place, record: record.record, number: 0, shard: record.shard))
        #expect(throws: ExportError.self) { try export(subject, .openLineage, of: ledger) }
        let text = try export(subject, .provN, of: ledger)
        #expect(text.contains("wasDerivedFrom(record:\(record.record.id), source:"))
        #expect(text.contains("hw:bytes=\"3-14\", hw:text=\"0-11\", hw:mode=\"verbatim\""))
    }

    @Test("PROV-N escapes what would end a text")
    func escapes() throws {
        let ledger = try Ledger()
        let run = try ledger.run([("fetch", try ledger.artifact([]))], pipeline: "a\"b\\c\nd\u{1}")
        let text = try export(ExportSubject(run), .provN, of: ledger)
        #expect(text.contains(#"hw:pipeline="a\"b\\c\nd\u0001""#))
    }
}
