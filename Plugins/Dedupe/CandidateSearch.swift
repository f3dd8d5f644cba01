/// Finds the pairs of documents that are likely duplicates, by their fingerprints alone.
///
/// Two ways lead to a pair. Locality-sensitive hashing (Indyk, Motwani 1998): equal bands of four slots bring
/// documents together that are nearly the same. And single slots: documents that have a few in common share a part,
/// be it a shortened version or the same story within other matter. A slot value that many different documents
/// have is boilerplate, such as a site's legal notice: it brings nobody together.
///
/// Documents are given in the order of their ids, so the result does not depend on where they lie. The work grows
/// with the number of documents and not with the square of a cluster's size.
struct CandidateSearch {
    /// Two documents that are worth comparing, the smaller index first.
    struct Pair: Hashable, Comparable {
        let a: Int
        let b: Int

        init(_ x: Int, _ y: Int) { (a, b) = (min(x, y), max(x, y)) }

        static func < (x: Pair, y: Pair) -> Bool { (x.a, x.b) < (y.a, y.b) }
    }

    /// Slots in a band. 16 bands of 4 find a pair of similarity 0.7 with a probability of 0.99, one of 0.2 with 0.03.
    private static let bandWidth = 4
    /// From this many equal slots on (an estimated Jaccard similarity of 0.7) two documents are of one family: they
    /// count once where it is asked how many different documents share something.
    private static let familyAgreement = 45
    /// A value that more families have than this is boilerplate. Found on planted duplicates; see the README.
    private static let mostFamilies = 4
    /// So many single slots two documents must share, and so large a share of the fewer that are not boilerplate.
    private static let leastShared = 3
    private static let leastShareOfSlots = (numerator: 1, denominator: 10)
    /// A value that more documents have than this brings only one of each family together.
    private static let mostDocuments = 32

    private let fingerprints: [Fingerprint]
    private var families: DisjointSets
    private(set) var pairs: Set<Pair> = []

    init(_ fingerprints: [Fingerprint]) {
        self.fingerprints = fingerprints
        families = DisjointSets(fingerprints.count)
        searchBands()
        searchSlots()
    }

    private mutating func searchBands() {
        for band in stride(from: 0, to: Fingerprint.slots, by: CandidateSearch.bandWidth) {
            let keys = fingerprints.map { fingerprint in
                fingerprint.minima[band..<band + CandidateSearch.bandWidth].reduce(UInt64(0)) { mixed($0 ^ UInt64($1)) }
            }
            let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
            CandidateSearch.forEachRun(order, { keys[$0] == keys[$1] }) { run in
                for index in run.dropFirst() {
                    let agreement = fingerprints[run[run.startIndex]].agreement(with: fingerprints[index])
                    guard agreement >= CandidateSearch.familyAgreement else { continue }
                    families.join(run[run.startIndex], index)
                    pairs.insert(Pair(run[run.startIndex], index))
                }
            }
        }
    }

    private mutating func searchSlots() {
        let count = fingerprints.count
        let family = fingerprints.indices.map { families.root($0) }
        // Which slots of a document are no boilerplate, a bit each; and whom it shares each such slot with.
        var telling = [UInt64](repeating: 0, count: count)
        var companions: [[Int32]] = []
        var companionsOf: [[Int32]] = Array(repeating: [], count: count)
        for slot in 0..<Fingerprint.slots {
            let values = fingerprints.map { $0.minima[slot] }
            let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
            CandidateSearch.forEachRun(order, { values[$0] == values[$1] }) { run in
                var seen: Set<Int> = []
                let firsts = run.filter { seen.insert(family[$0]).inserted }
                guard firsts.count <= CandidateSearch.mostFamilies else { return }
                for index in run { telling[index] |= 1 << UInt64(slot) }
                let kept = run.count <= CandidateSearch.mostDocuments ? Array(run) : firsts
                guard kept.count > 1 else { return }
                for index in kept.dropLast() { companionsOf[index].append(Int32(companions.count)) }
                companions.append(kept.map { Int32($0) })
            }
        }
        var shared = [UInt8](repeating: 0, count: count)
        for a in 0..<count {
            var met: [Int] = []
            for list in companionsOf[a] {
                for b in companions[Int(list)] where b > a {
                    if shared[Int(b)] == 0 { met.append(Int(b)) }
                    shared[Int(b)] += 1
                }
            }
            for b in met {
                let fewer = min(telling[a].nonzeroBitCount, telling[b].nonzeroBitCount)
                let share = CandidateSearch.leastShareOfSlots
                if shared[b] >= CandidateSearch.leastShared && Int(shared[b]) * share.denominator >= fewer * share.numerator {
                    pairs.insert(Pair(a, b))
                }
                shared[b] = 0
            }
        }
    }

    /// Calls `body` with each run of neighbours in `order` that are equal.
    private static func forEachRun(_ order: [Int], _ areEqual: (Int, Int) -> Bool, _ body: (ArraySlice<Int>) -> Void) {
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count && areEqual(order[start], order[end]) { end += 1 }
            body(order[start..<end])
            start = end
        }
    }
}
