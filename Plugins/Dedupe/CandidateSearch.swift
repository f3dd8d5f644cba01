/// Finds the pairs of documents that are likely duplicates, by their fingerprints alone.
///
/// Two ways lead to a pair. Locality-sensitive hashing (Indyk, Motwani 1998): equal bands of four slots bring
/// documents together that are nearly the same. And single slots: documents that have a few in common share a part,
/// be it a shortened version or the same story within other matter. A slot value that many different documents
/// have is boilerplate, such as a site's legal notice: it brings nobody together.
///
/// Documents are given in the order of their ids, so the result does not depend on where they lie. The work grows
/// with the number of documents and not with the square of a cluster's size. Fingerprints are asked for some slots at a time,
/// as many as fit, so that memory holds a few numbers of each document.
struct CandidateSearch {
    /// Two documents that are worth comparing, the smaller index first.
    struct Pair: Hashable, Comparable {
        private let first: UInt32
        private let second: UInt32

        var a: Int { Int(first) }
        var b: Int { Int(second) }

        init(_ x: Int, _ y: Int) { (first, second) = (UInt32(min(x, y)), UInt32(max(x, y))) }

        static func < (x: Pair, y: Pair) -> Bool { (x.first, x.second) < (y.first, y.second) }
    }

    /// What fits into memory at once; a test wants less.
    struct Limits {
        /// Slot values.
        var values = 16 << 20
        /// Places of documents in lists of those that share a slot value.
        var companions = 8 << 20
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

    private let columns: FingerprintColumns
    private let mostCompanions: Int
    private var families: DisjointSets
    /// In order, each once.
    private(set) var pairs: [Pair] = []

    private var count: Int { columns.count }

    init(_ columns: FingerprintColumns, limits: Limits = Limits()) throws {
        self.columns = columns
        mostCompanions = limits.companions
        families = DisjointSets(columns.count)
        // As many slots at once as there is room for, in whole bands.
        let most = limits.values / max(1, columns.count) / CandidateSearch.bandWidth * CandidateSearch.bandWidth
        let slots = max(CandidateSearch.bandWidth, min(Fingerprint.slots, most))
        // Asked for three times and more; kept where all fit.
        let all = slots == Fingerprint.slots ? try columns.values(of: 0..<slots) : nil
        func forEachPart(_ body: (Range<Int>, [[UInt32]]) -> Void) throws {
            if let all { return body(0..<Fingerprint.slots, all) }
            for first in stride(from: 0, to: Fingerprint.slots, by: slots) {
                let part = first..<min(first + slots, Fingerprint.slots)
                body(part, try columns.values(of: part))
            }
        }
        try searchBands(forEachPart)
        try searchSlots(forEachPart)
        CandidateSearch.sortOnce(&pairs)
    }

    /// Calls with some slots after the other, and the values that all documents have there.
    private typealias Parts = ((Range<Int>, [[UInt32]]) -> Void) throws -> Void

    private mutating func searchBands(_ forEachPart: Parts) throws {
        var near: [Pair] = []
        try forEachPart { _, values in
            for band in stride(from: 0, to: values.count, by: CandidateSearch.bandWidth) {
                let keys = (0..<count).map { index in
                    (band..<band + CandidateSearch.bandWidth).reduce(UInt64(0)) { mixed($0 ^ UInt64(values[$1][index])) }
                }
                CandidateSearch.forEachRun(keys) { run in
                    for index in run.dropFirst() {
                        // Pairs that cannot be of one family, whatever they have in the other slots, are very many.
                        let pair = Pair(Int(run[run.startIndex]), Int(index))
                        let agreement = values.count { $0[pair.a] == $0[pair.b] }
                        if agreement + Fingerprint.slots - values.count >= CandidateSearch.familyAgreement { near.append(pair) }
                    }
                }
            }
            CandidateSearch.sortOnce(&near)
        }
        var agreements = [UInt8](repeating: 0, count: near.count)
        try forEachPart { _, values in
            for (index, pair) in near.enumerated() {
                for slot in values.indices where values[slot][pair.a] == values[slot][pair.b] { agreements[index] += 1 }
            }
        }
        for (pair, agreement) in zip(near, agreements) where agreement >= CandidateSearch.familyAgreement {
            families.join(pair.a, pair.b)
            pairs.append(pair)
        }
    }

    private mutating func searchSlots(_ forEachPart: Parts) throws {
        let family = (0..<count).map { Int32(families.root($0)) }
        // Which slots of a document are no boilerplate, a bit each.
        var telling = [UInt64](repeating: 0, count: count)
        var shared = [UInt8](repeating: 0, count: count)
        var first = 0
        while first < count {
            var companions = Companions(of: first..<count, most: mostCompanions)
            try forEachPart { slots, values in
                for (slot, column) in zip(slots, values) {
                    CandidateSearch.forEachRun(column) { run in
                        if run.count == 1 { return telling[Int(run[run.startIndex])] |= 1 << UInt64(slot) }
                        var seen: Set<Int32> = []
                        let firsts = run.filter {
                            seen.count <= CandidateSearch.mostFamilies && seen.insert(family[Int($0)]).inserted
                        }
                        guard seen.count <= CandidateSearch.mostFamilies else { return }
                        for index in run { telling[Int(index)] |= 1 << UInt64(slot) }
                        companions.add(run.count <= CandidateSearch.mostDocuments ? run : firsts[...])
                    }
                }
            }
            companions.forEachDocument { a, lists in
                var met: [Int] = []
                for list in lists {
                    for b in list where b > a {
                        if shared[Int(b)] == 0 { met.append(Int(b)) }
                        shared[Int(b)] += 1
                    }
                }
                for b in met {
                    let fewer = min(telling[Int(a)].nonzeroBitCount, telling[b].nonzeroBitCount)
                    let share = CandidateSearch.leastShareOfSlots
                    if shared[b] >= CandidateSearch.leastShared && Int(shared[b]) * share.denominator >= fewer * share.numerator {
                        pairs.append(Pair(Int(a), b))
                    }
                    shared[b] = 0
                }
            }
            first = companions.documents.upperBound
        }
    }

    /// Calls `body` with each run of at least one document that have the same value, in order.
    private static func forEachRun<Value: FixedWidthInteger>(_ values: [Value], _ body: (ArraySlice<Int32>) -> Void) {
        let order = RankOrder.order(of: values)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count && values[Int(order[start])] == values[Int(order[end])] { end += 1 }
            body(order[start..<end])
            start = end
        }
    }

    private static func sortOnce(_ pairs: inout [Pair]) {
        pairs.sort()
        var kept = 0
        for pair in pairs where kept == 0 || pairs[kept - 1] != pair {
            pairs[kept] = pair
            kept += 1
        }
        pairs.removeLast(pairs.count - kept)
    }
}
