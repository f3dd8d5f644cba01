import HeadwaterModel
import HeadwaterPluginKit

/// Which spellings of a page are put right, each by a rule that can be applied again; none unless asked for.
struct Normalization {
    private var steps: Set<Step>

    /// In the order in which they are made, whatever the order in which they were asked for.
    enum Step: String, CaseIterable {
        case mojibake
        case softHyphens = "soft-hyphens"
        case ligatures
        case nfc
        case nfkc
    }

    static let none = Normalization(steps: [])

    private init(steps: Set<Step>) { self.steps = steps }

    /// - Throws: `StageError` for a name that is no step.
    init(_ names: [String]) throws {
        steps = []
        for (element, name) in names.enumerated() {
            guard let step = Step(rawValue: name) else {
                throw StageError(
                    "there is no normalisation '\(name)'; expected one of \(Step.allCases.map(\.rawValue).joined(separator: ", "))",
                    parameter: "normalize", element: element)
            }
            steps.insert(step)
        }
        guard !steps.isSuperset(of: [.nfc, .nfkc]) else {
            throw StageError("a text has one normal form: expected nfc or nfkc, not both", parameter: "normalize")
        }
    }

    /// A paragraph with its white space collapsed and none at its ends.
    func paragraph(_ text: TracedText) -> TracedText {
        guard !steps.isEmpty else { return text.collapsingSpace().trimmed() }
        var text = text
        // Before white space is collapsed: a no-break space may be half of a letter that was read wrongly.
        if steps.contains(.mojibake) { text = text.repairingMojibake() }
        if steps.contains(.softHyphens) { text = text.removingSoftHyphens() }
        text = text.collapsingSpace().trimmed()
        if steps.contains(.ligatures) { text = text.expandingLigatures() }
        if steps.contains(.nfc) { text = text.composed() }
        // Form KC makes spaces of some marks.
        if steps.contains(.nfkc) { text = text.compatibilityComposed().collapsingSpace().trimmed() }
        return text
    }

    /// A value that stands in no text of the page.
    func value(_ value: String) -> String {
        steps.isEmpty ? value : paragraph(.synthetic(value)).string
    }
}
