import HeadwaterModel
import HeadwaterPluginKit

/// A field of a record that says something of a page.
enum Field: String, CaseIterable {
    case title, author, published, modified, site, language, description, canonical, image, syndicatedFrom
}

/// One value that a place of a page states for a field, with the bytes that state it.
struct Candidate {
    /// As the field would have it; as the page has it where it cannot be one.
    var value: String
    /// Empty where no bytes of the page state it.
    var origin: TracedText
    /// Where it stands, as notes say it: `json-ld`, `meta og:title`, `h1`, `line`.
    var place: String
    /// Whether it can be a value of the field at all.
    var isPlausible = true

    init(_ value: String, _ origin: TracedText, at place: String) {
        self.value = value
        self.origin = origin
        self.place = place
    }

    /// A value that is a text of the page.
    init(_ text: TracedText, at place: String) { self.init(text.string, text, at: place) }

    /// The same place with the value that it comes to; one that comes to none is not plausible.
    func read(_ read: (String) -> String?) -> Candidate {
        var out = self
        if let value = read(value) { out.value = value } else { out.isPlausible = false }
        return out
    }
}

/// All that a page states for one field, in the order in which places count: the first that is plausible is chosen.
struct Candidates {
    let field: Field
    private(set) var all: [Candidate] = []

    /// A page may repeat itself without end; what comes after so many says nothing new.
    private static let mostPerField = 24

    init(_ field: Field) { self.field = field }

    var chosen: Candidate? { all.first(where: \.isPlausible) }

    mutating func add(_ candidate: Candidate?) {
        if let candidate, all.count < Candidates.mostPerField { all.append(candidate) }
    }

    mutating func add(_ candidates: [Candidate]) { for candidate in candidates { add(candidate) } }

    /// One note for each candidate that was not chosen: `agrees` where it states the chosen value too, `outranked` by it, or
    /// `implausible`.
    func notes(about record: RecordID, masking: Masking) -> [Note] {
        let place = all.firstIndex(where: \.isPlausible)
        return all.enumerated().compactMap { rank, candidate in
            guard rank != place else { return nil }
            let agrees = candidate.value == chosen?.value
            var details: [String: JSON] = [
                "field": .string(field.rawValue), "value": .string(masking.value(candidate.value)),
                "place": .string(candidate.place),
                "rank": .integer(rank),
            ]
            if let chosen { details["chosen"] = .string(chosen.place) }
            return Note(
                record, kind: "candidate", reason: !candidate.isPlausible ? "implausible" : agrees ? "agrees" : "outranked",
                about: candidate.origin, details: details)
        }
    }
}
