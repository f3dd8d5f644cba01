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

    /// The beginning of a page that loads nothing and runs nothing, up to its body.
    ///
    /// - Parameters:
    ///   - title: as it stands in HTML.
    ///   - style: a style sheet of our own; it is written as it is.
    public static func begin(title: String, style: String) -> String {
        """
        <!DOCTYPE html>
        <html>
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        <style>
        \(style)
        </style>
        </head>
        <body>

        """
    }
}
