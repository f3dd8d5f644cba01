import HeadwaterModel
import Testing

@Suite struct RecordProofTests {
    static let source = Array("Fish &amp; chips, \u{C9}clair".utf8)
    static let other = Array("Old bridge".utf8)

    static let verbatim = Segment(length: 4, source: 0, offset: 0, sourceLength: 4, mode: .verbatim)
    static let entity = Segment(length: 1, source: 0, offset: 5, sourceLength: 5, mode: .rewritten(Rewriting([.entity])))
    static let generated = Segment(length: 4, source: Segment.noSource, offset: 0, sourceLength: 0, mode: .supported)

    static func record(
        _ text: String, _ segments: [Segment], cites: [String: [Citation]] = [:], evidence: [Citation] = []
    ) -> Record {
        Record(
            kind: "x", text: Array(text.utf8), segments: segments, sources: [Digest(of: source), Digest(of: other)], cites: cites,
            evidence: evidence)
    }

    static func fault(_ record: Record) -> String? {
        var proof = RecordProof()
        do {
            try proof.check(record) { $0 == Digest(of: source) ? source : other }
            return nil
        } catch {
            return (error as? RecordProof.Fault)?.problem ?? "another error: \(error)"
        }
    }

    @Test("a map that holds is proven, and its bytes are counted by mode")
    func holds() throws {
        var proof = RecordProof()
        let whole = Citation(source: 0, range: ByteRange(start: 0, length: RecordProofTests.source.count))
        let record = RecordProofTests.record(
            "Fish&: Oldnews",
            [
                RecordProofTests.verbatim, RecordProofTests.entity, .synthetic(length: 2),
                Segment(length: 3, source: 1, offset: 0, sourceLength: 3, mode: .verbatim),
                RecordProofTests.generated,
            ], cites: ["a": [whole]], evidence: [whole])
        try proof.check(record) { $0 == Digest(of: RecordProofTests.source) ? RecordProofTests.source : RecordProofTests.other }
        #expect(proof.bytesByMode == ["verbatim": 7, "rewritten:entity": 1, "synthetic": 2, "supported": 4])
        let counted = proof
        proof.add(counted)
        #expect(proof.bytesByMode["verbatim"] == 14)
        #expect(RecordProofTests.fault(RecordProofTests.record("", [])) == nil)
    }

