import HeadwaterPluginKit

/// A name in the form in which names are compared: its words in lower case, without what says nothing of who is meant.
struct NameForm: Hashable {
    let kind: DocumentName.Kind
    /// Without `the`, points, possessives, legal forms of companies; not empty for a name that has a word.
    let words: [String]
    /// `jr`, `ii`: what tells persons of one name apart.
    let suffix: String?

    init(_ name: DocumentName) { self.init(name.kind, name.forms.first?.text ?? "") }

    init(_ kind: DocumentName.Kind, _ name: String) {
        self.kind = kind
        let bytes = Array(name.utf8)
        var words = Tokenizer.tokens(bytes).filter { $0.kind == .word || $0.kind == .number }.map { token in
            String(decoding: Word.folded(bytes, token).filter { $0 != UInt8(ascii: ".") }, as: UTF8.self)
        }
        if words.count > 1, words.first == "the" { words.removeFirst() }
        if kind == .organization {
            while words.count > 1, let last = words.last, Self.legalForms.contains(last) { words.removeLast() }
        }
        var suffix: String?
        if kind == .person, words.count > 2, let last = words.last, Self.suffixes.contains(last) {
            suffix = last
            words.removeLast()
        }
        self.words = words
        self.suffix = suffix
    }

    private static let legalForms: Set<String> = [
        "inc", "incorporated", "ltd", "limited", "corp", "corporation", "co", "plc", "llc", "llp", "gmbh", "ag", "sa", "nv", "bv",
        "oy", "ab",
    ]
    private static let suffixes: Set<String> = ["jr", "sr", "ii", "iii", "iv"]

    /// Equal for equal forms.
    var text: String { words.joined(separator: " ") + (suffix.map { " " + $0 } ?? "") }

    /// Of what tells the name apart within a corpus: a person's surname, else all of it.
    var hash: UInt64 {
        mixed(UInt64(kind.rawValue), Word.hash((kind == .person ? surname : text).utf8))
    }

    var surname: String { words.last ?? "" }
    var givenNames: ArraySlice<String> { words.dropLast() }

    /// Whether two forms of persons with one surname can be of one person: given names are equal or one is the other's initial,
    /// as far as both have them.
    func isCompatible(with other: NameForm) -> Bool {
        guard kind == other.kind, surname == other.surname, suffix == nil || other.suffix == nil || suffix == other.suffix else {
            return false
        }
        return zip(givenNames, other.givenNames).allSatisfy { a, b in
            a == b || a.utf8.count == 1 && b.hasPrefix(a) || b.utf8.count == 1 && a.hasPrefix(b)
        }
    }

    /// How much the form tells: given names in full count more than initials.
    var fullness: Int { givenNames.reduce(0) { $0 + ($1.utf8.count > 1 ? 3 : 1) } + (suffix == nil ? 0 : 1) }
}
