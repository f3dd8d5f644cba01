/// Text as it stands in a page of HTML.
public enum HTMLText {
    /// What is written in the place of a character that would end the text; nil for any other.
    ///
    /// Source: HTML Living Standard, sections 13.1.2 and 13.1.4.
    public static func reference(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: nil
        }
    }

    /// The text in an element; what would steer a terminal or turn the text is spelled out, but for line feeds.
    public static func of(_ text: some StringProtocol) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let reference = reference(scalar) {
                out.append(contentsOf: reference.unicodeScalars)
            } else if scalar != "\n", VisibleText.steers(scalar) {
                out.append(contentsOf: VisibleText.escape(scalar).unicodeScalars)
            } else {
                out.append(scalar)
            }
        }
        return String(out)
    }
}
