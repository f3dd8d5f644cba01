import HeadwaterModel
import HeadwaterPluginKit

/// The stage's parameters, read once.
struct Settings: Sendable {
    enum PassageRule: String, CaseIterable { case keep, remove }

    let levels: Set<Level>
    /// Per mille.
    let similarity: Int
    /// Per mille.
    let agreement: Int
    /// Per mille of the longer text.
    let smallestPart: Int
    let shingle: Int
    let survivor: SurvivorRule
    let hosts: PreferredHosts
    let passages: PassageRule
    let passageWords: Int
    /// Per mille.
    let passageSimilarity: Int
    let tellsSyndication: Bool

    init(_ parameters: Parameters) throws {
        func perMille(_ name: String) -> Int { Int((parameters.decimal(name) * 1000).rounded()) }
        var levels: Set<Level> = []
        for name in parameters.texts("levels") {
            guard let level = Level(rawValue: name) else {
                let known = Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw StageError("\(name) is no level; expected some of \(known)", parameter: "levels")
            }
            levels.insert(level)
        }
        self.levels = levels
        similarity = perMille("similarity")
        agreement = perMille("agreement")
        smallestPart = perMille("smallest-part")
        shingle = parameters.integer("shingle")
        guard let rule = SurvivorRule(rawValue: parameters.text("survivor")) else {
            throw StageError("no such rule", parameter: "survivor")
        }
        survivor = rule
        hosts = try PreferredHosts(parameters.texts("hosts"))
        guard let rule = PassageRule(rawValue: parameters.text("passages")) else {
            throw StageError("no such rule", parameter: "passages")
        }
        passages = rule
        passageWords = parameters.integer("passage-words")
        passageSimilarity = perMille("passage-similarity")
        tellsSyndication = parameters.bool("syndication")
    }

    /// Whether the texts of documents are compared at all.
    var comparesTexts: Bool { !levels.isDisjoint(with: [.near, .containment, .url, .canonical, .passages]) }
    /// Whether documents are looked for that are alike as a whole or contain one another.
    var findsVersions: Bool { levels.contains(.near) || levels.contains(.containment) }
    var findsPassages: Bool { levels.contains(.passages) }
    var readsAddresses: Bool { levels.contains(.url) || levels.contains(.canonical) }
}
