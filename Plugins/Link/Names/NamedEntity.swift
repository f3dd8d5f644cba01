import HeadwaterModel
import HeadwaterPluginKit

/// One person, body, place or event with all its names in the corpus.
struct NamedEntity {
    struct Member {
        var document: RecordID
        var partition: Int
        /// Its document's number in the partition, and its own in the document.
        var place: (document: Int, name: Int)
        /// The full name in that document.
        var text: String
        var mentions: Int
        var source: Digest?
        var forms: [DocumentName.Form]
    }

    /// In the order of their documents' ids.
    let members: [Member]
    /// The name that stands for all of them.
    let canonical: Form
    /// All that it is called, each once, in the order of the letters.
    let variants: [Form]
    /// The one that tells of the entity: the first that has the canonical name.
    let teller: Int

    /// A form of the name, and where it stands first.
    struct Form: Equatable {
        var text: String
        var place: Place?
    }

    /// More variants help nobody.
    private static let mostVariants = 32

    init(_ members: [Member]) {
        self.members = members
        var forms: [String: Place?] = [:]
        for member in members {
            for form in member.forms where forms[form.text] == nil || forms[form.text] == .some(nil) {
                let place = member.source.flatMap { source in form.range.map { Place(source: source, range: $0) } }
                forms.updateValue(place, forKey: form.text)
            }
        }
        let best = members.indices.min { a, b in
            Self.precedes(members[a].text, members[b].text) || members[a].text == members[b].text && a < b
        }
        teller = best ?? 0
        let name = members[teller].text
        canonical = Form(text: name, place: forms[name] ?? nil)
        variants = forms.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.prefix(Self.mostVariants).map {
            Form(text: $0, place: forms[$0] ?? nil)
        }
    }

    /// The fullest form, rather in mixed case than in capitals; of these the first by its letters. How often a form occurs does
    /// not count, so that another page with a name changes nothing.
    private static func precedes(_ a: String, _ b: String) -> Bool {
        let (x, y) = (a.utf8.split(separator: 0x20).count, b.utf8.split(separator: 0x20).count)
        if x != y { return x > y }
        let (capitalsOfA, capitalsOfB) = (isInCapitals(a), isInCapitals(b))
        if capitalsOfA != capitalsOfB { return capitalsOfB }
        return a.utf8.count != b.utf8.count ? a.utf8.count > b.utf8.count : a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    private static func isInCapitals(_ text: String) -> Bool { !text.utf8.contains { 0x61...0x7A ~= $0 } }
}
