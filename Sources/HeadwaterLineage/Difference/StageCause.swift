public import HeadwaterModel

/// Why a stage may make something else than it made.
public enum StageCause: Hashable, Sendable, CustomStringConvertible {
    case parameter(name: String, before: JSON?, after: JSON?)
    /// Its name, version, or the digest of the files of a plugin from outside.
    case plugin(what: String, before: String?, after: String?)
    /// What else is in its keys: a library's version, a value of the environment.
    case setting(name: String, before: JSON?, after: JSON?)
    /// It reads other stages than it did, by role.
    case inputs(before: [RunManifest.Stage.Input], after: [RunManifest.Stage.Input])
    /// The sources that it found: how many are there in one run only, or otherwise.
    case sources([DatasetDifference.SourceChange.Kind: Int])
    /// A stage that it reads made something else.
    case upstream(stage: String)
    /// It was told the same and given the same, and made something else: the plugin does not give the same bytes twice.
    case unknown

    /// In a clause for a person.
    public var description: String {
        switch self {
        case .parameter(let name, let before, let after):
            "parameter \(name): \(StageCause.show(before)) became \(StageCause.show(after))"
        case .plugin(let what, let before, let after):
            "plugin \(what): \(StageCause.show(before.map { .string($0) })) became \(StageCause.show(after.map { .string($0) }))"
        case .setting(let name, let before, let after):
            "\(name): \(StageCause.show(before)) became \(StageCause.show(after))"
        case .inputs(let before, let after):
            "it read \(StageCause.show(before)) and reads \(StageCause.show(after))"
        case .sources(let counts):
            "sources: "
                + DatasetDifference.SourceChange.Kind.allCases.compactMap { kind in counts[kind].map { "\($0) \(kind.rawValue)" }
                }
                .joined(separator: ", ")
        case .upstream(let stage): "\(stage) made something else"
        case .unknown: "nothing that it was given: the plugin does not give the same bytes twice"
        }
    }

    private static func show(_ value: JSON?) -> String {
        guard let value else { return "nothing" }
        let text = value.string.map { Digest($0)?.short ?? "\"\($0)\"" } ?? value.description
        return text.unicodeScalars.count > longestValue ? String(text.prefix(longestValue)) + "…" : text
    }

    private static func show(_ inputs: [RunManifest.Stage.Input]) -> String {
        inputs.isEmpty ? "sources" : inputs.map { "\($0.stage) as \($0.role)" }.joined(separator: ", ")
    }

    /// Characters of a value that are shown to people.
    private static let longestValue = 80

    public var json: JSON {
        func change(_ what: String, _ name: String, _ before: JSON?, _ after: JSON?) -> JSON {
            var members: [String: JSON] = ["cause": .string(what), "name": .string(name)]
            members["before"] = before
            members["after"] = after
            return .object(members)
        }
        func inputs(_ inputs: [RunManifest.Stage.Input]) -> JSON {
            .array(inputs.map { ["role": .string($0.role), "stage": .string($0.stage)] })
        }
        return switch self {
        case .parameter(let name, let before, let after): change("parameter", name, before, after)
        case .plugin(let what, let before, let after):
            change("plugin", what, before.map { .string($0) }, after.map { .string($0) })
        case .setting(let name, let before, let after): change("setting", name, before, after)
        case .inputs(let before, let after): change("inputs", "needs", inputs(before), inputs(after))
        case .sources(let counts):
            .object(
                counts.reduce(into: ["cause": .string("sources")]) { $0[$1.key.rawValue] = .integer($1.value) })
        case .upstream(let stage): ["cause": "upstream", "stage": .string(stage)]
        case .unknown: ["cause": "unknown"]
        }
    }
}
