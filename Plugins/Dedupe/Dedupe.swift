public import HeadwaterModel
public import HeadwaterPluginKit

/// Leaves out documents that say again what another one says, word for word or nearly so, and finds the passages that
/// documents share.
///
/// Sketches propose pairs, their true texts are compared, similar ones form clusters, and of each cluster one document
/// survives. It names on whose behalf it stands; each other is dropped with its survivor. What survives may still have
/// passages in common: they are told of, or taken out of all documents but one.
public struct Dedupe: Stage {
    public static let declaration = PluginDeclaration(
        name: "dedupe", version: "2", summary: "Leave out exact and near-duplicate documents, find shared passages",
        inputs: [.init("documents")], rounds: .examine,
        parameters: [
            ParameterDeclaration(
                "levels", .list(of: .text),
                default: .array((["bytes", "text", "near", "containment", "url", "canonical"] as [String]).map { .string($0) }),
                help: "what is looked for: bytes, text, near, containment, url, canonical, passages, repeats"),
            ParameterDeclaration(
                "similarity", .decimal(0.0...1.0), default: .decimal(0.8),
                help: "share of the shorter document's words that the other must have in the same runs"),
            ParameterDeclaration(
                "agreement", .decimal(0.0...1.0), default: .decimal(0.5),
                help: "the same for two documents of one address or canonical link"),
            ParameterDeclaration(
                "smallest-part", .decimal(0.0...1.0), default: .decimal(0.125),
                help: "a document that is a smaller part of another is quoted by it and no duplicate"),
            ParameterDeclaration("shingle", .integer(1...20), default: 3, help: "words in a row that count as the same run"),
            ParameterDeclaration(
                "survivor", .choice(SurvivorRule.allCases.map(\.rawValue)), default: .string(SurvivorRule.earliest.rawValue),
                help: "which document of a cluster stays: published earliest, longest, or first by id"),
            ParameterDeclaration(
                "hosts", .list(of: .text), default: [],
                help: "hosts whose documents stay before the rule is asked, the most preferred first: example.org, *.example.com"),
            ParameterDeclaration(
                "passages", .choice(Settings.PassageRule.allCases.map(\.rawValue)),
                default: .string(Settings.PassageRule.keep.rawValue),
                help: "what becomes of a passage that documents share: kept in all and told of, or removed from all but one"),
            ParameterDeclaration("passage-words", .integer(13...10_000), default: 25, help: "words of the shortest passage"),
            ParameterDeclaration(
                "passage-similarity", .decimal(0.5...1.0), default: .decimal(0.8),
                help: "share of a passage's words that must be the same on both sides; 1 for exact passages alone"),
            ParameterDeclaration(
                "syndication", .boolean, default: false, help: "whether to note who carried whose text, for a table of it"),
        ],
        emits: ["document"])

    private let settings: Settings

    public init(parameters: Parameters) throws { settings = try Settings(parameters) }

    public func sketch(_ partition: Partition) throws -> [UInt8] {
        DocumentSketch.encode(try partition["documents"].map { try DocumentSketch($0, settings) })
    }

    public func combine(_ sketches: Sketches) throws -> Combination {
        let (candidates, groups) = try DuplicateCandidates.find(sketches, settings)
        return .groups(groups, carry: candidates.bytes)
    }

    public func examine(_ group: Partition) throws -> [UInt8] {
        var examination = try GroupExamination(group["documents"], settings)
        return examination.verdict().bytes
    }

    public func decide(_ verdicts: Verdicts) throws -> [[UInt8]] {
        var decision = try ClusterDecision(verdicts, settings)
        return decision.decisions(partitionCount: verdicts.partitionCount).map(\.bytes)
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        try Application(try Decision(slice), settings).carryOut(on: partition["documents"], to: output)
    }
}
