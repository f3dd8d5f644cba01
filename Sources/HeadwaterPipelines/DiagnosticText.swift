/// Diagnostics as people read them: the only place where their layout is decided.
///
///     pipelines/news.yaml:7:5: error: unknown key "plugn"
///       7 |     plugn: clean
///         |     ^~~~~
///       expected one of: plugin, needs, with
///       did you mean "plugin"?
public enum DiagnosticText {
    /// The whole list, each line ended.
    public static func render(_ faults: PipelineFaults, color: Bool = false) -> String {
        var out = faults.diagnostics.map { render($0, color: color) }.joined()
        if faults.omittedCount > 0 {
            out += "\(faults.omittedCount) more \(faults.omittedCount == 1 ? "fault is" : "faults are") not shown\n"
        }
        return out
    }

    /// One diagnostic, each line ended.
    public static func render(_ diagnostic: Diagnostic, color: Bool = false) -> String {
        let paint = Paint(isOn: color)
        var out = paint.bold(harmless(diagnostic.position.description) + ":") + " " + paint.red("error:") + " "
        out += paint.bold(harmless(diagnostic.message)) + "\n"
        if let excerpt = Excerpt(diagnostic) {
            let number = String(diagnostic.line)
            let gutter = String(repeating: " ", count: number.count)
            out += "  \(number) | \(excerpt.line)\n"
            out += "  \(gutter) | \(excerpt.indentation)\(paint.green(excerpt.underline))\n"
        }
        if let expected = diagnostic.expected { out += "  expected " + harmless(expected) + "\n" }
        if let suggestion = diagnostic.suggestion { out += "  did you mean \"" + harmless(suggestion) + "\"?\n" }
        return out
    }

    /// The text with nothing in it that moves a terminal's cursor, changes its colours or turns its writing direction.
    private static func harmless(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { out.append(harmless(scalar)) }
        return String(out)
    }

    private static func harmless(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        // Unicode has a picture of each control character.
        case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        case 0x80..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: "\u{FFFD}"
        default: scalar
        }
    }

    /// The line of a diagnostic, and the marks under it.
    private struct Excerpt {
        private(set) var line = ""
        private(set) var indentation = ""
        private(set) var underline = "^"

        /// Characters of a long line that are shown before the column and from it on.
        private static let shownBefore = 60
        private static let shownFrom = 100

        init?(_ diagnostic: Diagnostic) {
            guard let source = diagnostic.source, let content = source.lineRange(diagnostic.line), !content.isEmpty else {
                return nil
            }
            let first = source.characters(before: content.lowerBound)
            let count = source.characters(before: content.upperBound) - first
            let column = min(max(diagnostic.column - 1, 0), count)
            let isWhole = count <= Excerpt.shownBefore + Excerpt.shownFrom
            let from = isWhole ? 0 : max(0, column - Excerpt.shownBefore)
            let to = isWhole ? count : min(count, column + Excerpt.shownFrom)
            let start = source.offset(ofCharacter: first + from)
            let end = min(source.offset(ofCharacter: first + to), content.upperBound)
            let text = Array(String(decoding: source.bytes[start..<max(start, end)], as: UTF8.self).unicodeScalars)
            if from > 0 {
                line = "…"
                indentation = " "
            }
            var shown = String.UnicodeScalarView()
            var marks = 0
            for (index, scalar) in text.enumerated() {
                let visible = scalar == "\t" ? scalar : harmless(scalar)
                shown.append(visible)
                if from + index < column {
                    // A tab under a tab ends at the same place, however wide the terminal makes it.
                    indentation += visible == "\t" ? "\t" : String(repeating: " ", count: DisplayWidth.of(visible))
                } else if from + index < column + diagnostic.length {
                    marks += DisplayWidth.of(visible)
                }
            }
            line += String(shown) + (to < count ? "…" : "")
            underline += String(repeating: "~", count: max(0, marks - 1))
        }
    }

    /// ANSI colours, or none.
    private struct Paint {
        let isOn: Bool

        func bold(_ text: String) -> String { sequence("1", text) }
        func red(_ text: String) -> String { sequence("1;31", text) }
        func green(_ text: String) -> String { sequence("1;32", text) }

        private func sequence(_ code: String, _ text: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
    }
}
