import HeadwaterModel
import HeadwaterPluginKit

/// Forms clusters of the pairs that were found to match, chooses the survivor of each, and says for each partition
/// which of its documents are dropped, which stand for others, and which share passages.
///
/// The most similar pairs join first. Texts that are alike as a whole always join, and those of one address; two clusters only
/// where a good part of their pairs match (average linkage, Sokal and Michener 1958, on a bounded number of pairs), so that
/// two stories do not become one because a single page of each carries the same long notice.
struct ClusterDecision {
    /// From this Jaccard similarity on, in per mille, a match joins two texts whatever their clusters say.
    static let alikeAsAWhole = 700
    /// The share of the pairs between two clusters that must match otherwise: one in so many.
    private static let pairsForOneMatch = 3
    /// A larger cluster counts as one of so many, since not every pair of a large one is compared.
    private static let countedMembers = 8

    private let settings: Settings
    private let documents: [DuplicateCandidates.Document]
    private let matches: FoundMatches
    private let passages: [SharedPassage]
    private var clusters: DisjointSets

    /// - Throws: `StageError` for bytes that are damaged.
    init(_ verdicts: Verdicts, _ settings: Settings) throws {
        self.settings = settings
        let candidates = try DuplicateCandidates(verdicts.carry, partitionCount: verdicts.partitionCount)
        documents = candidates.documents
        (matches, passages) = try FoundMatches.read(verdicts, candidates, settings)
        clusters = DisjointSets(documents.count)
        join()
        for (index, document) in documents.enumerated() { clusters.join(index, document.delegate) }
    }

    // MARK: Clusters

    private mutating func join() {
        for match in matches.all where match.joinsAlways { clusters.join(match.pair.a, match.pair.b) }
        // Texts that are alike as a whole count as one from here on.
        let family = documents.indices.map { clusters.root($0) }
        var families: [[Int]] = documents.indices.map { [family[$0]] }
        var neighbours: [Set<Int>] = Array(repeating: [], count: documents.count)
        for match in matches.all where family[match.pair.a] != family[match.pair.b] {
            neighbours[family[match.pair.a]].insert(family[match.pair.b])
            neighbours[family[match.pair.b]].insert(family[match.pair.a])
        }
        for match in matches.all {
            let (a, b) = (clusters.root(match.pair.a), clusters.root(match.pair.b))
            guard a != b else { continue }
            let (few, many) = families[a].count <= families[b].count ? (a, b) : (b, a)
            let limit = ClusterDecision.countedMembers
            let wanted = min(families[few].count, limit) * min(families[many].count, limit)
            var matching = 0
            for member in families[few] {
                for other in neighbours[member] where clusters.root(other) == many { matching += 1 }
            }
            guard matching * ClusterDecision.pairsForOneMatch >= wanted, !isCompilation(match.pair, family, neighbours) else {
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
        let isFirstShorter = documents[pair.a].standing.length <= documents[pair.b].standing.length
        let (part, whole) = isFirstShorter ? (family[pair.a], family[pair.b]) : (family[pair.b], family[pair.a])
        let cluster = clusters.root(whole)
        let held = neighbours[whole].filter {
            documents[$0].standing.length < documents[whole].standing.length && clusters.root($0) == cluster
        }
        let alike = held.count { neighbours[part].contains($0) }
        return alike * 2 < held.count
    }

    // MARK: Decisions

    mutating func decisions(partitionCount: Int) -> [Decision] {
        var out = [Decision](repeating: Decision(), count: partitionCount)
        var isDropped = [Bool](repeating: false, count: documents.count)
        for members in clusters.sets() {
            guard let survivor = members.min(by: { prefers($0, to: $1) }) else { continue }
            // Records of one id are one, wherever they lie.
            let others = members.filter { documents[$0].id != documents[survivor].id }
            guard !others.isEmpty else { continue }
            var standsFor: [Decision.Represented] = []
            for member in others {
                isDropped[member] = true
                let match = matches.match(of: member, to: survivor)
                out[documents[member].partition].dropped.append(
                    Decision.Dropped(record: documents[member].id, survivor: documents[survivor].id, match: match))
                standsFor.append(
                    Decision.Represented(
                        record: documents[member].id, level: match.level, similarity: match.comparison.similarity))
            }
            out[documents[survivor].partition].survivors.append(
                Decision.Survivor(record: documents[survivor].id, standsFor: standsFor))
            if settings.tellsSyndication { tellCarriers(among: members, &out) }
        }
        let shared = passages.filter { !isDropped[$0.holder] && !isDropped[$0.other] }
        SharedPassage.deal(shared, documents, &out)
        if settings.tellsSyndication { tellCarriers(of: shared, &out) }
        for index in out.indices { out[index].sort() }
        return out
    }

    private func prefers(_ a: Int, to b: Int) -> Bool {
        settings.survivor.prefers(documents[a].standing, to: documents[b].standing) ?? (documents[a].id < documents[b].id)
    }

    // MARK: Syndication

    private func isEarlier(_ a: Int, than b: Int) -> Bool {
        (documents[a].standing.published, documents[a].id) < (documents[b].standing.published, documents[b].id)
    }

    /// Names the document of a cluster that was published first as the origin of all others.
    private func tellCarriers(among members: [Int], _ out: inout [Decision]) {
        let order = members.sorted { isEarlier($0, than: $1) }
        guard let origin = order.first else { return }
        for (rank, member) in order.enumerated().dropFirst() where documents[member].id != documents[origin].id {
            let match = matches.match(of: member, to: origin)
            out[documents[member].partition].carriers.append(
                carrier(member, of: origin, rank: rank, level: match.level, share: match.share, match.ranges.map(\.a)))
        }
    }

    private func tellCarriers(of passages: [SharedPassage], _ out: inout [Decision]) {
        var together: [CandidateSearch.Pair: [SharedPassage]] = [:]
        for passage in passages { together[CandidateSearch.Pair(passage.holder, passage.other), default: []].append(passage) }
        for (pair, passages) in together.sorted(by: { $0.key < $1.key }) {
            let (origin, later) = isEarlier(pair.a, than: pair.b) ? (pair.a, pair.b) : (pair.b, pair.a)
            let ranges = passages.map { $0.holder == later ? $0.ranges.a : $0.ranges.b }.sorted { $0.lowerBound < $1.lowerBound }
            let bytes = ranges.reduce(0) { $0 + $1.count }
            let share = bytes * 1000 / max(1, Int(documents[later].standing.length))
            out[documents[later].partition].carriers.append(
                carrier(later, of: origin, rank: 1, level: .passages, share: min(1000, share), ranges))
        }
    }

    private func carrier(
        _ member: Int, of origin: Int, rank: Int, level: Level, share: Int, _ ranges: [Range<Int>]
    ) -> Decision.Carrier {
        let (carrier, first) = (documents[member].standing.published, documents[origin].standing.published)
        return Decision.Carrier(
            record: documents[member].id, origin: documents[origin].id, appearance: documents[origin].appearance, rank: rank,
            level: level, share: share, isLater: first < carrier && carrier != Standing.undated, ranges: ranges)
    }
}
