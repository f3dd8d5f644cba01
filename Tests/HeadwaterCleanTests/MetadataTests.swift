import HeadwaterModel
import HeadwaterPluginKit
import HeadwaterTesting
import Testing

@testable import HeadwaterClean

@Suite("Fields, the places that state them, and what else was stated")
struct MetadataTests {
    /// A place that can state a field: what stands in the page's head, and what it is called in notes.
    private struct Place {
        var name: String
        var markup: @Sendable (String) -> String

        init(_ name: String, _ markup: @escaping @Sendable (String) -> String) { (self.name, self.markup) = (name, markup) }

        static func meta(_ name: String) -> Place {
            Place("meta \(name)") { "<meta property='\(name.uppercased())' content='\($0)'>" }
        }

        static func linked(_ members: @escaping @Sendable (String) -> String) -> Place {
            Place("json-ld") { "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\(members($0))}</script>" }
        }
    }

    /// Places by field, in the order in which they count.
    private static let places: [(field: String, value: @Sendable (Int) -> String, places: [Place])] = [
        (
            "title", { "Ferry number \($0) has gone missing" },
            [.linked { "\"headline\":\"\($0)\"" }, .meta("og:title"), .meta("twitter:title"), .meta("dc.title")]
        ),
        (
            "author", { "Ida Fenn" + String(repeating: "n", count: $0) },
            [.linked { "\"author\":[{\"name\":\"\($0)\"}]" }, .meta("author"), .meta("article:author"), .meta("dc.creator")]
        ),
        (
            "published", { "2025-03-1\($0)" },
            [
                .linked { "\"datePublished\":\"\($0)\"" }, .meta("article:published_time"), .meta("datepublished"),
                .meta("dc.date"),
            ]
        ),
        (
            "modified", { "2025-04-1\($0)" },
            [
                .linked { "\"dateModified\":\"\($0)\"" }, .meta("article:modified_time"), .meta("og:updated_time"),
                .meta("dcterms.modified"), Place("time") { "<time class='entry updated' datetime='\($0)'></time>" },
            ]
        ),
        (
            "description", { "What became of ferry \($0)." },
            [
                .linked { "\"description\":\"\($0)\"" }, .meta("og:description"), .meta("twitter:description"),
                .meta("description"), .meta("dc.description"),
            ]
        ),
        (
            "canonical", { "https://bell.example/ferry-\($0)" },
            [
                Place("link canonical") { "<link rel=canonical href='\($0)'>" }, .meta("og:url"), .meta("twitter:url"),
                .linked { "\"mainEntityOfPage\":{\"@id\":\"\($0)\"}" },
            ]
        ),
        (
            "image", { "https://bell.example/ferry-\($0).jpg" },
            [
                .linked { "\"image\":[{\"url\":\"\($0)\"}]" }, .meta("og:image"), .meta("og:image:secure_url"),
                .meta("twitter:image"), Place("link image_src") { "<link rel=image_src href='\($0)'>" },
            ]
        ),
        (
            "site", { "The Corrow Bell \($0)" },
            [.meta("og:site_name"), .linked { "\"publisher\":{\"name\":\"\($0)\"}" }, .meta("application-name")]
        ),
        (
            "language", { ["en", "de", "fr", "nl"][$0] },
            [Place("lang") { _ in "" }, .meta("dc.language"), .meta("og:locale")]
        ),
    ]

    private static let sentences = (0..<6).map {
        "<p>The ferry left the harbour at \($0) in the morning, and the people on the pier watched it until it was out of sight.</p>"
    }

    private static func page(head: String, body: String = "", language: String = "") -> [UInt8] {
        let opening = language.isEmpty ? "<html>" : "<html lang='\(language)'>"
        return Array("\(opening)<head>\(head)</head><body>\(body)<article>\(sentences.joined())</article></body></html>".utf8)
    }

