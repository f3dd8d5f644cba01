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

    /// What fetch says of a document itself: where it lies and how it is read. These stay as they are.
    private static let kept: Set<String> = ["locator", "mediaType", "charset", "part", "escape"]

    /// Puts labels into the fields that a document brings along, such as columns of its table.
    func apply(to draft: inout RecordDraft) {
        if kinds.isEmpty { return }
        for (name, value) in draft.fields where !Masking.kept.contains(name) { draft.set(name, masked(value)) }
    }

    private func masked(_ json: JSON) -> JSON {
        switch json {
        case .string(let text): .string(value(text))
        case .array(let elements): .array(elements.map(masked))
        case .object(let members): .object(members.mapValues(masked))
        default: json
        }
    }
}
