import HeadwaterLineage

/// How a page is written in one language of markup.
protocol PageSyntax {
    func begin(title: String) -> String
    func heading(_ text: String) -> String
    /// Of a part of what stands under a heading.
    func subheading(_ text: String) -> String
    var itemStart: String { get }
    var itemEnd: String { get }
    var paragraphStart: String { get }
    var paragraphEnd: String { get }
    /// The numbers of citations behind a text, with the space before them.
    func marks(_ numbers: [Int]) -> String
    /// A remark behind a text, with the space before it.
    func remark(_ text: String) -> String
    var sourcesStart: String { get }
    /// - Parameters:
    ///   - place: what follows the locator.
    ///   - excerpt: what stands there; nil for a whole source.
    func source(number: Int, locator: String, place: String, about: String, excerpt: SourceExcerpt?) -> String
    var sourcesEnd: String { get }
    /// The end of a page without sources.
    var end: String { get }
    func escape(_ scalar: Unicode.Scalar) -> PageEscape
    /// Where in a text the byte lies that would make more than text of its beginning, and has a backslash before it.
    func leadingMark(in text: String) -> Int?
}

/// What is written for a character of a text.
enum PageEscape {
    /// The character itself.
    case none
    /// This, and then the character.
    case before(String)
    /// This, and not the character.
    case instead(String)
}

extension PageSyntax {
    func leadingMark(in text: String) -> Int? { nil }

    func escaped(_ text: String) -> String { escaped(text, by: escape) }

    /// The text with what the rule gives for each of its characters.
    func escaped(_ text: String, by rule: (Unicode.Scalar) -> PageEscape) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch rule(scalar) {
            case .none: out.unicodeScalars.append(scalar)
            case .before(let mark): out += mark + String(scalar)
            case .instead(let other): out += other
            }
        }
        return out
    }

    /// For what no page shows as it is: line breaks are spaces, and what would steer a terminal or turn the text is spelled
    /// out.
    func visible(_ scalar: Unicode.Scalar) -> PageEscape {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: .instead(" ")
        default: VisibleText.steers(scalar) ? .instead(VisibleText.escape(scalar)) : .none
        }
    }
}
