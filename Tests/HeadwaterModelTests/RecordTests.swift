import HeadwaterModel
import HeadwaterTesting
import Testing

@Suite struct RecordTests {
    static let source = Array("Fish &amp; chips\ncost 3 \u{20AC}.".utf8)

    /// A record with every kind of segment.
    static let sample = Record(
        kind: "claim", text: Array("Fish & chips: cost 3 €.!".utf8),
        segments: [
            Segment(length: 5, source: 0, offset: 0, sourceLength: 5, mode: .verbatim),
            Segment(length: 1, source: 0, offset: 5, sourceLength: 5, mode: .rewritten(Rewriting([.entity]))),
            Segment(length: 6, source: 0, offset: 10, sourceLength: 6, mode: .verbatim),
            .synthetic(length: 1),
            Segment(length: 1, source: 0, offset: 16, sourceLength: 1, mode: .rewritten(Rewriting([.space]))),
            Segment(length: 11, source: 0, offset: 17, sourceLength: 11, mode: .verbatim),
            Segment(length: 1, source: Segment.noSource, offset: 0, sourceLength: 0, mode: .supported),
        ],
        sources: [Digest(of: source)], parents: [RecordID(Digest(of: Array("parent".utf8)))],
        fields: ["stance": "asserted", "rank": 3, "note": "a \"quoted\"\nline"],
        cites: ["stance": [Citation(source: 0, range: ByteRange(start: 0, length: 4))]],
        evidence: [Citation(source: 0, range: ByteRange(start: 17, length: 11))])

