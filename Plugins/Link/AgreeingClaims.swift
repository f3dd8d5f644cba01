import HeadwaterPluginKit

/// The sets of claims that say the same.
///
/// Copies join first and count as one from there on. Then the most alike join, two sets where at least half of the pairs between
/// them say so (average linkage, Sokal and Michener 1958, on a bounded number of pairs). Never do sets join of which one
/// contradicts the other.
struct AgreeingClaims {
    private let edges: [LinkDecision.Edge]
    private let edgesOfClaim: [[Int]]
    private var joined: DisjointSets
    private var members: [Int: [Int]] = [:]
    /// For each claim the set of copies that it is in, by its smallest claim.
    private var family: [Int] = []

    /// A larger set counts as one of so many families, since not every pair of a large one is compared.
    private static let countedFamilies = 6

    /// - Parameter edgesOfClaim: for each claim, the indices of the edges that it has.
    init(_ edges: [LinkDecision.Edge], _ edgesOfClaim: [[Int]]) {
        self.edges = edges
        self.edgesOfClaim = edgesOfClaim
        joined = DisjointSets(edgesOfClaim.count)
        for edge in edges where edge.comparison.relation == .copies {
            if let between = between(edge), !between.isContradicted { join(edge) }
        }
        for claim in edgesOfClaim.indices { family.append(joined.root(claim)) }
        let agreeing = edges.filter { $0.comparison.relation == .corroborates }.sorted { x, y in
            (-x.comparison.score, x.a, x.b) < (-y.comparison.score, y.a, y.b)
        }
        for edge in agreeing {
            guard let between = between(edge), !between.isContradicted, between.agreeing * 2 >= between.pairs else { continue }
            join(edge)
        }
        // A claim that is only contradicted stands for itself.
        for edge in edges where edge.comparison.relation == .contradicts {
            for claim in [edge.a, edge.b] where members[joined.root(claim)] == nil { members[claim] = [claim] }
        }
    }

    /// Each in the order of the claims' ids.
    var sets: [[Int]] { members.keys.sorted().compactMap { members[$0]?.sorted() } }

    private func all(_ root: Int) -> [Int] { members[root] ?? [root] }

    private mutating func join(_ edge: LinkDecision.Edge) {
        let (a, b) = (joined.root(edge.a), joined.root(edge.b))
        let both = all(a) + all(b)
        joined.join(a, b)
        (members[a], members[b]) = (nil, nil)
        members[joined.root(a)] = both
    }

    /// What the edges between the sets of an edge's claims say: how many pairs of families agree of how many there are, and whether
    /// any contradicts; nil for one and the same set.
    private mutating func between(_ edge: LinkDecision.Edge) -> (agreeing: Int, pairs: Int, isContradicted: Bool)? {
        let (a, b) = (joined.root(edge.a), joined.root(edge.b))
        guard a != b else { return nil }
        let (few, many) = all(a).count <= all(b).count ? (a, b) : (b, a)
        var agreeing: Set<[Int]> = []
        var isContradicted = false
        for member in all(few) {
            for index in edgesOfClaim[member] {
                let other = edges[index].a == member ? edges[index].b : edges[index].a
                guard joined.root(other) == many else { continue }
                switch edges[index].comparison.relation {
                case .contradicts: isContradicted = true
                case .copies, .corroborates: if !family.isEmpty { agreeing.insert([family[member], family[other]]) }
                case .sameEvent, .updates: break
                }
            }
        }
        func families(_ root: Int) -> Int {
            family.isEmpty ? 1 : min(Set(all(root).map { family[$0] }).count, Self.countedFamilies)
        }
        return (agreeing.count, families(few) * families(many), isContradicted)
    }
}
