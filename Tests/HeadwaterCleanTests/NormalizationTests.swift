import Foundation
import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterClean

/// The bench proves every record, so that each of these is also a proof that the rules can be applied again.
@Suite("Spellings put right and persons masked, where it is asked for")
struct NormalizationTests {
    private static func page(title: String = "The ferry", head: String = "", _ paragraphs: [String]) -> [UInt8] {
        Array(
            "<html lang=de><head><title>\(title)</title>\(head)</head><body><article>\(paragraphs.map { "<p>\($0)</p>" }.joined())</article></body></html>"
                .utf8)
    }

    private static let paragraphs = [
        "Die Fähre verließ den Hafen um acht Uhr, und niemand auf der Mole hat „Lebewohl“ gerufen – außer Jürgen.",
        "Am Abend kam sie zurück, mit vollen Körben, müden Möwen und einer Geschichte, die keiner hören wollte.",
        "„Ich habe die Schläge gezählt“, sagte Änne Öhm, die seit vierzig Jahren von der Spitze aus fährt.",
    ]

    private static func text(_ record: Record?) -> String { String(decoding: record?.text ?? [], as: UTF8.self) }

    @Test("a page that was read as windows-1252 gives the text and title it was written with, references and spaces included")
    func mojibake() throws {
        let whole = Self.paragraphs + ["À la gare, la mer&nbsp;: « déjà vu », dit-elle à Zoé."]
        func misread(_ text: String) -> String {
            String(decoding: Charset.windows1252.decode(Array(text.utf8)).text, as: UTF8.self)
        }
        let expected = whole.map { $0.replacingOccurrences(of: "&nbsp;", with: " ") }.joined(separator: "\n\n")
        let source = Self.page(title: misread("Die Fähre"), whole.map(misread))
        let record = try #require(try PageFixtures.clean(source, ["normalize": ["mojibake"]]).records.first)
        #expect(Self.text(record) == expected)
        #expect(record.fields["title"] == "Die Fähre")
        #expect(Self.text(try PageFixtures.clean(source).records.first) != expected)
        let right = Self.page(title: "Die Fähre", whole)
        #expect(try PageFixtures.clean(right, ["normalize": ["mojibake"]]).records.first?.text == Array(expected.utf8))
    }

