import HeadwaterModel
import HeadwaterPluginKit

/// The pairs of documents that were found to match, with what was found; what verdicts and boilerplate come to together.
struct FoundMatches {
    /// Two delegates that match, by index, the smaller first.
    struct Match {
        var pair: CandidateSearch.Pair
        var comparison: Comparison
        var level: Level
        /// Of all words of each, the share that the other has, in per mille.
        var shares: (a: Int, b: Int)
        var ranges: [MatchingRanges]

        var joinsAlways: Bool {
            comparison.jaccard >= ClusterDecision.alikeAsAWhole || level == .url || level == .canonical
        }
    }

    /// The most similar first.
    private(set) var all: [Match] = []
    private let settings: Settings
    private let documents: [DuplicateCandidates.Document]
    /// For each delegate, which of `all` it is in, in order.
    private var links: [[Int32]]

    private init(_ documents: [DuplicateCandidates.Document], _ settings: Settings) {
        self.documents = documents
        self.settings = settings
        links = Array(repeating: [], count: documents.count)
    }

    /// - Returns: the matches, and the passages that any two documents share.
    /// - Throws: `StageError` for bytes that are damaged.
    static func read(
        _ verdicts: Verdicts, _ candidates: DuplicateCandidates, _ settings: Settings
    ) throws -> (FoundMatches, [SharedPassage]) {
        let documents = candidates.documents
        var out = FoundMatches(documents, settings)
        var passages: [SharedPassage] = []
        let kinds = Dictionary(candidates.candidates.map { ($0.pair, $0.kinds) }, uniquingKeysWith: { first, _ in first })
        let indices = Dictionary(documents.indices.map { (documents[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
        var known: [CandidateSearch.Pair: Int] = [:]
        for number in 0..<verdicts.count {
            let (group, bytes) = try verdicts[number]
            let verdict = try Verdict(bytes)
            let boilerplate = try boilerplate(of: group, verdict)
            for match in verdict.matches {
                guard let a = indices[verdict.documents[match.a].id], let b = indices[verdict.documents[match.b].id], a != b
                else { continue }
                let pair = CandidateSearch.Pair(a, b)
                // Of pairs that are no candidates, what they have in common is boilerplate.
                guard let kinds = kinds[pair] else { continue }
                let ranges = a < b ? match.ranges : match.ranges.map(\.reversed)
                if let index = known[pair] {
                    if out.all[index].ranges.isEmpty { out.all[index].ranges = ranges }
                    continue
                }
                let comparison = out.comparison(of: match, in: verdict, boilerplate)
                guard let level = out.level(of: comparison, kinds) else { continue }
                known[pair] = out.all.count
                let shares = (match.sideA.side.share, match.sideB.side.share)
                out.all.append(
                    Match(
                        pair: pair, comparison: comparison, level: level, shares: a < b ? shares : (shares.1, shares.0),
                        ranges: ranges))
            }
            for passage in verdict.passages {
                guard let holder = indices[verdict.documents[passage.holder].id],
                    let other = indices[verdict.documents[passage.other].id], holder != other
                else { continue }
                passages.append(
                    SharedPassage(
                        holder: holder, other: other, ranges: passage.ranges, words: passage.words, similarity: passage.similarity
                    ))
            }
        }
        out.link()
        return (out, passages)
    }

    private mutating func link() {
        all.sort { x, y in
            (y.comparison.similarity, y.comparison.jaccard, x.pair) < (x.comparison.similarity, x.comparison.jaccard, y.pair)
        }
        for (index, match) in all.enumerated() {
            links[match.pair.a].append(Int32(index))
            links[match.pair.b].append(Int32(index))
        }
    }

    // MARK: Comparisons

    private static func boilerplate(of group: Group, _ verdict: Verdict) throws -> [Boilerplate] {
        let members = try Boilerplate.decode(group.slice, members: group.members.count)
        let byID = Dictionary(zip(group.members.map(\.record), members), uniquingKeysWith: { first, _ in first })
        return verdict.documents.map { byID[$0.id] ?? Boilerplate(bytes: []) }
    }

    /// How alike two texts are in what is their own; as a whole where that is too little to go by.
    private func comparison(of match: Verdict.Match, in verdict: Verdict, _ boilerplate: [Boilerplate]) -> Comparison {
        func own(_ side: Verdict.Side, _ document: Int) -> Comparison.Side {
            var own = Comparison.Side(words: 0, covered: 0)
            for (mark, (length, covered)) in zip(verdict.documents[document].spans, side.spans).enumerated()
            where !boilerplate[document][mark] {
                own.words = min(side.words, own.words + length)
                own.covered = min(own.words, own.covered + min(covered, length))
            }
            return own
        }
        var (a, b) = (own(match.sideA, match.a), own(match.sideB, match.b))
        if min(a.words, b.words) < Comparison.fewestWords { (a, b) = (match.sideA.side, match.sideB.side) }
        return Comparison(a, b, jaccard: match.jaccard, smallestPart: settings.smallestPart)
    }

    private func level(of comparison: Comparison, _ kinds: DuplicateCandidates.Kinds) -> Level? {
        if kinds.contains(.version), comparison.similarity >= settings.similarity {
            let level: Level = comparison.mutual >= settings.similarity ? .near : .containment
            if settings.levels.contains(level) { return level }
        }
        guard comparison.similarity >= settings.agreement else { return nil }
        return kinds.contains(.url) ? .url : kinds.contains(.canonical) ? .canonical : nil
    }

    // MARK: What links two documents

    /// What links a document to another of its cluster: their own comparison, or the closest that the document has.
    func match(of member: Int, to other: Int) -> Decision.Match {
        let (from, to) = (documents[member].delegate, documents[other].delegate)
        if from == to { return exactMatch(member, other) }
        // Another spelling of the text that was compared has its words elsewhere.
        let hasPlaces = from == member || documents[member].hasBytesOfDelegate
        func partner(_ link: Int32) -> Int { all[Int(link)].pair.a == from ? all[Int(link)].pair.b : all[Int(link)].pair.a }
        guard let link = links[from].first(where: { partner($0) == to }) ?? links[from].first else {
            return exactMatch(member, from)
        }
        let (match, with) = (all[Int(link)], partner(link))
        let isFirst = match.pair.a == from
        return Decision.Match(
            with: documents[with].id, level: match.level, comparison: match.comparison,
            share: isFirst ? match.shares.a : match.shares.b,
            isWhole: documents[from].standing.length > documents[with].standing.length,
            ranges: !hasPlaces ? [] : isFirst ? match.ranges : match.ranges.map(\.reversed))
    }

    private func exactMatch(_ member: Int, _ other: Int) -> Decision.Match {
        let haveSameBytes = documents[member].hasBytesOfDelegate && documents[other].hasBytesOfDelegate
        return Decision.Match(
            with: documents[other].id, level: haveSameBytes && settings.levels.contains(.bytes) ? .bytes : .text,
            comparison: Comparison(similarity: 1000, jaccard: 1000, mutual: 1000), share: 1000, isWhole: false,
            ranges: [
                MatchingRanges(a: 0..<Int(documents[member].standing.length), b: 0..<Int(documents[other].standing.length))
            ])
    }
}
