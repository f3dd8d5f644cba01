import HeadwaterModel

/// Puts documents that tell of one event, or that belong to one topic, together: by average linkage over the cosines of their
/// most telling terms (Sokal and Michener 1958; for news, Yang, Pierce and Carbonell, "A study of retrospective and on-line
/// event detection", SIGIR 1998). Holds some 300 bytes a document.
struct DocumentClusters {
    struct Rule {
        /// Two clusters join where their documents are so alike on average.
        var likeness: Double
        /// No two documents are alike that were published so many days apart; nil where time tells nothing.
        var days: Int?

        static let event = Rule(likeness: 0.15, days: 14)
        static let topic = Rule(likeness: 0.06, days: nil)
    }

    struct Document {
        var id: RecordID
        var published: Int?
        var terms: [(term: UInt32, weight: Double)]
    }

    struct Cluster {
        /// By index, in order.
        var documents: [Int]
        /// The one that is most like the others.
        var middle: Int
        /// What they have in common and others have not, the most telling first.
        var terms: [UInt32]
    }

    /// The largest first, then by the id of their first document.
    private(set) var clusters: [Cluster] = []

    /// Terms of a document that are compared, the most telling ones.
    static let mostTerms = 30
    /// A term in more documents than this tells little, and would make the work quadratic.
    private static let mostDocumentsOfTerm = 1000
    /// Others that a document is compared with when clusters are formed, the most alike.
    private static let mostNeighbours = 50
    /// More than a name has, since not each is a word.
    private static let namingTerms = 12

    private typealias Edge = (a: Int, b: Int, cosine: Double)

    /// - Parameter documents: ordered by id, so that nothing depends on where they lie.
    init(_ documents: [Document], _ rule: Rule) {
        let edges = DocumentClusters.edges(documents, rule)
        var owner = Array(documents.indices)
        var members = documents.indices.map { [$0] }
        // What the documents of two clusters have in common, summed over all pairs.
        var ties = [[Int: Double]](repeating: [:], count: documents.count)
        for (a, b, cosine) in edges {
            ties[a][b] = cosine
            ties[b][a] = cosine
        }
        for (a, b, _) in edges {
            var (large, small) = (owner[a], owner[b])
            if large == small { continue }
            if (members[large].count, -large) < (members[small].count, -small) { swap(&large, &small) }
            let pairs = Double(members[large].count * members[small].count)
            guard let sum = ties[large][small], sum / pairs >= rule.likeness else { continue }
            for document in members[small] { owner[document] = large }
            members[large] += members[small]
            members[small] = []
            for (other, sum) in ties[small] where other != large {
                ties[large][other, default: 0] += sum
                ties[other][large, default: 0] += sum
                ties[other][small] = nil
            }
            ties[large][small] = nil
            ties[small] = [:]
        }
        var likeness = [Double](repeating: 0, count: documents.count)
        for (a, b, cosine) in edges where owner[a] == owner[b] {
            likeness[a] += cosine
            likeness[b] += cosine
        }
        for group in members where !group.isEmpty {
            let group = group.sorted()
            let middle = group.max { (likeness[$0], -$0) < (likeness[$1], -$1) } ?? group[0]
            clusters.append(
                Cluster(documents: group, middle: middle, terms: DocumentClusters.naming(group.map { documents[$0] })))
        }
        clusters.sort { (-$0.documents.count, $0.documents[0]) < (-$1.documents.count, $1.documents[0]) }
    }

    /// The pairs of documents that are at all alike, the most alike first.
    private static func edges(_ documents: [Document], _ rule: Rule) -> [Edge] {
        var postings: [UInt32: [(document: Int, weight: Double)]] = [:]
        for (index, document) in documents.enumerated() {
            for (term, weight) in document.terms { postings[term, default: []].append((index, weight)) }
        }
        var edges: [Edge] = []
        var sums = [Double](repeating: 0, count: documents.count)
        for (index, document) in documents.enumerated() {
            var met: [Int] = []
            for (term, weight) in document.terms {
                guard let list = postings[term], list.count <= mostDocumentsOfTerm else { continue }
                for (other, otherWeight) in list where other != index {
                    if sums[other] == 0 { met.append(other) }
                    sums[other] += weight * otherWeight
                }
            }
            var near = met.compactMap { other -> Edge? in
                defer { sums[other] = 0 }
                if let days = rule.days, let a = document.published, let b = documents[other].published, abs(a - b) > days {
                    return nil
                }
                return sums[other] >= rule.likeness / 2 ? (index, other, sums[other]) : nil
            }
            near.sort { (-$0.cosine, $0.b) < (-$1.cosine, $1.b) }
            edges += near.prefix(mostNeighbours).map { (min($0.a, $0.b), max($0.a, $0.b), $0.cosine) }
        }
        edges.sort { (-$0.cosine, $0.a, $0.b) < (-$1.cosine, $1.a, $1.b) }
        var out: [Edge] = []
        // A pair stands there twice where each is among the nearest of the other.
        for edge in edges where out.last.map({ ($0.a, $0.b) != (edge.a, edge.b) }) ?? true { out.append(edge) }
        return out
    }

    private static func naming(_ documents: [Document]) -> [UInt32] {
        var weights: [UInt32: (sum: Double, documents: Int)] = [:]
        for document in documents {
            for (term, weight) in document.terms {
                let known = weights[term] ?? (0, 0)
                weights[term] = (known.sum + weight, known.documents + 1)
            }
        }
        // Not those of one document, unless there is one.
        let shared = weights.filter { $0.value.documents > 1 || documents.count == 1 }
        return shared.sorted { (-$0.value.sum, $0.key) < (-$1.value.sum, $1.key) }.prefix(namingTerms).map(\.key)
    }
}
