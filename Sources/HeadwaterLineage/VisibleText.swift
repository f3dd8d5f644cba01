/// Text of sources as it is shown to people: what would steer a terminal or turn the direction of what follows is
/// written out, so that nobody reads something else than what is there.
public enum VisibleText {
    /// The text with each steering character as `\u{1b}`; everything else stays as it is.
    public static func of(_ text: some StringProtocol) -> String {
        guard text.unicodeScalars.contains(where: steers) else { return String(text) }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if steers(scalar) { out.append(contentsOf: escape(scalar).unicodeScalars) } else { out.append(scalar) }
        }
        return String(out)
    }

    /// The same for text of several lines: line feeds stay too.
    public static func lines(of text: String) -> String {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { of(Substring($0)) }
            .joined(separator: "\n")
    }

    /// Control characters but the tab (Unicode's Cc: escapes, and line feeds too), line and paragraph separators, and those
    /// that turn the direction of text (Bidi_Control; UAX #9, and CVE-2021-42574 for what can be done with them).
    public static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x08, 0x0A...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// As Swift spells a character by its number.
    public static func escape(_ scalar: Unicode.Scalar) -> String { "\\u{\(String(scalar.value, radix: 16))}" }
}
