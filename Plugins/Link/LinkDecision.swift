import HeadwaterModel
import HeadwaterPluginKit

/// Settles which matches hold once their documents are known, how many sources each statement has, and which are against it.
struct LinkDecision {
    /// A match that holds, by the indices of its claims.
    struct Edge {
        var a: Int
        var b: Int
        var comparison: ClaimComparison
        var compared: (a: LinkVerdict.Compared, b: LinkVerdict.Compared)
    }

    private let candidates: LinkCandidates
    private var told: [LinkVerdict.Told?]
    private(set) var edges: [Edge] = []
    /// For each claim the edges it has.
    private var edgesOfClaim: [[Int]]
    private var sources: IndependentSources

    /// - Parameter days: how far apart documents may be published to tell of one event.
    init(_ candidates: LinkCandidates, _ verdicts: Verdicts, days: Int) throws {
        self.candidates = candidates
        told = Array(repeating: nil, count: candidates.claims.count)
        edgesOfClaim = Array(repeating: [], count: candidates.claims.count)
        let indices = Dictionary(candidates.claims.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        var wanted = Set(candidates.pairs.map { Self.key($0.a, $0.b) })
        let relations = DocumentRelations(days: days)
        for number in 0..<verdicts.count {
            let verdict = try LinkVerdict(verdicts[number].verdict)
            for match in verdict.matches {
                guard let a = indices[verdict.claims[match.a].id], let b = indices[verdict.claims[match.b].id], a != b,
                    // Each pair counts once, though two groups may hold it.
                    wanted.remove(Self.key(min(a, b), max(a, b))) != nil,
                    let comparison = relations.settled(
                        match.comparison, (candidates.documents[candidates.claims[a].document], verdict.claims[match.a]),
                        (candidates.documents[candidates.claims[b].document], verdict.claims[match.b]))
                else { continue }
                told[a] = verdict.claims[match.a]
                told[b] = verdict.claims[match.b]
                edges.append(Edge(a: a, b: b, comparison: comparison, compared: match.compared))
            }
        }
        edges.sort { ($0.a, $0.b) < ($1.a, $1.b) }
        for (index, edge) in edges.enumerated() {
            edgesOfClaim[edge.a].append(index)
            edgesOfClaim[edge.b].append(index)
        }
        sources = IndependentSources(
            candidates, copies: edges.filter { $0.comparison.relation == .copies }.map { ($0.a, $0.b) })
    }

    private static func key(_ a: Int, _ b: Int) -> Int64 { Int64(a) << 32 | Int64(b) }

    // MARK: Statements

    /// The statements and links of each partition.
    mutating func slices() -> [LinkSlice] {
        var out = candidates.names.map { LinkSlice(names: $0) }
        for members in AgreeingClaims(edges, edgesOfClaim).sets {
            guard let (partition, statement) = statement(of: members) else { continue }
            out[partition].statements.append(statement)
        }
        for edge in edges {
            guard let other = told[edge.b] else { continue }
            out[candidates.claims[edge.a].partition].links.append(
                LinkSlice.Link(
                    claim: candidates.claims[edge.a].id, other: other.id, otherText: other.text, otherPlace: other.place,
                    locator: candidates.documents[candidates.claims[edge.b].document].origin.locator, comparison: edge.comparison,
                    own: edge.compared.a, others: edge.compared.b))
        }
        for index in out.indices { out[index].sort() }
        return out
    }

    /// What a set of claims says, told by the one of them that agrees most with the others; nil where it has one source alone
    /// and none against it.
    private mutating func statement(of members: [Int]) -> (partition: Int, LinkSlice.Statement)? {
        let own = Set(members)
        var weight: [Int: Int] = [:]
        var against: [Int: Int] = [:]
        for member in members {
            for index in edgesOfClaim[member] {
                let edge = edges[index]
                let other = edge.a == member ? edge.b : edge.a
                switch edge.comparison.relation {
                case .contradicts:
                    // Of several links with one claim the one of the highest score tells why.
                    if let known = against[other], edges[known].comparison.score >= edge.comparison.score { continue }
                    against[other] = index
                case .copies, .corroborates: if own.contains(other) { weight[member, default: 0] += edge.comparison.score }
                case .sameEvent, .updates: break
                }
            }
        }
        let pro = sources.voices(of: members)
        let contra = sources.voices(of: against.keys.sorted())
        guard pro.count > 1 || !contra.isEmpty,
            let teller = members.min(by: { (-(weight[$0] ?? 0), $0) < (-(weight[$1] ?? 0), $1) })
        else { return nil }
        // Those that are listed are members themselves.
        let unlisted = members.reduce(0) {
            $0 + max(0, candidates.claims[$1].repetitions - CandidateSearch.mostRepetitions)
        }
        let statement = LinkSlice.Statement(
            claim: candidates.claims[teller].id, support: pro.count, opposition: contra.count,
            copies: members.count - pro.count + unlisted,
            sources: Set(members.compactMap { told[$0]?.source }.filter { $0 != "author" }).sorted(),
            for: pro.compactMap { voice($0.contains(teller) ? teller : $0[0]) },
            against: contra.compactMap { claims in
                let claim = claims.max {
                    (edges[against[$0] ?? 0].comparison.score, $1) < (edges[against[$1] ?? 0].comparison.score, $0)
                }
                guard let claim, let index = against[claim], var voice = voice(claim) else { return nil }
                let edge = edges[index]
                let isFirst = edge.b == claim
                voice.reason = LinkSlice.Reason(
                    rule: edge.comparison.rule, score: edge.comparison.score,
                    contradicted: isFirst ? edge.compared.a : edge.compared.b,
                    contradicting: isFirst ? edge.compared.b : edge.compared.a,
                    contradictedText: text(of: isFirst ? edge.a : edge.b, isFirst ? edge.compared.a : edge.compared.b),
                    contradictingText: text(of: claim, isFirst ? edge.compared.b : edge.compared.a))
                return voice
            })
        return (candidates.claims[teller].partition, statement)
    }

    private func text(of claim: Int, _ compared: LinkVerdict.Compared) -> String {
        guard let text = told[claim]?.text, compared.range.upperBound <= text.count else { return "" }
        return String(decoding: text[compared.range], as: UTF8.self)
    }

    private func voice(_ claim: Int) -> LinkSlice.Voice? {
        guard let told = told[claim] else { return nil }
        let origin = candidates.documents[candidates.claims[claim].document].origin
        return LinkSlice.Voice(
            claim: told.id, locator: origin.locator, published: origin.publishedText, source: told.source, place: told.place)
    }
}
