import HeadwaterModel
import HeadwaterPluginKit

/// The documents that have or may have duplicates: what `combine` hands on to `decide`.
///
/// Exact duplicates are known already; of each set of them only the one that survivor rules prefer, its `delegate`, is
/// compared with others.
struct DuplicateCandidates: Equatable {
    struct Document: Equatable {
        var id: RecordID
        var partition: Int
        var standing: Standing
        /// The index of the preferred exact duplicate; its own where it has none.
        var delegate: Int
        /// Whether its delegate has the same source bytes and not just the same text.
        var hasBytesOfDelegate: Bool
        /// Empty unless chains of syndication are told of.
        var appearance: Appearance
    }

    /// Two delegates worth comparing, and why.
    struct Candidate: Equatable {
        var pair: CandidateSearch.Pair
        var kinds: Kinds
    }

    struct Kinds: OptionSet, Equatable {
        let rawValue: UInt8
        static let version = Kinds(rawValue: 1)
        static let url = Kinds(rawValue: 2)
        static let canonical = Kinds(rawValue: 4)
    }

    /// By id.
    var documents: [Document]
    /// By pair.
    var candidates: [Candidate]

    /// - Parameter limits: for tests.
    /// - Returns: the candidates, and the groups in which their texts are compared.
    static func find(
        _ sketches: Sketches, _ settings: Settings, limits: CandidateSearch.Limits = CandidateSearch.Limits()
    ) throws -> (candidates: DuplicateCandidates, groups: [Group]) {
        let order = try SketchOrder(sketches, levels: settings.levels, rule: settings.survivor)
        let prefers = { order.prefers($0, to: $1) }
        var marks = try order.marks(of: sketches)
        let search = try CandidateSearch(
            settings.findsVersions ? order.columns(of: sketches) : nil, &marks, findsPassages: settings.findsPassages,
            limits: limits,
            prefers: prefers)
        let addresses = AddressSearch(
            settings.readsAddresses ? try order.addresses(of: sketches) : [], levels: settings.levels, prefers: prefers)
        var kinds: [CandidateSearch.Pair: Kinds] = [:]
        for (pairs, kind) in [
            (settings.findsVersions ? search.pairs : [], Kinds.version), (addresses.sameAddress, .url),
            (addresses.sameCanonical, .canonical),
        ] {
            for pair in pairs { kinds[pair, default: []].insert(kind) }
        }
        let passagePairs = search.passagePairs.filter { kinds[$0] == nil }

        // From here on a document is known by its index among those that are wanted.
        var isWanted = [Bool](repeating: false, count: order.count)
        for (rank, delegate) in order.delegates.enumerated() where Int(delegate) != rank {
            (isWanted[rank], isWanted[Int(delegate)]) = (true, true)
        }
        for pair in Array(kinds.keys) + passagePairs {
            (isWanted[Int(order.distinct[pair.a])], isWanted[Int(order.distinct[pair.b])]) = (true, true)
        }
        var newIndex = [Int32](repeating: 0, count: order.count)
        var wanted: Int32 = 0
        for rank in isWanted.indices where isWanted[rank] {
            newIndex[rank] = wanted
            wanted += 1
        }
        var documents = [Document?](repeating: nil, count: Int(wanted))
        var sources = [Digest?](repeating: nil, count: Int(wanted))
        try order.forEachEntry(of: sketches) { rank, partition, entry in
            guard isWanted[rank] else { return }
            sources[Int(newIndex[rank])] = entry.bytesDigest
            documents[Int(newIndex[rank])] = Document(
                id: entry.id, partition: partition, standing: entry.standing,
                delegate: Int(newIndex[Int(order.delegates[rank])]), hasBytesOfDelegate: false, appearance: entry.appearance)
        }
        var found = DuplicateCandidates(documents: documents.compactMap { $0 }, candidates: [])
        for index in found.documents.indices {
            found.documents[index].hasBytesOfDelegate = sources[index] == sources[found.documents[index].delegate]
        }
        func renamed(_ pair: CandidateSearch.Pair) -> CandidateSearch.Pair {
            .init(Int(newIndex[Int(order.distinct[pair.a])]), Int(newIndex[Int(order.distinct[pair.b])]))
        }
        found.candidates = kinds.map { Candidate(pair: renamed($0.key), kinds: $0.value) }.sorted { $0.pair < $1.pair }
        var boilerplate = [[UInt8]](repeating: [], count: Int(wanted))
        for (place, rank) in order.distinct.enumerated() where isWanted[Int(rank)] {
            boilerplate[Int(newIndex[Int(rank)])] = Boilerplate(marks.boilerplate(of: place)).bytes
        }
        let groups = CandidateGroups(
            found,
            passagePairs: passagePairs.map { pair in
                let (a, b) = (newIndex[Int(order.distinct[pair.a])], newIndex[Int(order.distinct[pair.b])])
                return prefers(pair.a, pair.b) ? (Int(a), Int(b)) : (Int(b), Int(a))
            }, boilerplate: boilerplate)
        return (found, groups.groups)
    }
}

// MARK: As bytes

extension DuplicateCandidates {
    private static let format: StaticString = "dedupe.candidates"
    private static let version: UInt8 = 2

    var bytes: [UInt8] {
        var writer = PackedWriter(format: DuplicateCandidates.format, version: DuplicateCandidates.version)
        writer.count(documents.count)
        for document in documents {
            writer.id(document.id)
            writer.count(document.partition)
            writer.count(Int(document.standing.length))
            writer.time(document.standing.published == Standing.undated ? nil : document.standing.published)
            writer.count(Int(document.standing.host))
            writer.count(document.delegate)
            writer.flag(document.hasBytesOfDelegate)
            writer.appearance(document.appearance)
        }
        writer.count(candidates.count)
        for candidate in candidates {
            writer.count(candidate.pair.a)
            writer.count(candidate.pair.b)
            writer.count(Int(candidate.kinds.rawValue))
        }
        return writer.bytes
    }

    /// - Throws: `StageError` for bytes that are damaged or name a document or partition that is not there.
    init(_ bytes: [UInt8], partitionCount: Int) throws {
        var reader = try PackedReader(bytes, format: DuplicateCandidates.format, version: DuplicateCandidates.version)
        let count = try reader.elements(ofAtLeast: RecordID.byteCount)
        documents = []
        for _ in 0..<count {
            let (id, partition, length) = (try reader.id(), try reader.count(), try reader.count())
            let standing = Standing(published: try reader.time(), length: length, host: try reader.count())
            let document = Document(
                id: id, partition: partition, standing: standing, delegate: try reader.count(),
                hasBytesOfDelegate: try reader.flag(),
                appearance: try reader.appearance())
            guard document.partition < partitionCount, document.delegate < count else {
                throw StageError("dedupe.candidates bytes are damaged: document \(document.id.short) points outside")
            }
            documents.append(document)
        }
        candidates = []
        for _ in 0..<(try reader.elements(ofAtLeast: 3)) {
            let (a, b, kinds) = (try reader.count(), try reader.count(), try reader.count())
            guard a < b, b < count, kinds < 8 else {
                throw StageError("dedupe.candidates bytes are damaged: no pair \(a), \(b)")
            }
            candidates.append(Candidate(pair: .init(a, b), kinds: Kinds(rawValue: UInt8(kinds))))
        }
        try reader.end()
    }
}