    @Test("each step does what it says and no other, in the text and in fields")
    func steps() throws {
        let words = "Die e\u{301}ﬃziente Fäh\u{AD}re №² fuhr"
        let source = Self.page(title: words, [words + ", sagte er."] + Self.paragraphs)
        for (steps, expected) in [
            ([] as JSON, words), (["soft-hyphens"], "Die e\u{301}ﬃziente Fähre №² fuhr"),
            (["ligatures"], "Die e\u{301}ffiziente Fäh\u{AD}re №² fuhr"), (["nfc"], "Die \u{E9}ﬃziente Fäh\u{AD}re №² fuhr"),
            (["nfkc"], "Die \u{E9}ffiziente Fäh\u{AD}re No2 fuhr"),
            (["nfc", "soft-hyphens", "ligatures"], "Die \u{E9}ffiziente Fähre №² fuhr"),
        ] {
            let record = try #require(try PageFixtures.clean(source, ["normalize": steps]).records.first)
            #expect(
                Array(Self.text(record).unicodeScalars.prefix(expected.unicodeScalars.count)) == Array(expected.unicodeScalars),
                "\(steps)")
            #expect(record.fields["title"]?.string.map { Array($0.unicodeScalars) } == Array(expected.unicodeScalars), "\(steps)")
        }
    }

    @Test("steps that change nothing give the same record, on every page", arguments: PageFixtures.pages)
    func unchanged(page: String) throws {
        let bytes = try PageFixtures.bytes(page)
        let plain = try PageFixtures.clean(bytes, as: page)
        let normal = try PageFixtures.clean(bytes, as: page, ["normalize": ["mojibake", "soft-hyphens", "ligatures", "nfc"]])
        if normal.records.map(\.text) == plain.records.map(\.text) { #expect(normal.records == plain.records) }
        let text = Self.text(normal.records.first)
        #expect(Array(text.utf8) == Array(text.precomposedStringWithCanonicalMapping.utf8))
    }

    @Test("whatever is done to a page, every byte keeps a true origin with all options on", arguments: 0..<6)
    func mutations(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        print("seed \(seed)")
        let all: [String: JSON] = [
            "normalize": ["mojibake", "soft-hyphens", "ligatures", .string(Bool.random(using: &random) ? "nfc" : "nfkc")],
            "mask": ["email", "phone", "ip"], "filters": ["c4:line-words", "c4:javascript", "c4:policy"], "minimumLength": 1,
        ]
        let parts = [
            "Ã¤", "&Atilde;&#164;", "â€™", "\u{AD}", "&shy;", "ﬁ", "²", "e\u{301}", "ida@bell.example", "+44 20 7946 0123",
            "192.0.2.7", "\u{A0}", "&nbsp;", "<b>",
        ]
        for page in PageFixtures.pages {
            var bytes = try PageFixtures.bytes(page)
            for _ in 0..<12 {
                let part = Array((parts.randomElement(using: &random) ?? "").utf8)
                bytes.insert(contentsOf: part, at: Int.random(in: 0...bytes.count, using: &random))
            }
            let result = try PageFixtures.clean(bytes, as: page, all)
            #expect(result.records.count + result.drops.count == 1)
        }
    }

    private static let secrets = ["ida.fenn@bell.example", "+49 30 1234567", "192.0.2.7"]

    @Test("what is masked is in no text, field or note; where it stood is noted to the byte")
    func masking() throws {
        let (mail, phone, address) = (Self.secrets[0], Self.secrets[1], Self.secrets[2])
        let head =
            "<meta name=author content='Ida Fenn'><meta name=description content='Write to \(mail)'>"
            + "<meta property=og:description content='Call \(phone)'><link rel=canonical href='http://\(address)/ferry'>"
        let source = Self.page(
            title: "Write to \(mail)", head: head,
            Self.paragraphs + ["Die Redaktion ist unter \(mail), \(phone) und \(address) zu erreichen, sagte sie."])
        let result = try PageFixtures.clean(source, ["mask": ["email", "phone", "ip"]])
        let record = try #require(result.records.first)
        #expect(Self.text(record).contains("unter [email], [phone] und [ip] zu erreichen"))
        #expect(record.fields["title"] == "Write to [email]" && record.fields["canonical"] == "http://[ip]/ferry")
        let told = String(decoding: record.canonical, as: UTF8.self) + result.notes.map { "\($0.details)" }.joined()
        for secret in Self.secrets { #expect(!told.contains(secret)) }
        let masked = result.notes.filter { $0.kind == "mask" }
        #expect(masked.map(\.reason) == ["email", "phone", "ip"])
        for (note, secret) in zip(masked, Self.secrets) {
            #expect(
                note.cites.map { String(decoding: source[$0.range.start..<$0.range.start + $0.range.length], as: UTF8.self) } == [
                    secret
                ])
        }
        #expect(
            record.segments.map(\.mode.description).filter { $0.contains("mask") } == [
                "rewritten:mask(email)", "rewritten:mask(phone)", "rewritten:mask(ip)",
            ])
        let some = try PageFixtures.clean(source, ["mask": ["phone"]])
        #expect(Self.text(some.records.first).contains("unter \(mail), [phone] und \(address)"))
    }

    @Test("fields that a document brings along are masked, however deep; where it lies and how it is read stays")
    func carried() throws {
        let bench = StageBench()
        let text = Self.paragraphs.joined(separator: "\n\n")
        let row = bench.cleaned(
            text,
            fields: [
                "reply": "ida.fenn@bell.example", "people": [["phone": "+49 30 1234567"], 7], "locator": "ida@bell.example.txt",
            ])
        let stage = try Clean(parameters: Parameters(["mask": ["email", "phone"]], declared: Clean.declaration.parameters))
        let record = try #require(try bench.apply(stage, ["documents": [row]]).records.first)
        #expect(record.fields["reply"] == "[email]" && record.fields["people"] == [["phone": "[phone]"], 7])
        #expect(record.fields["locator"] == "ida@bell.example.txt")
    }

    @Test("an address that tags cut into pieces is masked too, and all its bytes are noted")
    func pieces() throws {
        let source = Self.page(
            Self.paragraphs + ["Schreiben Sie an <i>ida.fenn</i>@<b>bell</b>.example, wenn Sie mögen, sagte sie am Abend."])
        let result = try PageFixtures.clean(source, ["mask": ["email"]])
        #expect(Self.text(result.records.first).contains("Schreiben Sie an [email], wenn"))
        let note = try #require(result.notes.first { $0.kind == "mask" })
        let cited = note.cites.map { String(decoding: source[$0.range.start..<$0.range.start + $0.range.length], as: UTF8.self) }
            .joined()
        #expect(cited == "ida.fenn@bell.example")
    }
}