    @Test("a record is written as exactly these bytes, and its id is pinned")
    func pinned() throws {
        let line = String(decoding: RecordTests.sample.canonical, as: UTF8.self)
        #expect(
            line
                == #"{"cites":{"stance":[[0,0,4]]},"evidence":[[0,17,11]],"fields":{"note":"a \"quoted\"\nline","rank":3,"stance":"asserted"},"id":"b47a5b88454557b46aff634e57f0956b2e4571fd","kind":"claim","parents":["e47125968b3b71049fbc4802d1e40a71ea1359de"],"segments":[[5,0,0,5,"verbatim"],[1,0,5,5,"rewritten:entity"],[6,0,10,6,"verbatim"],[1,-1,0,0,"synthetic"],[1,0,16,1,"rewritten:space"],[11,0,17,11,"verbatim"],[1,-1,0,0,"supported"]],"sources":["sha256:856ec18a06ae3777fa1a740bf4df792efe2817486ade3fd6451c5b4d7bfae742"],"text":"Fish & chips: cost 3 €.!"}"#
        )
        #expect(
            Record(kind: "document").canonical
                == Array(
                    #"{"cites":{},"fields":{},"id":"15075075594df76e42dd2d43bc4dfdf2df04b9ae","kind":"document","parents":[],"segments":[],"sources":[],"text":""}"#
                        .utf8))
    }

    @Test("the id is the digest of the record without its id, so equal content has an equal id and other content another")
    func identity() {
        let sample = RecordTests.sample
        let line = String(decoding: sample.canonical, as: UTF8.self)
        let parts = line.split(separator: "\"id\":\"\(sample.id)\",", maxSplits: 1)
        #expect(parts.count == 2)
        #expect(RecordID(Digest(of: Array(parts.joined().utf8))) == sample.id)
        func copy(
            kind: String = "claim", text: [UInt8]? = nil, fields: [String: JSON]? = nil, parents: [RecordID]? = nil,
            evidence: [Citation]? = nil
        ) -> RecordID {
            Record(
                kind: kind, text: text ?? sample.text, segments: sample.segments, sources: sample.sources,
                parents: parents ?? sample.parents,
                fields: fields ?? sample.fields, cites: sample.cites, evidence: evidence ?? sample.evidence
            ).id
        }
        let ids = [copy(kind: "x"), copy(text: sample.text.reversed()), copy(fields: [:]), copy(parents: []), copy(evidence: [])]
        #expect(copy() == sample.id)
        #expect(Set(ids + [sample.id]).count == 6)
    }

    @Test("a record is read back as it was written, alone or as one line of many")
    func roundTrip() throws {
        for record in [RecordTests.sample, Record(kind: "document")] {
            let line = record.canonical
            #expect(try Record(reading: line) == record)
            let shard = Array("x\n".utf8) + line + [0x0A]
            #expect(try Record(reading: shard, in: 2..<2 + line.count) == record)
        }
    }

    @Test("a line with any byte altered, left out or put in is refused")
    func altered() {
        let line = RecordTests.sample.canonical
        var generator = SplitMix(seed: 5)
        for index in line.indices {
            var changed = line
            changed[index] ^= UInt8(1 << (generator.next() % 8))
            #expect(throws: RecordError.self) { try Record(reading: changed) }
            var shorter = line
            shorter.remove(at: index)
            #expect(throws: RecordError.self) { try Record(reading: shorter) }
            var longer = line
            longer.insert([0x20, 0x30, 0x22, 0x2C][Int(generator.next() % 4)], at: index)
            #expect(throws: RecordError.self) { try Record(reading: longer) }
        }
    }

    @Test("a record whose numbers do not fit its text and its sources is refused, though its id is its own")
    func unsound() throws {
        func segment(_ length: Int, _ source: Int, _ offset: Int, _ sourceLength: Int, _ mode: Segment.Mode = .verbatim)
            -> Segment
        {
            Segment(length: length, source: source, offset: offset, sourceLength: sourceLength, mode: mode)
        }
        func cite(_ source: Int, _ start: Int, _ length: Int) -> Citation {
            Citation(source: source, range: ByteRange(start: start, length: length))
        }
        func record(_ segments: [Segment], cites: [Citation] = [], evidence: [Citation] = []) -> Record {
            Record(
                kind: "x", text: Array("four".utf8), segments: segments, sources: [Digest(of: RecordTests.source)],
                cites: ["field": cites], evidence: evidence)
        }
        let whole = segment(4, 0, 0, 4)
        let sound = [
            record([whole]), record([segment(4, 0, 0, 0, .rewritten(Rewriting([.entity])))]), record([.synthetic(length: 4)]),
            record([segment(4, 0, JSON.largestInteger - 4, 4)], cites: [cite(0, 0, JSON.largestInteger)]),
        ]
        for record in sound { #expect(try Record(reading: record.canonical) == record) }
        let lengths = [[], [3], [5], [2, 3], [4, 0], [0, 4], [-1, 5], [Int.max, Int.max], [Int.min, 4], [2, Int.max]]
        let unsound =
            lengths.map { record($0.map { segment($0, 0, 0, 0) }) }
            + [
                segment(4, 1, 0, 4), segment(4, -2, 0, 4), segment(4, Int.min, 0, 4), segment(4, 0, -1, 4), segment(4, 0, 0, -1),
                segment(4, 0, Int.max, 1), segment(4, 0, 1, Int.max), segment(4, 0, JSON.largestInteger, 1),
                segment(4, -1, 1, 0, .synthetic), segment(4, -1, 0, Int.min, .synthetic),
            ].map { record([$0]) }
            + [cite(1, 0, 1), cite(-1, 0, 1), cite(0, -1, 1), cite(0, 0, -1), cite(0, Int.max, Int.max), cite(0, 0, 1 << 53)]
            .flatMap {
                [record([whole], cites: [cite(0, 0, 1), $0]), record([whole], evidence: [$0])]
            }
        for record in unsound {
            #expect(throws: RecordError.self, "\(record)") { try Record(reading: record.canonical) }
        }
    }

    @Test("the same content written in another way, or with more in it, is refused")
    func notCanonical() throws {
        let line = String(decoding: RecordTests.sample.canonical, as: UTF8.self)
        let id = "\"id\":\"\(RecordTests.sample.id)\","
        let variants = [
            line + " ", line.replacing("\"kind\"", with: " \"kind\""), line.replacing("Fish", with: "\\u0046ish"),
            line.replacing("\"rank\":3", with: "\"rank\":3.0"),
            line.replacing(id, with: id + id), line.replacing(id, with: id + "\"more\":1,"), line.replacing(id, with: ""),
            "{" + id + line.replacing(id, with: "").dropFirst(),
            line.replacing("\"evidence\"", with: "\"fields\":5,\"evidence\""),
        ]
        for variant in variants {
            #expect(variant != line)
            #expect(throws: RecordError.self, "\(variant)") { try Record(reading: Array(variant.utf8)) }
        }
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return String(self[..<range.lowerBound]) + other + self[range.upperBound...]
    }

    private func firstRange(of part: String) -> Range<String.Index>? {
        indices.lazy.compactMap { start in
            self[start...].hasPrefix(part) ? start..<self.index(start, offsetBy: part.count) : nil
        }.first
    }
}
