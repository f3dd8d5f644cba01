public import HeadwaterModel
public import HeadwaterPluginKit

/// Leaves out documents that say again what another one says, word for word or nearly so.
///
/// MinHash fingerprints (Broder 1997) propose pairs, their true texts are compared, similar ones form clusters, and of
/// each cluster one document survives. It names on whose behalf it stands; each other is dropped with its survivor.
public struct Dedupe: Stage {
    public static let declaration = PluginDeclaration(
        name: "dedupe", version: "1", summary: "Leave out exact and near-duplicate documents",
        inputs: [.init("documents")], rounds: .examine,
        parameters: [
            ParameterDeclaration(
                "similarity", .decimal(0.0...1.0), default: .decimal(0.8),
                help: "share of the shorter document's words that the other must have in the same runs"),
            ParameterDeclaration("shingle", .integer(1...20), default: 3, help: "words in a row that count as the same run"),
            ParameterDeclaration(
                "survivor", .choice(SurvivorRule.allCases.map(\.rawValue)), default: .string(SurvivorRule.earliest.rawValue),
                help: "which document of a cluster stays: published earliest, longest, or first by id"),
        ],
        emits: ["document"])

    /// Per mille.
    private let similarity: Int
    private let shingle: Int
    private let survivor: SurvivorRule

    public init(parameters: Parameters) throws {
        similarity = Int((parameters.decimal("similarity") * 1000).rounded())
        shingle = parameters.integer("shingle")
        guard let rule = SurvivorRule(rawValue: parameters.text("survivor")) else {
            throw StageError("no such rule", parameter: "survivor")
        }
        survivor = rule
    }

    public func sketch(_ partition: Partition) throws -> [UInt8] {
        DocumentSketch.encode(try partition["documents"].map { try DocumentSketch($0, shingleSize: shingle) })
    }

    public func combine(_ sketches: Sketches) throws -> Combination {
        let candidates = try DuplicateCandidates(sketches)
        return .groups(candidates.groups, carry: candidates.bytes)
    }

    public func examine(_ group: Partition) throws -> [UInt8] {
        let documents = group["documents"].sorted { $0.id < $1.id }
        var comparison = GroupComparison()
        for document in documents { comparison.add(Shingles(WordHashes(try document.text().bytes).hashes, size: shingle)) }
        var matches: [Verdict.Match] = []
        comparison.forEachPair { a, b, found in
            guard found.similarity >= similarity else { return }
            matches.append(Verdict.Match(a: documents[a].id, b: documents[b].id, comparison: found))
        }
        return Verdict(matches: matches).bytes
    }

    public func decide(_ verdicts: Verdicts) throws -> [[UInt8]] {
        let candidates = try DuplicateCandidates(verdicts.carry, partitionCount: verdicts.partitionCount)
        let matches = try (0..<verdicts.count).flatMap { try Verdict(verdicts[$0].verdict).matches }
        var decision = ClusterDecision(candidates, matches: matches)
        return decision.decisions(partitionCount: verdicts.partitionCount, rule: survivor).map(\.bytes)
    }

    public func apply(_ partition: Partition, slice: [UInt8], to output: any StageOutput) throws {
        let decision = try Decision(slice)
        let dropped = Dictionary(decision.dropped.map { ($0.record, $0) }, uniquingKeysWith: { first, _ in first })
        for document in partition["documents"] {
            if let dropped = dropped[document.id] {
                output.drop(drop(dropped))
            } else {
                try output.pass(document)
            }
        }
        for survivor in decision.survivors {
            output.note(
                Note(
                    survivor.record, kind: "stands-for", reason: "duplicates",
                    details: ["records": .array(survivor.standsFor.map { .string($0.description) })]))
        }
    }

    private func drop(_ dropped: Decision.Dropped) -> Drop {
        guard let match = dropped.match else {
            return Drop(dropped.record, reason: "exact-duplicate", survivor: dropped.survivor, details: ["similarity": 1000])
        }
        return Drop(
            dropped.record, reason: "near-duplicate", survivor: dropped.survivor,
            details: [
                "similarity": .integer(match.comparison.similarity), "jaccard": .integer(match.comparison.jaccard),
                "comparedWith": .string(match.with.description), "threshold": .integer(similarity),
            ])
    }
}
