import Foundation
import HeadwaterExtract
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@Suite struct ExtractLaws {
    @Test(
        "a record is a slice of its document and names it as parent; records stand in text order",
        arguments: try ExtractFixture.all())
    func slices(_ fixture: ExtractFixture) throws {
        let (fields, text) = try fixture.document()
        let bench = StageBench()
        let document = bench.cleaned(text, fields: fields)
        let stage = try Extract(parameters: Parameters([:], declared: Extract.declaration.parameters))
        let records = try bench.apply(stage, ["documents": [document]]).records
        #expect(!records.isEmpty)
        let bytes = Array(text.utf8)
        var last = 0
        for record in records {
            let segment = try #require(record.segments.first)
            #expect(record.segments.count == 1 && segment.mode == .verbatim)
            #expect(Array(bytes[segment.offset..<segment.offset + segment.length]) == record.text)
            #expect(record.parents == [document.id])
            #expect(segment.offset >= last)
            last = segment.offset
            for (field, citations) in record.cites {
                #expect(record.fields[field] != nil)
                #expect(!citations.isEmpty, "\(field) cites where it stands")
            }
        }
    }

    @Test("two readings of one document give the same records", arguments: try ExtractFixture.all())
    func deterministic(_ fixture: ExtractFixture) throws {
        let (fields, text) = try fixture.document()
        #expect(
            try ExtractBench.records(of: text, fields: fields).map(\.id)
                == ExtractBench.records(of: text, fields: fields).map(\.id))
    }

    @Test(
        "`kinds` leaves out the other kinds and changes nothing else",
        arguments: ["quotation", "date", "quantity", "entity", "claim"])
    func kinds(_ kind: String) throws {
        for fixture in try ExtractFixture.all() {
            let (fields, text) = try fixture.document()
            let all = try ExtractBench.records(of: text, fields: fields)
            let some = try ExtractBench.records(of: text, fields: fields, parameters: ["kinds": .array([.string(kind)])])
            #expect(some.map(\.id) == all.filter { $0.kind == kind }.map(\.id))
        }
    }

    @Test("an unknown kind is refused, with its place in the list")
    func unknownKind() throws {
        let error = #expect(throws: StageError.self) {
            try Extract(parameters: Parameters(["kinds": .array(["date", "rumour"])], declared: Extract.declaration.parameters))
        }
        #expect(error?.parameter == "kinds" && error?.element == 1)
    }

    @Test("quotations never overlap, and dates are never quantities, whatever the text", arguments: [UInt64(11), 47, 1303])
    func random(_ seed: UInt64) throws {
        var generator = RandomText(seed: seed)
        for round in 0..<30 {
            let text = generator.text(parts: 1 + 2 * round)
            let records = try ExtractBench.records(of: text, fields: ["published": "2031-05-14"])
            for kinds in [["quotation"], ["date", "quantity"], ["entity"]] {
                var end = 0
                for segment in records.filter({ kinds.contains($0.kind) }).compactMap(\.segments.first) {
                    #expect(segment.offset >= end, "seed \(seed), round \(round): \(kinds) overlap in \(text)")
                    end = segment.offset + segment.length
                }
            }
        }
    }

    @Test("fixtures with bytes taken away, doubled or moved never stop the stage", arguments: [UInt64(5), 89])
    func mutated(_ seed: UInt64) throws {
        var generator = RandomText(seed: seed)
        for fixture in try ExtractFixture.all() {
            let text = try fixture.document().text
            for _ in 0..<6 { _ = try ExtractBench.records(of: generator.mutated(text), fields: ["published": "2031-05-14"]) }
        }
    }

    @Test(
        "hostile text takes time in proportion to its length",
        arguments: [
            "a", "\"", "“", " ‘a", ".", "1", "Bob ", "Bob said he ", "Bank of ", "Bob, ", "“He said.” ",
            "the minister said. Minister Ada Bo. ", "A. ", "last ", "March 9-",
        ])
    func hostile(_ part: String) throws {
        func time(_ bytes: Int) throws -> Duration {
            let text = String(repeating: part, count: bytes / part.utf8.count)
            return try ProcessorTime.of { _ = try ExtractBench.records(of: text, fields: ["published": "2031-05-14"]) }
        }
        let short = try time(4_000)
        let long = try time(32_000)
        // Eight times the text; a quadratic reading would take 64 times as long. The constant is for noise.
        #expect(long < short * 24 + .milliseconds(300), "\(part): \(short) grew to \(long)")
    }

    @Test("a megabyte without a space is read")
    func megabyte() throws {
        _ = try ExtractBench.records(of: String(repeating: "x", count: 1 << 20))
    }

    @Test("an empty text has nothing in it")
    func empty() throws {
        #expect(try ExtractBench.records(of: "").isEmpty)
        #expect(try ExtractBench.records(of: " \n\n ").isEmpty)
    }
}

@Suite struct ExtractExamples {
    @Test("a fixture gives the records written beside it", arguments: try ExtractFixture.all())
    func golden(_ fixture: ExtractFixture) throws {
        if ProcessInfo.processInfo.environment["HEADWATER_REWRITE_GOLDEN"] != nil { return try fixture.rewrite() }
        let actual = try fixture.actual().split(separator: "\n")
        let expected = try fixture.expected().split(separator: "\n")
        #expect(actual == expected)
    }
}