    @Test("each way in which a segment can be false is found")
    func falseSegments() {
        func segment(_ length: Int, _ source: Int, _ offset: Int, _ sourceLength: Int, _ mode: Segment.Mode = .verbatim)
            -> Segment
        {
            Segment(length: length, source: source, offset: offset, sourceLength: sourceLength, mode: mode)
        }
        let entity = Segment.Mode.rewritten(Rewriting([.entity]))
        let doesNotGive = "do not give its text"
        let onlyHas = "its source has only"
        let cases: [(text: String, segments: [Segment], problem: String)] = [
            ("Fish", [segment(4, 0, 1, 4)], doesNotGive),
            ("Fish", [segment(4, 0, 0, 5)], doesNotGive),
            ("Fish", [segment(4, 0, 0, 3)], doesNotGive),
            ("Fish", [segment(4, 1, 0, 4)], doesNotGive),
            ("Fish", [segment(3, 0, 0, 3)], "cover 3 of 4"),
            ("Fish", [], "cover 0 of 4"),
            ("Fish", [segment(5, 0, 0, 5)], "do not fit"),
            ("Fish", [segment(2, 0, 0, 2), segment(3, 0, 1, 3)], "do not fit"),
            ("Fish", [segment(0, 0, 0, 0), segment(4, 0, 0, 4)], "do not fit"),
            ("Fish", [segment(-1, 0, 0, 4)], "do not fit"),
            ("Fish", [segment(.max, 0, 0, 4)], "do not fit"),
            ("Fish", [segment(1, 0, 0, 1), segment(.max, 0, 0, 4)], "do not fit"),
            ("Fish", [segment(4, 2, 0, 4)], "it names source 2, but has 2"),
            ("Fish", [segment(4, -1, 0, 4)], "it names source -1"),
            ("Fish", [segment(4, -2, 0, 4)], "it names source -2"),
            ("Fish", [segment(4, .min, 0, 4)], "it names source"),
            ("Fish", [segment(4, 0, -4, 4)], onlyHas),
            ("Fish", [segment(4, 0, 0, -4)], onlyHas),
            ("Fish", [segment(4, 0, .max, 4)], onlyHas),
            ("Fish", [segment(4, 0, .max, .max)], onlyHas),
            ("Fish", [segment(4, 0, .min, .min)], onlyHas),
            ("Fish", [segment(4, 0, RecordProofTests.source.count - 3, 4)], onlyHas),
            ("&", [segment(1, 0, 5, 5)], doesNotGive),
            ("&", [segment(1, 0, 5, 4, .rewritten(Rewriting([.space])))], doesNotGive),
            ("<", [segment(1, 0, 5, 5, entity)], doesNotGive),
            ("&;", [segment(2, 0, 5, 5, entity)], doesNotGive),
            ("Fi", [segment(2, 0, 0, 4, .rewritten(Rewriting([.cut(start: 1, length: 2)])))], doesNotGive),
            ("Fi", [segment(2, 0, 0, 4, .rewritten(Rewriting([.cut(start: .max, length: 2)])))], doesNotGive),
            (
                "Fi",
                [segment(2, 0, 0, 4, .rewritten(Rewriting([.cut(start: .max, length: 0)]).then(.cut(start: .max, length: 2))))],
                doesNotGive
            ),
            (" ", [segment(1, 0, 0, 4, .rewritten(Rewriting([.lineBreak(.space)])))], doesNotGive),
            ("Fish", [segment(4, 0, 0, 0, .synthetic)], "it has a source"),
            ("Fish", [segment(4, -1, 3, 0, .synthetic)], "it has a source"),
            ("Fish", [segment(4, -1, 0, 4, .supported)], "it has a source"),
            ("news", [RecordProofTests.generated], "rests on no evidence"),
        ]
        for (text, segments, problem) in cases {
            let found = RecordProofTests.fault(RecordProofTests.record(text, segments))
            #expect(found?.contains(problem) == true, "\(segments): \(found ?? "no fault")")
        }
    }

    @Test("text that is not UTF-8 is found, even where its bytes are the source's")
    func malformedText() {
        let half = Segment(length: 1, source: 0, offset: 18, sourceLength: 1, mode: .verbatim)
        let record = Record(
            kind: "x", text: [RecordProofTests.source[18]], segments: [half], sources: [Digest(of: RecordProofTests.source)])
        #expect(RecordProofTests.source[18] == 0xC3)
        #expect(RecordProofTests.fault(record) == "its text is not valid UTF-8 at byte 0")
    }

    @Test("cites and evidence outside their source are found")
    func falseCites() {
        let count = RecordProofTests.source.count
        for (source, start, length) in [
            (0, 0, count + 1), (0, count, 1), (0, -1, 1), (0, 1, -1), (0, .max, 1), (0, .max, .max), (2, 0, 0), (-1, 0, 0),
        ] {
            let cite = Citation(source: source, range: ByteRange(start: start, length: length))
            #expect(RecordProofTests.fault(RecordProofTests.record("", [], cites: ["a": [cite]])) != nil, "\(cite)")
            #expect(RecordProofTests.fault(RecordProofTests.record("", [], evidence: [cite])) != nil, "\(cite)")
        }
        let edge = Citation(source: 0, range: ByteRange(start: count, length: 0))
        #expect(RecordProofTests.fault(RecordProofTests.record("", [], cites: ["a": [edge]])) == nil)
    }

    @Test("a source that cannot be had is not a fault of the record")
    func missingSource() {
        struct Gone: Error {}
        var proof = RecordProof()
        #expect(throws: Gone.self) {
            try proof.check(RecordProofTests.record("Fish", [RecordProofTests.verbatim])) { _ in throw Gone() }
        }
    }
}
