import HeadwaterPluginKit

/// Finds the pairs of documents that are worth comparing, by their sketches alone.
///
/// Locality-sensitive hashing (Indyk, Motwani 1998) of MinHash fingerprints brings documents together that are nearly the
/// same: equal bands of four slots. They are of one family, and the one that survivor rules prefer speaks for it. Marks bring
/// together what shares a part: a shortened version, the same story within other matter, a passage.
///
/// Documents are given in the order of their ids, so the result does not depend on where they lie. The work grows
/// with the number of documents and not with the square of a cluster's size. Sketches are asked for some slots or marks at a
/// time, as many as fit, so that memory holds a few numbers of each document.
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
        var values = 64 << 20
        /// Marks.
        var marks = 14 << 20
        /// Places of documents in lists of those that share a mark.
        var companions = 8 << 20
    }

    /// Slots in a band. 16 bands of 4 find a pair of similarity 0.7 with a probability of 0.99, one of 0.2 with 0.03.
    private static let bandWidth = 4
    /// From this many equal slots on (an estimated Jaccard similarity of 0.7) two documents are of one family: they
    /// count once where it is asked how many different documents share something.
    private static let familyAgreement = 45
    /// So many marks two documents must share, and so large a share of the fewer that are not boilerplate.
    private static let leastShared = 2
    private static let leastShareOfMarks = (numerator: 1, denominator: 10)
    /// A mark that more documents have than this brings only one of each family together; one that more families have only
    /// brings each together with the first.
    private static let mostDocuments = 32
    private static let mostFamiliesOfVersions = 16
    private static let mostFamiliesOfPassages = 4

    private let count: Int
    private let mostCompanions: Int
    private let prefers: (Int, Int) -> Bool
    private var families: DisjointSets
    /// By document, the one that speaks for its family.
    private var speakers: [Int32] = []
    /// In order, each once.
    private(set) var pairs: [Pair] = []
    /// Pairs that only share passages, in order, each once; all of them speakers.
    private(set) var passagePairs: [Pair] = []

    /// - Parameters:
    ///   - columns: nil where no versions are looked for.
    ///   - prefers: whether one document stays rather than the other.
    init(
        _ columns: FingerprintColumns?, _ marks: inout CorpusMarks, findsPassages: Bool, limits: Limits = Limits(),
        prefers: @escaping (Int, Int) -> Bool
    ) throws {
        count = marks.count
        self.prefers = prefers
        mostCompanions = limits.companions
        families = DisjointSets(marks.count)
        if let columns { try searchBands(columns, limits) }
        speakers = (0..<count).map { Int32($0) }
        for document in 0..<count {
            let root = families.root(document)
            if prefers(document, Int(speakers[root])) { speakers[root] = Int32(document) }
        }
        for document in 0..<count { speakers[document] = speakers[families.root(document)] }
        for document in 0..<count where Int(speakers[document]) != document {
            pairs.append(Pair(document, Int(speakers[document])))
        }
        try marks.count(families: speakers, most: limits.marks)
        if columns != nil { try searchVersions(marks, limits) }
        CandidateSearch.sortOnce(&pairs)
        if findsPassages { try searchPassages(marks, limits) }
    }

    private mutating func searchBands(_ columns: FingerprintColumns, _ limits: Limits) throws {
        // As many slots at once as there is room for, in whole bands.
        let most = limits.values / max(1, count) / CandidateSearch.bandWidth * CandidateSearch.bandWidth
        let slots = max(CandidateSearch.bandWidth, min(Fingerprint.slots, most))
        // Asked for twice; kept where all fit.
        let all = slots == Fingerprint.slots ? try columns.values(of: 0..<slots) : nil
        func forEachPart(_ body: ([[UInt32]]) -> Void) throws {
            if let all { return body(all) }
            for first in stride(from: 0, to: Fingerprint.slots, by: slots) {
                body(try columns.values(of: first..<min(first + slots, Fingerprint.slots)))
            }
        }
        var near: [Pair] = []
        try forEachPart { values in
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
        try forEachPart { values in
            for (index, pair) in near.enumerated() {
                for slot in values.indices where values[slot][pair.a] == values[slot][pair.b] { agreements[index] += 1 }
            }
        }
        for (pair, agreement) in zip(near, agreements) where agreement >= CandidateSearch.familyAgreement {
            families.join(pair.a, pair.b)
            pairs.append(pair)
        }
    }

    /// Pairs that share a good part of what is not boilerplate.
    private mutating func searchVersions(_ marks: CorpusMarks, _ limits: Limits) throws {
        let own = (0..<count).map { Int32(marks.ownCount(of: $0)) }
        let share = CandidateSearch.leastShareOfMarks
        var found: [Pair] = []
        try forEachSharing(
            { companions in
                try marks.forEachShared(most: limits.marks) { holders in
                    let documents = holders.filter(\.isOwn).map(\.document)
                    if documents.count > 1 { add(documents, keepingAll: true, to: &companions) }
                }
            },
            { a, b, shared in
                if shared * share.denominator >= Int(min(own[a], own[b])) * share.numerator { found.append(Pair(a, b)) }
            })
        pairs += found
    }

    /// Pairs that share anything, boilerplate too.
    private mutating func searchPassages(_ marks: CorpusMarks, _ limits: Limits) throws {
        var found: [Pair] = []
        try forEachSharing(
            { companions in
                try marks.forEachShared(most: limits.marks) { holders in
                    add(holders.map(\.document), keepingAll: false, to: &companions)
                }
            },
            { a, b, _ in found.append(Pair(a, b)) })
        CandidateSearch.sortOnce(&found)
        passagePairs = found
    }

    /// Adds those that share a mark: all of them, one of each family, or each with the first alone.
    private func add(_ documents: [Int32], keepingAll: Bool, to companions: inout Companions) {
        let most = keepingAll ? CandidateSearch.mostFamiliesOfVersions : CandidateSearch.mostFamiliesOfPassages
        var seen: [Int32] = []
        for document in documents where seen.count <= most {
            let speaker = speakers[Int(document)]
            if !seen.contains(speaker) { seen.append(speaker) }
        }
        if seen.count <= most {
            companions.add(keepingAll && documents.count <= CandidateSearch.mostDocuments ? documents[...] : seen.sorted()[...])
            return
        }
        let all = Set(documents.map { speakers[Int($0)] }).sorted()
        guard let first = all.min(by: { prefers(Int($0), Int($1)) }) else { return }
        for other in all where other != first { companions.add([min(first, other), max(first, other)][...]) }
    }

    /// Calls `body` with each two documents that enough lists have in common, and how many do.
    private func forEachSharing(_ addLists: (inout Companions) throws -> Void, _ body: (Int, Int, Int) -> Void) throws {
        var shared = [Int32](repeating: 0, count: count)
        var first = 0
        while first < count {
            var companions = Companions(of: first..<count, most: mostCompanions)
            try addLists(&companions)
            companions.forEachDocument { a, lists in
                var met: [Int] = []
                for list in lists {
                    for b in list where b > a {
                        if shared[Int(b)] == 0 { met.append(Int(b)) }
                        shared[Int(b)] += 1
                    }
                }
                for b in met {
                    if shared[b] >= CandidateSearch.leastShared { body(Int(a), b, Int(shared[b])) }
                    shared[b] = 0
                }
            }
            first = companions.documents.upperBound
        }
    }

    /// Calls `body` with each run of at least two documents that have the same value, in order.
    private static func forEachRun<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: [Value], _ body: (ArraySlice<Int32>) -> Void
    ) {
        let order = RankOrder.order(of: values)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count && values[Int(order[start])] == values[Int(order[end])] { end += 1 }
            if end - start > 1 { body(order[start..<end]) }
            start = end
        }
    }

    static func sortOnce(_ pairs: inout [Pair]) {
        pairs.sort()
        var kept = 0
        for pair in pairs where kept == 0 || pairs[kept - 1] != pair {
            pairs[kept] = pair
            kept += 1
        }
        pairs.removeLast(pairs.count - kept)
    }
}
