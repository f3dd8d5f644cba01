/// What a named entity is.
enum EntityType: String, Sendable {
    case person, organization, place, event
    /// A people or the adjective of a place: `Ukrainian`.
    case demonym
    /// A named work, product, law or language: what is none of the others.
    case work
}

/// One place in the text that names an entity.
struct Mention {
    var tokens: Range<Int>
    var type: EntityType
    /// The mention that gives the entity's full name; its own tokens where it does so itself.
    var fullName: Range<Int>
    /// How sure the type is, to let one mention decide for another.
    var certainty: Certainty
    /// What decided on the type.
    var rule = Rule.rules

    /// What decided on a mention's type, in words for `explain`.
    enum Rule: String {
        case rules
        case tagger
        case taggerAndRules = "tagger and rules"
        case list
        case namedInFull = "named in full elsewhere"
        case acronym = "acronym of a name"
    }

    enum Certainty: Int, Comparable {
        /// Only the shape says so.
        case shape
        /// The words around it say so.
        case context
        /// A list, a title or a noun in the name says so.
        case known

        static func < (a: Certainty, b: Certainty) -> Bool { a.rawValue < b.rawValue }
    }

    init(_ tokens: Range<Int>, _ type: EntityType, _ certainty: Certainty) {
        self.tokens = tokens
        self.type = type
        self.certainty = certainty
        fullName = tokens
    }
}
