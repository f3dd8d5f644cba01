import HeadwaterModel
import HeadwaterPluginKit

/// The documents that have or may have duplicates: what `combine` hands on to `decide`.
///
/// Exact duplicates are known already; of each set of them only the one with the smallest id, its `delegate`, is
/// compared with others.
struct DuplicateCandidates: Equatable {
    struct Document: Equatable {
        var id: RecordID
        var partition: Int
        var length: Int
        var published: Int?
        /// The index of the exact duplicate with the smallest id; its own where it has none.
        var delegate: Int
    }

    /// By id.
    var documents: [Document]
    /// Pairs of delegates worth comparing, by index.
    var pairs: [CandidateSearch.Pair]

    /// Groups that are compared all in all hold no more documents than this.
    private static let largestGroup = 32

    /// - Parameter limits: for tests.
    init(_ sketches: Sketches, limits: CandidateSearch.Limits = CandidateSearch.Limits()) throws {
        let order = try SketchOrder(sketches)
        let found = try CandidateSearch(order.columns(of: sketches), limits: limits).pairs.map { pair in
            CandidateSearch.Pair(Int(order.distinct[pair.a]), Int(order.distinct[pair.b]))
        }
        var isWanted = [Bool](repeating: false, count: order.count)
        for (rank, delegate) in order.delegates.enumerated() where Int(delegate) != rank {
            (isWanted[rank], isWanted[Int(delegate)]) = (true, true)
        }
        for pair in found { (isWanted[pair.a], isWanted[pair.b]) = (true, true) }
        var newIndex = [Int32](repeating: 0, count: order.count)
        var wanted: Int32 = 0
        for rank in isWanted.indices where isWanted[rank] {
            newIndex[rank] = wanted
            wanted += 1
        }
        var documents = [Document?](repeating: nil, count: Int(wanted))
        try order.forEachEntry(of: sketches) { rank, partition, entry in
            guard isWanted[rank] else { return }
            documents[Int(newIndex[rank])] = Document(
                id: entry.id, partition: partition, length: entry.length, published: entry.published,
                delegate: Int(newIndex[Int(order.delegates[rank])]))
        }
        self.documents = documents.compactMap { $0 }
        pairs = found.map { CandidateSearch.Pair(Int(newIndex[$0.a]), Int(newIndex[$0.b])) }
    }

    /// The pairs packed into groups: connected ones together, until a group is full. Each pair is in one group, so
    /// the work grows with the number of pairs.
    var groups: [Group] {
        var connected = DisjointSets(documents.count)
        for pair in pairs { connected.join(pair.a, pair.b) }
        let order = pairs.map { (component: connected.root($0.a), pair: $0) }.sorted {
            ($0.component, $0.pair) < ($1.component, $1.pair)
        }
        var out: [Group] = []
        var members: Set<Int> = []
        var first: (component: Int, pair: CandidateSearch.Pair)?
        func finish() {
            guard let first else { return }
            let key = Digest(of: documents[first.pair.a].id.bytes + documents[first.pair.b].id.bytes).hex.prefix(32)
            out.append(
                Group(
                    key: String(key),
                    members: members.sorted().map {
                        Group.Member(role: "documents", partition: documents[$0].partition, record: documents[$0].id)
                    }))
        }
        for next in order {
            let added = (members.contains(next.pair.a) ? 0 : 1) + (members.contains(next.pair.b) ? 0 : 1)
            if first?.component != next.component || members.count + added > DuplicateCandidates.largestGroup {
                finish()
                (first, members) = (next, [])
            }
            members.insert(next.pair.a)
            members.insert(next.pair.b)
        }
        finish()
        return out
    }
}

// MARK: As bytes

extension DuplicateCandidates {
    private static let format: StaticString = "dedupe.candidates"
    private static let version: UInt8 = 1

    var bytes: [UInt8] {
        var writer = PackedWriter(format: DuplicateCandidates.format, version: DuplicateCandidates.version)
        writer.count(documents.count)
        for document in documents {
            writer.id(document.id)
            writer.count(document.partition)
            writer.count(document.length)
            writer.time(document.published)
            writer.count(document.delegate)
        }
        writer.count(pairs.count)
        for pair in pairs {
            writer.count(pair.a)
            writer.count(pair.b)
        }
        return writer.bytes
    }

    /// - Throws: `StageError` for bytes that are damaged or name a document or partition that is not there.
    init(_ bytes: [UInt8], partitionCount: Int) throws {
        var reader = try PackedReader(bytes, format: DuplicateCandidates.format, version: DuplicateCandidates.version)
        let count = try reader.elements(ofAtLeast: RecordID.byteCount)
        documents = []
        for _ in 0..<count {
            let document = Document(
                id: try reader.id(), partition: try reader.count(), length: try reader.count(), published: try reader.time(),
                delegate: try reader.count())
            guard document.partition < partitionCount, document.delegate < count else {
                throw StageError("dedupe.candidates bytes are damaged: document \(document.id.short) points outside")
            }
            documents.append(document)
        }
        pairs = []
        for _ in 0..<(try reader.elements(ofAtLeast: 2)) {
            let (a, b) = (try reader.count(), try reader.count())
            guard a < b, b < count else { throw StageError("dedupe.candidates bytes are damaged: no pair \(a), \(b)") }
            pairs.append(CandidateSearch.Pair(a, b))
        }
        try reader.end()
    }
}
