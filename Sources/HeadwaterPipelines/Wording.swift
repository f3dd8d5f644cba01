import HeadwaterModel

/// Pieces of sentences that several messages share.
enum Wording {
    private static let longestQuotation = 60
    private static let mostNames = 16

    /// A text from the file in quotes, on one line and not too long.
    static func quoted(_ text: String) -> String { "\"" + shortened(text) + "\"" }

    /// A value as it would stand in a file.
    static func value(_ value: JSON) -> String {
        if case .string(let text) = value { return quoted(text) }
        return shortened(value.description)
    }

    /// "one of: a, b, c", after the word "expected".
    static func oneOf(_ names: [String]) -> String? {
        switch names.count {
        case 0: return nil
        case 1: return quoted(names[0])
        case ...mostNames: return "one of: " + names.joined(separator: ", ")
        default: return "one of: " + names.prefix(mostNames).joined(separator: ", ") + ", … (\(names.count) in all)"
        }
    }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)" + (number == 1 ? "" : "s") }

    private static func shortened(_ text: String) -> String {
        var out = ""
        for (index, scalar) in text.unicodeScalars.prefix(longestQuotation + 1).enumerated() {
            if index == longestQuotation { return out + "…" }
            switch scalar {
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case "\r": out += "\\r"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
