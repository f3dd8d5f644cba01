import HeadwaterModel

/// Forms clusters of the pairs that were found to match, chooses the survivor of each, and says for each partition
/// which of its documents are dropped and which stand for others.
struct ClusterDecision {
    private let documents: [DuplicateCandidates.Document]
    /// For each delegate, what it matches.
    private var links: [[(other: Int, comparison: Comparison)]]
    private var clusters: DisjointSets

    /// - Parameter matches: pairs of similar documents; those that `candidates` does not list as pairs are passed over,
    ///   since what such documents have in common is boilerplate.
    init(_ candidates: DuplicateCandidates, matches: [Verdict.Match]) {
        documents = candidates.documents
        links = Array(repeating: [], count: documents.count)
        clusters = DisjointSets(documents.count)
        for (index, document) in documents.enumerated() { clusters.join(index, document.delegate) }
        let pairs = Set(candidates.pairs)
        let indices = Dictionary(documents.indices.map { (documents[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
        for match in matches {
            guard let a = indices[match.a], let b = indices[match.b], a != b, pairs.contains(CandidateSearch.Pair(a, b)) else {
                continue
            }
            clusters.join(a, b)
            links[a].append((b, match.comparison))
            links[b].append((a, match.comparison))
        }
    }

    mutating func decisions(partitionCount: Int, rule: SurvivorRule) -> [Decision] {
        var out = [Decision](repeating: Decision(), count: partitionCount)
        for members in clusters.sets() {
            guard let survivor = members.min(by: { rule.prefers(documents[$0], to: documents[$1]) }) else { continue }
            let others = members.filter { documents[$0].id != documents[survivor].id }
            guard !others.isEmpty else { continue }
            for member in others {
                out[documents[member].partition].dropped.append(
                    Decision.Dropped(
                        record: documents[member].id, survivor: documents[survivor].id, match: match(of: member, to: survivor)))
            }
            out[documents[survivor].partition].survivors.append(
                Decision.Survivor(record: documents[survivor].id, standsFor: others.map { documents[$0].id }))
        }
        for index in out.indices {
            out[index].dropped.sort { $0.record < $1.record }
            out[index].survivors.sort { $0.record < $1.record }
        }
        return out
    }

    /// What links a document to its survivor; nil where both are the same text.
    private func match(of member: Int, to survivor: Int) -> Decision.Match? {
        let (from, to) = (documents[member].delegate, documents[survivor].delegate)
        if from == to { return nil }
        if let direct = links[from].first(where: { $0.other == to }) {
            return Decision.Match(with: documents[survivor].id, comparison: direct.comparison)
        }
        let closest = links[from].max { a, b in
            (a.comparison.similarity, a.comparison.jaccard, b.other) < (b.comparison.similarity, b.comparison.jaccard, a.other)
        }
        return closest.map { Decision.Match(with: documents[$0.other].id, comparison: $0.comparison) }
    }
}
