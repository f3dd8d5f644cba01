import HeadwaterModel
import HeadwaterPluginKit

/// Which writings that lead to a person are replaced by a label; none unless asked for.
struct Masking {
    private let kinds: [PersonalData]

    /// - Throws: `StageError` for a name that is no kind.
    init(_ names: [String]) throws {
        kinds = try names.enumerated().map { element, name in
            guard let kind = PersonalData(rawValue: name) else {
                throw StageError(
                    "there is no '\(name)' to mask; expected one of \(PersonalData.allCases.map(\.rawValue).joined(separator: ", "))",
                    parameter: "mask", element: element)
            }
            return kind
        }
    }

    /// The text with labels, and the pieces that they stand for.
    func text(_ text: TracedText) -> (text: TracedText, masked: [(kind: PersonalData, piece: TracedText)]) {
        kinds.isEmpty ? (text, []) : text.masking(kinds)
    }

    /// A field's value with labels.
    func value(_ value: String) -> String {
        kinds.isEmpty ? value : TracedText.synthetic(value).masking(kinds).text.string
    }
}
