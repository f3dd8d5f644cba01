import HeadwaterModel
import HeadwaterPluginKit
import Testing

@testable import HeadwaterLink

@Suite struct NameTests {
    /// The canonical names that link gives the mentions of each page, in text order.
    private func canonical(_ texts: [String]) throws -> [[String]] {
        let stand = Newsstand()
        let pages = try texts.enumerated().map { try stand.page($1, "page\($0).example") }
        let entities = try stand.records(pages.map { [$0] }).filter { $0.kind == "entity" }
        return pages.map { page in
            entities.filter { $0.sources.first == page.document.record.sources.first }.map { $0.text("canonical") }
        }
    }

    @Test("a surname alone is the one person of that name, where the pages have something else in common")
    func surname() throws {
        let full = "Mayor Lena Ostrava opened the bridge in Little Hadding on Monday. Lena Ostrava then left."
        let related = try canonical([full, "Mayor Ostrava opened the bridge in Little Hadding."])
        #expect(related[1].first == "Lena Ostrava")
        let stranger = try canonical([full, "Professor Ostrava won a prize for bees in Vennholt."])
        #expect(stranger[1].first == "Ostrava")
    }

    @Test("people of one surname stay apart, and a surname that two have is neither's")
    func namesakes() throws {
        let found = try canonical([
            "Mayor Lena Ostrava opened the bridge in Little Hadding.",
            "Judge Tomas Ostrava walked over the bridge in Little Hadding.",
            "Dr Ostrava was on the bridge in Little Hadding.",
        ])
        #expect(found.map(\.first) == ["Lena Ostrava", "Tomas Ostrava", "Ostrava"])
    }

    @Test("an acronym is what one page says it is, unless pages differ on that")
    func acronyms() throws {
        let one = "The Tarn Harbour Authority (THA) closed the pier. The THA gave no reason."
        #expect(try canonical([one, "The pier was closed by the THA on Monday."])[1].contains("Tarn Harbour Authority"))
        let other = "The Toll Highway Association (THA) closed the road. The THA gave no reason."
        #expect(try !canonical([one, other, "The pier was closed by the THA on Monday."])[2].contains("Tarn Harbour Authority"))
    }

    @Test("forms of names are compared without what says nothing of who is meant")
    func forms() {
        #expect(NameForm(.organization, "The Halveth Hydro Ltd").text == NameForm(.organization, "Halveth Hydro").text)
        #expect(NameForm(.person, "Ilse T. Marrow").isCompatible(with: NameForm(.person, "I. Marrow")))
        #expect(!NameForm(.person, "Peter Marrow").isCompatible(with: NameForm(.person, "I. Marrow")))
        #expect(!NameForm(.person, "Karl Marrow Jr").isCompatible(with: NameForm(.person, "Karl Marrow Sr")))
        #expect(!NameForm(.person, "Marrow").isCompatible(with: NameForm(.organization, "Marrow")))
    }

    @Test("each entity is told once, with its variants and how often it is named")
    func account() throws {
        let stand = Newsstand()
        let pages = [
            try stand.page("The Tarn Harbour Authority (THA) closed the pier. The THA gave no reason.", "a.example"),
            try stand.page("The pier was closed by the THA on Monday.", "b.example"),
        ]
        let names = try stand.records(pages.map { [$0] }).filter {
            $0.text("canonical") == "Tarn Harbour Authority" && $0.kind == "name"
        }
        let name = try #require(names.first)
        #expect(names.count == 1 && name.number("documents") == 2 && name.texts("variants") == ["THA", "Tarn Harbour Authority"])
    }
}
