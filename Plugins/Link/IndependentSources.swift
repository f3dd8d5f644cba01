import HeadwaterPluginKit

/// Which claims come from one source: those of one site, of pages that carry one text, and those that repeat each other's
/// words. However many there are of them, they count once.
struct IndependentSources {
    private let documents: [Int]
    private var origins: DisjointSets
    private var texts: DisjointSets

    /// Documents that share so many sentences carry one text, at least in part.
    private static let sharedSentences = 3

    /// - Parameter copies: pairs of claims of the same words.
    init(_ candidates: LinkCandidates, copies: [(a: Int, b: Int)]) {
        documents = candidates.claims.map(\.document)
        origins = DisjointSets(candidates.documents.count)
        texts = DisjointSets(candidates.claims.count)
        var firstOfOwner: [String: Int] = [:]
        for (index, document) in candidates.documents.enumerated() {
            for owner in document.origin.owners {
                if let first = firstOfOwner[owner] { origins.join(first, index) } else { firstOfOwner[owner] = index }
            }
        }
        var shared: [Int64: Int] = [:]
        for (a, b) in copies {
            texts.join(a, b)
            let (x, y) = (min(documents[a], documents[b]), max(documents[a], documents[b]))
            let key = Int64(x) << 32 | Int64(y)
            shared[key, default: 0] += 1
            if shared[key] == Self.sharedSentences { origins.join(x, y) }
        }
    }

    /// The claims by their sources: each list is one source's, in the order given.
    mutating func voices(of claims: [Int]) -> [[Int]] {
        var out: [[Int]] = []
        var voiceOfOrigin: [Int: Int] = [:]
        var voiceOfText: [Int: Int] = [:]
        // A claim may tie two voices together: one by its site, the other by its words.
        var joined = DisjointSets(claims.count)
        for (number, claim) in claims.enumerated() {
            let (origin, text) = (origins.root(documents[claim]), texts.root(claim))
            if let known = voiceOfOrigin[origin] { joined.join(known, number) } else { voiceOfOrigin[origin] = number }
            if let known = voiceOfText[text] { joined.join(known, number) } else { voiceOfText[text] = number }
        }
        var indices: [Int: Int] = [:]
        for (number, claim) in claims.enumerated() {
            let root = joined.root(number)
            if let index = indices[root] {
                out[index].append(claim)
            } else {
                indices[root] = out.count
                out.append([claim])
            }
        }
        return out
    }
}
