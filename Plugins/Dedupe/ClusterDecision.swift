import HeadwaterModel

/// Forms clusters of the pairs that were found to match, chooses the survivor of each, and says for each partition
/// which of its documents are dropped and which stand for others.
///
/// The most similar pairs join first. Texts that are alike as a whole always join; two clusters only where a good part of
/// their pairs match (average linkage, Sokal and Michener 1958, on a bounded number of pairs), so that two stories
/// do not become one because a single page of each carries the same long notice.
struct ClusterDecision {
    /// From this Jaccard similarity on, in per mille, a match joins two texts whatever their clusters say.
    private static let alikeAsAWhole = 700
    /// The share of the pairs between two clusters that must match otherwise: one in so many.
    private static let pairsForOneMatch = 3
    /// A larger cluster counts as one of so many, since not every pair of a large one is compared.
    private static let countedMembers = 8

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
        let pairs = Set(candidates.pairs)
        let indices = Dictionary(documents.indices.map { (documents[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [(pair: CandidateSearch.Pair, comparison: Comparison)] = []
        for match in matches {
            guard let a = indices[match.a], let b = indices[match.b] else { continue }
            let pair = CandidateSearch.Pair(a, b)
            guard pairs.contains(pair) else { continue }
            found.append((pair, match.comparison))
            links[a].append((b, match.comparison))
            links[b].append((a, match.comparison))
        }
        found.sort { x, y in
            (y.comparison.similarity, y.comparison.jaccard, x.pair) < (x.comparison.similarity, x.comparison.jaccard, y.pair)
        }
        join(found)
        for (index, document) in documents.enumerated() { clusters.join(index, document.delegate) }
    }

    private mutating func join(_ found: [(pair: CandidateSearch.Pair, comparison: Comparison)]) {
        for (pair, comparison) in found where comparison.jaccard >= ClusterDecision.alikeAsAWhole {
            clusters.join(pair.a, pair.b)
        }
        // Texts that are alike as a whole count as one from here on.
        let family = documents.indices.map { clusters.root($0) }
        var families: [[Int]] = documents.indices.map { [family[$0]] }
        var neighbours: [Set<Int>] = Array(repeating: [], count: documents.count)
        for (pair, _) in found where family[pair.a] != family[pair.b] {
            neighbours[family[pair.a]].insert(family[pair.b])
            neighbours[family[pair.b]].insert(family[pair.a])
        }
        for (pair, _) in found {
            let (a, b) = (clusters.root(pair.a), clusters.root(pair.b))
            guard a != b else { continue }
            let (few, many) = families[a].count <= families[b].count ? (a, b) : (b, a)
            let limit = ClusterDecision.countedMembers
            let wanted = min(families[few].count, limit) * min(families[many].count, limit)
            var matching = 0
            for member in families[few] {
                for other in neighbours[member] where clusters.root(other) == many { matching += 1 }
            }
            guard matching * ClusterDecision.pairsForOneMatch >= wanted, !isCompilation(pair, family, neighbours) else {
                continue
            }
            clusters.join(a, b)
            families[many] += families[few]
            families[few] = []
            families.swapAt(many, clusters.root(many))
        }
    }

    /// Whether the longer text of a pair seems to collect several stories: it holds the shorter text, and it holds others
    /// of its cluster that are mostly nothing like that one.
    private mutating func isCompilation(
        _ pair: CandidateSearch.Pair, _ family: [Int], _ neighbours: [Set<Int>]
    ) -> Bool {
        let isFirstShorter = documents[pair.a].length <= documents[pair.b].length
        let (part, whole) = isFirstShorter ? (family[pair.a], family[pair.b]) : (family[pair.b], family[pair.a])
        let cluster = clusters.root(whole)
        let held = neighbours[whole].filter { documents[$0].length < documents[whole].length && clusters.root($0) == cluster }
        let alike = held.count { neighbours[part].contains($0) }
        return alike * 2 < held.count
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