    @Test("of the places that state a field the first of its order counts, wherever it stands; the others are noted by rank")
    func order() throws {
        var random = SplitMix(seed: 31)
        for (field, value, places) in Self.places {
            for _ in 0..<12 {
                let chosen = places.indices.filter { _ in Bool.random(using: &random) }
                guard let first = chosen.first else { continue }
                let markup = chosen.map { places[$0].markup(value($0)) }.shuffled(using: &random).joined()
                let language = field == "language" && first == 0 ? value(0) : ""
                let source = Self.page(head: markup, language: language)
                let result = try PageFixtures.clean(source, as: "page.html")
                let record = try #require(result.records.first)
                #expect(record.fields[field] == .string(value(first)), "\(field), seed 31: \(markup)")
                let notes = result.notes.filter { $0.kind == "candidate" && $0.details["field"] == .string(field) }
                #expect(notes.map { $0.details["value"] } == chosen.dropFirst().map { .string(value($0)) })
                #expect(notes.map { $0.details["place"] } == chosen.dropFirst().map { .string(places[$0].name) })
                #expect(notes.map { $0.details["rank"] } == (0..<chosen.count).dropFirst().map { .integer($0) })
                #expect(notes.allSatisfy { $0.reason == "outranked" && $0.details["chosen"] == .string(places[first].name) })
                // The bytes that a field and a note cite are those of the value.
                #expect(try Self.cited(#require(record.cites[field]), in: source) == value(first))
                for (note, place) in zip(notes, chosen.dropFirst()) {
                    #expect(
                        note.cites.map {
                            String(decoding: source[$0.range.start..<$0.range.start + $0.range.length], as: UTF8.self)
                        } == [
                            value(place)
                        ])
                }
            }
        }
    }

    private static func cited(_ cites: [Citation], in source: [UInt8]) -> String {
        cites.map { String(decoding: source[$0.range.start..<$0.range.start + $0.range.length], as: UTF8.self) }.joined(
            separator: "|")
    }

    @Test("whatever a page states, each field has one value, and each note tells truly how it stands to it")
    func notesAreTrue() throws {
        var random = SplitMix(seed: 32)
        for _ in 0..<20 {
            var head = ""
            for (_, value, places) in Self.places {
                for place in places where Bool.random(using: &random) {
                    head += place.markup(value(Int.random(in: 0..<2, using: &random)))
                }
            }
            let result = try PageFixtures.clean(Self.page(head: head))
            let record = try #require(result.records.first)
            for note in result.notes where note.kind == "candidate" {
                let field = try #require(note.details["field"]?.string)
                let agrees = note.details["value"] == record.fields[field]
                #expect(note.record == record.id)
                #expect(note.reason == (agrees ? "agrees" : "outranked"), "seed 32: \(note)")
            }
        }
    }

    @Test("a value with escapes cites the string it was written as, under its own key")
    func escapes() throws {
        let script =
            #"{"@type":"NewsArticle","dateModified":"2025-03-14","datePublished":"2025-03-14","headline":"The \u201cferry\u201d","#
            + #""url":"https:\/\/bell.example\/ferry","author":["Ida Fenn","Otto Keel"]}"#
        let source = Self.page(head: "<script type='application/ld+json'>\(script)</script>")
        let record = try #require(try PageFixtures.clean(source).records.first)
        #expect(record.fields["title"] == "The “ferry”")
        #expect(record.fields["canonical"] == "https://bell.example/ferry")
        #expect(Self.cited(record.cites["title"] ?? [], in: source) == #"The \u201cferry\u201d"#)
        #expect(Self.cited(record.cites["canonical"] ?? [], in: source) == #"https:\/\/bell.example\/ferry"#)
        #expect(Self.cited(record.cites["author"] ?? [], in: source) == "Ida Fenn|Otto Keel")
        let (modified, published) = (
            try #require(record.cites["modified"]?.first), try #require(record.cites["published"]?.first)
        )
        #expect(modified.range.start < published.range.start)
    }

    @Test(
        "what can be no value is noted as implausible, and the next place counts",
        arguments: [
            ("canonical", "<link rel=canonical href='/ferry'>", "<meta property=og:url content='http://bell.example/ferry'>"),
            ("canonical", "<link rel=canonical href='//bell.example'>", "<meta property=og:url content='HTTPS://bell.example'>"),
            ("author", "<meta name=author content='admin'>", "<meta name=dc.creator content='Ida Fenn'>"),
            ("published", "<meta name=article:published_time content='now'>", "<meta name=date content='2025-03-14'>"),
            (
                "image", "<meta property=og:image content='data:image/png,'>",
                "<meta name=twitter:image content='https://b.example/a'>"
            ),
        ])
    func implausible(field: String, first: String, second: String) throws {
        let result = try PageFixtures.clean(Self.page(head: first + second))
        let note = try #require(result.notes.first { $0.kind == "candidate" })
        #expect(note.reason == "implausible" && note.details["field"] == .string(field) && note.details["rank"] == 0)
        #expect(
            note.details["chosen"]
                == .string(
                    "meta "
                        + ["canonical": "og:url", "author": "dc.creator", "published": "date"][field, default: "twitter:image"]))
        #expect(result.records.first?.fields[field] != nil)
        let alone = try PageFixtures.clean(Self.page(head: first))
        #expect(alone.records.first?.fields[field] == nil)
        #expect(alone.notes.contains { $0.reason == "implausible" && $0.details["chosen"] == nil })
    }

    @Test(
        "a line above the text says when a page was changed",
        arguments: [
            ("Published March 14, 2025. Updated March 15, 2025", "2025-03-15"),
            ("Last updated: 15 March 2025, 10:14", "2025-03-15"),
            ("Aktualisiert am 15. März 2025", "2025-03-15"), ("Posted on March 14, 2025", nil),
            ("An outdated list of March 14, 2025", nil),
        ])
    func updated(line: String, date: String?) throws {
        let body = "<h1>The ferry of the morning</h1><div>\(line)</div>"
        let source = Self.page(head: "<title>The ferry of the morning</title>", body: body)
        let record = try #require(try PageFixtures.clean(source).records.first)
        #expect(record.fields["modified"] == date.map { .string($0) })
        if date != nil { #expect(Self.cited(record.cites["modified"] ?? [], in: source).contains("15")) }
    }

    @Test("a page that repeats itself without end fills no notes")
    func bounded() throws {
        let head = (0..<3000).map {
            "<meta name=author content='Ida Fenn \($0)'><meta property=og:image content='https://b.example/\($0)'>"
        }
        let body = String(
            repeating: "<time datetime='2025-03-14'></time><h1>The ferry</h1><a rel=author>Ida Fenn</a>", count: 2000)
        let result = try PageFixtures.clean(Self.page(head: head.joined(), body: body))
        #expect(result.records.count == 1)
        #expect(result.notes.count { $0.kind == "candidate" } < 150)
    }
}
